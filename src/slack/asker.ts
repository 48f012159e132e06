import type { WebClient } from '@slack/web-api';
import type { Operator } from '../alerts/alert.ts';
import { type JsonObject, objectOf, textOf } from '../kernel/json.ts';
import type { Message } from './alert-message.ts';
import { teamOf } from './payload.ts';
import { pushText, richText, sentence } from './text.ts';

/** Who pressed or typed, where, and the way to answer that person alone. */
export interface Asker {
  readonly operator: Operator;
  /** Absent on the app's Home. */
  readonly channel: string | undefined;
  /** `replace`: instead of the (ephemeral) message that was pressed on. */
  reply(message: Message, replace?: boolean): Promise<void>;
}

/**
 * A sentence of the bot; `<@U…>` in it are people, shown as mentions. The text beside the blocks, which a screen
 * reader reads, cannot name them and must not spell out the markup.
 */
export function say(text: string): Message {
  const leaves = sentence(text);
  const spoken = leaves.map((leaf) => (leaf.type === 'text' ? leaf.text : 'somebody')).join('');
  return { text: pushText(spoken, 300), blocks: [richText([leaves])] };
}

/** The person, from an interaction or a slash command. */
export function operatorOf(body: JsonObject): Operator {
  const user = objectOf(body, 'user') ?? {};
  const userId = textOf(user, 'id') ?? textOf(body, 'user_id') ?? '';
  const name = textOf(user, 'username') ?? textOf(user, 'name') ?? textOf(body, 'user_name') ?? userId;
  return { userId, teamId: textOf(user, 'team_id') ?? teamOf(body) ?? '', name };
}

/** Someone of another company, in a channel that both share. */
export function isStranger(body: JsonObject): boolean {
  return operatorOf(body).teamId !== teamOf(body);
}

/** The conversation in which it happened, or that a modal was opened from. */
export function channelOf(body: JsonObject): string | undefined {
  const container = objectOf(body, 'container') ?? {};
  return (
    textOf(objectOf(body, 'channel') ?? {}, 'id') ??
    textOf(container, 'channel_id') ??
    textOf(body, 'channel_id')
  );
}

type Respond = (
  answer: Message & { response_type: 'ephemeral'; replace_original: boolean },
) => Promise<unknown>;

/** Answers by the request's own address where it has one, else by an ephemeral message in the channel. */
export function askerOf(
  body: JsonObject,
  channel: string | undefined,
  respond: Respond | undefined,
  client: WebClient,
): Asker {
  const operator = operatorOf(body);
  return {
    operator,
    channel,
    async reply(message, replace = false) {
      if (respond) {
        await respond({ ...message, response_type: 'ephemeral', replace_original: replace });
      } else if (channel !== undefined) {
        await client.chat.postEphemeral({ channel, user: operator.userId, ...message });
      }
    },
  };
}
