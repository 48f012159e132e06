import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parse } from 'node:querystring';

/** One call that came in, its JSON members parsed. */
interface Call {
  readonly method: string;
  readonly args: Readonly<Record<string, unknown>>;
}

/** What to answer: JSON with status 200, another status, or breaking the connection. */
type Reply =
  | { readonly json: object }
  | { readonly status: number; readonly headers?: Record<string, string>; readonly body?: string }
  | 'hang up'
  | 'never';

/** A Web API that answers as each test says; `{ok: true}` with a ts by default. */
export interface SlackApi {
  readonly url: string;
  readonly calls: Call[];
  /** The next calls of a method get these answers, in this order. */
  next(method: string, ...replies: Reply[]): void;
  stop(): Promise<void>;
}

export async function startSlackApi(): Promise<SlackApi> {
  const calls: Call[] = [];
  const planned = new Map<string, Reply[]>();
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += String(chunk);
    });
    request.on('end', () => {
      const method = (request.url ?? '').replace(/^\/(api\/)?/, '');
      calls.push({ method, args: readArgs(request.headers['content-type'] ?? '', body) });
      const reply = planned.get(method)?.shift() ?? { json: usual(method, calls.length) };
      if (reply === 'never') return;
      if (reply === 'hang up') return void request.socket.destroy();
      if ('json' in reply) {
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(reply.json));
      } else {
        response.writeHead(reply.status, reply.headers ?? {}).end(reply.body ?? '');
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/`,
    calls,
    next(method, ...replies) {
      planned.set(method, [...(planned.get(method) ?? []), ...replies]);
    },
    stop() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function readArgs(type: string, body: string): Record<string, unknown> {
  if (type.includes('json')) return JSON.parse(body) as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(parse(body)).map(([key, value]) => [
      key,
      /^[[{]/.test(String(value)) ? JSON.parse(String(value)) : value,
    ]),
  );
}

function usual(method: string, count: number): object {
  if (method === 'auth.test')
    return { ok: true, team_id: 'T0TEAM001', user_id: 'U0BOT0001', bot_id: 'B0BOT0001' };
  if (method === 'conversations.info') return { ok: true, channel: { id: 'C0SECALERTS', name: 'security' } };
  if (method === 'users.info') return { ok: true, user: { id: 'U0ALICE01', tz_offset: 3600 } };
  return { ok: true, channel: 'C0SECALERTS', ts: `1795166100.${String(count).padStart(6, '0')}` };
}
