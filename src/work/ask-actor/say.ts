import type { JsonObject } from '../../kernel/json.ts';
import type { Millis } from '../../kernel/time.ts';
import { type ActorQuestion, questionOf } from '../../store/actor-questions.ts';
import type { Sql } from '../../store/sql.ts';
import { sayAnew, saySoon } from '../posting.ts';
import { keyOf } from './name.ts';

/** The direct message that asks. */
export const QUESTION_POST = 'actor_question';
/** In the alert's thread: somebody is asked; nobody could be; what came of it; what a yes has kept quiet. */
export const ASKED_POST = 'actor_asked';
export const NOBODY_POST = 'actor_nobody';
export const OUTCOME_POST = 'actor_outcome';
export const QUIETED_POST = 'actor_quieted';
/** The direct message to whoever has the alert: what the actor has said. */
export const TOLD_POST = 'actor_told';

/** Asks the person. */
export async function sayQuestion(sql: Sql, question: ActorQuestion, now: Millis): Promise<void> {
  const id = `${QUESTION_POST}:${keyOf(question)}`;
  const where = { place: question.userId, alertId: question.alertId, inThread: false, broadcast: false };
  await saySoon(sql, { id, kind: QUESTION_POST, ...where, content: contentOf(question) }, now);
}

/** The direct message shows how the question stands now. */
export async function redrawQuestion(sql: Sql, question: ActorQuestion, now: Millis): Promise<void> {
  const current = await questionOf(sql, question);
  if (current) await sayAnew(sql, `${QUESTION_POST}:${keyOf(question)}`, now, contentOf(current));
}

/** A reply in the alert's thread; `loud`: the channel sees it, too. */
export async function sayInThread(
  sql: Sql,
  question: ActorQuestion,
  note: {
    readonly kind: string;
    readonly content: JsonObject;
    readonly loud?: boolean;
    readonly which?: string;
  },
  now: Millis,
): Promise<void> {
  const { kind, content, loud = false, which } = note;
  const id = [kind, keyOf(question), ...(which === undefined ? [] : [which])].join(':');
  const where = { place: undefined, alertId: question.alertId, inThread: true, broadcast: loud };
  await saySoon(sql, { id, kind, ...where, content }, now);
}

function contentOf({ number, deed, doer, state, answerBy, answeredAt, reason }: ActorQuestion): JsonObject {
  return {
    ...deed,
    number,
    who: doer.label,
    state,
    ...(answerBy === undefined ? {} : { answerBy }),
    ...(answeredAt === undefined ? {} : { answeredAt }),
    ...(reason === undefined ? {} : { reason }),
  };
}
