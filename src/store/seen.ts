import type { Millis } from '../kernel/time.ts';
import type { Sql } from './sql.ts';

/** True the first time an id is given, false ever after (until it is pruned). */
export async function firstTime(sql: Sql, id: string, now: Millis): Promise<boolean> {
  const changed = await sql.run('insert into seen (id, at) values ($1, $2) on conflict (id) do nothing', [
    id,
    now,
  ]);
  return changed === 1;
}

/** When an id that begins so was given last; `undefined` when none was, or none is remembered. */
export async function lastSeen(sql: Sql, prefix: string): Promise<Millis | undefined> {
  const [row] = await sql.all<{ at: number | null }>(
    'select max(at) as at from seen where id >= $1 and id < $2',
    [prefix, `${prefix}\uffff`],
  );
  return row?.at ?? undefined;
}

export async function pruneSeen(sql: Sql, before: Millis, limit: number): Promise<number> {
  return sql.run('delete from seen where id in (select id from seen where at < $1 limit $2)', [
    before,
    limit,
  ]);
}
