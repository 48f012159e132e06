import type { Policy, Progress } from '../alerts/escalation.ts';
import type { Millis } from '../kernel/time.ts';
import type { Row, Sql } from './sql.ts';

/**
 * - `running`: the next step is taken at `nextAt`
 * - `waiting`: the alert is snoozed
 * - `stopped`: somebody has the alert, or it is resolved
 * - `ended`: all steps were taken, and nobody has answered
 */
type EscalationState = 'running' | 'waiting' | 'stopped' | 'ended';

/** How far the escalation of one alert is. */
export interface Escalation {
  readonly alertId: string;
  /** As it was when the alert opened. */
  readonly policy: Policy;
  readonly state: EscalationState;
  /** The alert was resolved: reopened, it starts anew. */
  readonly closed: boolean;
  readonly version: number;
  readonly progress: Progress;
  readonly nextAt: Millis | undefined;
  /** Who would be paged next, as far as it was known when the step before was taken: user ids. */
  readonly nextWho: readonly string[];
  /** Who pressed Escalate now, until that step is taken. */
  readonly hurriedBy: string | undefined;
}

type EscalationRow = Row & {
  alert_id: string;
  policy: string;
  state: string;
  closed: number;
  version: number;
  round: number;
  last_round: number;
  step: number;
  reached: number;
  next_at: number | null;
  next_who: string;
  hurried_by: string | null;
};

export async function insertEscalation(sql: Sql, escalation: Escalation): Promise<void> {
  const { alertId, policy, state, version, progress, nextAt, nextWho } = escalation;
  await sql.run(
    `insert into escalations (alert_id, policy, state, closed, version, round, last_round, step, reached, next_at, next_who)
      values ($1, $2, $3, 0, $4, $5, $6, $7, $8, $9, $10)`,
    [
      alertId,
      JSON.stringify(policy),
      state,
      version,
      progress.round,
      progress.lastRound,
      progress.step,
      progress.reached,
      nextAt ?? null,
      JSON.stringify(nextWho),
    ],
  );
}

/** `undefined` when the alert was opened by a route without an escalation. */
export async function escalationOf(sql: Sql, alertId: string): Promise<Escalation | undefined> {
  const [row] = await sql.all<EscalationRow>('select * from escalations where alert_id = $1', [alertId]);
  return row && readRow(row);
}

/** Compare-and-set: writes the whole of it where nobody has changed it since it was read. */
export async function changeEscalation(
  sql: Sql,
  { alertId, version }: Escalation,
  next: Omit<Escalation, 'alertId' | 'policy' | 'version'>,
): Promise<boolean> {
  const { progress } = next;
  const changed = await sql.run(
    `update escalations set version = version + 1, state = $3, closed = $4, round = $5, last_round = $6, step = $7,
        reached = $8, next_at = $9, next_who = $10, hurried_by = $11
      where alert_id = $1 and version = $2`,
    [
      alertId,
      version,
      next.state,
      next.closed ? 1 : 0,
      progress.round,
      progress.lastRound,
      progress.step,
      progress.reached,
      next.nextAt ?? null,
      JSON.stringify(next.nextWho),
      next.hurriedBy ?? null,
    ],
  );
  return changed === 1;
}

function readRow(row: EscalationRow): Escalation {
  return {
    alertId: row.alert_id,
    policy: JSON.parse(row.policy),
    state: row.state as EscalationState,
    closed: row.closed === 1,
    version: row.version,
    progress: { round: row.round, lastRound: row.last_round, step: row.step, reached: row.reached },
    nextAt: row.next_at ?? undefined,
    nextWho: JSON.parse(row.next_who),
    hurriedBy: row.hurried_by ?? undefined,
  };
}
