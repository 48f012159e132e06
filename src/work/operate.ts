import type { Alert, Operation, Operator } from '../alerts/alert.ts';
import { happened } from '../alerts/happened.ts';
import { awake, transition } from '../alerts/transition.ts';
import type { Refusal } from '../kernel/problem.ts';
import type { Random } from '../kernel/random.ts';
import type { Clock, Millis } from '../kernel/time.ts';
import { alertById, changeAlert, openAlert } from '../store/alerts.ts';
import { insertAudit } from '../store/audit.ts';
import { insertHistory } from '../store/history.ts';
import { enqueue } from '../store/jobs.ts';
import { operatorNames, rememberOperator } from '../store/operators.ts';
import { firstTime } from '../store/seen.ts';
import type { Database, Sql } from '../store/sql.ts';
import { sayAssignment } from './assign.ts';
import { describeOperation } from './describe-operation.ts';
import { followChange } from './follow-change.ts';
import { recordOwnAct } from './own-act.ts';
import { enqueueReminder } from './remind.ts';
import type { Result } from './worker.ts';

/** A press or a modal, as the edge hands it on. */
export interface Press {
  readonly alertId: string;
  /** The version the button was drawn with. */
  readonly version: number;
  readonly operation: Operation;
  readonly operator: Operator;
  /** Same for every delivery of this one press (Slack may deliver twice). */
  readonly pressId: string;
}

export type Outcome = { readonly done: Alert } | Refusal;

export interface OperateTools {
  readonly db: Database;
  readonly clock: Clock;
  readonly random: Random;
  /** `undefined` when the person may act on alerts, else whom to ask. May ask Slack: never inside a transaction. */
  readonly refuse: (userId: string) => Promise<string | undefined>;
}

/** One person's act on an alert: allowed, compared, written with history, audit and jobs, all or nothing. */
export async function operate(tools: OperateTools, press: Press): Promise<Outcome> {
  const refused = (await tools.refuse(press.operator.userId)) ?? (await refuseAssignee(tools, press));
  if (refused !== undefined) return { refused };
  return tools.db.tx((sql) => attempt(sql, tools, press, tools.clock.now()));
}

/** Whoever may not act on an alert could not do anything with it. */
async function refuseAssignee(tools: OperateTools, { operation }: Press): Promise<string | undefined> {
  if (operation.kind !== 'assign') return undefined;
  const { userId } = operation.to;
  if ((await tools.refuse(userId)) === undefined) return undefined;
  return `<@${userId}> may not act on alerts here and could do nothing with it. Choose somebody else.`;
}

async function attempt(sql: Sql, tools: OperateTools, press: Press, now: Millis): Promise<Outcome> {
  const { operation, operator } = press;
  await rememberOperator(sql, operator, now);
  const alert = await alertById(sql, press.alertId);
  if (!alert)
    return { refused: `${press.alertId} is not known here; it may belong to another installation.` };
  // The second delivery of one press: the first has done it (or was told why not).
  if (!(await firstTime(sql, press.pressId, now))) return { done: alert };
  if (operation.kind === 'assign') await rememberOperator(sql, operation.to, now);
  const names = await operatorNames(sql);
  const stale = async (current: Alert): Promise<Refusal> => {
    await enqueue(sql, 'notify', alert.id, now);
    return {
      refused: `Nothing changed. ${happened(current, now, names)} The message now shows how it stands.`,
    };
  };
  if (alert.version !== press.version) return stale(alert);
  const change = transition(alert, operation, operator, now, names);
  if ('refused' in change) return change;
  const rival = operation.kind === 'reopen' ? await openAlert(sql, alert.fingerprint) : undefined;
  if (rival) return { refused: `${rival.id} is open for the same rule and actor; use that one.` };
  if (!(await changeAlert(sql, alert.id, alert.version, change))) return stale(alert);
  const after: Alert = { ...alert, ...change, version: alert.version + 1 };
  await record(sql, tools, press, describeOperation(operation, operator, alert, after, names), now);
  await followUp(sql, tools, press, after, now);
  return { done: after };
}

/** What else follows from an operation. */
async function followUp(
  sql: Sql,
  tools: OperateTools,
  { operation, operator }: Press,
  after: Alert,
  now: Millis,
): Promise<void> {
  await followChange(sql, tools, after, now);
  if (operation.kind === 'assign') await sayAssignment(sql, after, operation, operator, now);
  if (operation.kind === 'reopen') await enqueueReminder(sql, after.id, after.version, 'reopened', now);
  if (operation.kind === 'snooze') await enqueue(sql, 'wake', after.id, operation.until);
}

async function record(
  sql: Sql,
  tools: OperateTools,
  { alertId, operation, operator }: Press,
  detail: string,
  now: Millis,
): Promise<void> {
  const who = { userId: operator.userId, teamId: operator.teamId };
  const { random } = tools;
  await insertHistory(sql, { id: random.id(), alertId, at: now, kind: operation.kind, ...who, detail });
  await insertAudit(sql, {
    id: random.id(),
    at: now,
    kind: 'operation',
    ...who,
    detail: `${alertId} ${detail}`,
  });
}

/** The time that an alert was snoozed until has come. */
export async function wakeAlert(
  tools: Pick<OperateTools, 'db' | 'clock' | 'random'>,
  alertId: string,
): Promise<Result> {
  return tools.db.tx(async (sql) => {
    const now = tools.clock.now();
    const alert = await alertById(sql, alertId);
    if (alert?.snoozedUntil === undefined) return 'done';
    if (alert.snoozedUntil > now) return { again: alert.snoozedUntil };
    const change = awake(alert, now);
    if (!(await changeAlert(sql, alertId, alert.version, change))) return { again: now };
    const after: Alert = { ...alert, ...change, version: alert.version + 1 };
    await recordOwnAct(sql, tools.random, { alertId, kind: 'wake', detail: 'snooze ended' }, now);
    await followChange(sql, tools, after, now);
    await enqueueReminder(sql, alertId, after.version, 'snooze over', now);
    return 'done';
  });
}
