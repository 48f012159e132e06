import { WebAPIHTTPError } from '@slack/web-api';
import type { Fault } from '../../kernel/problem.ts';
import { sayQuestion } from '../../questions/reading/say-question.ts';
import { type Asker, say } from '../asker.ts';
import type { Asked } from '../desk.ts';
import { maskKeys } from '../key-mask.ts';
import type { SlackTools } from '../slack-tools.ts';
import { pushText, sayCount } from '../text.ts';
import type { AnswerValue } from './answer-buttons.ts';
import type { AnswerPress } from './answer-press.ts';
import { drawAsked } from './ask-flow.ts';
import { sayPartial } from './partial.ts';
import { faultOf, patiently } from './patience.ts';

export function sayShare(question: string, { asker }: AnswerPress): string {
  const { channel, thread } = asker;
  const where = thread === undefined ? channel : `thread ${thread} of ${channel}`;
  return `share in ${where ?? 'no channel'}: ${question}`;
}

const SHARED_ALREADY = 'Somebody has just shared this answer here.';
const PERHAPS_SHARED =
  'Slack did not say whether the answer was posted. Look whether it is here; if it is not, share it again in a minute.';

/** Posts the answer for everybody in the channel, or in the thread where it was pressed. */
export async function share(
  tools: SlackTools,
  { asker }: AnswerPress,
  value: AnswerValue,
  asked: Asked,
): Promise<void> {
  const { channel, thread } = asker;
  if (channel === undefined) return;
  const once = ['share', JSON.stringify(value), channel, thread].join(':');
  if (!tools.running.claim(once, tools.clock.now())) return asker.reply(say(SHARED_ALREADY));
  try {
    await patiently(tools.clock, () => post(tools, asker, value, asked), isNotDone);
  } catch (error) {
    const fault = faultOf(error);
    if (fault?.retryAfter !== undefined && !isNotDone(fault)) return asker.reply(say(PERHAPS_SHARED));
    tools.running.release(once);
    throw error;
  }
  await tellDone(tools, asker, `Shared: everybody here sees the answer now.${noteOn(asked)}`);
}

async function post(tools: SlackTools, asker: Asker, { view }: AnswerValue, asked: Asked): Promise<void> {
  const { operator, channel = '', thread } = asker;
  await tools.newBlocks.send(
    (refused) => drawAsked(tools, asked, view, { open: 'shared', by: operator.userId, refused }),
    async (message) => {
      const where = { channel, ...(thread === undefined ? {} : { thread_ts: thread }) };
      await tools.client.chat.postMessage({ ...where, ...message, unfurl_links: false, unfurl_media: false });
    },
  );
}

/** What everybody reads is posted again only where it surely was not: a status of trouble, not a lost reply. */
function isNotDone({ uncertain, cause }: Fault): boolean {
  return !uncertain || cause instanceof WebAPIHTTPError;
}

/** It is done: that this cannot be told does not make it fail. */
async function tellDone({ clock, log }: SlackTools, asker: Asker, text: string): Promise<void> {
  try {
    await patiently(clock, () => asker.reply(say(text)));
  } catch (error) {
    log.warn({ error }, 'could not tell somebody that an answer was sent');
  }
}

function noteOn({ material }: Asked): string {
  const partial = sayPartial(material.coverage);
  return partial === undefined ? '' : ` It is not complete: ${partial}.`;
}

function sayCalls(count: number): string {
  return count === 1 ? '1 call' : `${sayCount(count)} calls`;
}

/** By direct message only: a file in a channel stays there for whoever joins later. */
export async function sendCsv(
  tools: SlackTools,
  { asker }: AnswerPress,
  _: AnswerValue,
  asked: Asked,
): Promise<void> {
  await patiently(tools.clock, () => upload(tools, asker, asked));
  const calls = sayCalls(asked.material.calls.length);
  const text = `The CSV with ${calls} is in your direct messages with Trailbot.`;
  await tellDone(tools, asker, `${text}${noteOn(asked)}`);
}

/** The file goes on without the message: its name says as well when it lacks something. */
async function upload({ client, desk }: SlackTools, { operator }: Asker, asked: Asked): Promise<void> {
  const { question, material } = asked;
  const { channel } = await client.conversations.open({ users: operator.userId });
  const partial = sayPartial(material.coverage);
  const calls = sayCalls(material.calls.length);
  const what = partial === undefined ? calls : `${calls}, not complete (${partial})`;
  await client.filesUploadV2({
    ...(channel?.id === undefined ? {} : { channel_id: channel.id }),
    filename: `trailbot-${question.kind}${partial === undefined ? '' : '-not-complete'}.csv`,
    file: Buffer.from(desk.csv(asked), 'utf8'),
    initial_comment: pushText(maskKeys(`${what}: ${sayQuestion(question)}`), 300),
  });
}
