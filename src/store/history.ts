import type { Millis } from '../kernel/time.ts';
import type { Sql } from './sql.ts';

/** One thing that happened to an alert. `detail` is a sentence part for people. */
export interface HistoryEntry {
  readonly id: string;
  readonly alertId: string;
  readonly at: Millis;
  readonly kind: string;
  readonly userId: string | undefined;
  readonly teamId: string | undefined;
  readonly detail: string;
}

export async function insertHistory(sql: Sql, entry: HistoryEntry): Promise<void> {
  await sql.run(
    'insert into history (id, alert_id, at, kind, user_id, team_id, detail) values ($1, $2, $3, $4, $5, $6, $7)',
    [entry.id, entry.alertId, entry.at, entry.kind, entry.userId ?? null, entry.teamId ?? null, entry.detail],
  );
}

/** Oldest first. */
export async function historyOf(
  sql: Sql,
  alertId: string,
): Promise<{ at: number; kind: string; userId: string | null; detail: string }[]> {
  return sql.all(
    'select at, kind, user_id as "userId", detail from history where alert_id = $1 order by at, id',
    [alertId],
  );
}
