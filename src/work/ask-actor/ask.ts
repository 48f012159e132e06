import type { Alert } from '../../alerts/alert.ts';
import {
  type ActorQuestions,
  isGrave,
  type PersonEntry,
  unmapped,
  type WhomToAsk,
  whomToAsk,
} from '../../alerts/ask-actor.ts';
import { holdsAt } from '../../alerts/time-interval.ts';
import { Fault } from '../../kernel/problem.ts';
import type { Random } from '../../kernel/random.ts';
import { type Clock, HOUR, MINUTE, type Millis, SECOND, sayUtc } from '../../kernel/time.ts';
import {
  type ActorQuestion,
  changeQuestion,
  confirmations,
  countAsked,
  openQuestionTo,
  questionOf,
  wasSpared,
} from '../../store/actor-questions.ts';
import { alertById } from '../../store/alerts.ts';
import { insertHistory } from '../../store/history.ts';
import { enqueue } from '../../store/jobs.ts';
import { messageState } from '../../store/receipts.ts';
import type { Database, Sql } from '../../store/sql.ts';
import type { Directory } from '../directory.ts';
import type { Result } from '../worker.ts';
import { keyOf, readKey } from './name.ts';
import { ASKED_POST, NOBODY_POST, sayInThread, sayQuestion } from './say.ts';
import { fitting } from './want.ts';

export interface AskTools {
  readonly db: Database;
  readonly directory: Pick<Directory, 'userByEmail' | 'isMember'>;
  readonly settings: () => {
    readonly people: readonly PersonEntry[];
    readonly askActor: ActorQuestions;
    /** Those of the organization. */
    readonly lists: ReadonlyMap<string, readonly string[]>;
  };
  readonly clock: Clock;
  readonly random: Random;
}

/** Job: no answer has come. Its subject is the question. */
export const SILENCE_JOB = 'actor_silence';

/** One person is asked so often an hour; who answers everything with yes, answers nothing. */
const MOST_AN_HOUR = 5;
/** So long Slack may take to say who is meant; then nobody is asked. */
const PATIENCE: Millis = 10 * MINUTE;
const LOOK_AGAIN: Millis = MINUTE;

/**
 * Asks whoever may have done it, once the alert's own message is there: the channel is told before the person. Who is
 * meant is asked of Slack first; then one transaction writes question, posts, history and the end of waiting.
 */
export async function askActor(tools: AskTools, key: string): Promise<Result> {
  const now = tools.clock.now();
  const name = readKey(key);
  const question = name && (await questionOf(tools.db, name));
  const alert = question && (await alertById(tools.db, question.alertId));
  if (!question || !alert || question.state !== 'wanted') return 'done';
  const { hours, isSetUp } = tools.settings().askActor;
  const whom = whomOf(tools, question);
  if ('nobody' in whom && !isSetUp) {
    await changeQuestion(tools.db, question, { state: 'nobody', reason: whom.nobody });
    return 'done';
  }
  const mayAskNow = !hours || 'nobody' in whom || holdsAt(hours.intervals, now);
  if (!mayAskNow) return wait(tools, question, hours.name, now);
  if (!(await messageState(tools.db, alert.id))?.receipt) return { again: now + patience(question, now) };
  const found = await find(tools, question, whom, now);
  await tools.db.tx(async (sql) => {
    const spared =
      'nobody' in found ? { reason: found.nobody } : await askedEnough(sql, question, alert, found.user, now);
    if (spared) return giveUp(sql, tools, question, spared, now);
    if ('user' in found) await ask(sql, tools, question, found.user, now);
  });
  return 'done';
}

/** At first every second, later every minute: Slack may be away for long. */
function patience({ wantedAt }: ActorQuestion, now: Millis): Millis {
  return Math.min(Math.max(SECOND, (now - wantedAt) / 10), MINUTE);
}

async function wait(tools: AskTools, question: ActorQuestion, hours: string, now: Millis): Promise<Result> {
  await tools.db.tx(async (sql) => {
    const content = { why: 'hours', reason: hours, who: question.doer.label };
    await sayInThread(sql, question, { kind: NOBODY_POST, content, which: 'hours' }, now);
  });
  return { again: now + LOOK_AGAIN };
}

function whomOf(tools: AskTools, { doer, account }: ActorQuestion): WhomToAsk {
  const { people, lists } = tools.settings();
  return whomToAsk(doer, people, { account, accounts: new Set(lists.get('known_accounts')) });
}

/** A member of the workspace, or why there is none to be asked. Throws a Fault to be tried again. */
async function find(
  tools: AskTools,
  { doer, wantedAt }: ActorQuestion,
  whom: WhomToAsk,
  now: Millis,
): Promise<{ user: string } | { nobody: string }> {
  if ('nobody' in whom) return whom;
  try {
    const user = await userOf(tools, whom);
    if (user === undefined) return { nobody: unmapped(doer) };
    if (await tools.directory.isMember(user)) return { user };
    return { nobody: `<@${user}> is no full member of this Slack workspace` };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    if (error.retryAfter !== undefined && now < wantedAt + PATIENCE) throw error;
    return { nobody: `Slack does not say who ${doer.label} is: ${error.message}` };
  }
}

async function userOf(
  { directory }: AskTools,
  whom: Exclude<WhomToAsk, { nobody: string }>,
): Promise<string | undefined> {
  if ('user' in whom) return whom.user;
  for (const address of whom.addresses) {
    const user = await directory.userByEmail(address);
    if (user !== undefined) return user;
  }
  return undefined;
}

/** Why nobody is asked, as a part of a sentence; `often`: whom that may hold for again and again. */
interface Spared {
  readonly reason: string;
  readonly often?: string;
}

/** Why this person is not asked this now. */
async function askedEnough(
  sql: Sql,
  { ruleId, account, doer, address }: ActorQuestion,
  { level }: Alert,
  user: string,
  now: Millis,
): Promise<Spared | undefined> {
  const before = await confirmations(sql, { ruleId, account, key: doer.key }, now);
  const said = fitting(before, isGrave(level), address);
  if (said) {
    const when = sayUtc(said.answeredAt ?? now);
    return { reason: `<@${user}> said of the same at ${when} that it was them (${said.alertId})` };
  }
  const joins = await openQuestionTo(sql, { ruleId, account, userId: user });
  if (joins || (await countAsked(sql, user, now - HOUR)) < MOST_AN_HOUR) return undefined;
  return { reason: `<@${user}> was asked ${MOST_AN_HOUR} times within the last hour already`, often: user };
}

async function ask(
  sql: Sql,
  tools: AskTools,
  question: ActorQuestion,
  userId: string,
  now: Millis,
): Promise<void> {
  const { ruleId, account, doer, deed } = question;
  const open = await openQuestionTo(sql, { ruleId, account, userId });
  if (open) {
    if (!(await changeQuestion(sql, question, { state: 'joined', userId, with: open }))) return;
  } else {
    const answerBy = now + tools.settings().askActor.wait;
    if (!(await changeQuestion(sql, question, { state: 'asked', userId, askedAt: now, answerBy }))) return;
    await sayQuestion(sql, { ...question, state: 'asked', userId, answerBy }, now);
    await enqueue(sql, SILENCE_JOB, keyOf(question), answerBy);
  }
  const content = { user: userId, who: doer.label, ...(open ? { with: open.alertId } : {}) };
  await sayInThread(sql, question, { kind: ASKED_POST, content, loud: deed.own }, now);
  const about = open ? ` (asked for ${open.alertId})` : '';
  await note(sql, tools, question, now, `asked <@${userId}> whether it was them${about}`);
}

/**
 * Said where questions are set up: who has never heard of them need not be told at every alert that none was asked. What
 * holds for many alerts of one person is said in the thread of the first.
 */
async function giveUp(
  sql: Sql,
  tools: AskTools,
  question: ActorQuestion,
  { reason, often }: Spared,
  now: Millis,
): Promise<void> {
  const said = often !== undefined && (await wasSpared(sql, { userId: often, reason }, now - HOUR));
  const change = { state: 'nobody', reason, ...(often === undefined ? {} : { userId: often }) } as const;
  if (!(await changeQuestion(sql, question, change))) return;
  if (!tools.settings().askActor.isSetUp) return;
  await note(sql, tools, question, now, `nobody was asked whether it was them: ${reason}`);
  if (said) return;
  const content = { why: 'nobody', reason, who: question.doer.label, once: often !== undefined };
  await sayInThread(sql, question, { kind: NOBODY_POST, content }, now);
}

function note(
  sql: Sql,
  { random }: AskTools,
  { alertId }: ActorQuestion,
  now: Millis,
  detail: string,
): Promise<void> {
  const nobody = { userId: undefined, teamId: undefined };
  return insertHistory(sql, { id: random.id(), alertId, at: now, kind: 'actor', ...nobody, detail });
}
