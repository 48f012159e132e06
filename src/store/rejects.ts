import { createHash } from 'node:crypto';
import type { Reject } from '../cloudtrail/delivery.ts';
import type { Millis } from '../kernel/time.ts';
import type { Sql } from './sql.ts';

/** Keeps what is no CloudTrail record, once however often it comes. */
export async function insertReject(sql: Sql, reject: Reject, receivedAt: Millis): Promise<boolean> {
  const id = createHash('sha256').update(reject.reason).update('\n').update(reject.body).digest('hex');
  const changed = await sql.run(
    'insert into rejects (id, received_at, reason, body) values ($1, $2, $3, $4) on conflict (id) do nothing',
    [id, receivedAt, reject.reason, reject.body],
  );
  return changed === 1;
}

/** The latest reasons, newest first. */
export async function latestRejects(
  sql: Sql,
  limit: number,
): Promise<{ reason: string; receivedAt: number }[]> {
  return sql.all(
    'select reason, received_at as "receivedAt" from rejects order by received_at desc limit $1',
    [limit],
  );
}

export async function pruneRejects(sql: Sql, before: Millis, limit: number): Promise<number> {
  return sql.run('delete from rejects where id in (select id from rejects where received_at < $1 limit $2)', [
    before,
    limit,
  ]);
}
