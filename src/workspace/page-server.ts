import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Acts } from './acts.ts';
import { readBody } from './body.ts';
import { Denied } from './denied.ts';
import type { PageFeed } from './page-feed.ts';
import type { PageFiles } from './page-files.ts';
import { readPageRequest } from './page-request.ts';
import { findPerson } from './people.ts';
import { reply, replyJson, replyText } from './reply.ts';

export interface PageParts {
  readonly files: PageFiles;
  readonly feed: PageFeed;
  readonly acts: Acts;
  readonly maxBodyBytes: number;
}

/** What a browser asks for: the page's files, its state, its feed, and what its person does. */
export async function servePage(
  parts: PageParts,
  url: URL,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const path = url.pathname;
  if (path === '/client/act') return act(parts, request, response);
  if (request.method !== 'GET') return replyText(response, 405, 'Only GET is possible here.');
  if (path === '/client/state' || path === '/client/events') return client(parts, url, response);
  if (path.startsWith('/archives/')) return permalink(url, response);
  const name = path === '/' ? 'index.html' : path.startsWith('/page/') ? path.slice('/page/'.length) : '';
  const file = await parts.files.read(name);
  if (file) reply(response, 200, file.type, file.body);
  else replyText(response, 404, 'There is no such page.');
}

function client(parts: PageParts, url: URL, response: ServerResponse): void {
  const me = url.searchParams.get('as') ?? '';
  if (findPerson(me)?.isBot !== false) replyText(response, 400, 'There is no such person here.');
  else if (url.pathname === '/client/events') parts.feed.open(me, response);
  else replyJson(response, 200, { ...parts.feed.snapshot(me) });
}

async function act(parts: PageParts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method !== 'POST') return replyText(response, 405, 'Only POST is possible here.');
  try {
    const body = await readBody(request, parts.maxBodyBytes);
    replyJson(response, 200, await parts.acts.perform(readPageRequest(body)));
  } catch (error) {
    if (!(error instanceof Denied)) throw error;
    replyJson(response, error.status, { ok: false, error: error.code }, error.headers);
  }
}

/** Links to messages lead to the page, at the message. */
function permalink({ pathname, searchParams }: URL, response: ServerResponse): void {
  const [, channel, seconds, micros] = /^\/archives\/([A-Z0-9]+)\/p(\d{10})(\d{6})$/.exec(pathname) ?? [];
  const thread = /^\d{10}\.\d{6}$/.exec(searchParams.get('thread_ts') ?? '')?.[0];
  const location = thread ? `/#${channel}/thread/${thread}` : `/#${channel}/${seconds}.${micros}`;
  if (channel) reply(response, 302, 'text/plain; charset=utf-8', `${location}\n`, { location });
  else replyText(response, 404, 'There is no such message.');
}
