import type { Clock } from '../../kernel/time.ts';
import { questionOf } from '../../store/actor-questions.ts';
import type { Database } from '../../store/sql.ts';
import type { Result } from '../worker.ts';
import { readKey } from './name.ts';
import { QUIETED_POST, sayInThread } from './say.ts';

/** Job: a yes counts no longer. Its subject is the question. */
export const QUIET_JOB = 'actor_quiet';

/** Nothing is kept quiet in silence: the thread hears how much it was. */
export async function reportQuieted(
  { db, clock }: { readonly db: Database; readonly clock: Clock },
  key: string,
): Promise<Result> {
  const name = readKey(key);
  return db.tx(async (sql): Promise<Result> => {
    const question = name && (await questionOf(sql, name));
    if (!question || question.quieted === 0) return 'done';
    const now = clock.now();
    if (question.quietUntil !== undefined && question.quietUntil > now) return { again: question.quietUntil };
    const content = { user: question.userId ?? '', count: question.quieted };
    await sayInThread(sql, question, { kind: QUIETED_POST, content }, now);
    return 'done';
  });
}
