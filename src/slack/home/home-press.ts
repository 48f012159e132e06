import type { types } from '@slack/bolt';
import { isObject, type JsonObject, objectOf, textOf } from '../../kernel/json.ts';
import { handleAction } from '../actions.ts';
import type { Message } from '../alert-message.ts';
import { type Asker, isStranger, operatorOf, say } from '../asker.ts';
import type { SlackTools } from '../slack-tools.ts';
import { telling } from '../telling.ts';
import { plain } from '../text.ts';
import { publishHome } from './home.ts';
import { TRY_AGAIN } from './undelivered-part.ts';

/** Whether something on the app's Home was pressed. */
export function isOnHome(body: JsonObject): boolean {
  return objectOf(body, 'view')?.type === 'home';
}

/** Does what a control on the Home asks, and draws the Home anew. The request is already acknowledged. */
export async function answerOnHome(tools: SlackTools, body: JsonObject): Promise<void> {
  const asker = windowAsker(tools, body);
  await telling(tools.log, asker, async () => {
    if (isStranger(body)) return;
    if (pressed(body) === TRY_AGAIN) await tryAgain(tools, asker);
    else await handleAction(tools, body, asker);
    await publishHome(tools, asker.operator);
  });
}

async function tryAgain({ desk }: SlackTools, asker: Asker): Promise<void> {
  const refusal = await desk.home.tryAgain(asker.operator.userId);
  await asker.reply(
    say(refusal?.refused ?? 'It is being tried again. What fails once more comes back to this list.'),
  );
}

function pressed({ actions }: JsonObject): string | undefined {
  const [action] = Array.isArray(actions) ? actions : [];
  return isObject(action) ? textOf(action, 'action_id') : undefined;
}

/** The Home is no conversation: answers open in a window over it, or go to the person's direct messages. */
function windowAsker(tools: SlackTools, body: JsonObject): Asker {
  const direct = directAsker(tools, body);
  const trigger = textOf(body, 'trigger_id');
  let open = false;
  return {
    ...direct,
    async reply(message) {
      if (open || trigger === undefined) return direct.reply(message);
      open = true;
      try {
        await tools.client.views.open({ trigger_id: trigger, view: windowOf(message) });
      } catch {
        // Slack opens nothing three seconds after the press.
        await direct.reply(message);
      }
    },
  };
}

/** Answers by direct message whoever has pressed where there is no conversation. */
export function directAsker({ client }: SlackTools, body: JsonObject): Asker {
  const operator = operatorOf(body);
  return {
    operator,
    channel: undefined,
    thread: undefined,
    left: () => 0,
    async reply(message) {
      const { channel } = await client.conversations.open({ users: operator.userId });
      await client.chat.postMessage({ channel: channel?.id ?? operator.userId, ...message });
    },
  };
}

/** Blocks that a window takes; its controls would have no message to change. */
const TAKEN: ReadonlySet<string> = new Set(['header', 'section', 'rich_text', 'context', 'divider', 'image']);

function windowOf({ text, blocks, attachments = [] }: Message): types.ModalView {
  const all = [...blocks, ...attachments.flatMap((one) => one.blocks)].filter(({ type }) => TAKEN.has(type));
  return {
    type: 'modal',
    title: plain('Trailbot', 24),
    close: plain('Close', 24),
    blocks: all.length > 0 ? (all as types.KnownBlock[]) : [{ type: 'section', text: plain(text, 3000) }],
  };
}
