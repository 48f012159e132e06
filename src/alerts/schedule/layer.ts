import { DAY, HOUR, type Millis } from '../../kernel/time.ts';
import { addDays, daysFrom, instantOf, type WallTime, wallTimeAt, weekdayOf } from '../../kernel/zone.ts';
import type { Layer, Restriction } from './schedule.ts';

/** Who has a layer, and how long nothing can change. */
export interface Stretch {
  /** As the configuration has it; `undefined`: nobody. */
  readonly person: string | undefined;
  readonly until: Millis;
}

/** The last instant that there is. */
export const FOREVER: Millis = 100_000_000 * DAY;

/** Who has the layer at the instant. */
export function layerAt(layer: Layer, zone: string, at: Millis): Stretch {
  const turn = turnAt(layer, zone, at);
  if (turn.person === undefined || layer.restrictions.length === 0) return turn;
  const open = openAt(layer.restrictions, zone, at);
  return {
    person: open.holds ? turn.person : undefined,
    until: open.holds ? Math.min(turn.until, open.until) : open.until,
  };
}

function turnAt({ rotation, start, people }: Layer, zone: string, at: Millis): Stretch {
  const first = instantOf(start, zone);
  if (at < first) return { person: undefined, until: first };
  if (people.length === 1) return { person: people[0], until: FOREVER };
  const turn = rotation.unit === 'hours' ? countHours : countDays;
  const { number, until } = turn(start, zone, rotation.every, at);
  return { person: people[number % people.length], until };
}

/** Which turn it is, from 0, and when the next begins. */
type Turn = { readonly number: number; readonly until: Millis };

function countHours(start: WallTime, zone: string, every: number, at: Millis): Turn {
  const first = instantOf(start, zone);
  const number = Math.floor((at - first) / (every * HOUR));
  return { number, until: first + (number + 1) * every * HOUR };
}

function countDays(start: WallTime, zone: string, every: number, at: Millis): Turn {
  const beginOf = (number: number) => instantOf(addDays(start, number * every), zone);
  let number = Math.floor(daysFrom(start, wallTimeAt(at, zone)) / every);
  // The date says which day it is; whether the hand-over of that day was, only the clock does.
  while (beginOf(number) > at) number -= 1;
  let until = beginOf(number + 1);
  while (until <= at) {
    number += 1;
    until = beginOf(number + 1);
  }
  return { number, until };
}

const WEEK = 7;

function openAt(
  restrictions: readonly Restriction[],
  zone: string,
  at: Millis,
): { holds: boolean; until: Millis } {
  const today = wallTimeAt(at, zone);
  const windows = (day: number) => windowsOf(restrictions, addDays(today, day), zone);
  // What began yesterday may go over midnight.
  const ends = [-1, 0].flatMap(windows).filter(({ from, until }) => from <= at && at < until);
  if (ends.length > 0) return { holds: true, until: Math.max(...ends.map(({ until }) => until)) };
  for (let day = 0; day <= WEEK + 1; day++) {
    const begins = windows(day).map(({ from }) => from);
    const later = begins.filter((from) => from > at);
    if (later.length > 0) return { holds: false, until: Math.min(...later) };
  }
  return { holds: false, until: at + DAY };
}

/** The stretches that begin on a day; a change of the clocks may leave nothing of one. */
function windowsOf(
  restrictions: readonly Restriction[],
  day: WallTime,
  zone: string,
): { from: Millis; until: Millis }[] {
  const weekday = weekdayOf(day);
  return restrictions
    .filter(({ days }) => days.includes(weekday))
    .map(({ from, to }) => ({
      from: momentOf(day, from, zone),
      until: momentOf(addDays(day, to > from ? 0 : 1), to, zone),
    }))
    .filter(({ from, until }) => from < until);
}

function momentOf(day: WallTime, minutes: number, zone: string): Millis {
  const date = minutes === 1440 ? addDays(day, 1) : day;
  const inDay = minutes % 1440;
  return instantOf({ ...date, hour: Math.floor(inDay / 60), minute: inDay % 60, second: 0 }, zone);
}
