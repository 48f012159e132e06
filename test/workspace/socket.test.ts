import { App, LogLevel } from '@slack/bolt';
import { describe, expect, onTestFinished, test } from 'vitest';
import { MINUTE, SECOND } from '../../src/kernel/time.ts';
import type { Workspace } from '../../src/workspace/workspace.ts';
import { ALICE, ALICE_DM, BOT_TOKEN, call, SECURITY, type Stage, startStage } from './stage.ts';

const APP_TOKEN = 'xapp-local-test';

interface Message {
  readonly type?: string;
  readonly envelope_id?: string;
  readonly [key: string]: unknown;
}

/** The app's side of one socket. */
interface Line {
  readonly said: Message[];
  /** Acknowledges the latest envelope. */
  ack(payload?: object): void;
  /** Resolves with the message number `count` (from 1; the first is the greeting). */
  hears(count: number): Promise<Message>;
  close(): void;
  readonly closed: Promise<void>;
}

const startSockets = (): Promise<Stage> => startStage({ appToken: APP_TOKEN });

async function address(workspace: Workspace, token = APP_TOKEN): Promise<string> {
  const headers = { authorization: `Bearer ${token}` };
  const answer = await fetch(`${workspace.apiUrl}apps.connections.open`, { method: 'POST', headers });
  const { url, error } = (await answer.json()) as { url?: string; error?: string };
  return url ?? String(error);
}

async function line(workspace: Workspace, url?: string): Promise<Line> {
  const socket = new WebSocket(url ?? (await address(workspace)));
  const said: Message[] = [];
  socket.addEventListener('message', ({ data }) => said.push(JSON.parse(String(data)) as Message));
  const closed = new Promise<void>((resolve) => socket.addEventListener('close', () => resolve()));
  onTestFinished(() => socket.close());
  const hears = async (count: number) => {
    await expect.poll(() => said.length, { interval: 2, timeout: 5000 }).toBeGreaterThanOrEqual(count);
    const message = said[count - 1];
    if (!message) throw new Error('nothing was said');
    return message;
  };
  if (url === undefined) await hears(1);
  return {
    said,
    hears,
    ack(payload = {}) {
      const id = said.findLast((message) => message.envelope_id !== undefined)?.envelope_id;
      socket.send(JSON.stringify({ envelope_id: id, payload }));
    },
    close: () => socket.close(),
    closed,
  };
}

const say = (workspace: Workspace, text: string) => workspace.say({ as: ALICE, channel: SECURITY, text });

describe('a socket', () => {
  test('greets, pings, and brings commands with an answer in their acknowledgement', async () => {
    const { workspace } = await startSockets();
    const app = await line(workspace);
    expect(app.said[0]).toMatchObject({ type: 'hello', num_connections: 1, connection_info: {} });
    const said = say(workspace, '/trail who');
    expect(await app.hears(2)).toMatchObject({
      type: 'slash_commands',
      accepts_response_payload: true,
      payload: { command: '/trail', text: 'who', trigger_id: expect.any(String) },
    });
    app.ack({ text: 'At once' });
    expect(await said).toEqual({ ok: true });
    expect(workspace.messages(SECURITY)).toMatchObject([{ text: 'At once', ephemeralTo: ALICE }]);
  });

  test('shares what comes with the others', async () => {
    const { workspace } = await startSockets();
    const lines = await Promise.all([line(workspace), line(workspace), line(workspace)]);
    for (let count = 0; count < 6; count += 1) void say(workspace, `/trail ${count}`);
    await Promise.all(lines.map((one) => one.hears(3)));
    const texts = lines.flatMap((one) =>
      one.said.slice(1).map(({ payload }) => (payload as { text: string }).text),
    );
    expect(texts.sort()).toEqual(['0', '1', '2', '3', '4', '5']);
  });

  test('that does not acknowledge within three seconds has failed', async () => {
    const { workspace, clock } = await startSockets();
    const app = await line(workspace);
    const said = say(workspace, '/trail who');
    await app.hears(2);
    await clock.advance(3 * SECOND);
    expect(await said).toEqual({ ok: false, error: '/trail failed with the error "operation_timeout"' });
  });

  test('brings an event again, with the number of the try, until it is acknowledged', async () => {
    const { workspace, clock } = await startSockets();
    const app = await line(workspace);
    const opened = workspace.openHome(ALICE);
    expect(await app.hears(2)).toMatchObject({ type: 'events_api', retry_attempt: 0, retry_reason: '' });
    await clock.advance(3 * SECOND);
    expect(await opened).toMatchObject({ ok: false });
    expect(await app.hears(3)).toMatchObject({ retry_attempt: 1, retry_reason: 'timeout' });
    await clock.advance(3 * SECOND + MINUTE);
    expect(await app.hears(4)).toMatchObject({ retry_attempt: 2 });
    const ids = app.said.slice(1).map(({ payload }) => (payload as { event_id: string }).event_id);
    expect(new Set(ids).size).toBe(1);
    app.ack();
    await workspace.waitFor((one) => one.deliveries().at(-1)?.result === 200);
    await clock.advance(10 * MINUTE);
    expect(app.said).toHaveLength(4);
  });

  test('that breaks takes what was under way with it; an event goes to another one at once', async () => {
    const { workspace } = await startSockets();
    const first = await line(workspace);
    const second = await line(workspace);
    const both = () => [...first.said, ...second.said].filter(({ type }) => type === 'events_api');
    void workspace.say({ as: ALICE, channel: ALICE_DM, text: 'who am I?' });
    await expect.poll(() => both().length).toBe(1);
    (first.said.length > 1 ? first : second).close();
    await expect.poll(() => both().length).toBe(2);
    expect(both()).toContainEqual(
      expect.objectContaining({ retry_attempt: 1, retry_reason: 'connection_failed' }),
    );
  });
});

describe('the end of a socket', () => {
  test('is announced; with a warning it goes on, after a refresh nothing new comes', async () => {
    const { workspace, clock } = await startSockets();
    const app = await line(workspace);
    workspace.sockets.disconnect('warning');
    expect(await app.hears(2)).toMatchObject({ type: 'disconnect', reason: 'warning' });
    void say(workspace, '/trail a');
    await app.hears(3);
    workspace.sockets.disconnect('refresh_requested');
    expect(await app.hears(4)).toMatchObject({ type: 'disconnect', reason: 'refresh_requested' });
    expect(await say(workspace, '/trail b')).toMatchObject({ ok: false });
    await clock.advance(10 * SECOND);
    await app.closed;
  });

  test('comes at once for the eleventh', async () => {
    const { workspace } = await startSockets();
    await Promise.all(Array.from({ length: 10 }, () => line(workspace)));
    const eleventh = await line(workspace);
    expect(eleventh.said).toMatchObject([{ type: 'disconnect', reason: 'too_many_websockets' }]);
    await eleventh.closed;
    expect(workspace.sockets.open).toBe(10);
  });
});

describe('only the app opens sockets', () => {
  test("with its own token, which is good for nothing else, and not with the bot's", async () => {
    const { workspace } = await startSockets();
    expect(await address(workspace, BOT_TOKEN)).toBe('not_allowed_token_type');
    expect(await address(workspace, 'xapp-local-other')).toBe('invalid_auth');
    const headers = { authorization: `Bearer ${APP_TOKEN}` };
    const answer = await fetch(`${workspace.apiUrl}auth.test`, { method: 'POST', headers });
    expect(await answer.json()).toMatchObject({ ok: false, error: 'not_allowed_token_type' });
  });

  test('never in a workspace where the app has Socket Mode off', async () => {
    const { workspace } = await startStage();
    expect(await address(workspace)).toBe('invalid_auth');
    expect(await call(workspace, 'apps.connections.open')).toMatchObject({ ok: false });
  });

  test('with an address that is good once, for half a minute, at one path', async () => {
    const { workspace, clock } = await startSockets();
    const [once, late, elsewhere] = [
      await address(workspace),
      await address(workspace),
      await address(workspace),
    ];
    await line(workspace, once);
    await workspace.waitFor((one) => one.sockets.open === 1);
    await (await line(workspace, once)).closed;
    await (await line(workspace, elsewhere.replace('/link/', '/api/'))).closed;
    await clock.advance(31 * SECOND);
    await (await line(workspace, late)).closed;
    await (await line(workspace, `${workspace.url.replace('http', 'ws')}link/`)).closed;
    expect(workspace.sockets.open).toBe(1);
  });

  test('with a token that looks real it does not even start', async () => {
    await expect(startStage({ appToken: 'xapp-1-A0-1-abc' })).rejects.toThrow(/real Slack token/);
  });
});

test('Bolt in Socket Mode, unmodified, connects and answers', async () => {
  const { workspace } = await startSockets();
  const app = new App({
    token: BOT_TOKEN,
    appToken: APP_TOKEN,
    socketMode: true,
    clientOptions: { slackApiUrl: workspace.apiUrl },
    convoStore: false,
    logLevel: LogLevel.ERROR,
  });
  app.command('/trail', ({ ack }) => ack({ response_type: 'in_channel', text: 'At once' }));
  await app.start();
  expect(await say(workspace, '/trail help')).toEqual({ ok: true });
  expect(workspace.messages(SECURITY)).toMatchObject([{ text: 'At once' }]);
  await app.stop();
  await workspace.waitFor((one) => one.sockets.open === 0);
});
