import type { Alert, Operator } from '../../alerts/alert.ts';
import { begunAnew, isAtEnd } from '../../alerts/escalation.ts';
import { happened } from '../../alerts/happened.ts';
import type { Refusal } from '../../kernel/problem.ts';
import type { Random } from '../../kernel/random.ts';
import type { Clock, Millis } from '../../kernel/time.ts';
import { alertById } from '../../store/alerts.ts';
import { insertAudit } from '../../store/audit.ts';
import { changeEscalation, type Escalation, escalationOf } from '../../store/escalations.ts';
import { insertHistory } from '../../store/history.ts';
import { enqueue } from '../../store/jobs.ts';
import { operatorNames, rememberOperator } from '../../store/operators.ts';
import { firstTime } from '../../store/seen.ts';
import type { Database, Sql } from '../../store/sql.ts';
import type { Roster } from '../on-call/roster.ts';
import { nextAfter, type Somebody } from './next.ts';
import { STEP_JOB } from './open.ts';

export interface EscalateTools {
  readonly db: Database;
  readonly roster: Roster;
  readonly clock: Clock;
  readonly random: Random;
  /** `undefined` when the person may act on alerts, else whom to ask. May ask Slack. */
  readonly refuse: (userId: string) => Promise<string | undefined>;
}

/** What Escalate now would do, for the person to confirm. */
export interface Escalating {
  readonly alert: Alert;
  readonly policy: string;
  /** From 1; `undefined`: everybody was paged, and nothing is left but to say so. */
  readonly step: number | undefined;
  readonly steps: number;
  readonly who: readonly Somebody[];
  /** All steps were taken before: they begin again. */
  readonly anew: boolean;
  /** How far the escalation was when this was said. */
  readonly at: string;
}

/** Whom the next step would page now, or why there is none. */
export async function lookAhead(
  { db, roster, clock }: Pick<EscalateTools, 'db' | 'roster' | 'clock'>,
  alertId: string,
): Promise<Escalating | Refusal> {
  const now = clock.now();
  const found = await escalable(db, alertId, now);
  if ('refused' in found) return found;
  const { alert, escalation } = found;
  const { policy } = escalation;
  const anew = escalation.state === 'ended';
  const progress = anew ? begunAnew(policy, escalation.progress) : escalation.progress;
  const next = await nextAfter(db, roster, { policy, progress, level: alert.level }, now);
  const step = next.step === undefined ? undefined : next.step + 1;
  return {
    alert,
    policy: policy.name,
    step,
    steps: policy.steps.length,
    who: next.who,
    anew,
    at: placeOf(escalation),
  };
}

/** One person's wish not to wait for the next step. */
export interface Hurry {
  readonly alertId: string;
  /** How far the escalation was when the person was told whom it would page. */
  readonly at: string;
  readonly operator: Operator;
  /** Same for every delivery of this one wish. */
  readonly pressId: string;
}

/** Makes the next step due at once; history and audit say by whom. */
export async function escalateNow(tools: EscalateTools, hurry: Hurry): Promise<Refusal | undefined> {
  const refused = await tools.refuse(hurry.operator.userId);
  if (refused !== undefined) return { refused };
  return tools.db.tx((sql) => attempt(sql, tools, hurry, tools.clock.now()));
}

async function attempt(
  sql: Sql,
  tools: EscalateTools,
  { alertId, at, operator, pressId }: Hurry,
  now: Millis,
): Promise<Refusal | undefined> {
  await rememberOperator(sql, operator, now);
  if (!(await firstTime(sql, pressId, now))) return undefined;
  const found = await escalable(sql, alertId, now);
  if ('refused' in found) return found;
  const { escalation } = found;
  const { policy, state } = escalation;
  if (placeOf(escalation) !== at) {
    return {
      refused: `Nobody else was paged: the next step of ${alertId} was taken meanwhile. Its thread says who was paged by it.`,
    };
  }
  const progress = state === 'ended' ? begunAnew(policy, escalation.progress) : escalation.progress;
  const change = {
    ...escalation,
    state: 'running',
    progress,
    nextAt: now,
    hurriedBy: operator.userId,
  } as const;
  if (!(await changeEscalation(sql, escalation, change)))
    return { refused: `${alertId} is being escalated at this moment.` };
  await enqueue(sql, STEP_JOB, alertId, now);
  const about = { id: tools.random.id(), at: now, userId: operator.userId, teamId: operator.teamId };
  const which = isAtEnd(policy, progress) ? 'its end' : `step ${progress.step + 1} of ${policy.steps.length}`;
  await insertHistory(sql, {
    ...about,
    alertId,
    kind: 'escalation',
    detail: `escalated now to ${which} of ${policy.name}`,
  });
  const detail = `${alertId} escalated now to ${which} of ${policy.name}`;
  await insertAudit(sql, { ...about, id: tools.random.id(), kind: 'escalation', detail });
  return undefined;
}

/** Which step is next; another one than somebody was told of must not be taken. */
function placeOf({ progress, state }: Escalation): string {
  return `${progress.round}:${progress.step}:${state}`;
}

async function escalable(
  sql: Sql,
  alertId: string,
  now: Millis,
): Promise<{ alert: Alert; escalation: Escalation } | Refusal> {
  const alert = await alertById(sql, alertId);
  if (!alert) return { refused: `${alertId} is not known here; it may belong to another installation.` };
  const escalation = await escalationOf(sql, alertId);
  if (!escalation) {
    return {
      refused: `Nobody can be paged for ${alertId}: its route had no escalation when it opened. Assign… gives it to somebody.`,
    };
  }
  if (escalation.state === 'running' || escalation.state === 'ended') return { alert, escalation };
  const why = happened(alert, now, await operatorNames(sql));
  return { refused: `Nobody was paged. ${why} Only an alert that fires can be escalated.` };
}
