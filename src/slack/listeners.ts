import type { App, RespondFn } from '@slack/bolt';
import { SlackError } from '@slack/web-api';
import { isObject, type JsonObject, objectOf, textOf } from '../kernel/json.ts';
import { handleAction, type SlackTools } from './actions.ts';
import { type Asker, askerOf, channelOf, isStranger, say } from './asker.ts';
import { classify } from './classify.ts';
import { drawHome } from './home.ts';
import { handleSubmission } from './submissions.ts';
import { answerTrail } from './trail.ts';

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
    await answering(tools, toJson(body), respond, (json, asker) => handleAction(tools, json, asker));
  });

  app.command(everything, async ({ ack, body, respond }) => {
    await ack();
    await answering(tools, toJson(body), respond, (json, asker) => answerCommand(tools, json, asker));
  });

  app.shortcut(everything, async ({ ack, body, respond }) => {
    await ack();
    await answering(tools, toJson(body), respond, (_, asker) => asker.reply(say(OLD_SHORTCUT)));
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
    const asker = askerOf(json, channel, undefined, client);
    await trying(tools, asker, async () => {
      const refused = await work();
      if (refused !== undefined) await asker.reply(say(refused));
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
  const asker = askerOf(body, channelOf(body), body.response_url ? respond : undefined, tools.client);
  if (isStranger(body)) return trying(tools, asker, () => asker.reply(say(STRANGER)));
  return trying(tools, asker, () => work(body, asker));
}

/** Whatever fails is told to the person, who is waiting. */
async function trying(tools: SlackTools, asker: Asker, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    tools.log.error({ error, user: asker.operator.userId }, 'could not do what somebody asked for in Slack');
    const why =
      error instanceof SlackError
        ? classify(error).message
        : 'something failed inside Trailbot; its log says what';
    await asker.reply(say(`That did not work: ${why}. Please try again.`)).catch((second: unknown) => {
      tools.log.warn({ error: second }, 'could not tell the person either');
    });
  }
}

async function answerCommand(tools: SlackTools, body: JsonObject, asker: Asker): Promise<void> {
  if (!(await tools.desk.firstTime(`delivery:command:${textOf(body, 'trigger_id') ?? ''}`))) return;
  await asker.reply(await answerTrail(tools, textOf(body, 'text') ?? '', asker.operator));
}

type EventHandler = (tools: SlackTools, event: JsonObject) => Promise<void>;

const EVENTS: ReadonlyMap<string, EventHandler> = new Map([['app_home_opened', openHome]]);

async function handleEvent(tools: SlackTools, body: JsonObject): Promise<void> {
  const event = objectOf(body, 'event') ?? {};
  const handler = EVENTS.get(textOf(event, 'type') ?? '');
  const id = textOf(body, 'event_id');
  if (!handler || (id !== undefined && !(await tools.desk.firstTime(`delivery:event:${id}`)))) return;
  await handler(tools, event);
}

async function openHome(tools: SlackTools, event: JsonObject): Promise<void> {
  const user = textOf(event, 'user');
  if (user === undefined || textOf(event, 'tab') === 'messages') return;
  await tools.client.views.publish({ user_id: user, view: await drawHome(tools, user) });
}
