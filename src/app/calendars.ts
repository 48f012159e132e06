import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { LARGEST_CALENDAR } from '../alerts/schedule/calendar-file.ts';
import { writeCalendar } from '../alerts/schedule/write-calendar.ts';
import type { Config } from '../config/config.ts';
import { fetchCalendar } from '../http/calendar.ts';
import type { CalendarFeed } from '../http/calendar-feed.ts';
import { sayFileError } from '../kernel/file-error.ts';
import { Fault } from '../kernel/problem.ts';
import { type Clock, DAY, MINUTE, type Millis } from '../kernel/time.ts';
import { operatorNames } from '../store/operators.ts';
import type { Database } from '../store/sql.ts';
import { startLoop } from '../work/loop.ts';
import { type CalendarSource, type CalendarTools, createCalendarStep } from '../work/on-call/calendars.ts';
import type { Roster } from '../work/on-call/roster.ts';

interface CalendarOptions extends Omit<CalendarTools, 'schedules' | 'source' | 'home'> {
  readonly settings: () => Config;
  /** Files are looked up from here. */
  readonly base: string;
}

/** The schedules' calendars and people, kept up to date for as long as the bot runs. */
export interface Calendars {
  /** Resolves when nothing is under way; true when nothing was. */
  rested(): Promise<boolean>;
  /** The configuration may be another. */
  follow(): void;
  stop(): Promise<void>;
}

const AGAIN: Millis = 15 * MINUTE;
const NO_ACCOUNT = '000000000000';

export function startCalendars(options: CalendarOptions): Calendars {
  const { settings, base, clock, log } = options;
  const step = createCalendarStep({
    ...options,
    schedules: () => settings().schedules,
    source: calendarSource(base, clock),
    home: () => ({
      account: [...settings().accounts.keys()][0] ?? NO_ACCOUNT,
      region: settings().aws?.region ?? 'us-east-1',
    }),
  });
  const loop = startLoop('calendars', step, clock, log);
  return { rested: loop.rested, follow: loop.wake, stop: loop.stop };
}

/** Addresses over the network, everything else from files below the configuration's folder. */
function calendarSource(base: string, clock: Clock): CalendarSource {
  return {
    fetch: (source, known) =>
      /^https?:/u.test(source)
        ? fetchCalendar(source, known, clock)
        : readCalendarFile(resolve(base, source)),
  };
}

async function readCalendarFile(file: string) {
  try {
    const { size } = await stat(file);
    if (size > LARGEST_CALENDAR) throw Fault.later('the file is larger than 2 MB', AGAIN);
    return { text: await readFile(file, 'utf8'), etag: undefined, lastModified: undefined };
  } catch (error) {
    if (error instanceof Fault) throw error;
    throw Fault.later(`the file cannot be read: ${sayFileError(error)}`, AGAIN, { cause: error });
  }
}

/** How far ahead a calendar that is subscribed to can see. */
const FEED_AHEAD: Millis = 90 * DAY;
const FEED_BACK: Millis = 7 * DAY;

/** The schedules for calendars that subscribe to them; none without a key. */
export function scheduleFeed(tools: {
  readonly config: Config;
  readonly db: Database;
  readonly roster: Pick<Roster, 'names' | 'shifts' | 'onCall'>;
  readonly clock: Clock;
}): CalendarFeed | undefined {
  const { config, db, roster, clock } = tools;
  const { calendarKey } = config;
  if (calendarKey === undefined) return undefined;
  return {
    key: calendarKey,
    names: [...config.schedules.keys()],
    async calendar(name) {
      if (!roster.names().includes(name)) return undefined;
      const now = clock.now();
      const begin = await roster.onCall(db, name, now - FEED_BACK);
      const stints = await roster.shifts(db, name, begin?.from ?? now - FEED_BACK, now + FEED_AHEAD);
      const names = await operatorNames(db);
      return writeCalendar({ schedule: name, stints, nameOf: (person) => names.get(person) ?? person, now });
    },
  };
}
