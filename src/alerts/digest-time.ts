import type { Millis } from '../kernel/time.ts';
import { addDays, instantOf, type WallTime, wallTimeAt, weekdayOf } from '../kernel/zone.ts';

export type DigestKind = 'daily' | 'weekly';

interface TimeOfDay {
  readonly hour: number;
  readonly minute: number;
}

/** When digests are wanted, on the clocks of a zone; `undefined`: never. */
export interface DigestTimes {
  readonly zone: string;
  readonly daily: TimeOfDay | undefined;
  /** `weekday`: 1 is Monday. */
  readonly weekly: (TimeOfDay & { readonly weekday: number }) | undefined;
}

/** A digest by the day on which it is posted, and the time that it is about if none was missed. */
export interface DigestDay {
  readonly kind: DigestKind;
  /** `2026-11-20` */
  readonly day: string;
  readonly from: Millis;
  /** When it is due. */
  readonly until: Millis;
}

/** The digests of today, due or not: one that was missed is made up for on the same day. */
export function digestsOfDay(times: DigestTimes, now: Millis): DigestDay[] {
  const today = wallTimeAt(now, times.zone);
  const { daily, weekly } = times;
  const found: DigestDay[] = [];
  if (daily) found.push(digestDay('daily', today, daily, times.zone));
  if (weekly?.weekday === weekdayOf(today)) found.push(digestDay('weekly', today, weekly, times.zone));
  return found;
}

/** When today is over: what comes then is due on another day. */
export function endOfDay({ zone }: DigestTimes, now: Millis): Millis {
  const midnight = { ...wallTimeAt(now, zone), hour: 0, minute: 0, second: 0 };
  return instantOf(addDays(midnight, 1), zone);
}

function digestDay(kind: DigestKind, today: WallTime, { hour, minute }: TimeOfDay, zone: string): DigestDay {
  const time = { ...today, hour, minute, second: 0 };
  const two = (number: number) => String(number).padStart(2, '0');
  return {
    kind,
    day: `${today.year}-${two(today.month)}-${two(today.day)}`,
    from: instantOf(addDays(time, kind === 'daily' ? -1 : -7), zone),
    until: instantOf(time, zone),
  };
}
