import type { Millis } from '../../kernel/time.ts';
import { dateLeaf, type Leaf, leaf, sentence, words } from '../text.ts';

/** A time as each reader's own clocks show it. */
export function moment(at: Millis): Leaf {
  return dateLeaf(at, '{date_short_pretty} {time}');
}

/** `<@U…>`; other text where it is no person's id. */
export function person(id: string): Leaf[] {
  return sentence(`<@${id}>`);
}

/** A schedule's name, in bold. */
export function scheduleName(name: string): Leaf {
  return leaf(name, 100, { bold: true });
}

/** Several people, with commas between them. */
export function people(ids: readonly string[]): Leaf[] {
  return ids.flatMap((id, index) => (index === 0 ? person(id) : [words(', '), ...person(id)]));
}

/** `today 22:00 to tomorrow 02:00`. */
export function period({ from, until }: { readonly from: Millis; readonly until: Millis }): Leaf[] {
  return [moment(from), words(' to '), moment(until)];
}
