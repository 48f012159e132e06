import { DAY, MINUTE, type Millis } from '../../kernel/time.ts';
import type { Line } from '../answer.ts';
import { bold, sayNumber, text } from '../lines.ts';
import type { Tally } from './tally.ts';

/** `64`, `64 (3 denied)`: one column where a phone has room for three. */
export function countCell({ calls, denied }: Tally): Line {
  return countOf(calls.length, denied, 'denied');
}

/** A number with the part of it that matters. */
export function countOf(amount: number, part: number, what: string): Line {
  if (part === 0) return [text(sayNumber(amount))];
  return [text(`${sayNumber(amount)} (`), bold(`${sayNumber(part)} ${what}`), text(')')];
}

/** Days, and the time only of what happened in the last 24 hours. */
export function seenCell({ first, last }: Pick<Tally, 'first' | 'last'>, now: Millis): Line {
  const fresh = now - DAY;
  if (first > fresh) {
    const until: Line = last - first < MINUTE ? [] : [text(' – '), { at: last, form: 'time' }];
    return [{ at: first, form: 'date and time' }, ...until];
  }
  const end: Line = [{ at: last, form: last > fresh ? 'date and time' : 'date' }];
  const oneDay = Math.floor(first / DAY) === Math.floor(last / DAY);
  return oneDay ? end : [{ at: first, form: 'date' }, text(' – '), ...end];
}
