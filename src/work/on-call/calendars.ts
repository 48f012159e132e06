import { eventsBetween } from '../../alerts/schedule/calendar-events.ts';
import { BadCalendar, readCalendar } from '../../alerts/schedule/calendar-file.ts';
import type { Schedule } from '../../alerts/schedule/schedule.ts';
import { ownEventBody } from '../../cloudtrail/own-event.ts';
import { readRecord } from '../../cloudtrail/record.ts';
import type { Log } from '../../kernel/log.ts';
import { sayError } from '../../kernel/problem.ts';
import type { Random } from '../../kernel/random.ts';
import { type Clock, DAY, MINUTE, type Millis, sayDuration, sayUtc } from '../../kernel/time.ts';
import {
  calendarOf,
  confirmCalendar,
  type FetchedCalendar,
  keepCalendar,
  markCalendarReported,
  noteCalendarTrouble,
  type StoredCalendar,
} from '../../store/calendars.ts';
import type { Database } from '../../store/sql.ts';
import type { Directory } from '../directory.ts';
import type { createIntake } from '../intake.ts';
import { sayOver } from '../over.ts';
import { lookUpAddresses } from './addresses.ts';

/** Where calendars come from. */
export interface CalendarSource {
  /**
   * What an address or a file has now; `unchanged` when it is what was known. Rejects with a Fault that says why it
   * cannot be had, without the address: it may be a secret.
   */
  fetch(
    source: string,
    known: Pick<FetchedCalendar, 'etag' | 'lastModified'> | undefined,
  ): Promise<FetchedCalendar | 'unchanged'>;
}

export interface CalendarTools {
  readonly db: Database;
  readonly schedules: () => ReadonlyMap<string, Schedule>;
  readonly source: CalendarSource;
  readonly directory: Pick<Directory, 'userByEmail'>;
  readonly intake: Pick<ReturnType<typeof createIntake>, 'accept'>;
  /** Under which account and region trouble is reported. */
  readonly home: () => { readonly account: string; readonly region: string };
  /** Somebody else may be on call, or an alert was closed. */
  readonly changed: () => void;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

const EVERY: Millis = 15 * MINUTE;
/** So long a calendar may be away before it is worth an alert. */
const PATIENCE: Millis = DAY;
/** What a copy has to be good for. */
const AHEAD: Millis = 200 * DAY;

/** Fetches every calendar, asks Slack who people are, and reports what is in trouble for long; answers how long to rest. */
export function createCalendarStep(tools: CalendarTools): () => Promise<Millis> {
  return async () => {
    for (const schedule of tools.schedules().values()) {
      if (schedule.calendar !== undefined) await refresh(tools, schedule, schedule.calendar);
    }
    if (await lookUpAddresses(tools)) tools.changed();
    return EVERY;
  };
}

async function refresh(tools: CalendarTools, schedule: Schedule, source: string): Promise<void> {
  const { db, clock, log } = tools;
  const before = await calendarOf(db, schedule.name, source);
  try {
    const known = before?.content === undefined ? undefined : before;
    const fetched = await tools.source.fetch(source, known);
    const text = fetched === 'unchanged' ? (before?.content ?? '') : fetched.text;
    const now = clock.now();
    // Here it is found whether it can be read, so that who is on call is never asked of a bad copy.
    eventsBetween(readCalendar(text), schedule.zone, now - AHEAD, now + AHEAD);
    if (fetched === 'unchanged' || fetched.text === before?.content) {
      await confirmCalendar(db, schedule.name, now);
    } else {
      await keepCalendar(db, schedule.name, source, fetched, now);
      tools.changed();
    }
    if (before?.trouble) await end(tools, before);
  } catch (error) {
    const what = error instanceof BadCalendar ? `it was not understood: ${error.message}` : sayError(error);
    log.warn({ schedule: schedule.name, what }, 'the calendar of a schedule cannot be used as it is now');
    await noteCalendarTrouble(db, schedule.name, source, what, clock.now());
    await report(tools, schedule, source);
  }
}

async function report(tools: CalendarTools, { name }: Schedule, source: string): Promise<void> {
  const { db, clock, intake, home } = tools;
  const calendar = await calendarOf(db, name, source);
  const now = clock.now();
  if (!calendar?.trouble || calendar.recordKey !== undefined) return;
  const { since, what } = calendar.trouble;
  if (now - since < PATIENCE) return;
  const body = ownEventBody({
    name: 'CalendarUnreachable',
    id: `${name}-${since}`,
    at: now,
    ...home(),
    details: {
      schedule: name,
      since: sayUtc(since),
      for: sayDuration(now - since),
      reason: what,
      copy:
        calendar.goodAt === undefined
          ? 'none was ever had, so nobody is on call by it'
          : `that of ${sayUtc(calendar.goodAt)} is used`,
    },
  });
  const record = readRecord(body);
  if ('unreadable' in record) throw new Error(record.unreadable);
  await intake.accept({ records: [record], rejects: [] }, now);
  await markCalendarReported(db, name, record.key);
}

/** The alert is over with the trouble. */
async function end(tools: CalendarTools, { schedule, recordKey }: StoredCalendar): Promise<void> {
  if (recordKey === undefined) return;
  const now = tools.clock.now();
  const note = `The calendar of the schedule ${schedule} can be read again, since ${sayUtc(now)}.`;
  await tools.db.tx(async (sql) => {
    await sayOver(sql, tools.random, { recordKey, note, now });
  });
  tools.changed();
}
