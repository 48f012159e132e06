import type { WebClient } from '@slack/web-api';
import { type Millis, SECOND } from '../kernel/time.ts';
import type { Receipt } from '../work/notify.ts';
import { classify } from './classify.ts';

/** Slack's page size, and how far back a lost message is looked for. */
const PAGE = 200;
const PAGES = 50;

/** The message of the channel, or of the thread in it, whose metadata carries `intent`. Throws Faults. */
export async function findMessage(
  client: WebClient,
  channel: string,
  intent: string,
  since: Millis,
  thread?: string,
): Promise<Receipt | undefined> {
  const oldest = (since / SECOND).toFixed(6);
  let cursor: string | undefined;
  for (let page = 0; page < PAGES; page++) {
    const answer = await readPage(client, { channel, oldest, thread, cursor });
    const found = answer.messages?.find((message) => carries(message, intent));
    if (found?.ts) return { channel, ts: found.ts };
    cursor = answer.response_metadata?.next_cursor;
    if (!cursor) return undefined;
  }
  return undefined;
}

interface Page {
  readonly channel: string;
  readonly oldest: string;
  readonly thread: string | undefined;
  readonly cursor: string | undefined;
}

async function readPage(client: WebClient, { channel, oldest, thread, cursor }: Page) {
  const page = {
    channel,
    oldest,
    inclusive: true,
    include_all_metadata: true,
    limit: PAGE,
    ...(cursor ? { cursor } : {}),
  };
  try {
    return thread === undefined
      ? await client.conversations.history(page)
      : await client.conversations.replies({ ...page, ts: thread });
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
