import type { Alert } from '../../alerts/alert.ts';
import { advanced, isAtEnd, passedOver, type Step } from '../../alerts/escalation.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { Millis } from '../../kernel/time.ts';
import { alertById } from '../../store/alerts.ts';
import { changeEscalation, type Escalation, escalationOf } from '../../store/escalations.ts';
import { insertHistory } from '../../store/history.ts';
import type { Sql } from '../../store/sql.ts';
import { redrawMessage } from '../notify.ts';
import { saySoon } from '../posting.ts';
import type { Result } from '../worker.ts';
import { type Next, nextAfter } from './next.ts';
import { END_POST, pageAll, STEP_POST } from './page.ts';
import { type FindTools, type Found, findTargets } from './targets.ts';

/**
 * Takes the step that is due. Who is meant is asked before; then one transaction writes pages, posts, history and the
 * time of the next step, compared with what was read, so that no step is ever taken twice.
 */
export async function takeStep(tools: FindTools, alertId: string): Promise<Result> {
  const now = tools.clock.now();
  const escalation = await escalationOf(tools.db, alertId);
  const alert = escalation && (await alertById(tools.db, alertId));
  if (!alert || escalation.state !== 'running' || escalation.nextAt === undefined) return 'done';
  if (escalation.nextAt > now) return { again: escalation.nextAt };
  const { policy, progress } = escalation;
  const step = policy.steps[progress.step];
  if (!step || isAtEnd(policy, progress)) return end(tools, escalation, alert, now);
  const reason = passedOver(step, alert.level, now);
  if (reason !== undefined) return passOver(tools, escalation, now, reason);
  return page(tools, { escalation, alert, step, dueAt: escalation.nextAt }, now);
}

interface Due {
  readonly escalation: Escalation;
  readonly alert: Alert;
  readonly step: Step;
  readonly dueAt: Millis;
}

async function page(tools: FindTools, due: Due, now: Millis): Promise<Result> {
  const { escalation, alert, step } = due;
  const { policy } = escalation;
  const found = await findTargets(tools, step, due.dueAt);
  const reached = found.people.length + found.channels.length + found.outside.length > 0;
  const progress = advanced(policy, escalation.progress, reached);
  const nextAt = reached ? now + step.wait : now;
  const next = await nextAfter(tools.db, tools.roster, { policy, progress, level: alert.level }, nextAt);
  const nextWho = next.who.flatMap(({ user }) => (user === undefined ? [] : [user]));
  const change = { ...escalation, progress, nextAt, nextWho, hurriedBy: undefined };
  await tools.db.tx(async (sql) => {
    // Somebody was faster: an acknowledgement, or Escalate now.
    if (!(await changeEscalation(sql, escalation, change))) return;
    await pageAll(sql, escalation, alert, found, now);
    await sayStep(sql, { escalation, alert, found, next, nextAt }, now);
    const detail = `${sayPaged(found)} by ${sayStepOf(escalation)}`;
    await note(sql, escalation, now, [detail, ...found.troubles].join('; '));
    await redrawMessage(sql, alert.id, now);
  });
  return { again: nextAt };
}

interface Taken {
  readonly escalation: Escalation;
  readonly alert: Alert;
  readonly found: Found;
  readonly next: Next;
  readonly nextAt: Millis;
}

async function sayStep(
  sql: Sql,
  { escalation, alert, found, next, nextAt }: Taken,
  now: Millis,
): Promise<void> {
  const { policy, progress, hurriedBy } = escalation;
  const content: JsonObject = {
    policy: policy.name,
    step: progress.step + 1,
    steps: policy.steps.length,
    people: found.people.map(({ user, reason }) => ({ user, reason: { ...reason } })),
    others: [...found.channels, ...found.outside.map(({ kind, name }) => `${kind} ${name}`)],
    troubles: [...found.troubles],
    next: next.who.map((one) => ({ ...one })),
    last: next.step === undefined,
    after: nextAt - now,
    ...(hurriedBy === undefined ? {} : { by: hurriedBy }),
  };
  const id = `escalation:${alert.id}:${progress.round}:${progress.step + 1}`;
  const where = { place: undefined, alertId: alert.id, inThread: true, broadcast: false };
  await saySoon(sql, { id, kind: STEP_POST, ...where, content }, now);
}

/** At once on to the next step; the thread has better things to say. */
async function passOver(
  tools: FindTools,
  escalation: Escalation,
  now: Millis,
  reason: string,
): Promise<Result> {
  const { policy } = escalation;
  const change = { ...escalation, progress: advanced(policy, escalation.progress, false), nextAt: now };
  await tools.db.tx(async (sql) => {
    if (!(await changeEscalation(sql, escalation, change))) return;
    await note(sql, escalation, now, `passed over ${sayStepOf(escalation)}: ${reason}`);
  });
  return { again: now };
}

/** Nobody has answered, and nobody is left: said where everybody in the channel sees it. */
async function end(tools: FindTools, escalation: Escalation, alert: Alert, now: Millis): Promise<Result> {
  const { policy } = escalation;
  const change = {
    ...escalation,
    state: 'ended',
    nextAt: undefined,
    nextWho: [],
    hurriedBy: undefined,
  } as const;
  await tools.db.tx(async (sql) => {
    if (!(await changeEscalation(sql, escalation, change))) return;
    await sayEnd(sql, escalation, alert, now);
    await note(sql, escalation, now, `escalation ${policy.name} has ended, and nobody has answered`);
    await redrawMessage(sql, alert.id, now);
  });
  return 'done';
}

/** In the thread and the channel. Slack notifies nobody of @here in a thread, so that is a message of its own. */
async function sayEnd(sql: Sql, { policy, progress }: Escalation, alert: Alert, now: Millis): Promise<void> {
  const { here, channel } = policy.end;
  const about = { kind: END_POST, alertId: alert.id };
  const content = { policy: policy.name, nobody: progress.reached === 0 };
  const id = `escalation:${alert.id}:${progress.round}:end`;
  const reply = { place: undefined, inThread: true, broadcast: !here };
  await saySoon(sql, { id, ...about, ...reply, content: { ...content, here: false } }, now);
  if (!here && channel === undefined) return;
  const message = { place: channel, inThread: false, broadcast: false };
  const own = { id: `${id}:${channel ?? 'here'}`, ...about, ...message, content: { ...content, here } };
  await saySoon(sql, own, now);
}

function sayPaged({ people, channels, outside }: Found): string {
  const named = people.map(({ user, reason }) =>
    reason.kind === 'schedule' ? `<@${user}> (${reason.name})` : `<@${user}>`,
  );
  const all = [...named, ...channels, ...outside.map(({ kind, name }) => `${kind} ${name}`)];
  return `paged ${all.length > 0 ? all.join(', ') : 'nobody'}`;
}

function sayStepOf({ policy, progress }: Escalation): string {
  return `step ${progress.step + 1} of ${policy.steps.length} of ${policy.name}`;
}

/** Several steps may be taken in one instant: the version keeps what is told of them in order. */
function note(sql: Sql, { alertId, version }: Escalation, now: Millis, detail: string): Promise<void> {
  const id = `escalation:${alertId}:${String(version).padStart(6, '0')}`;
  const nobody = { userId: undefined, teamId: undefined };
  return insertHistory(sql, { id, alertId, at: now, kind: 'escalation', ...nobody, detail });
}
