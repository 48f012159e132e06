import type { Alert } from '../alerts/alert.ts';
import { type Change, UNTAKEN } from '../alerts/change.ts';
import { sayWho } from '../alerts/happened.ts';
import type { Random } from '../kernel/random.ts';
import { type Clock, type Millis, sayDuration } from '../kernel/time.ts';
import type { Level } from '../rules/rule.ts';
import { alertById, askToConfirm, changeAlert } from '../store/alerts.ts';
import { operatorNames } from '../store/operators.ts';
import type { Database, Sql } from '../store/sql.ts';
import { followChange } from './follow-change.ts';
import { recordOwnAct } from './own-act.ts';
import { saySoon } from './posting.ts';
import type { Result } from './worker.ts';

/** How long an acknowledgement is believed. */
interface AcknowledgementSettings {
  /** When the assignee is asked whether they are still on it; `undefined`: never. */
  readonly remindAfter: Readonly<Record<Level, Millis | undefined>>;
  /** How long the answer may take. */
  readonly expiresAfter: Millis;
}

interface AckReminderTools {
  readonly db: Database;
  readonly clock: Clock;
  readonly random: Random;
  readonly settings: () => AcknowledgementSettings;
}

/**
 * Looks after an alert that somebody has acknowledged: asks them when they have had it for long, and takes it back when
 * they do not answer. The job of every acknowledged alert; it ends when nobody has the alert any more.
 */
export async function tendAcknowledged(tools: AckReminderTools, alertId: string): Promise<Result> {
  return tools.db.tx(async (sql) => {
    const now = tools.clock.now();
    const alert = await alertById(sql, alertId);
    if (alert?.state !== 'acknowledged' || alert.heldSince === undefined) return 'done';
    if (alert.confirmBy !== undefined) return expireWhenDue(sql, tools, alert, alert.confirmBy, now);
    const { remindAfter, expiresAfter } = tools.settings();
    const after = remindAfter[alert.level];
    if (after === undefined) return 'done';
    const due = alert.heldSince + after;
    if (due > now) return { again: due };
    const confirmBy = now + expiresAfter;
    if (!(await askToConfirm(sql, alert, confirmBy))) return { again: now };
    await sayReminder(sql, alert, { had: now - alert.heldSince, confirmBy }, now);
    return { again: confirmBy };
  });
}

async function sayReminder(
  sql: Sql,
  alert: Alert,
  asked: { had: Millis; confirmBy: Millis },
  now: Millis,
): Promise<void> {
  await saySoon(
    sql,
    {
      id: `alert_reminder:${alert.id}:${asked.confirmBy}`,
      kind: 'alert_reminder',
      place: alert.assignee,
      alertId: alert.id,
      inThread: false,
      broadcast: false,
      content: { userId: alert.assignee ?? '', ...asked },
    },
    now,
  );
}

async function expireWhenDue(
  sql: Sql,
  tools: AckReminderTools,
  alert: Alert,
  confirmBy: Millis,
  now: Millis,
): Promise<Result> {
  if (confirmBy > now) return { again: confirmBy };
  const change: Change = { state: 'firing', again: true, ...UNTAKEN };
  if (!(await changeAlert(sql, alert.id, alert.version, change))) return { again: now };
  const after: Alert = { ...alert, ...change, version: alert.version + 1 };
  const who = sayWho(alert.assignee, await operatorNames(sql));
  const had = now - (alert.heldSince ?? now);
  const detail = `un-acknowledged, because ${who} did not say to be still on it after ${sayDuration(had)}`;
  await recordOwnAct(sql, tools.random, { alertId: alert.id, kind: 'expire', detail }, now);
  const id = `alert_expired:${alert.id}:${after.version}`;
  const content = { userId: alert.assignee ?? '', had };
  const inThread = { kind: 'alert_expired', place: undefined, inThread: true, broadcast: true };
  await saySoon(sql, { id, alertId: alert.id, ...inThread, content }, now);
  await followChange(sql, tools, after, now);
  return 'done';
}
