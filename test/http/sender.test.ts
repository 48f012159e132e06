import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { classify } from '../../src/http/poster.ts';
import { type SendOptions, type SendResult, sendEvents } from '../../src/http/sender.ts';
import { Misuse } from '../../src/kernel/problem.ts';
import type { Clock } from '../../src/kernel/time.ts';
import { fakeClock } from '../support/clock.ts';
import { event, KEY, startWebhook } from './webhook.ts';

const START = Date.parse('2026-11-20T09:15:00Z');
const random = { id: () => 'id', fraction: () => 0 };

let clock: Clock;
let server: Server;
let url: string;
let requests: { at: number; headers: IncomingMessage['headers']; body: string }[];
let answers: ((res: ServerResponse) => void)[];

/** A webhook that answers what the test has prepared, then 200. */
beforeEach(async () => {
  clock = hastyClock();
  requests = [];
  answers = [];
  server = createServer((req, res) => {
    let body = '';
    req.on('data', (part: Buffer) => {
      body += part.toString();
    });
    req.on('end', () => {
      requests.push({ at: clock.now() - START, headers: req.headers, body });
      const next = answers.shift();
      if (next) next(res);
      else res.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/events`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const status =
  (code: number, headers: Record<string, string> = {}, body = '') =>
  (res: ServerResponse): void => {
    res.writeHead(code, headers).end(body);
  };

function send(events: SendOptions['events'], more: Partial<SendOptions> = {}): Promise<SendResult> {
  return sendEvents({ url, key: KEY, events, concurrency: 1, retries: 3, clock, random, ...more });
}

/** Between tries and events time flies; the 5 s for an answer never pass. */
function hastyClock(): Clock {
  let now = START;
  return {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        signal?.addEventListener('abort', () => resolve());
        if (signal) return;
        now += ms;
        resolve();
      }),
  };
}

const none: SendResult = {
  sent: 0,
  accepted: 0,
  duplicates: 0,
  rejected: 0,
  failed: 0,
  retried: 0,
  firstFailure: undefined,
};

test('the webhook takes what it sends, and its counts add up', async () => {
  const hook = await startWebhook();
  const [one, two] = [event(), event()];
  const seen: number[] = [];
  const result = await sendEvents({
    url: hook.url,
    key: KEY,
    events: [one, two, one, '{"no":"event"}', 'no JSON'],
    concurrency: 1,
    retries: 0,
    clock: hook.clock,
    random,
    onProgress: ({ sent }) => seen.push(sent),
  });
  expect(result).toMatchObject({ sent: 5, accepted: 2, duplicates: 1, rejected: 1, failed: 1, retried: 0 });
  expect(result.firstFailure).toMatch(/^answered 400: ./);
  expect(seen).toEqual([1, 2, 3, 4, 5]);
  await hook.server.stop(0);
});

test('a request looks like that of an API destination', async () => {
  await send(['{"é":1}']);
  expect(requests).toMatchObject([
    {
      body: '{"é":1}',
      headers: {
        'user-agent': 'Amazon/EventBridge/ApiDestinations',
        'content-type': 'application/json; charset=utf-8',
        range: 'bytes=0-1048575',
        'accept-encoding': 'gzip,deflate',
        connection: 'close',
        'content-length': '8',
        'x-api-key': KEY,
      },
    },
  ]);
});

test('connections can be kept for speed', async () => {
  const sockets = new Set<unknown>();
  server.on('connection', (socket) => sockets.add(socket));
  expect(await send(['1', '2', '3'], { keepAlive: true })).toEqual({ ...none, sent: 3, accepted: 3 });
  expect(sockets.size).toBe(1);
});

test('an answer that comes after 5 s is none, and the event is sent again', async () => {
  const still = fakeClock(START);
  const asked = Promise.withResolvers<void>();
  answers = [() => asked.resolve()];
  const result = send(['1'], { clock: still });
  await asked.promise;
  await still.advance(5000);
  await still.untilSleeping(1);
  await still.advance(100);
  expect(await result).toEqual({ ...none, sent: 1, accepted: 1, retried: 1 });
});

test('a connection that breaks is tried again', async () => {
  answers = [
    (res) => res.destroy(),
    (res) => void res.writeHead(200, { 'content-length': 9 }).write('{', () => res.destroy()),
  ];
  expect(await send(['1'])).toEqual({ ...none, sent: 1, accepted: 1, retried: 2 });
});

test('it waits longer from try to try, and at least as long as it is told to', async () => {
  answers = [status(503), status(503), status(503, { 'retry-after': '2' }), status(500)];
  const result = await send(['1'], { retries: 4 });
  expect(result).toEqual({ ...none, sent: 1, accepted: 1, retried: 4 });
  const at = requests.map((request) => request.at);
  const waits = at.slice(1).map((time, i) => time - (at[i] ?? 0));
  expect(waits).toEqual([100, 200, 2000, 800]);
});

test('retries run out, the next event gets its own', async () => {
  answers = Array.from({ length: 3 }, () => status(503, {}, '{"error":"no room"}'));
  const result = await send(['1', '2'], { retries: 2 });
  expect(result).toEqual({
    ...none,
    sent: 2,
    accepted: 1,
    failed: 1,
    retried: 2,
    firstFailure: 'answered 503: no room',
  });
});

test('nobody listens: that is a failure of the event, in words', async () => {
  server.close();
  const result = await send(['1'], { retries: 0 });
  expect(result).toMatchObject({ sent: 1, failed: 1 });
  expect(result.firstFailure).toContain('ECONNREFUSED');
});

test('a redirect is not followed', async () => {
  answers = [status(307, { location: '/elsewhere' })];
  expect(await send(['1'])).toMatchObject({ failed: 1, firstFailure: 'answered 307' });
  expect(requests).toHaveLength(1);
});

test('a rate spreads the events over time', async () => {
  await send(['1', '2', '3', '4'], { rate: 2 });
  expect(requests.map(({ at }) => at)).toEqual([0, 500, 1000, 1500]);
});

test('no more at once than allowed', async () => {
  let open = 0;
  let most = 0;
  const held: ServerResponse[] = [];
  const hold = (res: ServerResponse): void => {
    open += 1;
    most = Math.max(most, open);
    held.push(res);
    if (held.length < 3) return;
    open = 0;
    for (const one of held.splice(0)) one.end();
  };
  answers = Array.from({ length: 9 }, () => hold);
  const source = async function* (): AsyncGenerator<string> {
    for (let i = 0; i < 9; i += 1) yield String(i);
  };
  expect(await send(source(), { concurrency: 3 })).toMatchObject({ sent: 9, accepted: 9 });
  expect(most).toBe(3);
  expect(new Set(requests.map(({ body }) => body)).size).toBe(9);
});

test.each(['', 'localhost:8080', '/events', 'ftp://example.com'])('%j is no web address', async (wrong) => {
  await expect(send(['1'], { url: wrong })).rejects.toThrow(Misuse);
});

describe('what an answer means', () => {
  test.each([
    [200, 'done'],
    [202, 'done'],
    [204, 'done'],
    [301, 'never'],
    [307, 'never'],
    [400, 'never'],
    [401, 'later'],
    [403, 'never'],
    [404, 'never'],
    [407, 'later'],
    [408, 'never'],
    [409, 'later'],
    [413, 'never'],
    [429, 'later'],
    [500, 'later'],
    [503, 'later'],
    [599, 'later'],
  ])('%i: %s', (code, is) => {
    expect(classify(code, undefined, '').is).toBe(is);
  });

  test('Retry-After: seconds are kept, a negative number ends the tries, a date is as good as none', () => {
    expect(classify(503, '7', '')).toMatchObject({ is: 'later', after: 7000 });
    expect(classify(429, '-1', '')).toMatchObject({ is: 'never' });
    expect(classify(503, 'Fri, 20 Nov 2026 09:15:02 GMT', '')).toMatchObject({ is: 'later', after: 0 });
  });

  test('counts come from the webhook, or one request is one event', () => {
    const counts = '{"stored":3,"duplicates":2,"rejected":1}';
    expect(classify(200, undefined, counts)).toEqual({ is: 'done', accepted: 3, duplicates: 2, rejected: 1 });
    for (const other of ['', 'ok', '[]', 'null', '{"stored":"3"}']) {
      expect(classify(200, undefined, other)).toEqual({
        is: 'done',
        accepted: 1,
        duplicates: 0,
        rejected: 0,
      });
    }
  });
});
