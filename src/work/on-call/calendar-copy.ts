import { eventsBetween } from '../../alerts/schedule/calendar-events.ts';
import { BadCalendar, readCalendar, type Series } from '../../alerts/schedule/calendar-file.ts';
import type { CalendarEvent, Schedule } from '../../alerts/schedule/schedule.ts';
import { DAY, type Millis } from '../../kernel/time.ts';
import { calendarOf } from '../../store/calendars.ts';
import type { Sql } from '../../store/sql.ts';

/** A copy that was read, with its events around the time that was last asked for. */
interface Read {
  readonly version: number;
  readonly source: string;
  readonly series: readonly Series[];
  readonly zone: string;
  readonly from: Millis;
  readonly until: Millis;
  readonly events: readonly CalendarEvent[];
}

/** More than was asked for, so that the next questions need nothing new. */
const MARGIN: Millis = 30 * DAY;

/** What the stored copies say; each is read once. A copy that cannot be read says nothing: it is told as trouble. */
export function createCalendarCopies() {
  const read = new Map<string, Read>();

  return {
    async events(
      sql: Sql,
      { name, calendar = '', zone }: Schedule,
      from: Millis,
      until: Millis,
    ): Promise<readonly CalendarEvent[]> {
      const stored = await calendarOf(sql, name, calendar);
      if (stored?.content === undefined) return [];
      const { version, source, content } = stored;
      const before = read.get(name);
      const known = before?.version === version && before.source === source ? before : undefined;
      const fits = known && known.zone === zone && known.from <= from && until <= known.until;
      const now = fits ? known : readAround({ version, source, zone, from, until }, known, content);
      read.set(name, now);
      return now.events.filter((event) => event.until > from && event.from < until);
    },
  };
}

function readAround(wanted: Omit<Read, 'series' | 'events'>, known: Read | undefined, content: string): Read {
  const [from, until] = [wanted.from - MARGIN, wanted.until + MARGIN];
  try {
    const series = known?.series ?? readCalendar(content);
    return { ...wanted, from, until, series, events: eventsBetween(series, wanted.zone, from, until) };
  } catch (error) {
    if (!(error instanceof BadCalendar)) throw error;
    return { ...wanted, from, until, series: [], events: [] };
  }
}
