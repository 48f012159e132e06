import { Temporal } from 'temporal-polyfill';
import type { Millis } from './time.ts';

/** What a clock on the wall and a calendar beside it show; months and days from 1. */
export interface WallTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;

/** Whether it is a name of the IANA time zone database, such as `Europe/Berlin`; an offset is none. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z][\w+/-]{0,99}$/u.test(name)) return false;
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name);
    return true;
  } catch {
    return false;
  }
}

export function wallTimeAt(at: Millis, zone: string): WallTime {
  const { year, month, day, hour, minute, second } = zoned(at, zone);
  return { year, month, day, hour, minute, second };
}

/**
 * When clocks in the zone show this. A time that is skipped is as much later as clocks are put forward; of one that
 * comes twice it is the first. Source: Temporal, disambiguation `compatible`; RFC 5545, section 3.3.5.
 */
export function instantOf(wall: WallTime, zone: string): Millis {
  const { year, month, day, hour, minute, second } = wall;
  const time = new Temporal.PlainDateTime(year, month, day, hour, minute, second);
  return time.toZonedDateTime(zone, { disambiguation: 'compatible' }).epochMilliseconds;
}

/** The same time of day, so many days later (or earlier). */
export function addDays(wall: WallTime, days: number): WallTime {
  const { year, month, day } = dateOf(wall).add({ days });
  return { ...wall, year, month, day };
}

/** Days from one date to another, whatever the time of day. */
export function daysFrom(from: WallTime, to: WallTime): number {
  return dateOf(from).until(dateOf(to), { largestUnit: 'day' }).days;
}

/** 1 is Monday, 7 is Sunday. */
export function weekdayOf(wall: WallTime): number {
  return dateOf(wall).dayOfWeek;
}

export function daysInMonth(wall: WallTime): number {
  return dateOf(wall).daysInMonth;
}

/** `2026-01-05T09:00`, a wall clock without a zone; `undefined` when it is none. */
export function parseWallTime(text: string): WallTime | undefined {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?$/u.test(text)) return undefined;
  try {
    const { year, month, day, hour, minute, second } = Temporal.PlainDateTime.from(text);
    return { year, month, day, hour, minute, second };
  } catch {
    return undefined;
  }
}

/** `Mon 2026-01-05 09:00`, on the zone's clocks. */
export function sayLocal(at: Millis, zone: string): string {
  const time = zoned(at, zone);
  const text = time.toPlainDateTime().toString({ smallestUnit: 'minute' }).replace('T', ' ');
  return `${WEEKDAYS[time.dayOfWeek - 1]} ${text}`;
}

function zoned(at: Millis, zone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone);
}

function dateOf({ year, month, day }: WallTime): Temporal.PlainDate {
  return new Temporal.PlainDate(year, month, day);
}
