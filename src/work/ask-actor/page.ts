import type { Alert } from '../../alerts/alert.ts';
import { begunAnew, type Progress, resumed } from '../../alerts/escalation.ts';
import { awake } from '../../alerts/transition.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { Random } from '../../kernel/random.ts';
import type { Millis } from '../../kernel/time.ts';
import { changeAlert } from '../../store/alerts.ts';
import { changeEscalation, type Escalation, escalationOf } from '../../store/escalations.ts';
import { enqueue } from '../../store/jobs.ts';
import type { Sql } from '../../store/sql.ts';
import { nextAfter } from '../escalation/next.ts';
import { STEP_JOB } from '../escalation/open.ts';
import { followChange } from '../follow-change.ts';
import type { Roster } from '../on-call/roster.ts';

export interface PageTools {
  readonly roster: Roster;
  readonly random: Random;
}

/**
 * Who hears of it. Plain data, for posts:
 * - `escalated`: the next step of this escalation is taken at once
 * - `held`: somebody has the alert, and is told
 * - `on call`: these people are mentioned where everybody sees it; none where nobody is on call
 */
export type Paging = JsonObject &
  (
    | { readonly how: 'escalated'; readonly policy: string }
    | { readonly how: 'held'; readonly by: string }
    | { readonly how: 'on call'; readonly users: string[] }
  );

const MOST_MENTIONED = 5;

/**
 * Makes sure that somebody looks at an alert now, whatever was planned: a snooze ends, and the next step does not wait.
 * `suspect`: who may not be the one who is told.
 */
export async function pageAtOnce(
  sql: Sql,
  tools: PageTools,
  alert: Alert,
  suspect: string | undefined,
  now: Millis,
): Promise<Paging> {
  await wake(sql, tools, alert, now);
  const { assignee, state } = alert;
  if (state === 'acknowledged' && assignee !== undefined && assignee !== suspect)
    return { how: 'held', by: assignee };
  const policy = await takeNextStep(sql, tools.roster, { alert, suspect }, now);
  if (policy !== undefined) return { how: 'escalated', policy };
  return { how: 'on call', users: await onCallAnywhere(sql, tools.roster, suspect, now) };
}

async function wake(sql: Sql, tools: PageTools, alert: Alert, now: Millis): Promise<void> {
  if (alert.snoozedUntil === undefined || alert.state === 'resolved') return;
  const change = awake(alert, now);
  if (!(await changeAlert(sql, alert.id, alert.version, change))) throw new Error(`${alert.id} has changed`);
  await followChange(sql, tools, { ...alert, ...change, version: alert.version + 1 }, now);
}

interface Asked {
  readonly alert: Alert;
  readonly suspect: string | undefined;
}

/** The name of the escalation, unless there is none that would wake somebody else. */
async function takeNextStep(
  sql: Sql,
  roster: Roster,
  asked: Asked,
  now: Millis,
): Promise<string | undefined> {
  const { id } = asked.alert;
  const escalation = await escalationOf(sql, id);
  if (escalation?.state !== 'running' && escalation?.state !== 'ended') return undefined;
  const progress = await waking(sql, roster, escalation, asked, now);
  if (!progress) return undefined;
  const change = { ...escalation, state: 'running', progress, nextAt: now } as const;
  if (!(await changeEscalation(sql, escalation, change)))
    throw new Error(`${id} was escalated while somebody answered`);
  await enqueue(sql, STEP_JOB, id, now);
  return escalation.policy.name;
}

/** Where somebody but the suspect is paged at once: where it stands, at its last step again, else from the beginning. */
async function waking(
  sql: Sql,
  roster: Roster,
  { policy, progress, state }: Escalation,
  { alert: { level }, suspect }: Asked,
  now: Millis,
): Promise<Progress | undefined> {
  const anew = begunAnew(policy, progress);
  for (const way of state === 'ended' ? [anew] : [resumed(policy, progress), anew]) {
    const { who } = await nextAfter(sql, roster, { policy, progress: way, level }, now);
    if (who.some(({ user }) => user === undefined || user !== suspect)) return way;
  }
  return undefined;
}

/** Each person once, in the order of the schedules. */
async function onCallAnywhere(
  sql: Sql,
  roster: Roster,
  suspect: string | undefined,
  now: Millis,
): Promise<string[]> {
  const users = new Set<string>();
  for (const schedule of roster.names()) {
    const shift = await roster.onCall(sql, schedule, now);
    if (shift && shift.person !== suspect) users.add(shift.person);
  }
  return [...users].slice(0, MOST_MENTIONED);
}
