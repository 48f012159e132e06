import { RespondError } from '@slack/bolt';
import type { WebClient } from '@slack/web-api';
import type { Operator } from '../alerts/alert.ts';
import { isObject, type JsonObject, objectOf, parseJson, textOf } from '../kernel/json.ts';
import { type Clock, MINUTE, type Millis } from '../kernel/time.ts';
import type { Message } from './alert-message.ts';
import { teamOf } from './payload.ts';
import { pushText, richText, sentence } from './text.ts';

/** Who pressed or typed, where, and the way to answer that person alone. */
export interface Asker {
  readonly operator: Operator;
  /** Absent on the app's Home. */
  readonly channel: string | undefined;
  /** The thread in which it happened. */
  readonly thread: string | undefined;
  /** `replace`: instead of the ephemeral message that was pressed on, or that was sent before. */
  reply(message: Message, replace?: boolean): Promise<void>;
  /** How many more replies can replace something. */
  left(): number;
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

/** The thread in which it happened; `undefined` outside of threads. */
export function threadOf(body: JsonObject): string | undefined {
  const message = objectOf(body, 'message') ?? {};
  const container = objectOf(body, 'container') ?? {};
  const thread = textOf(container, 'thread_ts') ?? textOf(message, 'thread_ts');
  const own = textOf(container, 'message_ts') ?? textOf(message, 'ts');
  return thread === own ? undefined : thread;
}

type Respond = (
  answer: Message & { response_type: 'ephemeral'; replace_original: boolean; thread_ts?: string },
) => Promise<{ text(): Promise<string> }>;

/** What a response_url is good for. Source: Slack, "Handling user interaction", response_url. */
const MOST_USES = 5;
const GOOD_FOR: Millis = 29 * MINUTE;

/** Where an asker's answers go. */
export interface Way {
  readonly client: WebClient;
  readonly clock: Clock;
  readonly channel: string | undefined;
  readonly thread: string | undefined;
  /** Sends to the request's own address, where it has one. */
  readonly respond: Respond | undefined;
}

/** Answers by the request's own address as long as it is good, else by an ephemeral message in the channel. */
export function askerOf(operator: Operator, way: Way): Asker {
  const { client, clock, channel, thread, respond } = way;
  const inThread = thread === undefined ? {} : { thread_ts: thread };
  const since = clock.now();
  let uses = 0;
  const left = () => (respond && clock.now() - since < GOOD_FOR ? MOST_USES - uses : 0);
  return {
    operator,
    channel,
    thread,
    left,
    async reply(message, replace = false) {
      if (respond && left() > 0) {
        uses += 1;
        try {
          const whole = {
            ...message,
            ...inThread,
            response_type: 'ephemeral',
            replace_original: replace,
          } as const;
          refuse(await (await respond(whole)).text());
          return;
        } catch (error) {
          if (!isOver(error) || channel === undefined) throw error;
          uses = MOST_USES;
        }
      }
      if (channel === undefined) return;
      await client.chat.postEphemeral({ channel, user: operator.userId, ...message, ...inThread });
    },
  };
}

const USED_UP = new Set(['used_url', 'expired_url']);

/** Slack says some refusals with status 200 and JSON, as the Web API does. */
function refuse(answer: string): void {
  const json = parseJson(answer);
  if (!isObject(json) || json.ok !== false) return;
  const name = textOf(json, 'error') ?? 'unknown_error';
  throw new RespondError(`Slack refused: ${name}`, USED_UP.has(name) ? 404 : 400);
}

/** The address was used up, or is too old, although our own count says otherwise (another process used it). */
function isOver(error: unknown): boolean {
  return error instanceof RespondError && (error.statusCode === 404 || error.statusCode === 410);
}
