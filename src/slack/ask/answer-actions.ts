import type { View } from '../../questions/answer.ts';
import type { Question } from '../../questions/question.ts';
import { sayQuestion } from '../../questions/reading/say-question.ts';
import { type Asker, say } from '../asker.ts';
import type { Asked } from '../desk.ts';
import { maskKeys } from '../key-mask.ts';
import type { SlackTools } from '../slack-tools.ts';
import { pushText, sayCount } from '../text.ts';
import { type AnswerValue, nameOf, readAnswerValue } from './answer-buttons.ts';
import { answerQuestion, askWithProgress, drawAsked, SUMMARY, showAnswer } from './ask-flow.ts';
import { besidePlace, type Place, privatePlace } from './place.ts';
import { runIdOf } from './running.ts';

/** One press on a control of an answer or of its progress. */
export interface AnswerPress {
  readonly asker: Asker;
  readonly action: string;
  readonly value: string;
  /** Same for every delivery of this press. */
  readonly pressId: string;
  /** The message that was pressed on is visible to this person alone: the answer takes its place. */
  readonly inPlace: boolean;
}

type Handler = (tools: SlackTools, press: AnswerPress, value: AnswerValue) => Promise<void>;

const HANDLERS: ReadonlyMap<string, Handler> = new Map<string, Handler>([
  ['q_view', look],
  ['q_next', look],
  ['q_previous', look],
  ['q_writes', onlyWrites],
  ['q_share', share],
  ['q_csv', sendCsv],
  ['q_follow_0', follow],
  ['q_follow_1', follow],
  ['q_follow_2', follow],
]);

const FORGOTTEN = 'This answer is not known any more. Ask the question again with /trail.';

/** Does what the button asks; false when it is none of an answer's. */
export async function handleAnswerAction(tools: SlackTools, press: AnswerPress): Promise<boolean> {
  const { action, asker } = press;
  if (action === 'q_cancel') return cancel(tools, press);
  if (/^q_pick_\d$/.test(action)) return pick(tools, press);
  const handler = HANDLERS.get(action);
  const value = readAnswerValue(press.value);
  if (!handler || !value) return false;
  // Whoever sees a button may still not be one who may ask.
  const refused = await tools.gate.refusal(asker);
  if (refused !== undefined) await asker.reply(say(refused));
  else await handler(tools, press, value);
  return true;
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
  const refused = await tools.gate.refusal(asker);
  const question = tools.running.offered(value, Number(action.at(-1)));
  if (refused !== undefined) await asker.reply(say(refused));
  else if (!question) await asker.reply(say('This list is not known any more. Use Investigate this again.'));
  else await ask(tools, press, question);
  return true;
}

/** A question of its own: what was pressed stays, its answer comes below. */
async function ask(tools: SlackTools, press: AnswerPress, question: Question): Promise<void> {
  const { operator } = press.asker;
  await tools.desk.asked(operator, sayQuestion(question));
  const asking = { question, operator, runId: runIdOf(press.pressId) };
  await answerQuestion(tools, asking, besidePlace(press.asker, tools.newBlocks));
}

/** What the button belongs to; when that is forgotten it is asked again. `undefined`: the person was told why not. */
async function recall(
  tools: SlackTools,
  press: AnswerPress,
  id: string,
  place: Place,
): Promise<Asked | undefined> {
  const { asker, pressId } = press;
  const known = await tools.desk.recall(id);
  if (known?.asked) return known.asked;
  if (!known) {
    await asker.reply(say(FORGOTTEN));
    return undefined;
  }
  const asking = { question: known.question, operator: asker.operator, runId: runIdOf(pressId) };
  const asked = await askWithProgress(tools, asking, place);
  if (!('refused' in asked)) return asked;
  await asker.reply(say(asked.refused));
  return undefined;
}

function placeOf(tools: SlackTools, { asker, inPlace }: AnswerPress): Place {
  return inPlace ? privatePlace(asker, tools.newBlocks, true) : besidePlace(asker, tools.newBlocks);
}

/** Timeline, summary, another page. */
async function look(tools: SlackTools, press: AnswerPress, { id, view }: AnswerValue): Promise<void> {
  const place = placeOf(tools, press);
  const asked = await recall(tools, press, id, place);
  if (!asked) return;
  const { operator } = press.asker;
  await tools.desk.asked(operator, `${sayView(view)} of ${sayQuestion(asked.question)}`);
  await showAnswer(tools, asked, view, place, operator);
}

function sayView(view: View): string {
  return view.kind === 'summary' ? 'summary' : `page ${view.page + 1} of the timeline`;
}

async function onlyWrites(tools: SlackTools, press: AnswerPress, { id, view }: AnswerValue): Promise<void> {
  const place = placeOf(tools, press);
  const asked = await recall(tools, press, id, place);
  if (!asked) return;
  const { operator } = press.asker;
  await tools.desk.asked(operator, `writes of ${sayQuestion(asked.question)}`);
  const writes = await tools.desk.narrow(asked, { access: 'writes' });
  const first: View = view.kind === 'summary' ? SUMMARY : { kind: 'timeline', page: 0 };
  await showAnswer(tools, writes, first, place, operator);
}

/** A further question of the answer; only the one that the button was drawn for. */
async function follow(
  tools: SlackTools,
  press: AnswerPress,
  { id, view, choice }: AnswerValue,
): Promise<void> {
  const asked = await recall(tools, press, id, besidePlace(press.asker, tools.newBlocks));
  if (!asked) return;
  const followed = tools.desk.draw(asked, view).follow.find(({ question }) => nameOf(question) === choice);
  if (!followed) return press.asker.reply(say(FORGOTTEN));
  await ask(tools, press, followed.question);
}

/** Posts the answer for everybody in the channel, or in the thread where it was pressed. */
async function share(tools: SlackTools, press: AnswerPress, { id, view }: AnswerValue): Promise<void> {
  const { asker } = press;
  const { operator, channel, thread } = asker;
  if (channel === undefined) return;
  const asked = await recall(tools, press, id, besidePlace(asker, tools.newBlocks));
  if (!asked) return;
  await tools.desk.asked(operator, `share in ${channel}: ${sayQuestion(asked.question)}`);
  await tools.newBlocks.send(
    (refused) => drawAsked(tools, asked, view, { open: 'shared', by: operator.userId, refused }),
    async (message) => {
      const where = { channel, ...(thread === undefined ? {} : { thread_ts: thread }) };
      await tools.client.chat.postMessage({ ...where, ...message, unfurl_links: false, unfurl_media: false });
    },
  );
  await asker.reply(say('Shared: everybody here sees the answer now.'));
}

function sayCalls(count: number): string {
  return count === 1 ? '1 call' : `${sayCount(count)} calls`;
}

/** By direct message only: a file in a channel stays there for whoever joins later. */
async function sendCsv(tools: SlackTools, press: AnswerPress, { id }: AnswerValue): Promise<void> {
  const { asker } = press;
  const { operator } = asker;
  const asked = await recall(tools, press, id, besidePlace(asker, tools.newBlocks));
  if (!asked) return;
  await tools.desk.asked(operator, `CSV of ${sayQuestion(asked.question)}`);
  const { channel } = await tools.client.conversations.open({ users: operator.userId });
  const calls = asked.material.calls.length;
  await tools.client.filesUploadV2({
    ...(channel?.id === undefined ? {} : { channel_id: channel.id }),
    filename: `trailbot-${asked.question.kind}.csv`,
    file: Buffer.from(tools.desk.csv(asked), 'utf8'),
    initial_comment: pushText(maskKeys(`${sayCalls(calls)}: ${sayQuestion(asked.question)}`), 300),
  });
  await asker.reply(say(`The CSV with ${sayCalls(calls)} is in your direct messages with Trailbot.`));
}
