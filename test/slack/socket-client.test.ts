import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { createLog } from '../../src/kernel/log.ts';
import { SECOND } from '../../src/kernel/time.ts';
import { type Incoming, openSocket, type Socket } from '../../src/slack/socket/socket.ts';
import { type FakeClock, fakeClock } from '../support/clock.ts';
import { AT } from './samples.ts';
import { type SlackApi, startSlackApi } from './slack-api.ts';

const HELLO = { type: 'hello', num_connections: 1 };

let clock: FakeClock;
let api: SlackApi;
let came: Incoming[];

beforeEach(async () => {
  clock = fakeClock(AT);
  came = [];
  api = await startSlackApi();
  onTestFinished(() => api.stop());
});

/** Slack's side, which does with each socket what the test says. */
async function serve(welcome: (socket: WebSocket) => void): Promise<void> {
  const http = createServer((_request, response) => response.writeHead(403).end());
  const sockets = new WebSocketServer({ server: http, path: '/link' });
  sockets.on('connection', welcome);
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const { port } = http.address() as AddressInfo;
  const url = `ws://127.0.0.1:${port}/link?ticket=1`;
  api.next('apps.connections.open', { json: { ok: true, url } });
  onTestFinished(() => {
    for (const socket of sockets.clients) socket.terminate();
    http.close();
  });
}

async function open(signal = new AbortController().signal): Promise<Socket> {
  const socket = await openSocket({
    appToken: 'xapp-local-test',
    clientOptions: { slackApiUrl: api.url, retryConfig: { retries: 0 } },
    clock,
    log: createLog('silent'),
    take: (incoming) => came.push(incoming),
    signal,
  });
  onTestFinished(async () => {
    await Promise.all([socket.close(), clock.advance(5 * SECOND)]);
  });
  return socket;
}

const say = (socket: WebSocket, ...messages: readonly unknown[]) => {
  for (const message of messages) {
    socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }
};
const event = { envelope_id: 'E1', type: 'events_api', payload: { event: { type: 'app_mention' } } };

describe('a message that the client of Slack cannot take', () => {
  test.each([
    [
      'an event without a body',
      { envelope_id: 'E0', type: 'events_api', payload: { type: 'app_rate_limited' } },
    ],
    ['an envelope without a payload', { envelope_id: 'E0', type: 'events_api' }],
    ['null', 'null'],
    ['no JSON', '{'],
    ['something new', { type: 'goodbye' }],
  ])('is passed over, and what follows is taken: %s', async (_, message) => {
    await serve((socket) => say(socket, HELLO, message, event));
    await open();
    await expect.poll(() => came.at(-1)?.body).toEqual(event.payload);
  });
});

describe('opening fails, and says why,', () => {
  test('when Slack never greets', async () => {
    await serve(() => {});
    const opening = open();
    await expect.poll(() => api.calls.length).toBe(1);
    await Promise.all([
      expect(opening).rejects.toThrow('Slack did not greet on the new socket in time'),
      clock.advance(20 * SECOND),
    ]);
  });

  test('when Slack closes the socket instead', async () => {
    await serve((socket) => socket.close());
    await expect(open()).rejects.toThrow('no WebSocket to Slack could be opened');
  });

  test('when Slack sends away before it greets', async () => {
    await serve((socket) => say(socket, { type: 'disconnect', reason: 'link_disabled' }));
    await expect(open()).rejects.toThrow('link_disabled');
  });

  test('when what answers is no WebSocket', async () => {
    api.next('apps.connections.open', { json: { ok: true, url: `${api.url.replace('http', 'ws')}nothing` } });
    await expect(open()).rejects.toThrow('no WebSocket to Slack could be opened');
  });

  test('when there is no address', async () => {
    api.next('apps.connections.open', { json: { ok: true } });
    await expect(open()).rejects.toThrow('did not return a URL');
  });

  test('at once, when it is not wanted any more', async () => {
    await serve(() => {});
    const stopped = new AbortController();
    const opening = open(stopped.signal);
    await expect.poll(() => api.calls.length).toBe(1);
    stopped.abort();
    await expect(opening).rejects.toThrow();
  });
});

test('closing waits for what is not acknowledged yet, and not for a Slack that says nothing', async () => {
  const said: string[] = [];
  await serve((socket) => {
    socket.on('message', (data) => said.push(String(data)));
    say(socket, HELLO, event);
  });
  const socket = await open();
  await expect.poll(() => came.length).toBe(1);
  const closed = socket.close();
  await came[0]?.ack({ text: 'done' });
  await clock.advance(SECOND);
  await closed;
  await expect.poll(() => said).toEqual([JSON.stringify({ envelope_id: 'E1', payload: { text: 'done' } })]);
  expect(socket.isOpen()).toBe(false);
  await expect(came[0]?.ack()).rejects.toThrow();
});
