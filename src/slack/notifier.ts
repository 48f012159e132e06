import type { WebClient } from '@slack/web-api';
import type { Log } from '../kernel/log.ts';
import { Fault } from '../kernel/problem.ts';
import { SECOND } from '../kernel/time.ts';
import type { Card, Notifier } from '../work/notify.ts';
import { drawAlert, hasTwin, type Message } from './alert-message.ts';
import type { ChannelIds } from './channels.ts';
import { refusalOf } from './classify.ts';
import { findMessage } from './find-message.ts';
import type { People } from './people.ts';
import { drawReminder } from './reminder.ts';
import { calling, type Paces, takeTurn } from './turns.ts';

/** The message cannot be edited any more: the remedy is a new one. */
const GONE = new Set(['message_not_found', 'cant_update_message', 'edit_window_closed']);
/** Slack knows a block of the message not, or not there. */
const REFUSED_BLOCKS = new Set(['invalid_blocks', 'invalid_blocks_format', 'invalid_attachments']);

export interface NotifierTools {
  /** Without retries of its own, and rejecting when rate limited: a retried post could be a second alert. */
  readonly client: WebClient;
  /** The same for everything that posts. */
  readonly paces: Paces;
  readonly channels: ChannelIds;
  /** Names of those who are paged; without it only those who ever pressed something have one. */
  readonly people?: Pick<People, 'named'> | undefined;
  readonly log: Log;
}

/**
 * Posts, edits and finds alert messages. It keeps Slack's pace (one post a second and channel after a short burst; edits 50 a
 * minute) by throwing `Fault.later` with the time to wait.
 */
export function createNotifier(tools: NotifierTools): Notifier {
  const { client, channels } = tools;
  const { posts, edits } = tools.paces;
  const drawer = createDrawer(tools.log);
  const draw: typeof drawer = async (card, send) => drawer(await withNames(card, tools.people), send);

  return {
    async post(card, intent) {
      const { channel } = card.alert;
      const metadata = {
        event_type: 'trail_alert',
        event_payload: { alert_id: card.alert.id, intent },
      };
      takeTurn(posts, channel);
      const answer = await draw(card, (message) =>
        calling(posts, channel, () =>
          client.chat.postMessage({
            channel,
            ...message,
            metadata,
            unfurl_links: false,
            unfurl_media: false,
          }),
        ),
      );
      if (!answer.ts)
        throw Fault.later('Slack took a message without saying which', SECOND, { uncertain: true });
      if (answer.channel) channels.learn(channel, answer.channel);
      return { channel: answer.channel ?? channel, ts: answer.ts };
    },

    async update(card, receipt) {
      takeTurn(edits, 'edits');
      try {
        // Without metadata Slack keeps what the message carries.
        await draw(card, (message) =>
          calling(edits, 'edits', () => client.chat.update({ ...receipt, ...message })),
        );
        return 'updated';
      } catch (error) {
        if (error instanceof Fault && GONE.has(refusalOf(error.cause) ?? '')) return 'gone';
        throw error;
      }
    },

    async remind({ alert }, receipt, why, note) {
      takeTurn(posts, alert.channel);
      await calling(posts, alert.channel, () =>
        client.chat.postMessage({
          ...drawReminder(alert, why, note),
          channel: receipt.channel,
          thread_ts: receipt.ts,
          // What is over need not disturb the channel.
          reply_broadcast: why !== 'over',
          unfurl_links: false,
          unfurl_media: false,
        }),
      );
    },

    find: async (channel, intent, since) => findMessage(client, await channels.idOf(channel), intent, since),
  };
}

/** A push shows no mentions, so whoever is paged needs a name. */
export async function withNames(card: Card, people: NotifierTools['people']): Promise<Card> {
  const { chain, names } = card;
  const paged = chain?.state === 'running' ? [...chain.paged, ...(chain.next?.who ?? [])] : [];
  const unknown = people ? paged.filter((id) => !names.has(id)) : [];
  if (unknown.length === 0 || !people) return card;
  const known = new Map(names);
  for (const userId of unknown) {
    const { name } = await people.named({ userId, teamId: '', name: userId });
    if (name !== userId) known.set(userId, name);
  }
  return { ...card, names: known };
}

/** Draws and sends; a workspace that refuses the newer blocks gets the classic twin, from then on at once. */
function createDrawer(log: Log) {
  let classicOnly = false;
  return async <T>(card: Card, send: (message: Message) => Promise<T>): Promise<T> => {
    try {
      return await send(drawAlert(card, { classic: classicOnly }));
    } catch (error) {
      const name = error instanceof Fault ? (refusalOf(error.cause) ?? '') : '';
      if (classicOnly || !hasTwin(card) || !REFUSED_BLOCKS.has(name)) throw error;
      log.warn({ error, alert: card.alert.id }, 'Slack refused a table; the message goes out as a list');
      classicOnly = true;
      return send(drawAlert(card, { classic: true }));
    }
  };
}
