import type { Refusal } from '../../kernel/problem.ts';
import type { View } from '../../questions/answer.ts';
import type { Question } from '../../questions/question.ts';
import { sayQuestion } from '../../questions/reading/say-question.ts';
import { say } from '../asker.ts';
import type { Asked } from '../desk.ts';
import type { SlackTools } from '../slack-tools.ts';
import { admitted } from './admitted.ts';
import { type AnswerValue, nameOf, readAnswerValue } from './answer-buttons.ts';
import type { AnswerPress } from './answer-press.ts';
import { answerQuestion, askWithProgress, SUMMARY, showAnswer } from './ask-flow.ts';
import { besidePlace, type Place, privatePlace } from './place.ts';
import { runIdOf } from './running.ts';
import { sayShare, sendCsv, share } from './send-answer.ts';

/** What one button does with the answer it belongs to. */
interface Task {
  /** As it is written to the audit log; `question` is that of the answer. */
  says(question: string, press: AnswerPress, value: AnswerValue): string;
  /** Where the answer appears, and the progress when it must be asked for again. */
  place(tools: SlackTools, press: AnswerPress): Place;
  run(tools: SlackTools, press: AnswerPress, value: AnswerValue, asked: Asked, place: Place): Promise<void>;
}

const LOOK: Task = {
  says: (question, _, { view }) => `${sayView(view)} of ${question}`,
  place: turned,
  run: look,
};
const FOLLOW: Task = { says: (question) => `follow-up of ${question}`, place: beside, run: follow };

const TASKS: ReadonlyMap<string, Task> = new Map<string, Task>([
  ['q_view', LOOK],
  ['q_next', LOOK],
  ['q_previous', LOOK],
  ['q_writes', { says: (question) => `writes of ${question}`, place: turned, run: onlyWrites }],
  ['q_share', { says: sayShare, place: beside, run: share }],
  ['q_csv', { says: (question) => `CSV of ${question}`, place: beside, run: sendCsv }],
  ['q_follow_0', FOLLOW],
  ['q_follow_1', FOLLOW],
  ['q_follow_2', FOLLOW],
]);

const FORGOTTEN = 'This answer is not known any more. Ask the question again with /trail.';

/** Does what the button asks; false when it is none of an answer's. */
export async function handleAnswerAction(tools: SlackTools, press: AnswerPress): Promise<boolean> {
  const { action } = press;
  if (action === 'q_cancel') return cancel(tools, press);
  if (/^q_pick_\d$/.test(action)) return pick(tools, press);
  const task = TASKS.get(action);
  const value = readAnswerValue(press.value);
  if (!task || !value) return false;
  await perform(tools, press, task, value);
  return true;
}

async function perform(tools: SlackTools, press: AnswerPress, task: Task, value: AnswerValue): Promise<void> {
  const { asker } = press;
  const known = await tools.desk.recall(value.id);
  const question = known ? sayQuestion(known.question) : `answer ${value.id}, not known any more`;
  // Whoever sees a button may still not be one who may ask.
  if (!(await admitted(tools, asker, task.says(question, press, value)))) return;
  if (!known) return asker.reply(say(FORGOTTEN));
  const place = task.place(tools, press);
  const asked = known.asked ?? (await askAgain(tools, press, known.question, place));
  if ('refused' in asked) return asker.reply(say(asked.refused));
  await task.run(tools, press, value, asked, place);
}

async function cancel({ running }: SlackTools, { asker, value }: AnswerPress): Promise<boolean> {
  const result = running.cancel(value, asker.operator.userId);
  if (result === 'not yours') await asker.reply(say('Only the person who asked can cancel the question.'));
  if (result === 'over') await asker.reply(say('This question is not running any more.'));
  return true;
}

/** One of the things that were found in a message. */
async function pick(tools: SlackTools, press: AnswerPress): Promise<boolean> {
  const { asker, value, action } = press;
  const question = tools.running.offered(value, Number(action.at(-1)));
  const what = question ? sayQuestion(question) : 'one of several things in a message, not known any more';
  if (!(await admitted(tools, asker, what))) return true;
  if (question) await ask(tools, press, question);
  else await asker.reply(say('This list is not known any more. Use Investigate this again.'));
  return true;
}

/** A question of its own: what was pressed stays, its answer comes below. */
function ask(tools: SlackTools, press: AnswerPress, question: Question): Promise<void> {
  const asking = { question, operator: press.asker.operator, runId: runIdOf(press.pressId) };
  return answerQuestion(tools, asking, beside(tools, press));
}

/** What a button belongs to was forgotten. */
function askAgain(
  tools: SlackTools,
  { asker, pressId }: AnswerPress,
  question: Question,
  place: Place,
): Promise<Asked | Refusal> {
  return askWithProgress(tools, { question, operator: asker.operator, runId: runIdOf(pressId) }, place);
}

function turned({ newBlocks }: SlackTools, { asker, inPlace }: AnswerPress): Place {
  return inPlace ? privatePlace(asker, newBlocks, true) : besidePlace(asker, newBlocks);
}

function beside({ newBlocks }: SlackTools, { asker }: AnswerPress): Place {
  return besidePlace(asker, newBlocks);
}

/** Timeline, summary, another page. */
function look(
  tools: SlackTools,
  { asker }: AnswerPress,
  { view }: AnswerValue,
  asked: Asked,
  place: Place,
): Promise<void> {
  return showAnswer(tools, asked, view, place, asker.operator);
}

function sayView(view: View): string {
  return view.kind === 'summary' ? 'summary' : `page ${view.page + 1} of the timeline`;
}

async function onlyWrites(
  tools: SlackTools,
  { asker }: AnswerPress,
  { view }: AnswerValue,
  asked: Asked,
  place: Place,
): Promise<void> {
  const { operator } = asker;
  const writes = await tools.desk.narrow(asked, { access: 'writes' }, operator);
  const first: View = view.kind === 'summary' ? SUMMARY : { kind: 'timeline', page: 0 };
  await showAnswer(tools, writes, first, place, operator);
}

/** A further question of the answer; only the one that the button was drawn for. */
async function follow(
  tools: SlackTools,
  press: AnswerPress,
  { view, choice }: AnswerValue,
  asked: Asked,
): Promise<void> {
  const { asker } = press;
  const followed = tools.desk.draw(asked, view).follow.find(({ question }) => nameOf(question) === choice);
  if (!followed) return asker.reply(say(FORGOTTEN));
  await tools.desk.asked(asker.operator, sayQuestion(followed.question));
  await ask(tools, press, followed.question);
}
