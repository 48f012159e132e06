import ICAL from 'ical.js';
import { type Millis, SECOND } from '../../kernel/time.ts';
import { instantOf, type WallTime } from '../../kernel/zone.ts';

/** A time zone that a calendar names: one of IANA, or one that it describes. */
export interface CalendarZone {
  readonly name: string;
  /** Seconds that its clocks are ahead of UTC; absent for one of IANA. */
  readonly offsetAt?: (wall: WallTime) => number;
}

/** When the zone's clocks show this. */
export function instantIn(wall: WallTime, { name, offsetAt }: CalendarZone): Millis {
  return offsetAt ? instantOf(wall, 'UTC') - offsetAt(wall) * SECOND : instantOf(wall, name);
}

const MOST_RULES = 50;
const PARTS = new Set(['freq', 'interval', 'bymonth', 'byday', 'bymonthday', 'until', 'wkst']);

/**
 * A zone by its description; `undefined` when its clocks are changed by other rules than once a year: the library may
 * never come to an end with those.
 */
export function readZone(name: string, described: ICAL.Component): CalendarZone | undefined {
  const rules = ['standard', 'daylight'].flatMap((kind) => described.getAllSubcomponents(kind));
  if (rules.length === 0 || rules.length > MOST_RULES || !rules.every(isYearly)) return undefined;
  const zone = new ICAL.Timezone(described);
  return {
    name,
    offsetAt: ({ year, month, day, hour, minute, second }) =>
      zone.utcOffset(ICAL.Time.fromData({ year, month, day, hour, minute, second, isDate: false })),
  };
}

function isYearly(rule: ICAL.Component): boolean {
  return rule.getAllProperties('rrule').every((property) => {
    const written: unknown = property.toJSON()[3];
    const parts = Object.entries(Object(written)).map(([key, part]) => [key.toLowerCase(), part] as const);
    const { freq, interval = 1 } = Object.fromEntries(parts);
    return parts.every(([key]) => PARTS.has(key)) && freq === 'YEARLY' && interval === 1;
  });
}
