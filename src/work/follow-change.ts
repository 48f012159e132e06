import type { Alert } from '../alerts/alert.ts';
import type { Millis } from '../kernel/time.ts';
import { enqueue } from '../store/jobs.ts';
import { postsOfAlert } from '../store/posts.ts';
import type { Sql } from '../store/sql.ts';
import { followQuestions } from './ask-actor/follow.ts';
import { type FollowTools, followAlert } from './escalation/follow.ts';
import { RELEASE_JOB } from './mute/inhibit.ts';
import { sayAnew } from './posting.ts';

/** What every change of an alert asks for, in the transaction that makes it: `alert` is how it stands afterwards. */
export async function followChange(sql: Sql, tools: FollowTools, alert: Alert, now: Millis): Promise<void> {
  await enqueue(sql, 'notify', alert.id, now);
  await followAlert(sql, tools, alert, now);
  await redrawLatest(sql, alert.id, 'alert_assigned', now);
  await redrawLatest(sql, alert.id, 'alert_reminder', now);
  if (alert.disposition === 'false_positive') await enqueue(sql, RELEASE_JOB, alert.id, now);
  await followQuestions(sql, alert, now);
  if (alert.heldSince !== undefined) await enqueue(sql, 'alert_held', alert.id, now);
}

/** Earlier ones show how they ended. */
async function redrawLatest(sql: Sql, alertId: string, kind: string, now: Millis): Promise<void> {
  const latest = (await postsOfAlert(sql, alertId, kind)).at(-1);
  if (latest) await sayAnew(sql, latest.id, now);
}
