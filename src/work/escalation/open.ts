import type { Alert } from '../../alerts/alert.ts';
import { begun, type Policy } from '../../alerts/escalation.ts';
import type { Decision } from '../../alerts/route.ts';
import { DAY, HOUR, type Millis } from '../../kernel/time.ts';
import type { Level } from '../../rules/rule.ts';
import { insertEscalation } from '../../store/escalations.ts';
import { enqueue } from '../../store/jobs.ts';
import { insertNudge } from '../../store/nudges.ts';
import type { Sql } from '../../store/sql.ts';

/** Jobs: take the next step; say again that nobody has an alert. Their subject is the alert. */
export const STEP_JOB = 'escalation_step';
export const NUDGE_JOB = 'escalation_nudge';

/** How often these say so again, although no route asks for it. */
const USUAL_REPEAT: Readonly<Partial<Record<Level, Millis>>> = { critical: 4 * HOUR, high: DAY };

/**
 * Gives a new alert its own copy of its route's escalation, in the transaction that opens it: what is changed in the
 * configuration afterwards is for alerts that open afterwards. The first step is due with the alert's message.
 */
export async function openEscalation(
  sql: Sql,
  policies: ReadonlyMap<string, Policy> | undefined,
  alert: Alert,
  { escalation, repeat }: Pick<Decision, 'escalation' | 'repeat'>,
): Promise<void> {
  const alertId = alert.id;
  const dueAt = alert.openedAt + alert.groupWait;
  const policy = escalation === undefined ? undefined : policies?.get(escalation);
  if (policy) {
    const progress = begun(policy);
    const fresh = { closed: false, version: 1, nextWho: [], hurriedBy: undefined } as const;
    await insertEscalation(sql, { alertId, policy, state: 'running', progress, nextAt: dueAt, ...fresh });
    await enqueue(sql, STEP_JOB, alertId, dueAt);
  }
  const every = repeatOf(repeat, alert.level);
  if (every === undefined) return;
  await insertNudge(sql, { alertId, every, nextAt: dueAt + every });
  await enqueue(sql, NUDGE_JOB, alertId, dueAt + every);
}

function repeatOf(repeat: Decision['repeat'], level: Level): Millis | undefined {
  if (repeat === 'never') return undefined;
  return repeat ?? USUAL_REPEAT[level];
}
