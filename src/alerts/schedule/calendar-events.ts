import { DAY, type Millis } from '../../kernel/time.ts';
import { addDays, daysFrom, instantOf, type WallTime, wallTimeAt } from '../../kernel/zone.ts';
import { BadCalendar, type Moment, type Series } from './calendar-file.ts';
import { instantIn } from './calendar-zone.ts';
import { daysOf } from './recurrence.ts';
import type { CalendarEvent } from './schedule.ts';

/** So many times of all events together are gone through for one period. */
const MOST_TIMES = 10_000;
/** An event that comes again takes no longer. */
const LONGEST_OFTEN: Millis = 100 * DAY;

/** One time of an event. */
interface Time {
  readonly wall: WallTime;
  readonly at: Millis;
}

/**
 * What a calendar has from `from` to `until`, read on the clocks of `zone`, the earliest first; what is cancelled or
 * names nobody is left out. Throws BadCalendar when it is too much to go through.
 */
export function eventsBetween(
  calendar: readonly Series[],
  zone: string,
  from: Millis,
  until: Millis,
): CalendarEvent[] {
  const budget = { left: MOST_TIMES };
  const families = Map.groupBy(calendar, ({ uid }) => uid);
  return [...families.values()]
    .flatMap((family) => {
      const changes = changesIn(family, zone);
      const often = newest(family.filter(({ insteadOf }) => !insteadOf)).flatMap((one) => {
        const isGone = takenOut(
          [...one.except, ...changes.flatMap(({ insteadOf }) => insteadOf ?? [])],
          zone,
        );
        const times = one.cancelled ? [] : timesOf(one, zone, from, until, budget);
        return times.filter((time) => !isGone(time)).map(eventOf(one, zone));
      });
      const changed = changes.filter(({ cancelled }) => !cancelled);
      return [...often, ...changed.map((one) => eventOf(one, zone)(timeOf(one.begin, zone)))];
    })
    .filter((one) => one.people.length > 0 && one.from < one.until && one.until > from && one.from < until)
    .sort((a, b) => a.from - b.from || a.until - b.until);
}

/** The versions with the highest number. */
function newest(series: readonly Series[]): Series[] {
  const highest = Math.max(...series.map(({ sequence }) => sequence));
  return series.filter(({ sequence }) => sequence === highest);
}

/** What stands for single times of an event; of several for the same time the newest. */
function changesIn(family: readonly Series[], zone: string): Series[] {
  const changes = family.filter(({ insteadOf }) => insteadOf);
  const byTime = Map.groupBy(changes, ({ insteadOf }) => insteadOf && instantAt(insteadOf, zone));
  return [...byTime.values()].flatMap((versions) => newest(versions).slice(-1));
}

function eventOf(series: Series, zone: string): (time: Time) => CalendarEvent {
  return (time) => ({ people: series.people, from: time.at, until: endAt(series, time, zone) });
}

/** The times that may reach into the period, the ones taken out included. */
function timesOf(
  series: Series,
  zone: string,
  from: Millis,
  until: Millis,
  budget: { left: number },
): Time[] {
  const { begin, rule, last, more } = series;
  const times = [begin, ...more].map((moment) => timeOf(moment, zone));
  if (!rule) return times;
  const end = last ? Math.min(until, lastInstant(last, zone)) : until;
  const early = wallTimeAt(from - LONGEST_OFTEN, 'UTC');
  for (const wall of daysOf(rule, begin.wall, early)) {
    const time = timeOf({ ...begin, wall }, zone);
    if (time.at > end) break;
    budget.left -= 1;
    if (budget.left < 0) throw new BadCalendar(`its events come again more than ${MOST_TIMES} times`);
    // The first is there already.
    if (time.at > (times[0]?.at ?? 0)) times.push(time);
  }
  return times;
}

/** A last day counts as a whole. */
function lastInstant(last: Moment, zone: string): Millis {
  return last.on === 'day'
    ? instantAt({ ...last, wall: addDays(last.wall, 1) }, zone) - 1
    : instantAt(last, zone);
}

/** On the clocks an event ends at the same time whenever it comes, as calendars show it. */
function endAt({ begin, end }: Series, time: Time, zone: string): Millis {
  if ('days' in end) {
    const day = { ...begin, wall: addDays(time.wall, end.days) };
    return (end.days === 0 ? time.at : instantAt(day, zone)) + end.more;
  }
  if (sayZone(begin) !== sayZone(end)) return time.at + instantAt(end, zone) - instantAt(begin, zone);
  const { year, month, day } = addDays(time.wall, daysFrom(begin.wall, end.wall));
  return instantAt({ ...end, wall: { ...end.wall, year, month, day } }, zone);
}

/** Whole days take out what begins on them. */
function takenOut(moments: readonly Moment[], zone: string): (time: Time) => boolean {
  const days = new Set(moments.filter(({ on }) => on === 'day').map(({ wall }) => dayOf(wall)));
  const instants = new Set(moments.filter(({ on }) => on !== 'day').map((moment) => instantAt(moment, zone)));
  return ({ wall, at }) => instants.has(at) || days.has(dayOf(wall));
}

function dayOf({ year, month, day }: WallTime): string {
  return `${year}-${month}-${day}`;
}

function timeOf(moment: Moment, zone: string): Time {
  return { wall: moment.wall, at: instantAt(moment, zone) };
}

function instantAt({ wall, on }: Moment, zone: string): Millis {
  if (on === 'utc') return instantOf(wall, 'UTC');
  if (on === 'reader' || on === 'day') return instantOf(wall, zone);
  return instantIn(wall, on);
}

function sayZone({ on }: Moment): string {
  return typeof on === 'string' ? on : `in ${on.name}`;
}
