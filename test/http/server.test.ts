import { once } from 'node:events';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterEach, describe, expect, test } from 'vitest';
import type { Handler, Routes, RunningServer } from '../../src/http/server.ts';
import { startServer } from '../../src/http/server.ts';
import { createLog } from '../../src/kernel/log.ts';
import { Misuse } from '../../src/kernel/problem.ts';
import { systemRandom } from '../../src/kernel/random.ts';
import { fakeClock } from '../support/clock.ts';
import { get, open, post, raw } from './webhook.ts';

const clock = fakeClock();
const lines: string[] = [];
const log = createLog('info', { write: (line) => void lines.push(line) });
const running: RunningServer[] = [];

async function start(routes: Routes, options: { host?: string; port?: number } = {}): Promise<RunningServer> {
  const where = { host: '127.0.0.1', port: 0, ...options };
  const server = await startServer({ ...where, routes, clock, random: systemRandom, log });
  running.push(server);
  return server;
}

afterEach(async () => {
  lines.length = 0;
  await Promise.all(running.splice(0).map((server) => server.stop(0)));
});

const hello: Handler = (_req, res) => {
  res.end('hello');
};

/** A handler whose answer waits until the test lets it go. */
function gate(): { handler: Handler; entered: Promise<void>; letGo: () => void } {
  const entered = Promise.withResolvers<void>();
  const go = Promise.withResolvers<void>();
  return {
    entered: entered.promise,
    letGo: go.resolve,
    async handler(_req, res) {
      entered.resolve();
      await go.promise;
      res.end('at last');
    },
  };
}

describe('a request finds its handler by exact path and method', () => {
  test('with or without a query', async () => {
    const { url } = await start({ '/hello': { GET: hello } });
    expect(await get(`${url}/hello`)).toMatchObject({ status: 200, text: 'hello' });
    expect(await get(`${url}/hello?a=/b`)).toMatchObject({ status: 200, text: 'hello' });
  });

  test('HEAD gets what GET gets, without the body', async () => {
    const { url } = await start({ '/hello': { GET: hello } });
    expect(await get(`${url}/hello`, 'HEAD')).toMatchObject({ status: 200, text: '' });
  });

  test.each(['/', '/hello/', '/HELLO', '/hello/there', '/__proto__', '//hello'])(
    '%s is not found',
    async (path) => {
      const { url } = await start({ '/hello': { GET: hello } });
      expect(await get(url + path)).toMatchObject({
        status: 404,
        json: { error: 'Nothing is served at this path.' },
      });
    },
  );

  test('another method is told which ones there are', async () => {
    const { url } = await start({ '/hello': { GET: hello, POST: hello } });
    const answer = await get(`${url}/hello`, 'DELETE');
    expect(answer).toMatchObject({ status: 405, json: { error: 'This path takes GET, POST only.' } });
    expect(answer.headers.allow).toBe('GET, POST');
  });

  test('answers do not say what they were made with', async () => {
    const { url } = await start({ '/hello': { GET: hello } });
    const { headers } = await get(`${url}/hello`);
    expect(headers).not.toHaveProperty('x-powered-by');
    expect(headers).not.toHaveProperty('server');
  });
});

describe('a handler that fails', () => {
  test.each<[string, Handler]>([
    [
      'by throwing',
      () => {
        throw new Error('secret detail');
      },
    ],
    [
      'later',
      async () => {
        await Promise.resolve();
        throw new Error('secret detail');
      },
    ],
  ])('%s gives 500 with an id that the log has', async (_name, handler) => {
    const { url } = await start({ '/broken': { GET: handler } });
    const answer = await get(`${url}/broken`);
    expect(answer.status).toBe(500);
    expect(answer.text).not.toContain('secret detail');
    const id = /under (\w{8})\./.exec(answer.text)?.[1];
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { id, error: { message: 'secret detail' } },
    ]);
  });

  test('in the middle of its answer ends the connection, not the server', async () => {
    const { url } = await start({
      '/half': {
        GET: (_req, res) => {
          res.write('half');
          throw new Error('no second half');
        },
      },
      '/hello': { GET: hello },
    });
    await expect(get(`${url}/half`)).rejects.toThrow();
    expect(await get(`${url}/hello`)).toMatchObject({ status: 200 });
  });
});

describe('an address that cannot be listened on is said in one sentence', () => {
  test('taken port', async () => {
    const { port } = await start({});
    const second = start({}, { port });
    await expect(second).rejects.toThrow(Misuse);
    await expect(second).rejects.toThrow(
      `Port ${port} on 127.0.0.1 is taken by another program; stop that one or choose another port with --port.`,
    );
  });

  test('address of another machine', async () => {
    await expect(start({}, { host: '192.0.2.1' })).rejects.toThrow(
      '192.0.2.1 is no address of this machine; use 127.0.0.1, 0.0.0.0 or one of its own.',
    );
  });
});

const hasIpv6 = Object.values(networkInterfaces()).some((all) => all?.some((one) => one.address === '::1'));

test.skipIf(!hasIpv6)('an IPv6 address can be followed (not run where the machine has none)', async () => {
  const { url } = await start({ '/hello': { GET: hello } }, { host: '::1' });
  expect(url).toMatch(/^http:\/\/\[::1\]:\d+$/);
  expect(await get(`${url}/hello`)).toMatchObject({ status: 200 });
});

describe('what is no HTTP', () => {
  test('is refused', async () => {
    const { port } = await start({ '/hello': { GET: hello } });
    expect(await raw(port, 'HELO mail.example.com\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
    expect(await raw(port, 'GET /hello HTTP/1.1\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
  });

  test('headers without end are refused', async () => {
    const { port } = await start({ '/hello': { GET: hello } });
    const bytes = `GET /hello HTTP/1.1\r\nHost: a\r\nX-Long: ${'x'.repeat(20_000)}\r\n\r\n`;
    expect(await raw(port, bytes)).toMatch(/^HTTP\/1\.1 431 /);
  });
});

test('requests sent without waiting for answers are answered in their order', async () => {
  const { port } = await start({
    '/one': { GET: (_req, res) => void res.end('<one>') },
    '/two': { GET: (_req, res) => void res.end('<two>') },
  });
  const request = (path: string, more = ''): string => `GET ${path} HTTP/1.1\r\nHost: a\r\n${more}\r\n`;
  const bytes = request('/one') + request('/two') + request('/one', 'Connection: close\r\n');
  const answers = await raw(port, bytes);
  expect(answers.match(/<\w+>/g)).toEqual(['<one>', '<two>', '<one>']);
});

describe('a client that asks before it sends a large body', () => {
  test('is told to go on', async () => {
    const { url } = await start({
      '/up': { POST: (req, res) => void req.resume().on('end', () => res.end('ok')) },
    });
    const { req, answer } = open(`${url}/up`, { expect: '100-continue', 'content-length': 3 });
    req.on('continue', () => req.end('abc'));
    req.flushHeaders();
    expect(await answer).toMatchObject({ status: 200 });
  });
});

describe('stop', () => {
  test('takes no more connections, and the port is free again', async () => {
    const server = await start({ '/hello': { GET: hello } });
    await server.stop(1000);
    await expect(get(`${server.url}/hello`)).rejects.toThrow('ECONNREFUSED');
    await start({}, { port: server.port });
  });

  test('lets a request under way finish, and says that the connection ends', async () => {
    const { handler, entered, letGo } = gate();
    const { url, stop } = await start({ '/slow': { GET: handler } });
    const { req, answer } = open(`${url}/slow`, { connection: 'keep-alive' }, 'GET');
    req.end();
    await entered;
    const stopped = stop(1000);
    letGo();
    expect(await answer).toMatchObject({ status: 200, text: 'at last', headers: { connection: 'close' } });
    await stopped;
  });

  test('answers all requests that one connection has sent', async () => {
    const { handler, entered, letGo } = gate();
    const { port, stop } = await start({ '/slow': { GET: handler } });
    const bytes = 'GET /slow HTTP/1.1\r\nHost: a\r\n\r\n';
    const answers = raw(port, bytes + bytes + bytes);
    await entered;
    const stopped = stop(1000);
    letGo();
    expect((await answers).match(/at last/g)).toHaveLength(3);
    await stopped;
  });

  test('waits for a request no longer than it was told to', async () => {
    const { handler, entered } = gate();
    const { url, stop } = await start({ '/slow': { GET: handler } });
    const answer = get(`${url}/slow`);
    const broken = expect(answer).rejects.toThrow();
    await entered;
    const stopped = stop(3000);
    await clock.untilSleeping(1);
    await clock.advance(3000);
    await stopped;
    await broken;
  });

  test('does not wait for connections without a request', async () => {
    const { port, url, stop } = await start({ '/hello': { GET: hello } });
    const silent = connect(port, '127.0.0.1');
    await once(silent, 'connect');
    const gone = once(silent, 'close');
    const idle = open(`${url}/hello`, { connection: 'keep-alive' }, 'GET');
    idle.req.end();
    await idle.answer;
    // Time stands still here: a stop that waited would never come to an end.
    await stop(60_000);
    await gone;
  });

  test('twice is the same as once', async () => {
    const { stop } = await start({});
    await Promise.all([stop(1000), stop(1000)]);
  });
});

test('a body that nobody wants does not keep the client from its answer', async () => {
  const { url } = await start({});
  expect(await post(`${url}/nowhere`, 'x'.repeat(5_000_000))).toMatchObject({ status: 404 });
});
