import { eventsBetween } from '../../alerts/schedule/calendar-events.ts';
import { BadCalendar, readCalendar } from '../../alerts/schedule/calendar-file.ts';
import type { Schedule } from '../../alerts/schedule/schedule.ts';
import type { Log } from '../../kernel/log.ts';
import { type Clock, DAY, HOUR, type Millis } from '../../kernel/time.ts';
import { calendarOf } from '../../store/calendars.ts';
import { type KnownAddress, knownAddresses, rememberAddress } from '../../store/schedule-people.ts';
import type { Database, Sql } from '../../store/sql.ts';
import type { Directory } from '../directory.ts';
import { isAddress } from './create-roster.ts';

export interface AddressTools {
  readonly db: Database;
  readonly schedules: () => ReadonlyMap<string, Schedule>;
  readonly directory: Pick<Directory, 'userByEmail'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Who is known is asked for again once a day; who is not may be invited any time. */
const KNOWN_FOR: Millis = DAY;
const UNKNOWN_FOR: Millis = HOUR;
/** Of a calendar, the people of so long count. */
const AHEAD: Millis = 100 * DAY;
const MOST = 500;

/**
 * Asks Slack for the people whom schedules name by e-mail address. Without an answer what was known stays. True when
 * something else is known now.
 */
export async function lookUpAddresses(tools: AddressTools): Promise<boolean> {
  const { db, clock, directory, log } = tools;
  const known = await knownAddresses(db);
  let changed = false;
  const wanted = await addressesIn(db, tools.schedules(), clock.now());
  for (const address of wanted.filter((one) => isDue(known.get(one), clock.now())).slice(0, MOST)) {
    try {
      const user = await directory.userByEmail(address);
      await rememberAddress(db, address, user, clock.now());
      changed ||= known.get(address)?.user !== user;
    } catch (error) {
      log.warn(
        { error },
        'Slack does not say who has an e-mail address of a schedule; the last answer counts',
      );
      return changed;
    }
  }
  return changed;
}

function isDue(known: KnownAddress | undefined, now: Millis): boolean {
  if (!known) return true;
  return now - known.askedAt >= (known.user === undefined ? UNKNOWN_FOR : KNOWN_FOR);
}

/** In lower case, each once. */
async function addressesIn(
  sql: Sql,
  schedules: ReadonlyMap<string, Schedule>,
  now: Millis,
): Promise<string[]> {
  const addresses = new Set<string>();
  for (const schedule of schedules.values()) {
    for (const person of await namesIn(sql, schedule, now)) {
      if (isAddress(person)) addresses.add(person.toLowerCase());
    }
  }
  return [...addresses];
}

async function namesIn(sql: Sql, schedule: Schedule, now: Millis): Promise<string[]> {
  if (schedule.calendar === undefined) return schedule.layers.flatMap(({ people }) => people);
  const stored = await calendarOf(sql, schedule.name, schedule.calendar);
  if (stored?.content === undefined) return [];
  try {
    const events = eventsBetween(readCalendar(stored.content), schedule.zone, now - DAY, now + AHEAD);
    return events.flatMap(({ people }) => people);
  } catch (error) {
    // Told as trouble of the calendar.
    if (error instanceof BadCalendar) return [];
    throw error;
  }
}
