import type { Millis } from '../kernel/time.ts';
import type { Sql } from './sql.ts';

/** What is known of the calendar of a schedule. */
export interface StoredCalendar {
  readonly schedule: string;
  /** Its address or file. */
  readonly source: string;
  /** The last good copy, as iCalendar. */
  readonly content: string | undefined;
  /** Another one has another number. */
  readonly version: number;
  readonly etag: string | undefined;
  readonly lastModified: string | undefined;
  /** When the copy was last known to be what the calendar says. */
  readonly goodAt: Millis | undefined;
  readonly trouble: { readonly since: Millis; readonly what: string } | undefined;
  /** The record that reports the trouble. */
  readonly recordKey: string | undefined;
}

/** What came of a calendar. */
export interface FetchedCalendar {
  readonly text: string;
  readonly etag: string | undefined;
  readonly lastModified: string | undefined;
}

type CalendarRow = {
  schedule: string;
  source: string;
  content: string | null;
  version: number;
  etag: string | null;
  last_modified: string | null;
  good_at: number | null;
  trouble_since: number | null;
  trouble: string | null;
  record_key: string | null;
};

/** `undefined` when there is none of this source. */
export async function calendarOf(
  sql: Sql,
  schedule: string,
  source: string,
): Promise<StoredCalendar | undefined> {
  const [row] = await sql.all<CalendarRow>('select * from calendars where schedule = $1 and source = $2', [
    schedule,
    source,
  ]);
  return row && readCalendarRow(row);
}

/** A good copy; trouble is over. */
export async function keepCalendar(
  sql: Sql,
  schedule: string,
  source: string,
  { text, etag, lastModified }: FetchedCalendar,
  now: Millis,
): Promise<void> {
  await sql.run(
    `insert into calendars (schedule, source, content, version, etag, last_modified, good_at)
      values ($1, $2, $3, 1, $4, $5, $6)
      on conflict (schedule) do update set source = excluded.source, content = excluded.content,
        version = calendars.version + 1, etag = excluded.etag, last_modified = excluded.last_modified,
        good_at = excluded.good_at, trouble_since = null, trouble = null, record_key = null`,
    [schedule, source, text, etag ?? null, lastModified ?? null, now],
  );
}

/** The copy is what the calendar says still; trouble is over. */
export async function confirmCalendar(sql: Sql, schedule: string, now: Millis): Promise<void> {
  await sql.run(
    `update calendars set good_at = $2, trouble_since = null, trouble = null, record_key = null
      where schedule = $1`,
    [schedule, now],
  );
}

/** It cannot be had or understood: the last good copy of this source stays. */
export async function noteCalendarTrouble(
  sql: Sql,
  schedule: string,
  source: string,
  what: string,
  now: Millis,
): Promise<void> {
  await sql.run('delete from calendars where schedule = $1 and source <> $2', [schedule, source]);
  await sql.run(
    `insert into calendars (schedule, source, version, trouble_since, trouble) values ($1, $2, 0, $3, $4)
      on conflict (schedule) do update set trouble = excluded.trouble,
        trouble_since = coalesce(calendars.trouble_since, excluded.trouble_since)`,
    [schedule, source, now, what],
  );
}

/** The record that reports the trouble was made. */
export async function markCalendarReported(sql: Sql, schedule: string, recordKey: string): Promise<void> {
  await sql.run('update calendars set record_key = $2 where schedule = $1', [schedule, recordKey]);
}

function readCalendarRow(row: CalendarRow): StoredCalendar {
  return {
    schedule: row.schedule,
    source: row.source,
    content: row.content ?? undefined,
    version: row.version,
    etag: row.etag ?? undefined,
    lastModified: row.last_modified ?? undefined,
    goodAt: row.good_at ?? undefined,
    trouble:
      row.trouble_since === null ? undefined : { since: row.trouble_since, what: row.trouble ?? 'unknown' },
    recordKey: row.record_key ?? undefined,
  };
}
