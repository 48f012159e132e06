import type { Alert } from '../../alerts/alert.ts';
import { begunAnew, resumed } from '../../alerts/escalation.ts';
import type { Random } from '../../kernel/random.ts';
import type { Millis } from '../../kernel/time.ts';
import { changeEscalation, type Escalation, escalationOf } from '../../store/escalations.ts';
import { insertHistory } from '../../store/history.ts';
import { enqueue } from '../../store/jobs.ts';
import { changeNudge, nudgeOf } from '../../store/nudges.ts';
import { outsidePagesOf } from '../../store/outside-pages.ts';
import { pagesInPost, refusePage } from '../../store/pages.ts';
import { deletePost, postsOfAlert } from '../../store/posts.ts';
import type { Sql } from '../../store/sql.ts';
import { redrawPostsOf } from '../posting.ts';
import { NUDGE_JOB, STEP_JOB } from './open.ts';
import { END_POST, NUDGE_POST, OUTSIDE_JOB, PAGE_POST, STEP_POST } from './page.ts';
import { redrawStorms } from './storm.ts';

export interface FollowTools {
  readonly random: Random;
}

/**
 * Makes everything that is under way for an alert fit the alert as it is now. Called in every transaction that changes
 * an alert's state; harmless where nothing has changed.
 */
export async function followAlert(sql: Sql, tools: FollowTools, alert: Alert, now: Millis): Promise<void> {
  await followEscalation(sql, tools, alert, now);
  await followNudge(sql, alert, now);
  for (const { id, kind } of await outsidePagesOf(sql, alert.id)) {
    if (kind === 'pagerduty') await enqueue(sql, OUTSIDE_JOB, id, now);
  }
  await redrawPostsOf(sql, alert.id, PAGE_POST, now);
  await redrawPostsOf(sql, alert.id, END_POST, now);
  await redrawStorms(sql, alert, now);
}

/** Firing: people are paged. Snoozed, or in digests alone: that waits. Acknowledged or resolved: it stops. */
function wantedState(alert: Alert): 'running' | 'waiting' | 'stopped' {
  if (alert.state !== 'firing') return 'stopped';
  return alert.snoozedUntil === undefined && alert.loudness === 'usual' ? 'running' : 'waiting';
}

async function followEscalation(sql: Sql, tools: FollowTools, alert: Alert, now: Millis): Promise<void> {
  const escalation = await escalationOf(sql, alert.id);
  const next = escalation && fitting(escalation, alert, now);
  if (!next) return;
  if (!(await changeEscalation(sql, escalation, next)))
    throw new Error(`${alert.id} was escalated while it changed`);
  if (next.state === 'running') await enqueue(sql, STEP_JOB, alert.id, next.nextAt ?? now);
  if (next.state === 'stopped') await takeBack(sql, alert.id);
  if (escalation.state !== 'stopped' || next.state === 'stopped') return;
  const { step } = next.progress;
  const how = escalation.closed
    ? 'starts anew'
    : `goes on with step ${step + 1} of ${next.policy.steps.length}`;
  await insertHistory(sql, {
    id: tools.random.id(),
    alertId: alert.id,
    at: now,
    kind: 'escalation',
    userId: undefined,
    teamId: undefined,
    detail: `escalation ${next.policy.name} ${how}`,
  });
}

/** What wakes somebody. */
const WAKING: ReadonlySet<string> = new Set([PAGE_POST, STEP_POST, END_POST, NUDGE_POST]);

/** Nobody is to be woken, after an outage of Slack, for what somebody else has taken meanwhile. */
async function takeBack(sql: Sql, alertId: string): Promise<void> {
  for (const post of await postsOfAlert(sql, alertId)) {
    if (!WAKING.has(post.kind) || post.intentAt !== undefined || post.receipt) continue;
    for (const page of await pagesInPost(sql, post.id)) {
      await refusePage(sql, page, 'somebody had taken the alert before it could be said');
    }
    await deletePost(sql, post.id);
  }
}

/** `undefined` where it fits already. */
function fitting(escalation: Escalation, alert: Alert, now: Millis): Escalation | undefined {
  const { state, nextAt } = escalation;
  const wanted = wantedState(alert);
  if (wanted === 'stopped') {
    const closed = alert.state === 'resolved';
    if (state === 'stopped' && escalation.closed === closed) return undefined;
    return { ...escalation, state: wanted, closed, nextAt: undefined, nextWho: [], hurriedBy: undefined };
  }
  // Nobody is left to be paged, snoozed or not.
  if (state === wanted || state === 'ended') return undefined;
  if (state !== 'stopped') return { ...escalation, state: wanted, nextAt: Math.max(nextAt ?? now, now) };
  return { ...escalation, state: wanted, closed: false, progress: goneOn(escalation), nextAt: now };
}

function goneOn({ closed, policy, progress }: Escalation): Escalation['progress'] {
  return closed ? begunAnew(policy, progress) : resumed(policy, progress);
}

async function followNudge(sql: Sql, alert: Alert, now: Millis): Promise<void> {
  const nudge = await nudgeOf(sql, alert.id);
  if (!nudge) return;
  const wanted = wantedState(alert) === 'running';
  if (wanted === (nudge.nextAt !== undefined)) return;
  const nextAt = wanted ? now + nudge.every : undefined;
  await changeNudge(sql, nudge, { said: nudge.said, nextAt });
  if (nextAt !== undefined) await enqueue(sql, NUDGE_JOB, alert.id, nextAt);
}
