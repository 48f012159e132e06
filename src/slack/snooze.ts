import { DAY, HOUR, MINUTE, type Millis, parseDuration } from '../kernel/time.ts';

const LENGTHS: ReadonlyMap<string, Millis> = new Map([
  ['30m', 30 * MINUTE],
  ['1h', HOUR],
  ['4h', 4 * HOUR],
]);

const LONGEST: Millis = 30 * DAY;

/** Until when a choice of the menu snoozes; `offset` is how far the reader's zone is ahead of UTC. */
export function snoozeUntil(choice: string, now: Millis, offset: Millis): Millis | undefined {
  if (choice === 'next-am') return nextNine(now, offset);
  const length = LENGTHS.get(choice);
  return length === undefined ? undefined : now + length;
}

/**
 * The next 09:00 on the reader's clock. Slack tells the zone's offset of today, so in the night of a change
 * to or from summer time it is an hour off.
 */
function nextNine(now: Millis, offset: Millis): Millis {
  const local = now + offset;
  const today = Math.floor(local / DAY) * DAY + 9 * HOUR;
  return (today > local ? today : today + DAY) - offset;
}

/** What a person typed as a length of time (`45m`, `2h`, `1d 6h`), or the reason why it is none. */
export function readSnooze(typed: string): { readonly length: Millis } | { readonly problem: string } {
  const length = parseDuration(typed.toLowerCase().replace(/\s+/g, ''));
  if (length === undefined) return { problem: 'Write a number and a unit, such as 45m, 2h or 1d.' };
  if (length < MINUTE) return { problem: 'The shortest snooze is one minute: 1m.' };
  if (length > LONGEST) return { problem: 'The longest snooze is 30 days: 30d.' };
  return { length };
}
