import type { Millis } from '../kernel/time.ts';
import type { Sql } from './sql.ts';

/** When an alert that nobody takes says so again. */
export interface Nudge {
  readonly alertId: string;
  readonly every: Millis;
  /** How often it was said. */
  readonly said: number;
  /** `undefined` while somebody has the alert, or it is snoozed. */
  readonly nextAt: Millis | undefined;
}

export async function insertNudge(sql: Sql, { alertId, every, nextAt }: Omit<Nudge, 'said'>): Promise<void> {
  await sql.run('insert into nudges (alert_id, every, said, next_at) values ($1, $2, 0, $3)', [
    alertId,
    every,
    nextAt ?? null,
  ]);
}

export async function nudgeOf(sql: Sql, alertId: string): Promise<Nudge | undefined> {
  const [row] = await sql.all<{ every: number; said: number; next_at: number | null }>(
    'select every, said, next_at from nudges where alert_id = $1',
    [alertId],
  );
  return row && { alertId, every: row.every, said: row.said, nextAt: row.next_at ?? undefined };
}

/** Compare-and-set on how often it was said, and when it would be the next time. */
export async function changeNudge(
  sql: Sql,
  { alertId, said, nextAt }: Nudge,
  next: Pick<Nudge, 'said' | 'nextAt'>,
): Promise<boolean> {
  const changed = await sql.run(
    `update nudges set said = $3, next_at = $4
      where alert_id = $1 and said = $2 and coalesce(next_at, -1) = $5`,
    [alertId, said, next.said, next.nextAt ?? null, nextAt ?? -1],
  );
  return changed === 1;
}
