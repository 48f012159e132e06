import type { Alert, Operation, Operator } from '../alerts/alert.ts';
import { type Change, happened, transition } from '../alerts/transition.ts';
import type { Refusal } from '../kernel/problem.ts';
import type { Random } from '../kernel/random.ts';
import { type Clock, type Millis, sayUtc } from '../kernel/time.ts';
import { alertById, changeAlert, openAlert } from '../store/alerts.ts';
import { insertAudit } from '../store/audit.ts';
import { insertHistory } from '../store/history.ts';
import { enqueue } from '../store/jobs.ts';
import { operatorNames, rememberOperator } from '../store/operators.ts';
import { firstTime } from '../store/seen.ts';
import type { Database, Sql } from '../store/sql.ts';
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
  /** `undefined` when the person may act on alerts, else whom to ask. */
  readonly refuse: (userId: string) => string | undefined;
}

/** One person's act on an alert: allowed, compared, written with history, audit and jobs, all or nothing. */
export async function operate(tools: OperateTools, press: Press): Promise<Outcome> {
  const refused = tools.refuse(press.operator.userId);
  if (refused !== undefined) return { refused };
  return tools.db.tx((sql) => attempt(sql, tools, press, tools.clock.now()));
}

async function attempt(sql: Sql, tools: OperateTools, press: Press, now: Millis): Promise<Outcome> {
  await rememberOperator(sql, press.operator, now);
  const alert = await alertById(sql, press.alertId);
  if (!alert)
    return { refused: `${press.alertId} is not known here; it may belong to another installation.` };
  // The second delivery of one press: the first has done it (or was told why not).
  if (!(await firstTime(sql, press.pressId, now))) return { done: alert };
  const names = await operatorNames(sql);
  const stale = async (current: Alert): Promise<Refusal> => {
    await enqueue(sql, 'notify', alert.id, now);
    return {
      refused: `Nothing changed. ${happened(current, now, names)} The message now shows how it stands.`,
    };
  };
  if (alert.version !== press.version) return stale(alert);
  const change = transition(alert, press.operation, press.operator, now, names);
  if ('refused' in change) return change;
  const rival = press.operation.kind === 'reopen' ? await openAlert(sql, alert.fingerprint) : undefined;
  if (rival) return { refused: `${rival.id} is open for the same rule and actor; use that one.` };
  if (!(await changeAlert(sql, alert.id, alert.version, change))) return stale(alert);
  await record(sql, tools, press, now);
  await enqueue(sql, 'notify', alert.id, now);
  if (press.operation.kind === 'reopen') {
    await enqueueReminder(sql, alert.id, alert.version + 1, 'reopened', now);
  }
  if (press.operation.kind === 'snooze') await enqueue(sql, 'wake', alert.id, press.operation.until);
  return { done: { ...alert, ...change, version: alert.version + 1 } };
}

async function record(sql: Sql, tools: OperateTools, press: Press, now: Millis): Promise<void> {
  const { operation, operator } = press;
  const detail = describe(operation);
  await insertHistory(sql, {
    id: tools.random.id(),
    alertId: press.alertId,
    at: now,
    kind: operation.kind,
    userId: operator.userId,
    teamId: operator.teamId,
    detail,
  });
  await insertAudit(sql, {
    id: tools.random.id(),
    at: now,
    userId: operator.userId,
    teamId: operator.teamId,
    kind: 'operation',
    detail: `${press.alertId} ${detail}`,
  });
}

function describe(operation: Operation): string {
  switch (operation.kind) {
    case 'acknowledge':
      return 'acknowledged';
    case 'unacknowledge':
      return 'un-acknowledged';
    case 'resolve':
      return `resolved as ${operation.disposition.replace('_', ' ')}${operation.note ? `: ${operation.note}` : ''}`;
    case 'snooze':
      return `snoozed until ${sayUtc(operation.until)}`;
    case 'wake':
      return 'snooze ended';
    case 'reopen':
      return 'reopened';
  }
}

/** The time that an alert was snoozed until has come. */
export async function wakeAlert(tools: OperateTools, alertId: string): Promise<Result> {
  return tools.db.tx(async (sql) => {
    const now = tools.clock.now();
    const alert = await alertById(sql, alertId);
    if (alert?.snoozedUntil === undefined) return 'done';
    if (alert.snoozedUntil > now) return { again: alert.snoozedUntil };
    const awake: Change = { snoozedUntil: undefined, snoozedBy: undefined };
    if (!(await changeAlert(sql, alertId, alert.version, awake))) return { again: now };
    await insertHistory(sql, {
      id: tools.random.id(),
      alertId,
      at: now,
      kind: 'wake',
      userId: undefined,
      teamId: undefined,
      detail: describe({ kind: 'wake' }),
    });
    await enqueue(sql, 'notify', alertId, now);
    await enqueueReminder(sql, alertId, alert.version + 1, 'snooze over', now);
    return 'done';
  });
}
