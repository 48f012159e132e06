import type { CloudTrailRecord } from '../cloudtrail/record.ts';
import type { Millis } from '../kernel/time.ts';
import { addToCounter } from './counters.ts';
import type { Sql } from './sql.ts';

/** Kept beside the table: counting millions of rows on every look at the status would stop the process. */
const STORED = 'records';

const INSERT = `insert into records (key, event_id, event_time, event_source, event_name, account, region, actor,
  access_key_id, source_address, error_code, body, received_at)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) on conflict (key) do nothing`;

/** False when the record was there already. */
export async function insertRecord(sql: Sql, record: CloudTrailRecord, receivedAt: Millis): Promise<boolean> {
  const changed = await sql.run(INSERT, [
    record.key,
    record.eventId,
    record.eventTime,
    record.eventSource,
    record.eventName,
    record.account,
    record.region,
    record.actor.id,
    record.accessKeyId ?? null,
    record.sourceAddress ?? null,
    record.errorCode ?? null,
    JSON.stringify(record.body),
    receivedAt,
  ]);
  return changed === 1;
}

/** Keeps the number of stored records; called once for each batch, in its transaction. */
export async function countStored(sql: Sql, by: number): Promise<void> {
  if (by !== 0) await addToCounter(sql, STORED, by);
}

/** A stored record as text; `cloudtrail/record` reads it again. */
export interface StoredRecord {
  readonly key: string;
  readonly account: string;
  readonly region: string;
  readonly body: string;
  readonly receivedAt: Millis;
}

const COLUMNS = 'key, account, region, body, received_at as "receivedAt"';

type RecordRow = { key: string; account: string; region: string; body: string; receivedAt: number };

/** The oldest records that no rule has seen yet. */
export async function pendingRecords(sql: Sql, limit: number): Promise<StoredRecord[]> {
  return sql.all<RecordRow>(
    `select ${COLUMNS} from records where evaluated_at is null order by received_at limit $1`,
    [limit],
  );
}

/** True for the one caller that takes the record; a second gets false and leaves it alone. */
export async function markEvaluated(sql: Sql, key: string, now: Millis): Promise<boolean> {
  const changed = await sql.run(
    'update records set evaluated_at = $2 where key = $1 and evaluated_at is null',
    [key, now],
  );
  return changed === 1;
}

export async function recordsByEventId(sql: Sql, eventId: string): Promise<StoredRecord[]> {
  return sql.all<RecordRow>(
    `select ${COLUMNS} from records where event_id = $1 order by received_at, key limit 20`,
    [eventId],
  );
}

export interface RecordCounts {
  readonly stored: number;
  readonly pending: number;
  readonly rejected: number;
  readonly oldestPendingAt: Millis | undefined;
  readonly lastReceivedAt: Millis | undefined;
}

export async function countRecords(sql: Sql): Promise<RecordCounts> {
  const [row] = await sql.all<{
    stored: number;
    pending: number;
    rejected: number;
    oldest: number | null;
    last: number | null;
  }>(
    `select (select coalesce(max(value), 0) from counters where name = '${STORED}') as stored,
      (select count(*) from records where evaluated_at is null) as pending,
      (select count(*) from rejects) as rejected,
      (select min(received_at) from records where evaluated_at is null) as oldest,
      (select max(received_at) from records) as last`,
  );
  return {
    stored: row?.stored ?? 0,
    pending: row?.pending ?? 0,
    rejected: row?.rejected ?? 0,
    oldestPendingAt: row?.oldest ?? undefined,
    lastReceivedAt: row?.last ?? undefined,
  };
}

/** Deletes at most `limit` evaluated records received before `before`; returns how many. */
export async function pruneRecords(sql: Sql, before: Millis, limit: number): Promise<number> {
  const old = `select key from records where received_at < $1 and evaluated_at is not null
    order by received_at limit $2`;
  await sql.run(`delete from alert_records where record_key in (${old})`, [before, limit]);
  const deleted = await sql.run(`delete from records where key in (${old})`, [before, limit]);
  await countStored(sql, -deleted);
  return deleted;
}
