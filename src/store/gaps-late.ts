import type { CloudTrailRecord } from '../cloudtrail/record.ts';
import type { Millis } from '../kernel/time.ts';
import type { Sql } from './sql.ts';

/** Notes that a record came late: the sweep found it in a place, and it had not arrived by itself. */
export async function insertLate(
  sql: Sql,
  record: CloudTrailRecord,
  place: { account: string; region: string },
  { receivedAt, matched }: { receivedAt: Millis; matched: boolean },
): Promise<void> {
  await sql.run(
    `insert into late_records (record_key, account, region, event_name, event_time, received_at, matched, reported)
      values ($1, $2, $3, $4, $5, $6, $7, 0) on conflict (record_key) do nothing`,
    [
      record.key,
      place.account,
      place.region,
      record.eventName,
      record.eventTime,
      receivedAt,
      Number(matched),
    ],
  );
}

/** Whether a record came late. */
export async function isLate(sql: Sql, recordKey: string): Promise<boolean> {
  const rows = await sql.all('select 1 as found from late_records where record_key = $1', [recordKey]);
  return rows.length > 0;
}

/** How many records of an alert came late, and how long after it happened the latest of them came. */
export interface Lateness {
  readonly events: number;
  readonly longest: Millis;
}

/** `undefined` when all of them came by themselves. */
export async function latenessOf(sql: Sql, alertId: string): Promise<Lateness | undefined> {
  const [row] = await sql.all<{ events: number; longest: number | null }>(
    `select count(*) as events, max(l.received_at - l.event_time) as longest
      from alert_records m join late_records l on l.record_key = m.record_key where m.alert_id = $1`,
    [alertId],
  );
  return row && row.longest !== null ? { events: row.events, longest: row.longest } : undefined;
}

/** What was missing in one place and was not reported yet. Times of events, except `foundAt`. */
export interface Gap {
  readonly missing: number;
  readonly matched: number;
  readonly from: Millis;
  readonly to: Millis;
  /** When the last of them was found. */
  readonly foundAt: Millis;
  /** The most frequent first. */
  readonly names: readonly { readonly name: string; readonly count: number }[];
}

/** `undefined` when nothing is to be reported. `until`: taken in up to then. */
export async function unreportedGap(
  sql: Sql,
  { account, region }: { account: string; region: string },
  until: Millis,
): Promise<Gap | undefined> {
  const [row] = await sql.all<{
    missing: number;
    matched: number;
    from_at: number | null;
    to_at: number;
    found_at: number;
  }>(
    `select count(*) as missing, sum(matched) as matched, min(event_time) as from_at, max(event_time) as to_at,
        max(received_at) as found_at
      from late_records where account = $1 and region = $2 and reported = 0 and received_at <= $3`,
    [account, region, until],
  );
  if (!row || row.from_at === null) return undefined;
  const names = await sql.all<{ name: string; count: number }>(
    `select event_name as name, count(*) as count from late_records
      where account = $1 and region = $2 and reported = 0 and received_at <= $3
      group by event_name order by count(*) desc, event_name limit 5`,
    [account, region, until],
  );
  const { missing, matched, from_at: from, to_at: to, found_at: foundAt } = row;
  return { missing, matched, from, to, foundAt, names };
}

export async function markReported(
  sql: Sql,
  { account, region }: { account: string; region: string },
  until: Millis,
): Promise<void> {
  await sql.run(
    'update late_records set reported = 1 where account = $1 and region = $2 and reported = 0 and received_at <= $3',
    [account, region, until],
  );
}

/** How many came late since then, by place. */
export async function countLate(
  sql: Sql,
  since: Millis,
): Promise<{ account: string; region: string; events: number }[]> {
  return sql.all(
    `select account, region, count(*) as events from late_records where received_at >= $1
      group by account, region order by account, region`,
    [since],
  );
}

/** Deletes at most `limit` marks of records received before `before`; returns how many. */
export async function pruneLate(sql: Sql, before: Millis, limit: number): Promise<number> {
  return sql.run(
    'delete from late_records where record_key in (select record_key from late_records where received_at < $1 limit $2)',
    [before, limit],
  );
}
