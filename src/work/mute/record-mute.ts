import type { Operator } from '../../alerts/alert.ts';
import type { Mute } from '../../alerts/mute.ts';
import type { Random } from '../../kernel/random.ts';
import type { Millis } from '../../kernel/time.ts';
import { insertAudit } from '../../store/audit.ts';
import { insertHistory } from '../../store/history.ts';
import type { Sql } from '../../store/sql.ts';

/** In the history of the alert that the mute is from, and in the audit log; without `by` the bot did it. */
export async function recordMute(
  sql: Sql,
  random: Random,
  { alertId, ruleTitle }: Mute,
  by: Pick<Operator, 'userId' | 'teamId'> | undefined,
  detail: string,
  at: Millis,
): Promise<void> {
  const { userId, teamId } = by ?? { userId: undefined, teamId: undefined };
  await insertHistory(sql, { id: random.id(), alertId, at, kind: 'mute', userId, teamId, detail });
  await insertAudit(sql, {
    id: random.id(),
    at,
    kind: 'mute',
    userId: userId ?? 'trailbot',
    teamId: teamId ?? '',
    detail: `${alertId} (${ruleTitle}) ${detail}`,
  });
}
