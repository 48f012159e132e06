import type { Operator } from '../../alerts/alert.ts';
import type { Refusal } from '../../kernel/problem.ts';
import type { Progress, View } from '../../questions/answer.ts';
import type { Question } from '../../questions/question.ts';
import type { Message } from '../alert-message.ts';
import { say } from '../asker.ts';
import type { Asked } from '../desk.ts';
import type { SlackTools } from '../slack-tools.ts';
import { drawAnswer } from './answer-message.ts';
import type { NewBlock } from './new-blocks.ts';
import type { Place } from './place.ts';
import { drawProgress } from './progress-message.ts';

/** A question, who asks it, and the name of this asking. */
export interface Asking {
  readonly question: Question;
  readonly operator: Operator;
  /** Carried by the Cancel button. */
  readonly runId: string;
}

export const SUMMARY: View = { kind: 'summary' };

/** Asks and shows the answer, with progress until then. Who may ask, and where, was checked before. */
export async function answerQuestion(tools: SlackTools, asking: Asking, place: Place): Promise<void> {
  const asked = await askWithProgress(tools, asking, place);
  if ('refused' in asked) return place.answer(() => say(asked.refused));
  await showAnswer(tools, asked, SUMMARY, place, asking.operator);
}

/** Asks; until the answer is there, `place` shows how far it has come. Rejects when the desk does. */
export async function askWithProgress(
  tools: SlackTools,
  asking: Asking,
  place: Place,
): Promise<Asked | Refusal> {
  const { question, operator, runId } = asking;
  const run = tools.running.begin(runId, operator.userId);
  const over = new AbortController();
  let latest: Progress | undefined;
  const hear = (progress: Progress) => {
    latest = progress;
  };
  try {
    const asked = tools.desk.ask({ question, operator, hear, signal: run.signal });
    const end = () => over.abort();
    asked.then(end, end);
    // Awaited before the answer is shown, so that no late progress takes its place.
    await showProgress(tools, asking, place, over.signal, () => latest);
    return await asked;
  } finally {
    over.abort();
    run.end();
  }
}

async function showProgress(
  tools: SlackTools,
  { question, runId }: Asking,
  place: Place,
  over: AbortSignal,
  latest: () => Progress | undefined,
): Promise<void> {
  const { clock, log } = tools;
  for (const pause of place.pauses()) {
    await clock.sleep(pause, over);
    if (over.aborted) break;
    try {
      const { inPlace } = place;
      await place.progress(drawProgress({ question, runId, progress: latest(), inPlace }));
    } catch (error) {
      log.warn({ error }, 'could not show how far a question has come; its answer still comes');
      break;
    }
  }
}

/** Shows what was found for a question in one of its views. */
export async function showAnswer(
  tools: SlackTools,
  asked: Asked,
  view: View,
  place: Place,
  operator: Operator,
): Promise<void> {
  const open = place.open ? 'investigated' : undefined;
  await place.answer((refused) => drawAsked(tools, asked, view, { open, by: operator.userId, refused }));
}

/** The message for an answer. */
export function drawAsked(
  { desk }: SlackTools,
  asked: Asked,
  view: View,
  look: {
    readonly open: 'shared' | 'investigated' | undefined;
    readonly by: string;
    readonly refused: ReadonlySet<NewBlock>;
  },
): Message {
  const answer = desk.draw(asked, view);
  return drawAnswer(answer, { ...look, id: asked.id, coverage: desk.coverage(answer) });
}
