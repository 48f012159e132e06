import type { Random } from '../kernel/random.ts';
import type { Millis } from '../kernel/time.ts';
import { insertAudit } from '../store/audit.ts';
import { insertHistory } from '../store/history.ts';
import type { Sql } from '../store/sql.ts';

/** Writes what the bot did with an alert by itself to the alert's history and to the audit log. */
export async function recordOwnAct(
  sql: Sql,
  random: Random,
  act: { readonly alertId: string; readonly kind: string; readonly detail: string },
  now: Millis,
): Promise<void> {
  const { alertId, kind, detail } = act;
  const nobody = { userId: undefined, teamId: undefined };
  await insertHistory(sql, { id: random.id(), alertId, at: now, kind, ...nobody, detail });
  await insertAudit(sql, {
    id: random.id(),
    at: now,
    userId: 'trailbot',
    teamId: '',
    kind: 'operation',
    detail: `${alertId} ${detail}`,
  });
}
