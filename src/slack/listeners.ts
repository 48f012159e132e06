import type { App, RespondFn } from '@slack/bolt';
import { isObject, type JsonObject, objectOf, textOf } from '../kernel/json.ts';
import { handleAction } from './actions.ts';
import { investigateMessage } from './ask/investigate.ts';
import { answerMention } from './ask/mention.ts';
import { privatePlace } from './ask/place.ts';
import { type Asker, askerOf, channelOf, isStranger, operatorOf, say, threadOf } from './asker.ts';
import { publishHome } from './home/home.ts';
import { answerOnHome, directAsker, isOnHome } from './home/home-press.ts';
import { INVESTIGATE } from './manifest.ts';
import { teamOf } from './payload.ts';
import type { SlackTools } from './slack-tools.ts';
import { handleSubmission } from './submissions.ts';
import { telling } from './telling.ts';
import { answerTyped } from './trail.ts';

const STRANGER = 'Only people of the workspace that Trailbot belongs to can use it.';
const OLD_SHORTCUT = 'This shortcut is from another version of Trailbot and does nothing here.';

/**
 * One listener for each kind of payload, each dispatching by our own maps: with several listeners for one
 * kind Bolt runs all that match, and the second acknowledgement fails. Each acknowledges first, then works.
 */
export function addListeners(app: App, tools: SlackTools): void {
  const { client, log } = tools;
  const everything = /.*/s;

  app.action(everything, async ({ ack, body, respond }) => {
    await ack();
    const pressed = toJson(body);
    if (isOnHome(pressed)) return answerOnHome(tools, pressed);
    await answering(tools, pressed, respond, (json, asker) => handleAction(tools, json, asker));
  });

  app.command(everything, async ({ ack, body, respond }) => {
    await ack();
    await answering(tools, toJson(body), respond, (json, asker) => answerCommand(tools, json, asker));
  });

  app.shortcut(everything, async ({ ack, body, respond }) => {
    await ack();
    await answering(tools, toJson(body), respond, (json, asker) => handleShortcut(tools, json, asker));
  });

  app.options(everything, async ({ ack }) => {
    await ack({ options: [] });
  });

  app.view({ callback_id: everything, type: 'view_submission' }, async ({ ack, body }) => {
    const json = toJson(body);
    if (isStranger(json)) return ack();
    // A modal is the one thing that is answered by the acknowledgement itself.
    const { answer, channel, work } = await handleSubmission(tools, json);
    await (answer ? ack(answer) : ack());
    if (!work) return;
    const way = { client, clock: tools.clock, channel, thread: undefined, respond: undefined };
    const asker = channel === undefined ? directAsker(tools, json) : askerOf(operatorOf(json), way);
    await telling(log, asker, async () => {
      const refused = await work();
      if (refused !== undefined) await asker.reply(say(refused));
      // Without a channel it was opened on the Home.
      if (channel === undefined) await publishHome(tools, asker.operator);
    });
  });

  app.view({ callback_id: everything, type: 'view_closed' }, async ({ ack }) => {
    await ack();
  });

  app.event(everything, async ({ body }) => {
    try {
      await handleEvent(tools, toJson(body));
    } catch (error) {
      log.error({ error }, 'could not answer an event of Slack');
    }
  });
}

/** Bolt's types name every field of every payload as if it were sure; we look at what really came. */
function toJson(body: unknown): JsonObject {
  return isObject(body) ? body : {};
}

async function answering(
  tools: SlackTools,
  body: JsonObject,
  respond: RespondFn,
  work: (body: JsonObject, asker: Asker) => Promise<void>,
): Promise<void> {
  const { client, clock, log } = tools;
  const way = { client, clock, channel: channelOf(body), thread: threadOf(body) };
  const asker = askerOf(operatorOf(body), { ...way, respond: body.response_url ? respond : undefined });
  return telling(log, asker, () => (isStranger(body) ? asker.reply(say(STRANGER)) : work(body, asker)));
}

async function answerCommand(tools: SlackTools, body: JsonObject, asker: Asker): Promise<void> {
  const deliveryId = `delivery:command:${textOf(body, 'trigger_id') ?? ''}`;
  if (!(await tools.desk.firstTime(deliveryId))) return;
  const place = privatePlace(asker, tools.newBlocks, false);
  await answerTyped(tools, { text: textOf(body, 'text') ?? '', asker, place, deliveryId });
}

async function handleShortcut(tools: SlackTools, body: JsonObject, asker: Asker): Promise<void> {
  if (textOf(body, 'callback_id') !== INVESTIGATE) return asker.reply(say(OLD_SHORTCUT));
  const deliveryId = `delivery:shortcut:${textOf(body, 'trigger_id') ?? ''}`;
  if (!(await tools.desk.firstTime(deliveryId))) return;
  await investigateMessage(tools, body, asker, deliveryId);
}

type EventHandler = (tools: SlackTools, event: JsonObject, body: JsonObject) => Promise<void>;

const EVENTS: ReadonlyMap<string, EventHandler> = new Map([
  ['app_home_opened', openHome],
  ['app_mention', answerMention],
  ['message', answerDirect],
]);

async function handleEvent(tools: SlackTools, body: JsonObject): Promise<void> {
  const event = objectOf(body, 'event') ?? {};
  const handler = EVENTS.get(textOf(event, 'type') ?? '');
  const id = textOf(body, 'event_id');
  if (!handler || (id !== undefined && !(await tools.desk.firstTime(`delivery:event:${id}`)))) return;
  await handler(tools, event, body);
}

async function openHome(tools: SlackTools, event: JsonObject, body: JsonObject): Promise<void> {
  const user = textOf(event, 'user');
  if (user === undefined || textOf(event, 'tab') === 'messages') return;
  const person = { userId: user, teamId: teamOf(body) ?? '', name: user };
  await publishHome(tools, person);
}

/** Plain text in the bot's direct messages is a question as well: nobody else could be meant. */
async function answerDirect(tools: SlackTools, event: JsonObject, body: JsonObject): Promise<void> {
  // Edits, deletions and files come as messages with a subtype.
  if (textOf(event, 'channel_type') !== 'im' || event.subtype !== undefined) return;
  await answerMention(tools, event, body);
}
