import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Log } from '../kernel/log.ts';
import { Misuse } from '../kernel/problem.ts';
import type { Random } from '../kernel/random.ts';
import { type Clock, type Millis, SECOND } from '../kernel/time.ts';
import { BODY_LIMIT, declaredLength } from './body.ts';
import { createStop } from './connections.ts';
import { reply, replyEarly } from './reply.ts';

/** Answers one request; a raw `node:http` listener, such as Bolt's, is one too. */
export type Handler = (req: IncomingMessage, res: ServerResponse) => void | Promise<void>;

/** Exact path → method → handler. HEAD goes where GET goes. */
export type Routes = Readonly<Record<string, Readonly<Record<string, Handler>>>>;

export interface ServerOptions {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly routes: Routes;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

export interface RunningServer {
  readonly port: number;
  /** `http://127.0.0.1:8080`. */
  readonly url: string;
  /** Takes no more, lets requests under way finish for at most `within`, then closes what is left. */
  stop(within: Millis): Promise<void>;
}

const LIMITS = {
  maxHeaderSize: 16 * 1024,
  headersTimeout: 10 * SECOND,
  requestTimeout: 30 * SECOND,
  // Longer than the 60 s of the usual load balancers: the side that sends should be the one to hang up.
  keepAliveTimeout: 75 * SECOND,
  connectionsCheckingInterval: 5 * SECOND,
};
const MAX_HEADERS = 100;

/** Throws Misuse, with what to do, when the address cannot be listened on. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const server = createServer(LIMITS);
  server.maxHeadersCount = MAX_HEADERS;
  const stop = createStop(server, options.clock);
  const route = createRouter(options);
  server.on('request', route);
  server.on('checkContinue', (req, res) => {
    // Whoever asks before sending a large body is spared sending one that would be refused.
    if ((declaredLength(req) ?? 0) <= BODY_LIMIT) res.writeContinue();
    route(req, res);
  });
  await listen(server, options.host, options.port);
  const { port } = server.address() as AddressInfo;
  return { port, url: `http://${reachable(options.host)}:${port}`, stop };
}

function createRouter({
  routes,
  random,
  log,
}: ServerOptions): (req: IncomingMessage, res: ServerResponse) => void {
  const table = new Map(
    Object.entries(routes).map(([path, methods]) => [path, new Map(Object.entries(methods))]),
  );

  function failed(res: ServerResponse, error: unknown): void {
    const id = random.id().slice(0, 8);
    log.error({ error, id }, 'a request failed');
    reply(res, 500, { error: `Something failed here; the log has it under ${id}.` });
    if (!res.writableEnded) res.destroy();
  }

  return (req, res) => {
    const methods = table.get(pathOf(req));
    if (!methods) {
      replyEarly(req, res, 404, { error: 'Nothing is served at this path.' });
      return;
    }
    const handler = methods.get(req.method === 'HEAD' ? 'GET' : (req.method ?? ''));
    if (!handler) {
      const allow = [...methods.keys()].join(', ');
      replyEarly(req, res, 405, { error: `This path takes ${allow} only.` }, { Allow: allow });
      return;
    }
    try {
      const done = handler(req, res);
      if (done) done.catch((error: unknown) => failed(res, error));
    } catch (error) {
      failed(res, error);
    }
  };
}

function pathOf(req: IncomingMessage): string {
  const target = req.url ?? '';
  const query = target.indexOf('?');
  return query < 0 ? target : target.slice(0, query);
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(explain(error, host, port)));
    server.listen({ host, port }, resolve);
  });
}

function explain(error: NodeJS.ErrnoException, host: string, port: number): Error {
  switch (error.code) {
    case 'EADDRINUSE':
      return new Misuse(
        `Port ${port} on ${host} is taken by another program; stop that one or choose another port with --port.`,
      );
    case 'EACCES':
      return new Misuse(
        `Port ${port} on ${host} needs rights this user does not have; choose a port above 1023 with --port.`,
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new Misuse(`${host} is no address of this machine; use 127.0.0.1, 0.0.0.0 or one of its own.`);
    default:
      return error;
  }
}

/** An address that stands for "all of them" is no place to go to. */
function reachable(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}
