import { WebAPIPlatformError, type WebClient } from '@slack/web-api';
import type { Operator } from '../../alerts/alert.ts';
import type { Log } from '../../kernel/log.ts';
import { type Clock, MINUTE, type Millis } from '../../kernel/time.ts';
import type { Asker } from '../asker.ts';
import { classify, refusalOf } from '../classify.ts';
import type { AskedIn, Desk } from '../desk.ts';
import type { People } from '../people.ts';

/** A channel can be shared with another company at any time. */
const KEPT_FOR: Millis = MINUTE;
const MOST_KEPT = 1000;

/** Who may ask, and where. Whatever is not known is a no. */
export interface AskGate {
  /** `undefined` when this person may ask here, else one sentence with the remedy. */
  refusal(asker: Pick<Asker, 'operator' | 'channel'>): Promise<string | undefined>;
  /** The same wherever it is: for what belongs to an alert that stands there anyway. */
  refusalOf(operator: Operator): Promise<string | undefined>;
}

export interface AskGateTools {
  readonly desk: Desk;
  readonly client: WebClient;
  readonly people: People;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Asks Slack who is a guest (`users.info`) and what kind of channel it is (`conversations.info`, scopes
 * `channels:read` and `groups:read`).
 */
export function createAskGate(tools: AskGateTools): AskGate {
  const { desk, people, log } = tools;
  const look = createLook(tools);

  async function person(operator: Operator): Promise<string | undefined> {
    const { userId } = operator;
    const refused = await desk.mayAsk(userId);
    const asGuest = await desk.mayAsk(userId, true);
    // Whoever is named may ask, whatever Slack says.
    if (refused !== undefined || asGuest === undefined) return refused;
    try {
      return (await people.isGuest(operator)) ? asGuest : undefined;
    } catch (error) {
      log.warn(
        { error, user: userId },
        'could not ask Slack whether somebody is a guest; nothing is answered',
      );
      return `Trailbot cannot see whether you are a guest here, so it does not answer (${classify(error).message}). Try again in a minute.`;
    }
  }

  async function place(channel: string | undefined, userId: string): Promise<string | undefined> {
    if (channel === undefined) return 'Questions are asked in a channel, or in a direct message to Trailbot.';
    try {
      return desk.mayAskIn(await look(channel, userId));
    } catch (error) {
      log.warn(
        { error, channel },
        'could not ask Slack what kind of channel it is; nothing is answered there',
      );
      return `Trailbot cannot see what kind of channel this is, so it does not answer here (${classify(error).message}). Ask in a channel that the bot was invited to, or in a direct message to it.`;
    }
  }

  return {
    refusalOf: person,
    refusal: async ({ operator, channel }) =>
      (await person(operator)) ?? (await place(channel, operator.userId)),
  };
}

/** What kind of conversation it is, as Slack says; rejects where it does not. Remembered for a minute. */
function createLook({ client, clock }: AskGateTools) {
  const known = new Map<string, { readonly channel: AskedIn; readonly until: Millis }>();
  return async (id: string, userId: string): Promise<AskedIn> => {
    const key = `${id} ${userId}`;
    const kept = known.get(key);
    if (kept && kept.until > clock.now()) return kept.channel;
    const channel = id.startsWith('D') ? await lookAtDirect(client, id, userId) : await lookAt(client, id);
    known.delete(key);
    const [oldest] = known.keys();
    if (known.size >= MOST_KEPT && oldest !== undefined) known.delete(oldest);
    known.set(key, { channel, until: clock.now() + KEPT_FOR });
    return channel;
  };
}

/** People can type `/trail` in any direct message. Which one is the bot's needs no scope to read any: `im:write` does. */
async function lookAtDirect(client: WebClient, id: string, userId: string): Promise<AskedIn> {
  const { channel } = await client.conversations.open({ users: userId });
  return { id, name: undefined, kind: channel?.id === id ? 'direct' : 'between people' };
}

async function lookAt(client: WebClient, id: string): Promise<AskedIn> {
  try {
    const { channel } = await client.conversations.info({ channel: id });
    if (typeof channel !== 'object' || channel.id !== id) throw new Error('Slack described another channel');
    if (channel.is_mpim) return { id, name: undefined, kind: 'group' };
    const external = channel.is_ext_shared === true || channel.is_pending_ext_shared === true;
    return { id, name: channel.name, kind: external ? 'external' : 'channel' };
  } catch (error) {
    if (isOfGroup(error)) return { id, name: undefined, kind: 'group' };
    throw error;
  }
}

/** The bot has no scope for messages of several people: that this one is missing tells what it is. */
function isOfGroup(error: unknown): boolean {
  if (refusalOf(error) !== 'missing_scope' || !(error instanceof WebAPIPlatformError)) return false;
  const needed = 'needed' in error.data ? String(error.data.needed).split(',') : [];
  return needed.includes('mpim:read') && !needed.includes('channels:read') && !needed.includes('groups:read');
}
