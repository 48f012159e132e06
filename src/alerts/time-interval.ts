import type { Millis } from '../kernel/time.ts';
import { daysInMonth, type WallTime, wallTimeAt, weekdayOf } from '../kernel/zone.ts';

/** From the first to the last, both included. */
export type Range = readonly [first: number, last: number];

/**
 * Hours and days that come again and again, on the clocks of a zone. Everything that is given must hold, and of each
 * list one entry; an empty list is no condition. Source: Alertmanager, "time_interval".
 */
export interface TimeInterval {
  readonly zone: string;
  /** Minutes since midnight, the last one excluded; at most 1440. */
  readonly times: readonly { readonly from: number; readonly to: number }[];
  /** 1 is Monday, 7 is Sunday. */
  readonly weekdays: readonly number[];
  /** From 1; negative ones count from the end of the month, -1 is its last day. */
  readonly daysOfMonth: readonly Range[];
  readonly months: readonly Range[];
  readonly years: readonly Range[];
}

/** Whether one of the intervals that a name under `time_intervals` stands for holds at the instant. */
export function holdsAt(intervals: readonly TimeInterval[], at: Millis): boolean {
  return intervals.some((interval) => holds(interval, wallTimeAt(at, interval.zone)));
}

function holds(interval: TimeInterval, wall: WallTime): boolean {
  const { times, weekdays, daysOfMonth, months, years } = interval;
  const minute = wall.hour * 60 + wall.minute;
  return (
    (times.length === 0 || times.some(({ from, to }) => from <= minute && minute < to)) &&
    (weekdays.length === 0 || weekdays.includes(weekdayOf(wall))) &&
    (daysOfMonth.length === 0 || daysOfMonth.some((range) => hasDay(range, wall))) &&
    isIn(months, wall.month) &&
    isIn(years, wall.year)
  );
}

function isIn(ranges: readonly Range[], value: number): boolean {
  return ranges.length === 0 || ranges.some(([first, last]) => first <= value && value <= last);
}

/** Days that a month does not have are cut off: 31 is the last of a month with 30. */
function hasDay([first, last]: Range, wall: WallTime): boolean {
  const length = daysInMonth(wall);
  const day = (written: number) => (written < 0 ? length + written + 1 : written);
  return Math.max(1, day(first)) <= wall.day && wall.day <= Math.min(length, day(last));
}
