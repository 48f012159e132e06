import type { Random } from '../../kernel/random.ts';
import type { Millis } from '../../kernel/time.ts';
import { changeQuestion, questionOf, questionsJoined } from '../../store/actor-questions.ts';
import { insertHistory } from '../../store/history.ts';
import type { Post } from '../../store/posts.ts';
import type { Sql } from '../../store/sql.ts';
import { readKey } from './name.ts';
import { NOBODY_POST, QUESTION_POST, sayInThread } from './say.ts';

/** Slack will never take the direct message: the threads that said that somebody is asked say that nobody was. */
export async function onQuestionRefused(
  sql: Sql,
  random: Random,
  post: Pick<Post, 'id' | 'kind'>,
  said: string,
  now: Millis,
): Promise<void> {
  const name = post.kind === QUESTION_POST ? readKey(post.id.slice(QUESTION_POST.length + 1)) : undefined;
  const question = name && (await questionOf(sql, name));
  if (question?.state !== 'asked') return;
  const reason = `<@${question.userId}> cannot be written to: ${said}`;
  for (const one of [question, ...(await questionsJoined(sql, question))]) {
    await changeQuestion(sql, one, { state: 'nobody', reason });
    const content = { why: 'nobody', reason, who: one.doer.label };
    await sayInThread(sql, one, { kind: NOBODY_POST, content }, now);
    const nobody = { userId: undefined, teamId: undefined };
    const detail = `nobody was asked whether it was them: ${reason}`;
    await insertHistory(sql, {
      id: random.id(),
      alertId: one.alertId,
      at: now,
      kind: 'actor',
      ...nobody,
      detail,
    });
  }
}
