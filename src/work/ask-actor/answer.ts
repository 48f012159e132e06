import type { Alert, Operator } from '../../alerts/alert.ts';
import type { ActorQuestions } from '../../alerts/ask-actor.ts';
import { transition } from '../../alerts/transition.ts';
import type { Refusal } from '../../kernel/problem.ts';
import { type Clock, type Millis, sayDuration } from '../../kernel/time.ts';
import {
  type ActorQuestion,
  changeQuestion,
  type QuestionName,
  questionOf,
  questionsOfAlert,
} from '../../store/actor-questions.ts';
import { alertById, changeAlert } from '../../store/alerts.ts';
import { insertAudit } from '../../store/audit.ts';
import { insertHistory } from '../../store/history.ts';
import { enqueue } from '../../store/jobs.ts';
import { operatorNames, rememberOperator } from '../../store/operators.ts';
import { firstTime } from '../../store/seen.ts';
import type { Database, Sql } from '../../store/sql.ts';
import { followChange } from '../follow-change.ts';
import { keyOf } from './name.ts';
import { type Outcome, spread } from './outcome.ts';
import type { PageTools } from './page.ts';
import { QUIET_JOB } from './quiet.ts';
import { redrawQuestion } from './say.ts';

export interface AnswerTools extends PageTools {
  readonly db: Database;
  readonly clock: Clock;
  readonly settings: () => { readonly askActor: ActorQuestions };
}

/** One person's answer. */
export interface ActorAnswer {
  readonly question: QuestionName;
  readonly answer: Exclude<Outcome, 'silent'>;
  /** Of a yes: what it was for. */
  readonly reason: string | undefined;
  readonly operator: Operator;
  /** Same for every delivery of this answer. */
  readonly pressId: string;
}

/** The question while this person may answer it, with its alert; else what stands in the way. */
export async function answerable(
  tools: Pick<AnswerTools, 'db' | 'clock'>,
  name: QuestionName,
  userId: string,
): Promise<{ readonly question: ActorQuestion; readonly alert: Alert } | Refusal> {
  return look(tools.db, name, userId, tools.clock.now());
}

async function look(
  sql: Sql,
  name: QuestionName,
  userId: string,
  now: Millis,
): Promise<{ question: ActorQuestion; alert: Alert } | Refusal> {
  const question = await questionOf(sql, name);
  const alert = await alertById(sql, name.alertId);
  if (!question || !alert) {
    return { refused: 'This question is not known here; it may belong to another installation of Trailbot.' };
  }
  if (question.userId !== userId) return { refused: onlyThey(question) };
  const stale = settled(question, now);
  if (stale !== undefined) return { refused: `Nothing changed. ${stale}` };
  return { question, alert };
}

function onlyThey({ userId }: ActorQuestion): string {
  const who = userId === undefined ? 'the person who was asked' : `<@${userId}>`;
  return `Only ${who} can answer this. What you know of it helps in the thread of the alert.`;
}

/** What has become of it, when no answer is taken any more. A late one is: it may still say that it was not them. */
function settled({ state, alertId, answeredAt }: ActorQuestion, now: Millis): string | undefined {
  if (state === 'asked' || state === 'silent') return undefined;
  if (state === 'closed') {
    return `${alertId} was resolved before you answered. If it was not you, say so in its thread now.`;
  }
  const said = ANSWERS[state];
  const ago = answeredAt === undefined ? '' : ` ${sayDuration(now - answeredAt)} ago`;
  return said === undefined
    ? 'This question is not open.'
    : `You answered${ago}: ${said} If that was wrong, say so in the thread of ${alertId} now.`;
}

const ANSWERS: Readonly<Partial<Record<ActorQuestion['state'], string>>> = {
  yes: 'it was you.',
  no: 'it was not you.',
  unsure: 'you are not sure.',
};

/** Takes the answer: question, history, audit, posts and pages, all or nothing. */
export async function answerQuestion(tools: AnswerTools, answer: ActorAnswer): Promise<Refusal | undefined> {
  return tools.db.tx((sql) => attempt(sql, tools, answer, tools.clock.now()));
}

async function attempt(
  sql: Sql,
  tools: AnswerTools,
  { question: name, answer, reason, operator, pressId }: ActorAnswer,
  now: Millis,
): Promise<Refusal | undefined> {
  if (!(await firstTime(sql, pressId, now))) return undefined;
  const found = await look(sql, name, operator.userId, now);
  if ('refused' in found) {
    await redrawIfTheirs(sql, name, operator, now);
    return found;
  }
  await rememberOperator(sql, operator, now);
  const { askActor } = tools.settings();
  const quietUntil = answer === 'yes' ? now + askActor.quietFor : undefined;
  const change = { state: answer, answeredAt: now, reason, quietUntil };
  if (!(await changeQuestion(sql, found.question, change)))
    return { refused: 'Nothing changed: an answer came at the same moment.' };
  const question = { ...found.question, ...change };
  const alerts = await spread(sql, tools, { question, outcome: answer, teamId: operator.teamId }, now);
  await audit(sql, tools, question, operator, now);
  if (answer !== 'yes') return undefined;
  await enqueue(sql, QUIET_JOB, keyOf(question), quietUntil ?? now);
  for (const alert of alerts) {
    if (!askActor.resolve.includes(alert.level) || !(await allSaidYes(sql, alert))) continue;
    await resolve(sql, tools, alert, { operator, reason }, now);
  }
  return undefined;
}

/** An old copy of the message is brought up to date. */
async function redrawIfTheirs(
  sql: Sql,
  name: QuestionName,
  { userId }: Operator,
  now: Millis,
): Promise<void> {
  const question = await questionOf(sql, name);
  if (question?.userId === userId) await redrawQuestion(sql, question, now);
}

async function audit(
  sql: Sql,
  { random }: AnswerTools,
  { alertId, state, reason, doer }: ActorQuestion,
  { userId, teamId }: Operator,
  now: Millis,
): Promise<void> {
  const why = reason === undefined ? '' : `: ${reason}`;
  const detail = `${alertId} was this you, ${doer.label}? ${state}${why}`;
  await insertAudit(sql, { id: random.id(), at: now, kind: 'answer', userId, teamId, detail });
}

/** One person's yes says nothing of what others have done who stand behind the same alert. */
async function allSaidYes(sql: Sql, { id }: Alert): Promise<boolean> {
  return (await questionsOfAlert(sql, id)).every(({ state }) => state === 'yes');
}

/** Where the configuration says so. */
async function resolve(
  sql: Sql,
  tools: AnswerTools,
  alert: Alert,
  { operator, reason }: { readonly operator: Operator; readonly reason: string | undefined },
  now: Millis,
): Promise<void> {
  const operation = { kind: 'resolve', disposition: 'expected', note: reason } as const;
  const change = transition(alert, operation, operator, now, await operatorNames(sql));
  if ('refused' in change || !(await changeAlert(sql, alert.id, alert.version, change))) return;
  await followChange(sql, tools, { ...alert, ...change, version: alert.version + 1 }, now);
  const { userId, teamId } = operator;
  const detail = 'resolved as expected: whoever did it has said so';
  await insertHistory(sql, {
    id: tools.random.id(),
    alertId: alert.id,
    at: now,
    kind: 'resolve',
    userId,
    teamId,
    detail,
  });
  const entry = { id: tools.random.id(), at: now, kind: 'operation', userId, teamId } as const;
  await insertAudit(sql, { ...entry, detail: `${alert.id} ${detail}` });
}
