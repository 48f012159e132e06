import { DAY, HOUR, MINUTE, type Millis, parseDuration } from '../kernel/time.ts';
import { addDays, instantOf, wallTimeAt } from '../kernel/zone.ts';

const LENGTHS: ReadonlyMap<string, Millis> = new Map([
  ['30m', 30 * MINUTE],
  ['1h', HOUR],
  ['4h', 4 * HOUR],
]);

const LONGEST: Millis = 30 * DAY;

/** Where a person's clock is: an IANA time zone, or only how far it is ahead of UTC at present. */
export type Zone = { readonly name: string } | { readonly offset: Millis };

export const UTC: Zone = { offset: 0 };

/** Until when a choice of the menu snoozes, on the clock of a reader in this zone. */
export function snoozeUntil(choice: string, now: Millis, zone: Zone): Millis | undefined {
  if (choice === 'next-am') return 'name' in zone ? nextNine(now, zone.name) : nextNineAt(now, zone.offset);
  const length = LENGTHS.get(choice);
  return length === undefined ? undefined : now + length;
}

/** Exact in the nights of a change to or from summer time, too. */
function nextNine(now: Millis, zone: string): Millis {
  const today = { ...wallTimeAt(now, zone), hour: 9, minute: 0, second: 0 };
  const at = instantOf(today, zone);
  return at > now ? at : instantOf(addDays(today, 1), zone);
}

/** With the offset of today alone it is an hour off in those nights. */
function nextNineAt(now: Millis, offset: Millis): Millis {
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
