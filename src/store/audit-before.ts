import { insertAudit } from './audit.ts';
import type { AuditEntry } from './audit-chain.ts';
import type { Database, Sql } from './sql.ts';

/** How many entries are moved in one transaction. */
const BATCH = 1000;

/**
 * Gives the entries of the time before the chain their place in it, the oldest first; for the start, before anything
 * else is written. What an interruption leaves is done at the next start.
 */
export async function chainEntriesBefore(db: Database): Promise<void> {
  while ((await db.tx(chainBatch)) === BATCH);
}

async function chainBatch(sql: Sql): Promise<number> {
  const before = await sql.all<AuditEntry>(
    `select id, at, user_id as "userId", team_id as "teamId", kind, detail from audit_before
      order by number, at, id limit $1`,
    [BATCH],
  );
  for (const entry of before) {
    await insertAudit(sql, entry);
    await sql.run('delete from audit_before where id = $1', [entry.id]);
  }
  return before.length;
}
