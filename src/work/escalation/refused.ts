import type { Random } from '../../kernel/random.ts';
import type { Millis } from '../../kernel/time.ts';
import { changeEscalation, escalationOf } from '../../store/escalations.ts';
import { insertHistory } from '../../store/history.ts';
import { enqueue } from '../../store/jobs.ts';
import { type Page, pagesInPost, pagesOf, refusePage } from '../../store/pages.ts';
import { deletePost, type Post } from '../../store/posts.ts';
import type { Sql } from '../../store/sql.ts';
import { saySoon } from '../posting.ts';
import { STEP_JOB } from './open.ts';
import { PAGE_POST } from './page.ts';
import { STORM_POST } from './storm.ts';

/** The reply in the alert's thread that says that somebody could not be paged. */
const TROUBLE_POST = 'escalation_trouble';

/** Slack will never take a page: the thread says so, and the next step is due at once where that was the only one. */
export async function onPageRefused(
  sql: Sql,
  random: Random,
  post: Pick<Post, 'id' | 'kind'>,
  reason: string,
  now: Millis,
): Promise<void> {
  if (post.kind !== PAGE_POST && post.kind !== STORM_POST) return;
  for (const page of await pagesInPost(sql, post.id)) await giveUpPage(sql, random, page, reason, now);
  // Others are paged instead: it must not come after all, hours later, when work that was given up is tried again.
  await deletePost(sql, post.id);
}

/** The target of a page will not hear of it. */
export async function giveUpPage(
  sql: Sql,
  random: Random,
  page: Page,
  reason: string,
  now: Millis,
): Promise<void> {
  const { alertId, target } = page;
  await refusePage(sql, page, reason);
  const goesOn = await goOnIfNobodyElse(sql, page, now);
  const content = { target, reason, goesOn };
  const id = `trouble:${alertId}:${page.round}:${page.step + 1}:${target}`;
  const where = { place: undefined, alertId, inThread: true, broadcast: false };
  await saySoon(sql, { id, kind: TROUBLE_POST, ...where, content }, now);
  await insertHistory(sql, {
    id: random.id(),
    alertId,
    at: now,
    kind: 'escalation',
    userId: undefined,
    teamId: undefined,
    detail: `could not page ${/^[UW][A-Z0-9]+$/u.test(target) ? `<@${target}>` : target}: ${reason}`,
  });
}

/** A service that was told of an alert does not hear that somebody has it, or that it is over. */
export async function sayUnheard(
  sql: Sql,
  { alertId, round, step, target }: Page,
  action: 'acknowledge' | 'resolve',
  reason: string,
  now: Millis,
): Promise<void> {
  const id = `trouble:${alertId}:${round}:${step + 1}:${target}:${action}`;
  const where = { place: undefined, alertId, inThread: true, broadcast: false };
  await saySoon(sql, { id, kind: TROUBLE_POST, ...where, content: { target, reason, unheard: action } }, now);
}

/** True when the step has reached nobody else, so that the one after it does not wait. */
async function goOnIfNobodyElse(sql: Sql, { alertId, round, step }: Page, now: Millis): Promise<boolean> {
  const others = (await pagesOf(sql, alertId)).filter(
    (page) => page.round === round && page.step === step && page.refused === undefined,
  );
  const escalation = await escalationOf(sql, alertId);
  if (others.length > 0 || escalation?.state !== 'running') return false;
  const { progress } = escalation;
  // Another step has been taken since.
  const isNext =
    progress.round === round
      ? progress.step === step + 1
      : progress.round === round + 1 && progress.step === 0;
  if (!isNext || !(await changeEscalation(sql, escalation, { ...escalation, nextAt: now }))) return false;
  await enqueue(sql, STEP_JOB, alertId, now);
  return true;
}
