import { Fault } from '../kernel/problem.ts';
import { SECOND } from '../kernel/time.ts';
import { alertById } from '../store/alerts.ts';
import { historyOf } from '../store/history.ts';
import { enqueue } from '../store/jobs.ts';
import { messageState } from '../store/receipts.ts';
import type { Sql } from '../store/sql.ts';
import { bringOut, cardOf, type NotifyTools, type Reminder } from './notify.ts';
import type { Result } from './worker.ts';

/** Slack tells nobody of an edit: an alert that comes back says so in a message of its own, in its thread. */
export async function enqueueReminder(
  sql: Sql,
  alertId: string,
  version: number,
  why: Reminder,
  now: number,
): Promise<void> {
  await enqueue(sql, 'remind', `${alertId}:${version}:${why}`, now);
}

/** Says it, unless the alert has changed since. After a lost answer it may be said twice, never not at all. */
export async function remindOf(tools: NotifyTools, subject: string): Promise<Result> {
  const [alertId = '', version, why] = subject.split(':');
  if (why !== 'snooze over' && why !== 'reopened' && why !== 'raised' && why !== 'over')
    throw Fault.never(`there is no reminder "${subject}"`);
  const alert = await alertById(tools.db, alertId);
  if (!alert || String(alert.version) !== version) return 'done';
  const message = await messageState(tools.db, alertId);
  if (!message?.receipt) {
    if (alert.loudness === 'digest' && why === 'over') return 'done';
    await tools.db.tx((sql) => bringOut(sql, alert, tools.clock.now()));
    return { again: tools.clock.now() + SECOND };
  }
  const note = why === 'over' ? await lastNote(tools, alertId) : undefined;
  await tools.notifier.remind(await cardOf(tools, alert), message.receipt, why, note);
  return 'done';
}

async function lastNote({ db }: NotifyTools, alertId: string): Promise<string | undefined> {
  return (await historyOf(db, alertId)).findLast(({ kind }) => kind === 'over')?.detail;
}
