import type { Millis } from '../kernel/time.ts';
import type { Sql } from './sql.ts';

/** Who did or asked what. Rows are only ever added. */
export interface AuditEntry {
  readonly id: string;
  readonly at: Millis;
  readonly userId: string;
  readonly teamId: string;
  readonly kind: 'operation' | 'question';
  readonly detail: string;
}

export async function insertAudit(sql: Sql, entry: AuditEntry): Promise<void> {
  await sql.run(
    `insert into audit (id, at, user_id, team_id, kind, detail, number)
      select $1, $2, $3, $4, $5, $6, coalesce(max(number), 0) + 1 from audit`,
    [entry.id, entry.at, entry.userId, entry.teamId, entry.kind, entry.detail],
  );
}

/** Oldest first; within one millisecond in the order in which they were written. */
export async function auditSince(
  sql: Sql,
  since: Millis,
): Promise<{ at: number; userId: string; kind: string; detail: string }[]> {
  return sql.all(
    'select at, user_id as "userId", kind, detail from audit where at >= $1 order by at, number, id',
    [since],
  );
}
