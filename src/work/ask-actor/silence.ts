import type { Clock } from '../../kernel/time.ts';
import { changeQuestion, questionOf } from '../../store/actor-questions.ts';
import type { Database } from '../../store/sql.ts';
import type { Result } from '../worker.ts';
import { readKey } from './name.ts';
import { spread } from './outcome.ts';
import type { PageTools } from './page.ts';

/** The time for an answer is over: somebody else looks at it, once. */
export async function endWaiting(
  tools: PageTools & { readonly db: Database; readonly clock: Clock },
  key: string,
): Promise<Result> {
  const name = readKey(key);
  return tools.db.tx(async (sql): Promise<Result> => {
    const now = tools.clock.now();
    const question = name && (await questionOf(sql, name));
    if (question?.state !== 'asked') return 'done';
    if (question.answerBy !== undefined && question.answerBy > now) return { again: question.answerBy };
    if (!(await changeQuestion(sql, question, { state: 'silent' }))) return { again: now };
    await spread(
      sql,
      tools,
      { question: { ...question, state: 'silent' }, outcome: 'silent', teamId: undefined },
      now,
    );
    return 'done';
  });
}
