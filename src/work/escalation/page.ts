import type { Alert } from '../../alerts/alert.ts';
import type { Escalation } from '../../store/escalations.ts';
import { enqueue } from '../../store/jobs.ts';
import { wantOutsidePage } from '../../store/outside-pages.ts';
import { insertPage } from '../../store/pages.ts';
import type { Sql } from '../../store/sql.ts';
import { saySoon } from '../posting.ts';
import { isStorm, joinStorm } from './storm.ts';
import type { Found, Reason } from './targets.ts';

/** Tells a service outside of Slack; the subject is the id of an outside page. */
export const OUTSIDE_JOB = 'escalation_outside';
/** The message to one person, or in one channel, about one alert. */
export const PAGE_POST = 'escalation_page';
/** What says that nobody has answered. */
export const END_POST = 'escalation_end';
/** The reply in the alert's thread that mentions everybody whom a step pages. */
export const STEP_POST = 'escalation_step';
/** The reply, shown in the channel, that says that still nobody has an alert. */
export const NUDGE_POST = 'escalation_nudge';

/** Pages everybody whom a step has found, each once; in the transaction that takes the step. */
export async function pageAll(
  sql: Sql,
  { progress, policy }: Escalation,
  alert: Alert,
  found: Found,
  now: number,
): Promise<void> {
  const { round } = progress;
  const step = progress.step + 1;
  const common = { alertId: alert.id, round, step: progress.step, at: now };
  const place = { step, steps: policy.steps.length, round };
  for (const { user, reason } of found.people) {
    const postId = (await isStorm(sql, user, now))
      ? await joinStorm(sql, user, alert, now)
      : `page:${alert.id}:${round}:${step}:${user}`;
    if (!(await insertPage(sql, { ...common, target: user, postId }))) continue;
    if (postId.startsWith('page:'))
      await sayPage(sql, alert, { id: postId, place: user, reason, ...place }, now);
  }
  for (const channel of found.channels) {
    const id = `page:${alert.id}:${round}:${step}:${channel}`;
    if (!(await insertPage(sql, { ...common, target: channel, postId: id }))) continue;
    await sayPage(sql, alert, { id, place: channel, reason: { kind: 'channel' }, ...place }, now);
  }
  for (const { kind, name } of found.outside) {
    const target = `${kind}:${name}`;
    if (!(await insertPage(sql, { ...common, target, postId: undefined }))) continue;
    const id =
      kind === 'webhook' ? `webhook:${alert.id}:${round}:${step}:${name}` : `${kind}:${alert.id}:${name}`;
    await wantOutsidePage(sql, { id, kind, name, ...common });
    await enqueue(sql, OUTSIDE_JOB, id, now);
  }
}

interface PageWords {
  readonly id: string;
  readonly place: string;
  readonly reason: Reason | { readonly kind: 'channel' };
  readonly step: number;
  readonly steps: number;
  readonly round: number;
}

async function sayPage(sql: Sql, alert: Alert, words: PageWords, now: number): Promise<void> {
  const { id, place, reason, step, steps, round } = words;
  const content = { reason: { ...reason }, step, steps, round };
  const where = { place, alertId: alert.id, inThread: false, broadcast: false };
  await saySoon(sql, { id, kind: PAGE_POST, ...where, content }, now);
}
