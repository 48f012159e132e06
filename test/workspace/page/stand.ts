import { readFile } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { stripTypeScriptTypes } from 'node:module';
import type { AddressInfo } from 'node:net';
import type { PageEvent, PageRequest, Snapshot } from '../../../src/workspace/page-api.ts';

const PAGE = new URL('../../../src/workspace/page/', import.meta.url);
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'";
const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  ts: 'text/javascript; charset=utf-8',
};

/**
 * Serves the page under its real security policy, with a state that the test sets and events that the test
 * sends: so that the page alone is on trial, without a bot behind it.
 */
export class Stand {
  snapshot: Snapshot;
  /** What the page has sent, oldest first. */
  readonly requests: PageRequest[] = [];
  /** Answers a request of the page; `undefined` is Slack's yes. */
  answer: (request: PageRequest) => Promise<string | undefined> = async () => undefined;
  readonly #server: Server;
  readonly #listeners = new Set<ServerResponse>();
  readonly #firstListener = Promise.withResolvers<void>();

  private constructor(snapshot: Snapshot) {
    this.snapshot = snapshot;
    this.#server = createServer((request, response) => {
      void this.#serve(request.url ?? '/', request, response);
    });
  }

  static async start(snapshot: Snapshot, port = 0): Promise<Stand> {
    const stand = new Stand(snapshot);
    await new Promise<void>((resolve) => stand.#server.listen(port, '127.0.0.1', resolve));
    return stand;
  }

  get url(): string {
    const address = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${address.port}/`;
  }

  /** Settles when the page hears what is emitted. */
  get heard(): Promise<void> {
    return this.#firstListener.promise;
  }

  emit(event: PageEvent): void {
    for (const listener of this.#listeners) listener.write(`data: ${JSON.stringify(event)}\n\n`);
  }

  /** Breaks every stream of events, as a restart of the server does. */
  hangUp(): void {
    for (const listener of this.#listeners) listener.end();
    this.#listeners.clear();
  }

  async stop(): Promise<void> {
    this.hangUp();
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  async #serve(url: string, body: AsyncIterable<Buffer>, response: ServerResponse): Promise<void> {
    const path = url.split('?')[0] ?? '/';
    if (path === '/client/state') reply(response, this.snapshot);
    else if (path === '/client/events') this.#listen(response);
    else if (path === '/client/act') await this.#act(body, response);
    else await serveFile(path, response);
  }

  #listen(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.write('retry: 50\n\n');
    this.#listeners.add(response);
    this.#firstListener.resolve();
    response.on('close', () => this.#listeners.delete(response));
  }

  async #act(body: AsyncIterable<Buffer>, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of body) parts.push(part);
    const request: PageRequest = JSON.parse(Buffer.concat(parts).toString());
    this.requests.push(request);
    const error = await this.answer(request);
    reply(response, error === undefined ? { ok: true } : { ok: false, error });
  }
}

function reply(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
}

const scripts = new Map<string, string>();

function scriptOf(name: string, source: string): string {
  const script = scripts.get(name) ?? stripTypeScriptTypes(source);
  scripts.set(name, script);
  return script;
}

async function serveFile(path: string, response: ServerResponse): Promise<void> {
  const name = path === '/' ? 'index.html' : path.replace(/^\/page\//, '');
  const ending = name.split('.').at(-1) ?? '';
  const type = /^[a-z-]+\.(html|css|ts)$/.test(name) ? TYPES[ending] : undefined;
  const source =
    type === undefined ? undefined : await readFile(new URL(name, PAGE), 'utf8').catch(() => undefined);
  if (type === undefined || source === undefined) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, { 'content-type': type, 'content-security-policy': POLICY });
  response.end(ending === 'ts' ? scriptOf(name, source) : source);
}
