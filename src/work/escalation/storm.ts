import type { Alert } from '../../alerts/alert.ts';
import { isObject, type JsonObject } from '../../kernel/json.ts';
import { MINUTE, type Millis } from '../../kernel/time.ts';
import { pagesInPost, pagesOf, pagesSince, refusePage } from '../../store/pages.ts';
import { deletePost, postById } from '../../store/posts.ts';
import type { Sql } from '../../store/sql.ts';
import { sayAnew, saySoon } from '../posting.ts';

/** The one message to a person that tells of all the alerts beyond the first few. */
export const STORM_POST = 'escalation_storm';

/** So many messages of their own somebody gets within a minute; after that a phone is only noise. */
const MOST_OWN = 5;

/** Whether the next page of this person belongs into one message with others. */
export async function isStorm(sql: Sql, user: string, now: Millis): Promise<boolean> {
  const recent = await pagesSince(sql, user, now - MINUTE);
  return recent.filter(({ postId }) => postId?.startsWith('page:')).length >= MOST_OWN;
}

/** Adds the alert to the message of the storm that goes on, or begins one. Returns the id of the post. */
export async function joinStorm(sql: Sql, user: string, alert: Alert, now: Millis): Promise<string> {
  const recent = await pagesSince(sql, user, now - MINUTE);
  const before = recent.findLast(({ postId }) => postId?.startsWith('storm:'))?.postId;
  const post = before === undefined ? undefined : await postById(sql, before);
  if (post) {
    const others = alertsIn(post.content).filter(({ id }) => id !== alert.id);
    await sayAnew(sql, post.id, now, { alerts: [...others, brief(alert)] });
    return post.id;
  }
  const id = `storm:${user}:${now}`;
  const where = { place: user, alertId: undefined, inThread: false, broadcast: false };
  await saySoon(sql, { id, kind: STORM_POST, ...where, content: { alerts: [brief(alert)] } }, now);
  return id;
}

/** An alert that a storm's message tells of has changed. */
export async function redrawStorms(sql: Sql, alert: Alert, now: Millis): Promise<void> {
  const storms = new Set((await pagesOf(sql, alert.id)).map(({ postId }) => postId ?? ''));
  for (const id of storms) {
    const post = id.startsWith('storm:') ? await postById(sql, id) : undefined;
    if (!post) continue;
    const alerts = alertsIn(post.content).map((one) => (one.id === alert.id ? brief(alert) : one));
    const unsaid = post.intentAt === undefined && !post.receipt;
    // Nobody is to be woken for what has been taken before it could be said.
    if (unsaid && alerts.every(({ state }) => state !== 'firing')) await takeBackStorm(sql, id);
    else await sayAnew(sql, id, now, { alerts });
  }
}

async function takeBackStorm(sql: Sql, id: string): Promise<void> {
  for (const page of await pagesInPost(sql, id)) {
    await refusePage(sql, page, 'somebody had taken the alert before it could be said');
  }
  await deletePost(sql, id);
}

function alertsIn({ alerts }: JsonObject): JsonObject[] {
  return Array.isArray(alerts) ? alerts.filter(isObject) : [];
}

/** What one line tells of an alert. */
function brief(alert: Alert): JsonObject {
  const { id, level, title, state, facts } = alert;
  const snoozed = alert.snoozedUntil !== undefined;
  return { id, level, title, state, snoozed, account: facts.accountName ?? facts.account };
}
