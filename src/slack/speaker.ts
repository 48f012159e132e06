import type { WebClient } from '@slack/web-api';
import { Fault } from '../kernel/problem.ts';
import { SECOND } from '../kernel/time.ts';
import type { Receipt } from '../work/notify.ts';
import type { Draft, Speaker } from '../work/posting.ts';
import type { Message } from './alert-message.ts';
import type { ChannelIds } from './channels.ts';
import { refusalOf } from './classify.ts';
import { findMessage } from './find-message.ts';
import { maskDeep } from './key-mask.ts';
import { withNames } from './notifier.ts';
import type { People } from './people.ts';
import { drawPost } from './posts/drawers.ts';
import { calling, type Paces, takeTurn } from './turns.ts';

/** The message cannot be edited any more. */
const GONE = new Set(['message_not_found', 'cant_update_message', 'edit_window_closed']);

/** Links that are remembered. */
const MOST_LINKS = 1000;

export interface SpeakerTools {
  readonly client: WebClient;
  readonly paces: Paces;
  readonly channels: ChannelIds;
  /** How people are called, for what is said without mentioning them; without it they have no names. */
  readonly people?: People;
}

/** Says and edits posts, at the same pace as alerts. Source: Slack Web API, `chat.postMessage`, `chat.update`. */
export function createSpeaker({ client, paces, channels, people }: SpeakerTools): Speaker {
  const { posts, edits } = paces;
  const direct = new Map<string, string>();
  const links = new Map<string, string>();

  /** Where a post goes: people are reached through their direct messages with the bot. */
  async function channelOf({ post, card, about }: Draft): Promise<string> {
    const place = post.place ?? about?.channel ?? card?.alert.channel ?? '';
    if (!/^[UW][A-Z0-9]+$/.test(place)) return place;
    const known = direct.get(place);
    if (known !== undefined) return known;
    const opened = await calling(edits, 'open', () => client.conversations.open({ users: place }));
    const id = opened.channel?.id;
    if (id === undefined) throw Fault.later('Slack opened a direct message without saying which', SECOND);
    direct.set(place, id);
    return id;
  }

  /** A message's link never changes. */
  async function knownLink(receipt: Receipt): Promise<string | undefined> {
    const key = `${receipt.channel}:${receipt.ts}`;
    const link = links.get(key) ?? (await linkTo(client, receipt));
    if (links.size >= MOST_LINKS) links.clear();
    if (link !== undefined) links.set(key, link);
    return link;
  }

  async function draw({ post, card, about }: Draft): Promise<Message> {
    const link = about && (await knownLink(about));
    const known = card && (await withNames(card, people));
    return maskDeep(drawPost(post.kind, { content: post.content, card: known, link, to: post.place }));
  }

  return {
    async say(draft) {
      const { post, about } = draft;
      const channel = await channelOf(draft);
      // The name under which the alerts of the channel take their turns: both together keep to its pace.
      const lane = post.place ?? draft.card?.alert.channel ?? channel;
      takeTurn(posts, lane);
      // Only now: drawing asks Slack for a link, and whoever waits for a turn comes back many times.
      const message = await draw(draft);
      const thread = post.inThread && about ? { thread_ts: about.ts, reply_broadcast: post.broadcast } : {};
      const answer = await calling(posts, lane, () =>
        client.chat.postMessage({
          ...message,
          ...thread,
          channel,
          metadata: { event_type: 'trail_post', event_payload: { intent: post.id } },
          unfurl_links: false,
          unfurl_media: false,
        }),
      );
      if (!answer.ts)
        throw Fault.later('Slack took a message without saying which', SECOND, { uncertain: true });
      return { channel: answer.channel ?? channel, ts: answer.ts };
    },

    async redraw(draft, receipt) {
      takeTurn(edits, 'edits');
      const message = await draw(draft);
      try {
        await calling(edits, 'edits', () => client.chat.update({ ...receipt, ...message }));
        return 'updated';
      } catch (error) {
        if (error instanceof Fault && GONE.has(refusalOf(error.cause) ?? '')) return 'gone';
        throw error;
      }
    },

    async findPost(draft, since) {
      const { post, about } = draft;
      const channel = await channels.idOf(await channelOf(draft));
      return findMessage(client, channel, post.id, since, post.inThread ? about?.ts : undefined);
    },
  };
}

/** Nothing where Slack will not say: a page without a link is still a page. */
export async function linkTo(client: WebClient, { channel, ts }: Receipt): Promise<string | undefined> {
  try {
    return (await client.chat.getPermalink({ channel, message_ts: ts })).permalink;
  } catch {
    return undefined;
  }
}
