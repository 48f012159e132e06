import { nearest } from '../kernel/nearest.ts';

/** `did you mean "x"?`, or what else to do when nothing is near. */
export function suggest(word: string, candidates: Iterable<string>, otherwise: string): string {
  const near = nearest(word, candidates);
  return near === undefined ? otherwise : `did you mean "${near}"?`;
}

const MOST_SAID = 5;

/** Names in a row; of many the first few, and how many more there are. */
export function sayNames(names: readonly string[]): string {
  const more = names.length - MOST_SAID;
  return more <= 1 ? names.join(', ') : `${names.slice(0, MOST_SAID).join(', ')} and ${more} more`;
}
