import type { WebClient } from '@slack/web-api';
import { Fault } from '../kernel/problem.ts';
import { classify } from './classify.ts';

const PAGE = 200;
const PAGES = 50;

/** What is looked at of a channel. */
export interface Channel {
  readonly id?: string;
  readonly is_member?: boolean;
  readonly is_archived?: boolean;
}

/** Channel ids by name: people configure `#security-alerts`, and only posting takes a name. */
export interface ChannelIds {
  /** Slack's answer to a post said that this name is that id. */
  learn(channel: string, id: string): void;
  /** Throws a Fault when Slack does not know the name, or may not say. */
  idOf(channel: string): Promise<string>;
}

/** The channel with a name, without its `#`, as far as Slack shows it to the app. Source: Slack Web API, `conversations.list`. */
export async function findChannel(
  client: WebClient,
  name: string,
  options: { readonly exclude_archived?: boolean } = {},
): Promise<Channel | undefined> {
  let cursor: string | undefined;
  for (let page = 0; page < PAGES; page++) {
    const answer = await client.conversations.list({
      types: 'public_channel,private_channel',
      limit: PAGE,
      ...options,
      ...(cursor ? { cursor } : {}),
    });
    const found = answer.channels?.find((channel) => channel.name === name);
    if (found?.id) return found;
    cursor = answer.response_metadata?.next_cursor;
    if (!cursor) return undefined;
  }
  return undefined;
}

export function createChannelIds(client: WebClient): ChannelIds {
  const known = new Map<string, string>();

  return {
    learn(channel, id) {
      if (channel.startsWith('#')) known.set(channel, id);
    },
    async idOf(channel) {
      const id = channel.startsWith('#') ? known.get(channel) : channel;
      if (id !== undefined) return id;
      let found: string | undefined;
      try {
        found = (await findChannel(client, channel.slice(1), { exclude_archived: true }))?.id;
      } catch (error) {
        throw classify(error);
      }
      if (found === undefined) throw Fault.never(`Slack shows no channel ${channel} to this app`);
      known.set(channel, found);
      return found;
    },
  };
}
