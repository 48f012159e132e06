import { isObject, type JsonObject, objectOf, textOf } from '../../kernel/json.ts';
import { sayQuestion } from '../../questions/reading/say-question.ts';
import { findThings, questionAbout } from '../../questions/reading/things.ts';
import type { Message } from '../alert-message.ts';
import { type Asker, say } from '../asker.ts';
import { alertIn } from '../buttons.ts';
import type { SlackTools } from '../slack-tools.ts';
import { pushText, richText, words } from '../text.ts';
import { admitted } from './admitted.ts';
import { button } from './answer-buttons.ts';
import { shown } from './answer-spans.ts';
import { answerQuestion } from './ask-flow.ts';
import { besidePlace, type Place } from './place.ts';
import { runIdOf } from './running.ts';
import { asTyped } from './typed.ts';

/** Things that one message offers to look into. */
const MOST_OFFERED = 8;
/** Enough for a long message with attachments; Slack's own limit is 40,000. */
const MOST_READ = 60_000;

const NOTHING =
  'Nothing to investigate was found in this message. It looks for access keys, ARNs, addresses, instance ids, event ids and e-mail addresses.';

/** A question about one alert: who asks, and where the answer goes. */
interface AboutAlert {
  readonly asker: Asker;
  readonly alertId: string;
  readonly runId: string;
  readonly place: Place;
}

/** The *Investigate* button of an alert: its key, actor or address around the time of the alert. */
export async function investigateAlert(
  tools: SlackTools,
  { asker, alertId, runId, place }: AboutAlert,
): Promise<void> {
  const found = await tools.desk.subjectOf(alertId);
  const what = 'refused' in found ? 'nothing to look into' : sayQuestion(found);
  if (!(await admitted(tools, asker, `investigate ${alertId}: ${what}`))) return;
  if ('refused' in found) return asker.reply(say(found.refused));
  await answerQuestion(tools, { question: found, operator: asker.operator, runId }, place);
}

/** *Why did it alert?*: what the rules in force say of the event that opened the alert. */
export async function explainAlert(
  tools: SlackTools,
  { asker, alertId, runId, place }: AboutAlert,
): Promise<void> {
  const question = tools.desk.read(`explain ${alertId}`);
  if ('mistake' in question) return asker.reply(say(question.mistake));
  if (!(await admitted(tools, asker, sayQuestion(question)))) return;
  await answerQuestion(tools, { question, operator: asker.operator, runId }, place);
}

/** The message shortcut *Investigate this*: what the message names is looked into, for the asker alone. */
export async function investigateMessage(
  tools: SlackTools,
  body: JsonObject,
  asker: Asker,
  deliveryId: string,
): Promise<void> {
  const runId = runIdOf(deliveryId);
  const place = besidePlace(asker, tools.newBlocks);
  // What an alert says shows no whole key.
  const alertId = alertIn(body);
  if (alertId !== undefined) return investigateAlert(tools, { asker, alertId, runId, place });
  const message = objectOf(body, 'message') ?? {};
  const now = tools.clock.now();
  const things = findThings(textIn(message)).slice(0, MOST_OFFERED);
  const questions = things.map((thing) => questionAbout(thing, now));
  const where = `message ${textOf(message, 'ts') ?? 'unknown'} in ${asker.channel ?? 'no channel'}`;
  const what = questions.map(sayQuestion).join(', ') || 'nothing to look into';
  if (!(await admitted(tools, asker, `investigate ${where}: ${what}`))) return;
  const [only, ...others] = questions;
  if (!only) return asker.reply(say(NOTHING));
  if (others.length > 0) {
    tools.running.offer(runId, questions);
    const values = things.map(({ value }) => value);
    return asker.reply(drawOffer(runId, values));
  }
  await answerQuestion(tools, { question: only, operator: asker.operator, runId }, place);
}

function drawOffer(id: string, values: readonly string[]): Message {
  const text = 'Several things are named in this message. Which one?';
  const buttons = values.map((value, at) => button(`q_pick_${at}`, shown(value, 60) || '–', id));
  return {
    text: pushText(text),
    blocks: [richText([[words(text)]]), { type: 'actions', elements: buttons }],
  };
}

/** Members of a message whose text people see; ids and addresses of pictures are nothing to look into. */
const TOLD = new Set(['text', 'fallback', 'pretext', 'title', 'value', 'footer', 'author_name']);

/** All that the message says: its text, its blocks, its attachments. */
function textIn(message: JsonObject): string {
  const found: string[] = [];
  let length = 0;
  const open: unknown[] = [message.attachments, message.blocks];
  const add = (text: string) => {
    if (length > MOST_READ) return;
    length += text.length;
    found.push(asTyped(text));
  };
  add(textOf(message, 'text') ?? '');
  while (open.length > 0) {
    const value = open.pop();
    if (Array.isArray(value)) open.push(...[...value].reverse());
    if (!isObject(value)) continue;
    // A control says what it does, not what happened.
    if (typeof value.action_id === 'string') continue;
    for (const [key, member] of Object.entries(value)) {
      if (typeof member !== 'string') open.push(member);
      else if (TOLD.has(key)) add(member);
    }
  }
  return found.join('\n').slice(0, MOST_READ);
}
