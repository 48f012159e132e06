import type { ActorKind } from '../cloudtrail/naming.ts';
import type { CloudTrailRecord } from '../cloudtrail/record.ts';
import { HOUR, type Millis, nextTurn } from '../kernel/time.ts';
import { type Call, callOf } from '../questions/call.ts';
import { namesIn } from '../questions/names.ts';
import type { StoredQuery } from '../questions/stored-query.ts';
import { addToCounter } from './counters.ts';
import { recordByKey, type StoredRecord } from './records.ts';
import { insertRows } from './rows.ts';
import type { Row, Sql, Value } from './sql.ts';

/** What is written of a record that questions are to find: much smaller than the record. */
export interface Searchable {
  readonly at: Millis;
  /** In the order of COLUMNS, without the id. */
  readonly columns: readonly Value[];
  readonly names: readonly string[];
}

const COLUMNS = [
  'id',
  'record_key',
  'received_at',
  'hour',
  'event_time',
  'event_source',
  'event_name',
  'account',
  'region',
  'actor_id',
  'actor_label',
  'actor_kind',
  'actor_name',
  'role',
  'access_key_id',
  'source_address',
  'client',
  'error_code',
  'read_only',
  'mfa',
  'target',
  'shared_id',
] as const;

export function searchableOf(record: CloudTrailRecord, receivedAt: Millis): Searchable {
  const names = namesIn(record);
  const call = callOf(record, names);
  const { actor } = call;
  return {
    at: call.at,
    columns: [
      ...[call.key, receivedAt, hourOf(call.at), call.at, call.source, call.name, call.account, call.region],
      ...[actor.id, actor.label, actor.kind, actor.name, record.actor.role ?? null],
      ...[call.keyId ?? null, call.address ?? null, call.client ?? null, call.errorCode ?? null],
      ...[flag(call.readOnly), flag(call.mfa), call.target ?? null],
      call.sharedId ?? null,
    ],
    names: names.map(({ name }) => name),
  };
}

function hourOf(at: Millis): number {
  return Math.floor(at / HOUR);
}

function flag(value: boolean | undefined): number | null {
  return value === undefined ? null : Number(value);
}

/** Makes records searchable. For each record once: the caller sees to that, in the same transaction. */
export async function insertCalls(sql: Sql, records: readonly Searchable[]): Promise<void> {
  if (records.length === 0) return;
  const first = (await addToCounter(sql, 'calls', records.length)) - records.length + 1;
  for (const hour of new Set(records.map(({ at }) => hourOf(at)))) {
    await sql.run('insert into call_hours (hour) values ($1) on conflict (hour) do nothing', [hour]);
  }
  const calls = records.flatMap(({ columns }, index) => [first + index, ...columns]);
  await insertRows(sql, 'calls', COLUMNS, calls);
  const names = records.flatMap((one, index) =>
    one.names.flatMap((name) => [hourOf(one.at), name, one.at, first + index]),
  );
  await insertRows(sql, 'call_names', ['hour', 'name', 'event_time', 'call_id'], names);
}

interface CallRow extends Row {
  id: number;
  record_key: string;
  event_time: number;
  event_source: string;
  event_name: string;
  account: string;
  region: string;
  actor_id: string;
  actor_label: string;
  actor_kind: string;
  actor_name: string;
  access_key_id: string | null;
  source_address: string | null;
  client: string | null;
  error_code: string | null;
  read_only: number | null;
  mfa: number | null;
  target: string | null;
  shared_id: string | null;
}

const READ = `c.id, c.record_key, c.event_time, c.event_source, c.event_name, c.account, c.region, c.actor_id,
  c.actor_label, c.actor_kind, c.actor_name, c.access_key_id, c.source_address, c.client, c.error_code,
  c.read_only, c.mfa, c.target, c.shared_id`;

/** Where each column of a query stands; `$6` is what it compares with. */
const SELECTIONS: Readonly<Record<StoredQuery['by']['column'], string>> = {
  keyId: 'c.access_key_id = $6',
  address: 'c.source_address = $6',
  eventName: 'c.event_name = $6',
  eventSource: 'c.event_source = $6',
  actorName: 'c.actor_name = $6',
  role: 'c.role = $6',
  kind: 'c.actor_kind = $6',
  named: 'n.name = $6',
  failed: 'c.error_code is not null',
};

/** Reads down from a place in the order of time and id, within one hour. */
function statementOf(column: StoredQuery['by']['column']): string {
  const [tables, row, id] =
    column === 'named'
      ? ['call_names n join calls c on c.id = n.call_id', 'n', 'n.call_id']
      : ['calls c', 'c', 'c.id'];
  return `select ${READ} from ${tables} where ${SELECTIONS[column]} and ${row}.hour = $1
      and ${row}.event_time >= $2 and (${row}.event_time, ${id}) < ($3, $4)
    order by ${row}.event_time desc, ${id} desc limit $5`;
}

/** So many rows, or hours, are looked at before arriving events have their turn. */
const AT_ONCE = 1000;
const HOURS_AT_ONCE = 100;

/**
 * At most `limit` calls, newest first. Goes through the hours of the period, in each down the index of the query's
 * column, so that it costs as much as that column has calls there, whatever else is stored.
 */
export async function readCalls(sql: Sql, query: StoredQuery, limit: number): Promise<Call[]> {
  const hours = await sql.all<{ hour: number }>(
    'select hour from call_hours where hour >= $1 and hour <= $2 order by hour desc',
    [hourOf(query.from), hourOf(query.to)],
  );
  const found: Call[] = [];
  let sinceTurn = 0;
  for (const { hour } of hours) {
    for await (const rows of rowsOfHour(sql, query, hour)) {
      for (const row of rows) if (isAskedFor(row, query)) found.push(readCall(row));
      if (found.length >= limit) return found.slice(0, limit);
      sinceTurn += 1 / HOURS_AT_ONCE + rows.length / AT_ONCE;
      if (sinceTurn >= 1) {
        await nextTurn();
        sinceTurn = 0;
      }
    }
  }
  return found;
}

/** The rows of the query's column in one hour, newest first, in pages of AT_ONCE. */
async function* rowsOfHour(sql: Sql, query: StoredQuery, hour: number): AsyncGenerator<CallRow[]> {
  const statement = statementOf(query.by.column);
  const compared = query.by.column === 'failed' ? [] : [query.by.value];
  let [at, id] = [query.to + 1, 0];
  for (;;) {
    const rows = await sql.all<CallRow>(statement, [hour, query.from, at, id, AT_ONCE, ...compared]);
    yield rows;
    const last = rows.at(-1);
    if (!last || rows.length < AT_ONCE) return;
    [at, id] = [last.event_time, last.id];
  }
}

/** A call that does not say what it is counts as a write: whoever looks for changes must not miss one. */
function isAskedFor(row: CallRow, { account, region, access, failed }: StoredQuery): boolean {
  return (
    (account === undefined || row.account === account) &&
    (region === undefined || row.region === region) &&
    (access === undefined || (access === 'reads') === (row.read_only === 1)) &&
    (failed !== true || row.error_code !== null)
  );
}

function readCall(row: CallRow): Call {
  return {
    key: row.record_key,
    // account|region|event id; the region of the key is not always the call's own.
    eventId: row.record_key.slice(row.record_key.indexOf('|', row.account.length + 1) + 1),
    at: row.event_time,
    source: row.event_source,
    name: row.event_name,
    account: row.account,
    region: row.region,
    actor: {
      id: row.actor_id,
      label: row.actor_label,
      kind: row.actor_kind as ActorKind,
      name: row.actor_name,
    },
    keyId: row.access_key_id ?? undefined,
    address: row.source_address ?? undefined,
    client: row.client ?? undefined,
    errorCode: row.error_code ?? undefined,
    readOnly: row.read_only === null ? undefined : row.read_only === 1,
    mfa: row.mfa === null ? undefined : row.mfa === 1,
    target: row.target ?? undefined,
    sharedId: row.shared_id ?? undefined,
  };
}

/** The whole records of the calls that `readCalls` finds, newest first. */
export async function recordsOf(sql: Sql, query: StoredQuery, limit: number): Promise<StoredRecord[]> {
  const records: StoredRecord[] = [];
  for (const { key } of await readCalls(sql, query, limit)) {
    const record = await recordByKey(sql, key);
    if (record) records.push(record);
  }
  return records;
}

/** How much questions can find: stored records in all, those among them that wait, event time of the oldest found. */
export async function searchable(
  sql: Sql,
): Promise<{ stored: number; waiting: number; since: Millis | undefined }> {
  const [row] = await sql.all<{ stored: number; waiting: number; since: number | null }>(
    `select (select coalesce(max(value), 0) from counters where name = 'records') as stored,
      (select coalesce(max(value), 0) from counters where name = 'calls due') +
        (select count(*) from pending) as waiting,
      (select min(event_time) from calls where hour = (select min(hour) from call_hours)) as since`,
  );
  return { stored: row?.stored ?? 0, waiting: row?.waiting ?? 0, since: row?.since ?? undefined };
}

/** Forgets at most `limit` calls of records received before `before`; returns how many. */
export async function pruneCalls(sql: Sql, before: Millis, limit: number): Promise<number> {
  const old = 'select id from calls where received_at < $1 order by received_at, id limit $2';
  await sql.run(`delete from call_names where call_id in (${old})`, [before, limit]);
  const deleted = await sql.run(`delete from calls where id in (${old})`, [before, limit]);
  if (deleted < limit) {
    await sql.run(
      'delete from call_hours where not exists (select 1 from calls where calls.hour = call_hours.hour)',
    );
  }
  return deleted;
}
