import type { Alert } from '../../alerts/alert.ts';
import type { Millis } from '../../kernel/time.ts';
import { changeQuestion, questionsJoined, questionsOfAlert } from '../../store/actor-questions.ts';
import { enqueue } from '../../store/jobs.ts';
import type { Sql } from '../../store/sql.ts';
import { keyOf } from './name.ts';
import { redrawQuestion } from './say.ts';
import { ASK_JOB } from './want.ts';

const OPEN: ReadonlySet<string> = new Set(['wanted', 'asked', 'joined', 'silent']);

/** Nobody is asked about what is resolved. Others that waited for the same answer ask by themselves. */
export async function followQuestions(sql: Sql, alert: Alert, now: Millis): Promise<void> {
  if (alert.state !== 'resolved') return;
  for (const question of await questionsOfAlert(sql, alert.id)) {
    if (!OPEN.has(question.state)) continue;
    const joined = await questionsJoined(sql, question);
    await changeQuestion(sql, question, { state: 'closed' });
    await redrawQuestion(sql, question, now);
    for (const other of joined.filter(({ state }) => state === 'joined')) {
      await changeQuestion(sql, other, { state: 'wanted' });
      await enqueue(sql, ASK_JOB, keyOf(other), now);
    }
  }
}
