import type { Millis } from '../kernel/time.ts';
import type { Hit } from '../rules/correlation/window.ts';
import type { Sql } from './sql.ts';

/** A correlation as the store knows it. */
export interface Counted {
  readonly id: number;
  /** The event time of the newest of its hits; none of them counts as later than it came in. */
  readonly newest: Millis;
}

/** The correlation of a signature; one that is seen for the first time is noted. */
export async function countedBy(sql: Sql, signature: string): Promise<Counted> {
  const [row] = await sql.all<Counted>('select id, newest from correlations where signature = $1', [
    signature,
  ]);
  if (row) return row;
  const [made] = await sql.all<Counted>(
    `insert into correlations (id, signature, newest)
      select coalesce(max(id), 0) + 1, $1, 0 from correlations where true
      returning id, newest`,
    [signature],
  );
  if (!made) throw new Error('a correlation could not be noted');
  return made;
}

export async function signatureOfCounted(sql: Sql, id: number): Promise<string | undefined> {
  const [row] = await sql.all<{ signature: string }>('select signature from correlations where id = $1', [
    id,
  ]);
  return row?.signature;
}

export async function moveNewest(sql: Sql, id: number, newest: Millis): Promise<void> {
  await sql.run('update correlations set newest = $2 where id = $1 and newest < $2', [id, newest]);
}

/** A hit with where it belongs. */
export interface PlacedHit extends Omit<Hit, 'fired'> {
  readonly correlation: number;
  readonly bucket: string;
}

/** False when it was there already. */
export async function insertHit(sql: Sql, hit: PlacedHit): Promise<boolean> {
  const changed = await sql.run(
    `insert into correlation_hits (correlation, event_time, record_key, bucket, part, value, fired)
      values ($1, $2, $3, $4, $5, $6, 0)
      on conflict (correlation, event_time, record_key, bucket, part) do nothing`,
    [hit.correlation, hit.at, hit.key, hit.bucket, hit.part, hit.value ?? null],
  );
  return changed === 1;
}

/** Whether a record of this time counts towards the correlation. */
export async function hasHit(sql: Sql, correlation: number, at: Millis, key: string): Promise<boolean> {
  const rows = await sql.all(
    `select 1 as found from correlation_hits
      where correlation = $1 and event_time = $2 and record_key = $3 limit 1`,
    [correlation, at, key],
  );
  return rows.length > 0;
}

/** Where a hit stands among those of its group. */
export type Position = Pick<Hit, 'at' | 'key'>;

interface HitRow {
  event_time: number;
  record_key: string;
  part: number;
  value: string | null;
  fired: number;
}

const COLUMNS = 'event_time, record_key, part, value, fired';

/** The newest hits of a group up to a position, in their order, none before `since`. */
export async function hitsUpTo(
  sql: Sql,
  bucket: string,
  upTo: Position,
  since: Millis,
  limit: number,
): Promise<Hit[]> {
  const rows = await sql.all<HitRow>(
    `select ${COLUMNS} from correlation_hits
      where bucket = $1 and event_time >= $2 and (event_time, record_key) <= ($3, $4)
      order by event_time desc, record_key desc, part desc limit $5`,
    [bucket, since, upTo.at, upTo.key, limit],
  );
  return rows.reverse().map(readHit);
}

/** The hits of a group after a position, in their order, none after `until`. */
export async function hitsAfter(
  sql: Sql,
  bucket: string,
  after: Position,
  until: Millis,
  limit: number,
): Promise<Hit[]> {
  const rows = await sql.all<HitRow>(
    `select ${COLUMNS} from correlation_hits
      where bucket = $1 and event_time <= $2 and (event_time, record_key) > ($3, $4)
      order by event_time, record_key, part limit $5`,
    [bucket, until, after.at, after.key, limit],
  );
  return rows.map(readHit);
}

/** The hits of a group in a stretch of time, in their order; without those at its end. */
export async function hitsBetween(sql: Sql, bucket: string, from: Millis, before: Millis): Promise<Hit[]> {
  const rows = await sql.all<HitRow>(
    `select ${COLUMNS} from correlation_hits where bucket = $1 and event_time >= $2 and event_time < $3
      order by event_time, record_key, part`,
    [bucket, from, before],
  );
  return rows.map(readHit);
}

/** How many hits of a group there are up to a position, none before `since`; counts no further than `limit`. */
export async function countHits(
  sql: Sql,
  bucket: string,
  upTo: Position,
  since: Millis,
  limit: number,
): Promise<number> {
  const [row] = await sql.all<{ number: number }>(
    `select count(*) as number from (select 1 from correlation_hits
      where bucket = $1 and event_time >= $2 and (event_time, record_key) <= ($3, $4) limit $5) as found`,
    [bucket, since, upTo.at, upTo.key, limit],
  );
  return row?.number ?? 0;
}

/** The time of the first hit of a group after `after`. */
export async function firstHitAfter(sql: Sql, bucket: string, after: Millis): Promise<Millis | undefined> {
  const [row] = await sql.all<{ event_time: number }>(
    `select event_time from correlation_hits where bucket = $1 and event_time > $2
      order by event_time limit 1`,
    [bucket, after],
  );
  return row?.event_time;
}

export async function markFired(sql: Sql, bucket: string, { at, key }: Position): Promise<void> {
  await sql.run(
    'update correlation_hits set fired = 1 where bucket = $1 and event_time = $2 and record_key = $3',
    [bucket, at, key],
  );
}

export async function deleteHit(sql: Sql, bucket: string, { at, key, part }: Hit): Promise<void> {
  await sql.run(
    'delete from correlation_hits where bucket = $1 and event_time = $2 and record_key = $3 and part = $4',
    [bucket, at, key, part],
  );
}

/** Deletes the oldest hits of a group, so that at most `most` are left. */
export async function keepNewest(sql: Sql, bucket: string, most: number): Promise<number> {
  return sql.run(
    `delete from correlation_hits where bucket = $1 and (event_time, record_key) <=
      (select event_time, record_key from correlation_hits where bucket = $1
        order by event_time desc, record_key desc limit 1 offset $2)`,
    [bucket, most],
  );
}

/** Deletes the hits of a group up to a time. */
export async function deleteHitsUpTo(sql: Sql, bucket: string, upTo: Millis): Promise<void> {
  await sql.run('delete from correlation_hits where bucket = $1 and event_time <= $2', [bucket, upTo]);
}

/** Deletes at most `limit` hits of a correlation that are older than `before`; returns how many. */
export async function pruneHits(
  sql: Sql,
  correlation: number,
  before: Millis,
  limit: number,
): Promise<number> {
  return sql.run(
    `delete from correlation_hits where (correlation, event_time, record_key, bucket, part) in
      (select correlation, event_time, record_key, bucket, part from correlation_hits
        where correlation = $1 and event_time < $2 order by event_time limit $3)`,
    [correlation, before, limit],
  );
}

/** The ids of correlations whose signature is none of these. */
export async function correlationsBut(sql: Sql, signatures: ReadonlySet<string>): Promise<number[]> {
  const rows = await sql.all<{ id: number; signature: string }>('select id, signature from correlations');
  return rows.filter(({ signature }) => !signatures.has(signature)).map(({ id }) => id);
}

/** Forgets a correlation that has nothing left. */
export async function deleteCounted(sql: Sql, id: number): Promise<void> {
  await sql.run('delete from correlations where id = $1', [id]);
}

function readHit(row: HitRow): Hit {
  return {
    at: row.event_time,
    key: row.record_key,
    part: row.part,
    value: row.value ?? undefined,
    fired: row.fired === 1,
  };
}
