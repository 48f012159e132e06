import type { Alert, Operation, Operator } from '../alerts/alert.ts';
import type { Millis } from '../kernel/time.ts';
import type { Post } from '../store/posts.ts';
import type { Sql } from '../store/sql.ts';
import { saySoon } from './posting.ts';

/** Says in the alert's thread who gave it to whom, and tells the new assignee where to look. */
export async function sayAssignment(
  sql: Sql,
  alert: Alert,
  { to, note }: Extract<Operation, { kind: 'assign' }>,
  by: Operator,
  now: Millis,
): Promise<void> {
  const content = { by: by.userId, to: to.userId, note: note ?? '' };
  const about = { alertId: alert.id, broadcast: false, content };
  const id = `${alert.id}:${alert.version}`;
  const inThread = { kind: 'alert_given', place: undefined, inThread: true };
  await saySoon(sql, { id: `alert_given:${id}`, ...inThread, ...about }, now);
  if (to.userId === by.userId) return;
  const direct = { kind: 'alert_assigned', place: to.userId, inThread: false };
  await saySoon(sql, { id: `alert_assigned:${id}:${to.userId}`, ...direct, ...about }, now);
}

/** Direct messages to whoever has the alert. */
const TO_ASSIGNEE = new Set(['alert_assigned', 'alert_reminder']);

/** Slack will never take a direct message to the assignee: the thread says so, because nobody else would notice. */
export async function sayUnreached(sql: Sql, post: Post, reason: string, now: Millis): Promise<void> {
  if (!TO_ASSIGNEE.has(post.kind) || post.alertId === undefined || post.place === undefined) return;
  const content = { userId: post.place, reason };
  const id = `alert_unreached:${post.id}`;
  const inThread = { kind: 'alert_unreached', place: undefined, inThread: true, broadcast: false };
  await saySoon(sql, { id, alertId: post.alertId, ...inThread, content }, now);
}
