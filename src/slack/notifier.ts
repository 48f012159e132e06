import { WebAPIRateLimitedError, type WebClient } from '@slack/web-api';
import type { Log } from '../kernel/log.ts';
import { Fault } from '../kernel/problem.ts';
import { type Clock, type Millis, SECOND } from '../kernel/time.ts';
import type { Card, Notifier, Receipt } from '../work/notify.ts';
import { drawAlert, hasTwin, type Message } from './alert-message.ts';
import { createChannelIds } from './channels.ts';
import { classify, refusalOf } from './classify.ts';
import { createPace, type Pace } from './pace.ts';
import { drawReminder } from './reminder.ts';

/** The message cannot be edited any more: the remedy is a new one. */
const GONE = new Set(['message_not_found', 'cant_update_message', 'edit_window_closed']);
/** Slack knows a block of the message not, or not there. */
const REFUSED_BLOCKS = new Set(['invalid_blocks', 'invalid_blocks_format', 'invalid_attachments']);
/** Slack tolerates short bursts in a channel: an incident of a few alerts should not trickle in. */
const BURST = 8;
/** Slack's page size, and how far back a lost message is looked for. */
const PAGE = 200;
const PAGES = 50;

export interface NotifierTools {
  /** Without retries of its own, and rejecting when rate limited: a retried post could be a second alert. */
  readonly client: WebClient;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Posts, edits and finds alert messages. It keeps Slack's pace (one post a second and channel after a short burst; edits 50 a
 * minute) by throwing `Fault.later` with the time to wait.
 */
export function createNotifier(tools: NotifierTools): Notifier {
  const { client } = tools;
  const posts = createPace(tools.clock, SECOND, BURST);
  const edits = createPace(tools.clock, 1200, 20);
  const draw = createDrawer(tools.log);
  const channels = createChannelIds(client);

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

function takeTurn(pace: Pace, key: string): void {
  const wait = pace.take(key);
  if (wait > 0) throw Fault.later('waiting for the next turn, to keep to the pace of Slack', wait);
}

/** Throws nothing but Faults, and remembers what Slack's Retry-After says. */
async function calling<T>(pace: Pace, key: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    const fault = classify(error);
    if (error instanceof WebAPIRateLimitedError) pace.hold(key, fault.retryAfter ?? SECOND);
    throw fault;
  }
}

async function findMessage(
  client: WebClient,
  channel: string,
  intent: string,
  since: Millis,
): Promise<Receipt | undefined> {
  const oldest = (since / SECOND).toFixed(6);
  let cursor: string | undefined;
  for (let page = 0; page < PAGES; page++) {
    const answer = await history(client, channel, oldest, cursor);
    const found = answer.messages?.find((message) => carries(message, intent));
    if (found?.ts) return { channel, ts: found.ts };
    cursor = answer.response_metadata?.next_cursor;
    if (!cursor) return undefined;
  }
  return undefined;
}

async function history(client: WebClient, channel: string, oldest: string, cursor: string | undefined) {
  try {
    return await client.conversations.history({
      channel,
      oldest,
      inclusive: true,
      include_all_metadata: true,
      limit: PAGE,
      ...(cursor ? { cursor } : {}),
    });
  } catch (error) {
    throw classify(error);
  }
}

function carries(
  message: { metadata?: { event_type?: string; event_payload?: object } },
  intent: string,
): boolean {
  const payload = message.metadata?.event_payload;
  return payload !== undefined && 'intent' in payload && payload.intent === intent;
}
