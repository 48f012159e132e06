import type { CloudTrailRecord } from '../cloudtrail/record.ts';
import type { Millis } from '../kernel/time.ts';
import { addToCounter } from './counters.ts';
import type { Sql } from './sql.ts';

/** Kept beside the table: counting millions of rows on every look at the status would stop the process. */
const STORED = 'records';

const INSERT = `insert into records (key, event_id, event_time, event_source, event_name, account, region, actor,
  access_key_id, source_address, error_code, body, received_at)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) on conflict (key) do nothing`;

/**
 * Stores a record and notes that the rules have to see it. Returns its size in characters of JSON; 0 when it
 * was there already.
 */
export async function insertRecord(sql: Sql, record: CloudTrailRecord, receivedAt: Millis): Promise<number> {
  const body = JSON.stringify(record.body);
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
    body,
    receivedAt,
  ]);
  if (changed === 0) return 0;
  await sql.run('insert into pending (received_at, record_key, size) values ($1, $2, $3)', [
    receivedAt,
    record.key,
    body.length,
  ]);
  return body.length;
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

/** A record that waits for the rules. */
export interface PendingRecord {
  readonly key: string;
  readonly receivedAt: Millis;
  /** In characters of JSON. */
  readonly size: number;
}

/** Those that wait longest. */
export async function pendingRecords(sql: Sql, limit: number): Promise<PendingRecord[]> {
  return sql.all<PendingRecord>(
    `select record_key as key, received_at as "receivedAt", size from pending
      order by received_at, record_key limit $1`,
    [limit],
  );
}

export async function recordByKey(sql: Sql, key: string): Promise<StoredRecord | undefined> {
  const [row] = await sql.all<StoredRecord>(`select ${COLUMNS} from records where key = $1`, [key]);
  return row;
}

/** When the record of an event was received; `undefined` when it is not kept. */
export async function receivedAt(
  sql: Sql,
  event: { eventId: string; account: string; region: string },
): Promise<Millis | undefined> {
  const [row] = await sql.all<{ at: number | null }>(
    'select min(received_at) as at from records where event_id = $1 and account = $2 and region = $3',
    [event.eventId, event.account, event.region],
  );
  return row?.at ?? undefined;
}

/** Whether the rules have yet to see a record. */
export async function isPending(sql: Sql, key: string): Promise<boolean> {
  const rows = await sql.all('select 1 as found from pending where record_key = $1 limit 1', [key]);
  return rows.length > 0;
}

/** True for the one caller that takes the record; a second gets false and leaves it alone. */
export async function markEvaluated(sql: Sql, record: PendingRecord): Promise<boolean> {
  const changed = await sql.run('delete from pending where received_at = $1 and record_key = $2', [
    record.receivedAt,
    record.key,
  ]);
  return changed === 1;
}

export async function recordsByEventId(sql: Sql, eventId: string): Promise<StoredRecord[]> {
  return sql.all<StoredRecord>(
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
      (select count(*) from pending) as pending,
      (select count(*) from rejects) as rejected,
      (select min(received_at) from pending) as oldest,
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
  const old = `select key from records where received_at < $1 and not exists
      (select 1 from pending p where p.received_at = records.received_at and p.record_key = records.key)
    order by received_at limit $2`;
  await sql.run(`delete from alert_records where record_key in (${old})`, [before, limit]);
  const deleted = await sql.run(`delete from records where key in (${old})`, [before, limit]);
  await countStored(sql, -deleted);
  return deleted;
}
