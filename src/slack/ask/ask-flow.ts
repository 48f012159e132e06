import type { Operator } from '../../alerts/alert.ts';
import type { Refusal } from '../../kernel/problem.ts';
import type { Progress, View } from '../../questions/answer.ts';
import type { Question } from '../../questions/question.ts';
import type { Message } from '../alert-message.ts';
import { say } from '../asker.ts';
import type { Asked } from '../desk.ts';
import type { SlackTools } from '../slack-tools.ts';
import { type AnswerLook, drawAnswer, drawLost } from './answer-message.ts';
import { faultOf, patiently } from './patience.ts';
import type { Place } from './place.ts';
import { drawProgress } from './progress-message.ts';
import { MOST_AT_ONCE } from './running.ts';

/** A question, who asks it, and the name of this asking. */
export interface Asking {
  readonly question: Question;
  readonly operator: Operator;
  /** Carried by the Cancel button. */
  readonly runId: string;
}

export const SUMMARY: View = { kind: 'summary' };

const TOO_MANY = `You have ${MOST_AT_ONCE} questions running, and that is the most that one person may have at once. Wait for one of them, or cancel one.`;
const NO_ANSWER = 'This question could not be answered. Whoever asked was told why.';

/** Asks and shows the answer, with progress until then. Who may ask, and where, was checked before. */
export async function answerQuestion(tools: SlackTools, asking: Asking, place: Place): Promise<void> {
  const asked = await askWithProgress(tools, asking, place);
  if ('refused' in asked) return patiently(tools.clock, () => place.answer(() => say(asked.refused)));
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
  if (!run) return { refused: TOO_MANY };
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
  } catch (error) {
    await dropProgress(tools, place);
    throw error;
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

async function dropProgress({ clock, log }: SlackTools, place: Place): Promise<void> {
  try {
    await patiently(clock, async () => place.drop?.(say(NO_ANSWER)));
  } catch (error) {
    log.warn({ error }, 'a question failed, and its progress could not be taken away');
  }
}

/** Shows what was found for a question in one of its views; where Slack does not take it, a way to see it later. */
export async function showAnswer(
  tools: SlackTools,
  asked: Asked,
  view: View,
  place: Place,
  operator: Operator,
): Promise<void> {
  const { clock, log } = tools;
  const open = place.open ? ('investigated' as const) : undefined;
  const look = { open, by: operator.userId, sharing: place.sharing };
  try {
    await patiently(clock, () =>
      place.answer((refused) => drawAsked(tools, asked, view, { ...look, refused })),
    );
  } catch (error) {
    log.error({ error, id: asked.id }, 'could not show an answer');
    const why = faultOf(error)?.message ?? 'something failed inside Trailbot; its log says what';
    await patiently(clock, () => place.answer(() => drawLost(asked.id, view, why)));
  }
}

/** The message for an answer. */
export function drawAsked(
  { desk }: SlackTools,
  asked: Asked,
  view: View,
  look: Pick<AnswerLook, 'open' | 'by' | 'sharing' | 'refused'>,
): Message {
  const answer = desk.draw(asked, view);
  const writes = asked.material.calls.some(({ readOnly }) => readOnly !== true);
  return drawAnswer(answer, { ...look, id: asked.id, coverage: desk.coverage(answer), writes });
}
