import type { Alert } from '../../alerts/alert.ts';
import type { Refusal } from '../../kernel/problem.ts';
import type { ActorQuestion, QuestionName } from '../../store/actor-questions.ts';
import type { ActorAnswer } from '../../work/ask-actor/answer.ts';

/** What the people who are asked "Was this you?" can do. */
export interface ActorDesk {
  /** The question while this person may answer it, else what stands in the way. */
  question(
    name: QuestionName,
    userId: string,
  ): Promise<{ readonly question: ActorQuestion; readonly alert: Alert } | Refusal>;
  /** Takes an answer, or says why not. */
  answer(answer: ActorAnswer): Promise<Refusal | undefined>;
}
