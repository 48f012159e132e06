import type { WebClient } from '@slack/web-api';
import type { Log } from '../../kernel/log.ts';
import { type Clock, MINUTE, type Millis } from '../../kernel/time.ts';
import type { Asker } from '../asker.ts';
import { classify } from '../classify.ts';
import type { AskedIn, Desk } from '../desk.ts';

/** A channel can be shared with another company at any time. */
const KEPT_FOR: Millis = MINUTE;
const MOST_KEPT = 1000;

/** Who may ask, and where. */
export interface AskGate {
  /** `undefined` when this person may ask here, else one sentence with the remedy. Whatever is not known is a no. */
  refusal(asker: Pick<Asker, 'operator' | 'channel'>): Promise<string | undefined>;
}

/** Asks Slack what kind of channel it is (`conversations.info`, scopes `channels:read` and `groups:read`). */
export function createAskGate(tools: {
  readonly desk: Desk;
  readonly client: WebClient;
  readonly clock: Clock;
  readonly log: Log;
}): AskGate {
  const { desk, client, clock, log } = tools;
  const known = new Map<string, { readonly channel: AskedIn; readonly until: Millis }>();

  async function look(id: string): Promise<AskedIn> {
    // The bot has no scope for direct messages and needs none: nobody else reads them.
    if (id.startsWith('D')) return { id, name: undefined, direct: true, external: false };
    const kept = known.get(id);
    if (kept && kept.until > clock.now()) return kept.channel;
    const { channel } = await client.conversations.info({ channel: id });
    if (typeof channel !== 'object' || channel.id !== id) throw new Error('Slack described another channel');
    const external = channel.is_ext_shared === true || channel.is_pending_ext_shared === true;
    const found = { id, name: channel.name, direct: channel.is_im === true, external };
    known.delete(id);
    const [oldest] = known.keys();
    if (known.size >= MOST_KEPT && oldest !== undefined) known.delete(oldest);
    known.set(id, { channel: found, until: clock.now() + KEPT_FOR });
    return found;
  }

  return {
    async refusal({ operator, channel }) {
      const person = desk.mayAsk(operator.userId);
      if (person !== undefined) return person;
      if (channel === undefined)
        return 'Questions are asked in a channel, or in a direct message to Trailbot.';
      try {
        return desk.mayAskIn(await look(channel));
      } catch (error) {
        log.warn(
          { error, channel },
          'could not ask Slack what kind of channel it is; nothing is answered there',
        );
        return `Trailbot cannot see what kind of channel this is, so it does not answer here (${classify(error).message}). Ask in a channel that the bot was invited to, or in a direct message to it.`;
      }
    },
  };
}
