import { DAY, HOUR, MINUTE, type Millis } from '../kernel/time.ts';
import type { Line, Span } from './answer.ts';

/** Longer names and labels than this tell nothing more. */
const LONGEST = 80;

export function text(plain: string): Span {
  return { text: plain };
}

export function bold(plain: string, max = LONGEST): Span {
  return { text: cut(plain, max), style: 'bold' };
}

/** What comes from an event or a person, set apart. */
export function code(untrusted: string, max = LONGEST): Span {
  return { text: cut(untrusted, max), style: 'code' };
}

/** Words that lead to a page of the AWS console. */
export function link(words: string, url: string): Span {
  return { text: words, url };
}

/** At most `max` UTF-16 units, the last an ellipsis; a pair of surrogates stays whole. */
export function cut(untrusted: string, max = LONGEST): string {
  return untrusted.length <= max ? untrusted : `${untrusted.slice(0, max - 1).toWellFormed()}…`;
}

const NUMBER = new Intl.NumberFormat('en-US');

/** `1,204`. */
export function sayNumber(amount: number): string {
  return NUMBER.format(amount);
}

/** `1 call`, `1,204 calls`. */
export function sayCount(amount: number, one: string, many = `${one}s`): string {
  return `${sayNumber(amount)} ${amount === 1 ? one : many}`;
}

/** `just now`, `12 min ago`, `2 h ago`, `3 d ago`: one unit, rounded. */
export function sayAgo(at: Millis, now: Millis): string {
  const ago = now - at;
  if (ago < MINUTE) return 'just now';
  if (ago < 90 * MINUTE) return `${Math.round(ago / MINUTE)} min ago`;
  if (ago < 36 * HOUR) return `${Math.round(ago / HOUR)} h ago`;
  return `${sayNumber(Math.round(ago / DAY))} d ago`;
}

/** Several lines as one, with a separator between them. */
export function joined(lines: readonly Line[], separator = ' · '): Line {
  return lines.flatMap((line, at) => (at === 0 ? line : [text(separator), ...line]));
}

const HALF_A_DAY: Millis = 12 * HOUR;
const TWO_DAYS: Millis = 2 * DAY;

/** From the first to the last time, no more precise than the distance asks for. */
export function seen(first: Millis, last: Millis): Line {
  if (last - first < MINUTE) return [{ at: last, form: 'date and time' }];
  if (last - first < HALF_A_DAY) {
    return [{ at: first, form: 'date and time' }, text(' – '), { at: last, form: 'time' }];
  }
  const form = last - first < TWO_DAYS ? 'date and time' : 'date';
  return [{ at: first, form }, text(' – '), { at: last, form }];
}

/** `Label  what follows`: one fact on a line. */
export function fact(label: string, ...line: Line): Line {
  return [bold(label), text('  '), ...line];
}
