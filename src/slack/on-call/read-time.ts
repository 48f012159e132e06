import type { Millis } from '../../kernel/time.ts';
import {
  addDays,
  instantOf,
  parseWallTime,
  type WallTime,
  wallTimeAt,
  weekdayOf,
} from '../../kernel/zone.ts';
import type { Stretch } from '../../work/on-call/swap.ts';
import type { Zone } from '../snooze.ts';

/** An instant, and how many words it took to say it. */
export interface ReadMoment {
  readonly at: Millis;
  readonly took: number;
}

const DAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];

/**
 * `22:00`, `2026-11-23 22:00`, `tomorrow 22:00`, `fri 22:00` on the clocks of a zone: the first one after `after`.
 * `undefined` when it is none of these, as a day without a time is.
 */
export function readMoment(words: readonly string[], after: Millis, zone: Zone): ReadMoment | undefined {
  const [first = '', second = ''] = words;
  const [date, time] = first.split(/t(?=\d\d?:\d\d$)/u);
  if (time !== undefined) return dated(date ?? '', time, after, zone, 1);
  if (clockOf(first)) {
    const today = atClock(localAt(after, zone), first);
    const at = today && instantIn(today, zone);
    if (today === undefined || at === undefined) return undefined;
    return { at: at > after ? at : instantIn(addDays(today, 1), zone), took: 1 };
  }
  return dated(first, second, after, zone, 2);
}

function dated(date: string, time: string, after: Millis, zone: Zone, took: number): ReadMoment | undefined {
  const day = dayOf(date, after, zone);
  const wall = day && atClock(day, time);
  if (!wall) return undefined;
  const at = instantIn(wall, zone);
  // Today's weekday at a time that is over means the next week's.
  const over = isWeekday(date) && at <= after;
  return { at: over ? instantIn(addDays(wall, 7), zone) : at, took };
}

/** `2026-11-23`, `today`, `tomorrow`, `fri`: from its first instant to that of the next day. */
export function readDay(word: string, now: Millis, zone: Zone): Stretch | undefined {
  const day = dayOf(word, now, zone);
  if (!day) return undefined;
  const midnight = { ...day, hour: 0, minute: 0, second: 0 };
  return { from: instantIn(midnight, zone), until: instantIn(addDays(midnight, 1), zone) };
}

function dayOf(word: string, now: Millis, zone: Zone): WallTime | undefined {
  const today = localAt(now, zone);
  if (word === 'today') return today;
  if (word === 'tomorrow') return addDays(today, 1);
  if (isWeekday(word)) {
    const wanted = DAYS.findIndex((day) => day.startsWith(word)) + 1;
    return addDays(today, (wanted - weekdayOf(today) + 7) % 7);
  }
  return parseWallTime(`${word}T00:00`);
}

function isWeekday(word: string): boolean {
  return word.length >= 3 && DAYS.some((day) => day.startsWith(word));
}

function clockOf(word: string): { hour: number; minute: number } | undefined {
  const [, hour, minute] = /^(\d{1,2}):(\d\d)$/u.exec(word) ?? [];
  const read = { hour: Number(hour), minute: Number(minute) };
  return hour === undefined || read.hour > 23 || read.minute > 59 ? undefined : read;
}

function atClock(day: WallTime, word: string): WallTime | undefined {
  const clock = clockOf(word);
  return clock && { ...day, ...clock, second: 0 };
}

function localAt(at: Millis, zone: Zone): WallTime {
  return 'name' in zone ? wallTimeAt(at, zone.name) : wallTimeAt(at + zone.offset, 'UTC');
}

function instantIn(wall: WallTime, zone: Zone): Millis {
  return 'name' in zone ? instantOf(wall, zone.name) : instantOf(wall, 'UTC') - zone.offset;
}

/** Whether the words are how somebody begins to say a day or a time. */
export function isTimeLike(word: string): boolean {
  return clockOf(word) !== undefined || isWeekday(word) || /^(today|tomorrow|\d{4}-\d\d-\d\d.*)$/u.test(word);
}
