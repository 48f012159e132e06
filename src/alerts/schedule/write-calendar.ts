import ICAL from 'ical.js';
import type { Millis } from '../../kernel/time.ts';
import { wallTimeAt } from '../../kernel/zone.ts';
import type { Stint } from './on-call.ts';

// The space that goes before what is continued counts as well.
ICAL.foldLength = 74;

interface Written {
  readonly schedule: string;
  readonly stints: readonly Stint[];
  readonly nameOf: (person: string) => string;
  readonly now: Millis;
}

/**
 * Shifts as an iCalendar file, one event each, in UTC. Who has it stands in X-TRAILBOT-PERSON as well, so that reading
 * the file says the same as the schedule. Source: RFC 5545.
 */
export function writeCalendar({ schedule, stints, nameOf, now }: Written): string {
  const calendar = new ICAL.Component('vcalendar');
  calendar.addPropertyWithValue('version', '2.0');
  calendar.addPropertyWithValue('prodid', '-//Trailbot//On call//EN');
  calendar.addPropertyWithValue('x-wr-calname', `On call: ${schedule}`);
  for (const { person, from, until, because } of stints) {
    const event = new ICAL.Component('vevent');
    event.addPropertyWithValue('uid', `${schedule}-${from}@trailbot`);
    event.addPropertyWithValue('dtstamp', utc(now));
    event.addPropertyWithValue('dtstart', utc(from));
    event.addPropertyWithValue('dtend', utc(until));
    event.addPropertyWithValue('summary', nameOf(person));
    event.addPropertyWithValue('description', `On call in ${schedule} (${because})`);
    event.addPropertyWithValue('x-trailbot-person', person);
    calendar.addSubcomponent(event);
  }
  return `${calendar.toString()}\r\n`;
}

function utc(at: Millis): ICAL.Time {
  return ICAL.Time.fromData({ ...wallTimeAt(at, 'UTC'), isDate: false }, ICAL.Timezone.utcTimezone);
}
