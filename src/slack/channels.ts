import type { WebClient } from '@slack/web-api';
import { Fault } from '../kernel/problem.ts';
import { classify } from './classify.ts';

const PAGE = 200;
const PAGES = 50;

/** Channel ids by name: people configure `#security-alerts`, and only posting takes a name. */
export interface ChannelIds {
  /** Slack's answer to a post said that this name is that id. */
  learn(channel: string, id: string): void;
  /** Throws a Fault when Slack does not know the name, or may not say. */
  idOf(channel: string): Promise<string>;
}

export function createChannelIds(client: WebClient): ChannelIds {
  const known = new Map<string, string>();

  async function search(name: string): Promise<string | undefined> {
    let cursor: string | undefined;
    for (let page = 0; page < PAGES; page++) {
      const answer = await client.conversations.list({
        types: 'public_channel,private_channel',
        exclude_archived: true,
        limit: PAGE,
        ...(cursor ? { cursor } : {}),
      });
      const found = answer.channels?.find((channel) => channel.name === name);
      if (found?.id) return found.id;
      cursor = answer.response_metadata?.next_cursor;
      if (!cursor) return undefined;
    }
    return undefined;
  }

  return {
    learn(channel, id) {
      if (channel.startsWith('#')) known.set(channel, id);
    },
    async idOf(channel) {
      const id = channel.startsWith('#') ? known.get(channel) : channel;
      if (id !== undefined) return id;
      let found: string | undefined;
      try {
        found = await search(channel.slice(1));
      } catch (error) {
        throw classify(error);
      }
      if (found === undefined) throw Fault.never(`Slack shows no channel ${channel} to this app`);
      known.set(channel, found);
      return found;
    },
  };
}
