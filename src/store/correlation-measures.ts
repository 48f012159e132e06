import type { Millis } from '../kernel/time.ts';
import type { Sql, Value } from './sql.ts';

/** A stretch of time of a group, both ends included. */
export interface Stretch {
  readonly bucket: string;
  readonly from: Millis;
  readonly to: Millis;
}

const IN_STRETCH = 'from correlation_hits where bucket = $1 and event_time >= $2 and event_time <= $3';
const NUMBER = 'cast(value as double precision)';

export function hitsIn(sql: Sql, stretch: Stretch): Promise<number> {
  return numberOf(sql, `select count(*) as number ${IN_STRETCH}`, stretch);
}

export function sumIn(sql: Sql, stretch: Stretch): Promise<number> {
  return numberOf(sql, `select sum(${NUMBER}) as number ${IN_STRETCH}`, stretch);
}

export function averageIn(sql: Sql, stretch: Stretch): Promise<number> {
  return numberOf(sql, `select avg(${NUMBER}) as number ${IN_STRETCH}`, stretch);
}

/** The number at this place among those of the hits, from 1 for the smallest. */
export function numberAt(sql: Sql, stretch: Stretch, rank: number): Promise<number> {
  const inOrder = `select ${NUMBER} as number ${IN_STRETCH} order by 1 limit 1 offset $4`;
  return numberOf(sql, inOrder, stretch, [rank - 1]);
}

export function differentValuesIn(sql: Sql, stretch: Stretch): Promise<number> {
  return numberOf(sql, `select count(distinct value) as number ${IN_STRETCH}`, stretch);
}

/** Some of the different values, in the order in which they were first seen. */
export async function valuesIn(sql: Sql, { bucket, from, to }: Stretch, limit: number): Promise<string[]> {
  const rows = await sql.all<{ value: string }>(
    `select value ${IN_STRETCH} group by value order by min(event_time), value limit $4`,
    [bucket, from, to, limit],
  );
  return rows.map(({ value }) => value);
}

/** The parts of the correlation that were seen. */
export async function partsIn(sql: Sql, { bucket, from, to }: Stretch): Promise<Set<number>> {
  const rows = await sql.all<{ part: number }>(`select distinct part ${IN_STRETCH}`, [bucket, from, to]);
  return new Set(rows.map(({ part }) => part));
}

async function numberOf(
  sql: Sql,
  statement: string,
  { bucket, from, to }: Stretch,
  more: readonly Value[] = [],
): Promise<number> {
  const [row] = await sql.all<{ number: number | null }>(statement, [bucket, from, to, ...more]);
  return row?.number ?? Number.NaN;
}
