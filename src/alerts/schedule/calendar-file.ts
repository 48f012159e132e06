import ICAL from 'ical.js';
import { HOUR, MINUTE, type Millis, SECOND } from '../../kernel/time.ts';
import { isTimeZone, parseWallTime, type WallTime } from '../../kernel/zone.ts';
import { type CalendarZone, readZone } from './calendar-zone.ts';
import type { Recurrence } from './recurrence.ts';

/** A calendar that cannot be understood: what is wrong, for the person whose calendar it is. */
export class BadCalendar extends Error {
  override readonly name = 'BadCalendar';
}

/** A time as a calendar has it: on the clocks of a zone, in UTC, on whose clocks it is read, or a whole day there. */
export interface Moment {
  readonly wall: WallTime;
  readonly on: 'utc' | 'reader' | 'day' | CalendarZone;
}

/** An event, with all the times at which it comes again. */
export interface Series {
  readonly uid: string;
  readonly begin: Moment;
  /** Its end, or how long it takes. */
  readonly end: Moment | { readonly days: number; readonly more: Millis };
  readonly rule: Recurrence | undefined;
  /** After this it comes no more. */
  readonly last: Moment | undefined;
  readonly more: readonly Moment[];
  readonly except: readonly Moment[];
  /** Set when it stands for one time of another event of this uid. */
  readonly insteadOf: Moment | undefined;
  readonly sequence: number;
  readonly cancelled: boolean;
  /** E-mail addresses and Slack user ids that it names, the likeliest first. */
  readonly people: readonly string[];
}

export const LARGEST_CALENDAR = 2 * 1024 * 1024;
const MOST_EVENTS = 5000;
const MOST_ZONES = 20;
const MOST_EXCEPTIONS = 5000;

/** Reads an iCalendar file. Throws BadCalendar. Source: RFC 5545. */
export function readCalendar(text: string): Series[] {
  if (text.length > LARGEST_CALENDAR) throw new BadCalendar('it is larger than 2 MB');
  const calendars = parse(text);
  const events = calendars.flatMap((calendar) => calendar.getAllSubcomponents('vevent'));
  if (events.length > MOST_EVENTS) throw new BadCalendar(`it has more than ${MOST_EVENTS} events`);
  const exceptions = events.flatMap((event) =>
    ['exdate', 'rdate'].flatMap((name) => event.getAllProperties(name).flatMap(valuesOf)),
  );
  if (exceptions.length > MOST_EXCEPTIONS) {
    throw new BadCalendar(`it has more than ${MOST_EXCEPTIONS} exceptions (EXDATE, RDATE)`);
  }
  const zones = new Map<string, CalendarZone>();
  const zoneOf = (name: string): CalendarZone => {
    const zone = zones.get(name) ?? makeZone(name, calendars);
    zones.set(name, zone);
    if (zones.size > MOST_ZONES) throw new BadCalendar(`it uses more than ${MOST_ZONES} time zones`);
    return zone;
  };
  return events.map((event, index) => readEvent(event, index, zoneOf));
}

function parse(text: string): ICAL.Component[] {
  let parsed: unknown;
  try {
    parsed = ICAL.parse(text);
  } catch {
    throw new BadCalendar('it is no iCalendar file (BEGIN:VCALENDAR … END:VCALENDAR), or is cut off');
  }
  // One component is its name, properties and components; several are a list of such.
  const list = Array.isArray(parsed) && typeof parsed[0] === 'string' ? [parsed] : parsed;
  const found = Array.isArray(list) ? list.map((one) => new ICAL.Component(one)) : [];
  const calendars = found.filter(({ name }) => name === 'vcalendar');
  if (calendars.length === 0) throw new BadCalendar('it has no VCALENDAR');
  return calendars;
}

/** A name of IANA goes before what the file says of it: files are often cut to a few years. */
function makeZone(name: string, calendars: readonly ICAL.Component[]): CalendarZone {
  if (isTimeZone(name)) return { name };
  const described = calendars
    .flatMap((calendar) => calendar.getAllSubcomponents('vtimezone'))
    .find((zone) => zone.getFirstPropertyValue('tzid') === name);
  const zone = described && readZone(name, described);
  if (zone) return zone;
  const shown = JSON.stringify(name.slice(0, 60));
  throw new BadCalendar(
    described
      ? `its time zone ${shown} has rules other than once a year`
      : `its time zone ${shown} is neither described in it nor known to IANA`,
  );
}

type ZoneOf = (name: string) => CalendarZone;

function readEvent(event: ICAL.Component, index: number, zoneOf: ZoneOf): Series {
  const [begin, ...others] = momentsAt(event, 'dtstart', zoneOf);
  if (!begin || others.length > 0) throw new BadCalendar(`${sayEvent(event)} has no begin (DTSTART)`);
  const [rule, ...more] = event.getAllProperties('rrule').map((property) => valuesOf(property)[0]);
  if (more.length > 0) throw new BadCalendar(`${sayEvent(event)} has several recurrence rules`);
  const [insteadOf] = momentsAt(event, 'recurrence-id', zoneOf);
  if (event.getFirstProperty('recurrence-id')?.getFirstParameter('range')) {
    throw new BadCalendar(
      `${sayEvent(event)} changes this and all later times at once; repeat it as an event`,
    );
  }
  return {
    uid: textAt(event, 'uid') || `event ${index}`,
    begin,
    end: endOf(event, begin, zoneOf),
    rule: rule === undefined ? undefined : readRule(event, rule),
    last: rule === undefined ? undefined : lastOf(event, rule, begin),
    more: momentsAt(event, 'rdate', zoneOf),
    except: momentsAt(event, 'exdate', zoneOf),
    insteadOf,
    sequence: Number(event.getFirstPropertyValue('sequence') ?? 0) || 0,
    cancelled: textAt(event, 'status').toUpperCase() === 'CANCELLED',
    people: peopleIn(event),
  };
}

function endOf(event: ICAL.Component, begin: Moment, zoneOf: ZoneOf): Series['end'] {
  const [end] = momentsAt(event, 'dtend', zoneOf);
  if (end) return end;
  const written = textAt(event, 'duration');
  const read = /^P(?:(\d{1,3})W)?(?:(\d{1,4})D)?(?:T(?:(\d{1,4})H)?(?:(\d{1,6})M)?(?:(\d{1,8})S)?)?$/u.exec(
    written,
  );
  if (written !== '' && !read)
    throw new BadCalendar(`${sayEvent(event)} has a length that is none: ${written.slice(0, 40)}`);
  if (!read) return { days: begin.on === 'day' ? 1 : 0, more: 0 };
  const [, weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = read.map((part) => Number(part ?? 0));
  return { days: weeks * 7 + days, more: hours * HOUR + minutes * MINUTE + seconds * SECOND };
}

/** All moments of all properties of a name, read from the text: the library's own times know too little of zones. */
function momentsAt(event: ICAL.Component, name: string, zoneOf: ZoneOf): Moment[] {
  return event.getAllProperties(name).flatMap((property) =>
    valuesOf(property).map((value) => {
      const moment = readMoment(String(value), property.getFirstParameter('tzid'), zoneOf);
      if (moment) return moment;
      throw new BadCalendar(
        `${sayEvent(event)} has a ${name.toUpperCase()} that is no date between 1970 and 2199`,
      );
    }),
  );
}

function readMoment(text: string, zone: string | undefined, zoneOf: ZoneOf): Moment | undefined {
  const day = /^\d{4}-\d\d-\d\d$/u.test(text);
  const wall = parseWallTime(day ? `${text}T00:00` : text.replace(/Z$/u, ''));
  if (!wall || wall.year < 1970 || wall.year > 2199) return undefined;
  if (day) return { wall, on: 'day' };
  if (text.endsWith('Z')) return { wall, on: 'utc' };
  return { wall, on: zone ? zoneOf(zone) : 'reader' };
}

const FREQUENCIES: Readonly<Record<string, Recurrence['every']>> = {
  DAILY: 'day',
  WEEKLY: 'week',
  MONTHLY: 'month',
  YEARLY: 'year',
};
const DAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];
const PARTS = new Set(['freq', 'interval', 'byday', 'until', 'count', 'wkst']);
/** Years, months, weeks or days between two times. */
const LONGEST_INTERVAL = 200;
const MOST_OFTEN = 10_000;

function readRule(event: ICAL.Component, value: unknown): Recurrence {
  const rule = Object.fromEntries(
    Object.entries(Object(value)).map(([key, part]) => [key.toLowerCase(), part]),
  );
  const odd = Object.keys(rule).find((key) => !PARTS.has(key));
  const every = FREQUENCIES[String(rule.freq).toUpperCase()];
  const weekdays = [rule.byday ?? []].flat().map((day) => readDay(String(day)));
  const interval = Number(rule.interval ?? 1);
  const count = rule.count === undefined ? undefined : Number(rule.count);
  const weekStart = rule.wkst === undefined ? 1 : dayNumber(rule.wkst);
  const nthOnlyIn = every === 'month' || weekdays.every((day) => day?.nth === 0);
  const named = weekdays.filter((day) => day !== undefined);
  const fine =
    odd === undefined &&
    every !== undefined &&
    weekdays.length === named.length &&
    nthOnlyIn &&
    !(every === 'year' && named.length > 0) &&
    isWithin(interval, LONGEST_INTERVAL) &&
    (count === undefined || isWithin(count, MOST_OFTEN)) &&
    weekStart > 0;
  if (fine) return { every, interval, weekdays: named, count, weekStart };
  throw new BadCalendar(
    `${sayEvent(event)} comes again by a rule that is not understood${odd ? ` (${odd.toUpperCase()})` : ''}; FREQ (daily, weekly, monthly, yearly), INTERVAL, BYDAY, UNTIL and COUNT are`,
  );
}

function isWithin(value: number, most: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= most;
}

function readDay(text: string): { nth: number; weekday: number } | undefined {
  const [, nth = '', name = ''] = /^([+-]?[1-5])?([A-Z]{2})$/u.exec(text.toUpperCase()) ?? [];
  const weekday = DAYS.indexOf(name) + 1;
  return weekday === 0 ? undefined : { nth: Number(nth), weekday };
}

/** The library has numbered it already, from 1 for Sunday. */
function dayNumber(value: unknown): number {
  return typeof value === 'number' ? ((value + 5) % 7) + 1 : DAYS.indexOf(String(value).toUpperCase()) + 1;
}

function lastOf(event: ICAL.Component, value: unknown, begin: Moment): Moment | undefined {
  const until = Object(value).until;
  if (until === undefined) return undefined;
  const last = readMoment(String(until), undefined, () => ({ name: 'UTC' }));
  if (!last) throw new BadCalendar(`${sayEvent(event)} has an UNTIL that is no date between 1970 and 2199`);
  // Without a zone of its own it is on the clocks of the event.
  return last.on === 'reader' && begin.on !== 'day' ? { ...last, on: begin.on } : last;
}

/** What its own export says goes first; then who takes part, who is named, and who has written it. */
function peopleIn(event: ICAL.Component): string[] {
  const own = textAt(event, 'x-trailbot-person');
  const attending = event
    .getAllProperties('attendee')
    .filter(
      (one) => upper(one, 'partstat') !== 'DECLINED' && !['RESOURCE', 'ROOM'].includes(upper(one, 'cutype')),
    )
    .flatMap((one) => namesIn(String(valuesOf(one)[0] ?? '')));
  const named = namesIn(textAt(event, 'summary'));
  const organizer = namesIn(textAt(event, 'organizer'));
  return [...new Set([own.slice(0, LONGEST_NAME), ...attending, ...named, ...organizer])].filter(Boolean);
}

function upper(property: ICAL.Property, parameter: string): string {
  return String(property.getFirstParameter(parameter) ?? '').toUpperCase();
}

const LONGEST_NAME = 100;
const LONGEST_TEXT = 500;
const MOST_PEOPLE = 20;

/** E-mail addresses, and words that look like ids of Slack users. */
function namesIn(text: string): string[] {
  const found = text
    .slice(0, LONGEST_TEXT)
    .match(/[\w.+'%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}|\b[UW](?=[A-Z]*\d)[A-Z0-9]{5,20}\b/gu);
  return (found ?? []).slice(0, MOST_PEOPLE);
}

function textAt(event: ICAL.Component, name: string): string {
  const property = event.getFirstProperty(name);
  return property ? String(valuesOf(property)[0] ?? '') : '';
}

/** As they are written in jCal (RFC 7265): dates as text, rules as objects. */
function valuesOf(property: ICAL.Property): unknown[] {
  const written: unknown = property.toJSON();
  return Array.isArray(written) ? written.slice(3) : [];
}

function sayEvent(event: ICAL.Component): string {
  return `its event ${JSON.stringify(textAt(event, 'summary').slice(0, 60) || 'without a name')}`;
}
