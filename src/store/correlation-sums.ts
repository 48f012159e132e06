import { HOUR, MINUTE, type Millis } from '../kernel/time.ts';
import type { PlacedHit, Position } from './correlation-hits.ts';
import type { Sql } from './sql.ts';

/** What hits add up to is kept for steps of these lengths. */
const WIDTHS: readonly Millis[] = [HOUR, MINUTE];

/** Adds a new hit to the sums of the steps that it is in. */
export async function addToSums(
  sql: Sql,
  { bucket, correlation, at }: PlacedHit,
  amount: number,
): Promise<void> {
  for (const width of WIDTHS) {
    await sql.run(
      `insert into correlation_sums (bucket, width, begins_at, correlation, total) values ($1, $2, $3, $4, $5)
        on conflict (bucket, width, begins_at) do update set total = correlation_sums.total + excluded.total`,
      [bucket, width, Math.floor(at / width) * width, correlation, amount],
    );
  }
}

/** What the hits of a group add up to until a position, none before `since`. */
export async function sumUpTo(sql: Sql, bucket: string, upTo: Position, since: Millis): Promise<number> {
  const before = await sumBetween(sql, bucket, since, upTo.at, WIDTHS);
  const [row] = await sql.all<{ total: number | null }>(
    `select sum(cast(value as double precision)) as total from correlation_hits
      where bucket = $1 and event_time = $2 and record_key <= $3`,
    [bucket, upTo.at, upTo.key],
  );
  return before + (row?.total ?? 0);
}

/** Whole steps as long as they go, shorter ones at the ends, and hits where the shortest do not fit. */
async function sumBetween(
  sql: Sql,
  bucket: string,
  from: Millis,
  before: Millis,
  [width, ...shorter]: readonly Millis[],
): Promise<number> {
  if (from >= before) return 0;
  if (width === undefined) return sumOfHits(sql, bucket, from, before);
  const first = Math.ceil(from / width) * width;
  const last = Math.floor(before / width) * width;
  if (first >= last) return sumBetween(sql, bucket, from, before, shorter);
  const [row] = await sql.all<{ total: number | null }>(
    `select sum(total) as total from correlation_sums
      where bucket = $1 and width = $2 and begins_at >= $3 and begins_at < $4`,
    [bucket, width, first, last],
  );
  const head = await sumBetween(sql, bucket, from, first, shorter);
  return head + (row?.total ?? 0) + (await sumBetween(sql, bucket, last, before, shorter));
}

async function sumOfHits(sql: Sql, bucket: string, from: Millis, before: Millis): Promise<number> {
  const [row] = await sql.all<{ total: number | null }>(
    `select sum(cast(value as double precision)) as total from correlation_hits
      where bucket = $1 and event_time >= $2 and event_time < $3`,
    [bucket, from, before],
  );
  return row?.total ?? 0;
}

/** Deletes at most `limit` sums of a correlation whose steps were over `before`; returns how many. */
export async function pruneSums(
  sql: Sql,
  correlation: number,
  before: Millis,
  limit: number,
): Promise<number> {
  return sql.run(
    `delete from correlation_sums where (bucket, width, begins_at) in
      (select bucket, width, begins_at from correlation_sums
        where correlation = $1 and begins_at < $2 order by begins_at limit $3)`,
    [correlation, before - HOUR, limit],
  );
}
