import { addDays, daysFrom, daysInMonth, type WallTime, weekdayOf } from '../../kernel/zone.ts';

/** How an event comes again; the part of RFC 5545, section 3.3.10, that calendars of shifts are made of. */
export interface Recurrence {
  readonly every: 'day' | 'week' | 'month' | 'year';
  readonly interval: number;
  /** `nth` counts within the month, from its end when negative; 0 is all of them. Weekdays from 1 (Monday). */
  readonly weekdays: readonly { readonly nth: number; readonly weekday: number }[];
  /** How often in all; `undefined`: without an end. */
  readonly count: number | undefined;
  /** The first day of a week. */
  readonly weekStart: number;
}

/** So many steps at most are gone without a day that is one. */
const EMPTY_STEPS = 1000;

/**
 * The days of a recurrence in order, at the time of day of `start`, without an end unless it is counted. Days long
 * before `from` may be left out where nothing counts them.
 */
export function* daysOf(rule: Recurrence, start: WallTime, from: WallTime): Generator<WallTime> {
  let left = rule.count ?? Number.POSITIVE_INFINITY;
  let empty = 0;
  for (let step = firstStep(rule, start, from); left > 0 && empty < EMPTY_STEPS; step++) {
    const days = daysInStep(rule, start, step).filter((day) => daysFrom(start, day) >= 0);
    empty = days.length === 0 ? empty + 1 : 0;
    for (const day of days.slice(0, left)) yield day;
    left -= days.length;
  }
}

function firstStep({ every, interval, count }: Recurrence, start: WallTime, from: WallTime): number {
  if (count !== undefined) return 0;
  const ahead = { day: daysFrom(start, from), week: Math.floor(daysFrom(start, from) / 7) };
  const months = (from.year - start.year) * 12 + from.month - start.month;
  const steps = { ...ahead, month: months, year: from.year - start.year }[every];
  return Math.max(0, Math.floor(steps / interval) - 2);
}

function daysInStep(rule: Recurrence, start: WallTime, step: number): WallTime[] {
  const { every, interval, weekdays } = rule;
  if (every === 'day') {
    const day = addDays(start, step * interval);
    return weekdays.length === 0 || weekdays.some(({ weekday }) => weekday === weekdayOf(day)) ? [day] : [];
  }
  if (every === 'week') return weekOf(rule, start, step);
  const months = start.month - 1 + step * interval * (every === 'year' ? 12 : 1);
  const first = { ...start, year: start.year + Math.floor(months / 12), month: (months % 12) + 1, day: 1 };
  return weekdays.length === 0 ? sameDay(first, start.day) : namedDays(rule, first);
}

function weekOf({ interval, weekdays, weekStart }: Recurrence, start: WallTime, step: number): WallTime[] {
  const fromStart = (weekday: number) => (weekday - weekStart + 7) % 7;
  const begin = addDays(start, step * interval * 7 - fromStart(weekdayOf(start)));
  const wanted = weekdays.length === 0 ? [weekdayOf(start)] : weekdays.map(({ weekday }) => weekday);
  return [...new Set(wanted.map(fromStart))].sort((a, b) => a - b).map((days) => addDays(begin, days));
}

/** A month that is too short has none. */
function sameDay(first: WallTime, day: number): WallTime[] {
  return day <= daysInMonth(first) ? [{ ...first, day }] : [];
}

function namedDays({ weekdays }: Recurrence, first: WallTime): WallTime[] {
  const length = daysInMonth(first);
  const days = weekdays.flatMap(({ nth, weekday }) => {
    const one = 1 + ((weekday - weekdayOf(first) + 7) % 7);
    const all = [0, 7, 14, 21, 28].map((more) => one + more).filter((day) => day <= length);
    return nth === 0 ? all : all.slice(nth > 0 ? nth - 1 : nth).slice(0, 1);
  });
  return [...new Set(days)].sort((a, b) => a - b).map((day) => ({ ...first, day }));
}
