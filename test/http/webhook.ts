import { once } from 'node:events';
import { type ClientRequest, type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from 'node:http';
import { connect } from 'node:net';
import type { Delivery } from '../../src/cloudtrail/delivery.ts';
import { createIngest, type Intake, type RefusalReason, type Stored } from '../../src/http/ingest.ts';
import { type Routes, type RunningServer, startServer } from '../../src/http/server.ts';
import { createLog } from '../../src/kernel/log.ts';
import { systemRandom } from '../../src/kernel/random.ts';
import { type FakeClock, fakeClock } from '../support/clock.ts';
import { envelope, record } from '../support/records.ts';

export const KEY = 'first-key-3f9c';
export const OTHER_KEY = 'second-key-77aa';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly json: Record<string, unknown>;
}

/** Where the deliveries of these tests go: memory, or wherever `accept` is pointed. */
interface TestIntake extends Intake {
  accept: Intake['accept'];
  readonly keys: Set<string>;
  readonly rejects: string[];
}

function memoryIntake(): TestIntake {
  const keys = new Set<string>();
  const rejects: string[] = [];
  return {
    keys,
    rejects,
    async accept(delivery: Delivery): Promise<Stored> {
      const before = keys.size;
      for (const one of delivery.records) keys.add(one.key);
      rejects.push(...delivery.rejects.map((reject) => reject.reason));
      const stored = keys.size - before;
      return { stored, duplicates: delivery.records.length - stored, rejected: delivery.rejects.length };
    },
  };
}

export interface Webhook {
  readonly server: RunningServer;
  readonly url: string;
  readonly intake: TestIntake;
  readonly clock: FakeClock;
  readonly refused: RefusalReason[];
  readonly log: string[];
}

/** The real server with the real webhook on a free port of loopback. */
export async function startWebhook(more: Routes = {}): Promise<Webhook> {
  const intake = memoryIntake();
  const clock = fakeClock();
  const refused: RefusalReason[] = [];
  const lines: string[] = [];
  const log = createLog('info', { write: (line) => void lines.push(line) });
  const counters = { refused: (reason: RefusalReason) => void refused.push(reason), answered: () => {} };
  const ingest = createIngest({
    keys: [KEY, OTHER_KEY],
    intake: { accept: (delivery, receivedAt) => intake.accept(delivery, receivedAt) },
    counters,
    clock,
    log,
  });
  const routes = { '/events': { POST: ingest }, ...more };
  const server = await startServer({ host: '127.0.0.1', port: 0, routes, clock, random: systemRandom, log });
  return { server, url: `${server.url}/events`, intake, clock, refused, log: lines };
}

/** One event as an API destination posts it. */
export function event(): string {
  return JSON.stringify(envelope(record()));
}

/** Opens a request that the test goes on with; `answer` rejects when the connection breaks. */
export function open(
  url: string,
  headers: OutgoingHttpHeaders = {},
  method = 'POST',
): { req: ClientRequest; answer: Promise<Answer> } {
  const req = request(url, { method, headers: { 'x-api-key': KEY, ...headers }, agent: false });
  const answer = new Promise<Answer>((resolve, reject) => {
    req.on('error', reject);
    req.on('response', (res) => {
      const parts: Buffer[] = [];
      res.on('data', (part: Buffer) => parts.push(part));
      res.on('error', reject);
      res.on('end', () => {
        const text = Buffer.concat(parts).toString();
        const isJson = res.headers['content-type'] === 'application/json' && text !== '';
        resolve({
          status: res.statusCode ?? 0,
          headers: res.headers,
          text,
          json: isJson ? JSON.parse(text) : {},
        });
      });
    });
  });
  return { req, answer };
}

export function post(url: string, body: string | Buffer, headers: OutgoingHttpHeaders = {}): Promise<Answer> {
  const { req, answer } = open(url, { 'content-length': Buffer.byteLength(body), ...headers });
  req.end(body);
  return answer;
}

export function get(url: string, method = 'GET'): Promise<Answer> {
  const { req, answer } = open(url, {}, method);
  req.end();
  return answer;
}

/** Writes bytes as they are and returns all that came until the server hung up. */
export async function raw(port: number, bytes: string | Buffer): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  const parts: Buffer[] = [];
  socket.on('data', (part) => parts.push(part));
  socket.on('error', () => socket.destroy());
  // Bytes that are the beginning of a request would have the server wait for the rest.
  socket.end(bytes);
  await once(socket, 'close');
  return Buffer.concat(parts).toString();
}
