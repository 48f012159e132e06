import { request } from 'node:http';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { PageEvent, Snapshot } from '../../src/workspace/page-api.ts';
import type { Workspace } from '../../src/workspace/workspace.ts';
import { startReceiver } from './receiver.ts';
import { ALICE, ALICE_DM, BOB, BOT_TOKEN, buttons, call, SECURITY, section, startStage } from './stage.ts';

interface Answer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: string;
}

/** A request with exactly these headers, which fetch would not let us set. */
function ask(
  workspace: Workspace,
  path: string,
  options: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Answer> {
  const { hostname, port } = new URL(workspace.url);
  const { method = 'GET', headers = {}, body } = options;
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, path, method, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text });
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

function act(workspace: Workspace, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  const origin = workspace.url.slice(0, -1);
  return ask(workspace, '/client/act', {
    method: 'POST',
    headers: { origin, 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

async function snapshot(workspace: Workspace, as: string): Promise<Snapshot> {
  return JSON.parse((await ask(workspace, `/client/state?as=${as}`)).body);
}

/** The events of one page as they come. */
async function listen(workspace: Workspace, as: string): Promise<{ next(): Promise<PageEvent> }> {
  const over = new AbortController();
  onTestFinished(() => over.abort());
  const response = await fetch(`${workspace.url}client/events?as=${as}`, { signal: over.signal });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  return {
    async next() {
      for (;;) {
        const found = /data: (.*)\n\n/.exec(text);
        if (found) {
          text = text.slice(found.index + found[0].length);
          return JSON.parse(found[1] ?? '');
        }
        const read = await reader?.read();
        if (!read || read.done) throw new Error('the feed has ended');
        text += read.value;
      }
    },
  };
}

describe('the page', () => {
  test('is served with a policy that lets nothing foreign run', async () => {
    const { workspace } = await startStage();
    for (const path of ['/', '/page/style.css', '/nowhere', '/client/state?as=U0ALICE01']) {
      const { headers } = await ask(workspace, path);
      expect(headers['content-security-policy']).toBe(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'",
      );
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['cache-control']).toBe('no-store');
    }
  });

  test('comes with its TypeScript as JavaScript', async () => {
    const { workspace } = await startStage();
    const page = await ask(workspace, '/');
    expect([page.status, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    const script = await ask(workspace, '/page/reader.ts');
    expect([script.status, script.headers['content-type']]).toEqual([200, 'text/javascript; charset=utf-8']);
    expect(script.body).not.toContain('interface ');
    expect(script.body).toContain('export function');
  });

  test.each([
    '/page/../workspace.ts',
    '/page/..%2fworkspace.ts',
    '/page/%2e%2e/workspace.ts',
    '/page/./reader.ts/../../workspace.ts',
    '/page//etc/passwd',
    '/page/tsconfig.json',
    '/page/',
    '/page/nothing.ts',
    '/workspace.ts',
    '/page/reader.ts%00.css',
  ])('gives nothing but its own files: %s', async (path) => {
    const { workspace } = await startStage();
    expect((await ask(workspace, path)).status).toBe(404);
  });

  test('gets the state of its person: channels, messages that are for them, modals, home', async () => {
    const { workspace } = await startStage();
    await call(workspace, 'chat.postMessage', {
      channel: SECURITY,
      text: 'one',
      metadata: { event_type: 'x', event_payload: { secret: 'intent' } },
    });
    await call(workspace, 'chat.postEphemeral', { channel: SECURITY, user: BOB, text: 'for Bob' });
    await call(workspace, 'chat.postMessage', { channel: ALICE, text: 'for Alice' });
    await call(workspace, 'views.publish', {
      user_id: ALICE,
      view: { type: 'home', blocks: [section('home')] },
    });
    const alice = await snapshot(workspace, ALICE);
    expect(alice).toMatchObject({
      me: ALICE,
      slashCommand: '/trail',
      shortcuts: [{ callbackId: 'investigate', name: 'Investigate this' }],
      messages: [{ text: 'one' }, { text: 'for Alice' }],
      modals: [],
      home: { type: 'home', blocks: [{ type: 'section' }] },
    });
    expect(JSON.stringify(alice)).not.toContain('intent');
    expect(alice.channels.map((one) => `${one.kind} ${one.name}`)).toEqual([
      'channel security-alerts',
      'channel cloud-ops',
      'channel general',
      'im U0TRAILBOT',
    ]);
    expect(alice.people.map((one) => one.realName)).toEqual([
      'Alice Martin',
      'Bob Tanaka',
      'Carla Reyes',
      'Trailbot',
    ]);
    const bob = await snapshot(workspace, BOB);
    expect(bob.messages.map((one) => one.text)).toEqual(['one', 'for Bob']);
    expect(bob.home).toBeNull();
    expect((await ask(workspace, '/client/state?as=U1')).status).toBe(400);
    expect((await ask(workspace, '/client/state?as=U0TRAILBOT')).status).toBe(400);
  });

  test('is told what happens, as far as it concerns its person', async () => {
    const { workspace } = await startStage();
    const alice = await listen(workspace, ALICE);
    const bob = await listen(workspace, BOB);
    expect(await alice.next()).toEqual({ kind: 'modals', modals: [] });
    expect(await bob.next()).toEqual({ kind: 'modals', modals: [] });
    await call(workspace, 'chat.postEphemeral', { channel: SECURITY, user: BOB, text: 'for Bob' });
    const { ts } = await call(workspace, 'chat.postMessage', { channel: SECURITY, text: 'for all' });
    await call(workspace, 'chat.delete', { channel: SECURITY, ts });
    await workspace.say({ as: ALICE, channel: SECURITY, text: '/nope' });
    expect(await alice.next()).toMatchObject({ kind: 'message', message: { text: 'for all' } });
    expect(await alice.next()).toMatchObject({ kind: 'push', body: 'for all', ts });
    expect(await alice.next()).toEqual({ kind: 'deleted', channel: SECURITY, ts });
    expect(await alice.next()).toMatchObject({ kind: 'failure', text: '/nope is not a valid command.' });
    expect(await bob.next()).toMatchObject({ kind: 'message', message: { text: 'for Bob' } });
    expect(await bob.next()).toMatchObject({ kind: 'message', message: { text: 'for all' } });
  });

  test('misses nothing between its snapshot and its feed', async () => {
    const { workspace } = await startStage();
    await snapshot(workspace, ALICE);
    await call(workspace, 'chat.postMessage', { channel: SECURITY, text: 'in between' });
    await call(workspace, 'chat.postMessage', { channel: BOB, text: 'for Bob' });
    const alice = await listen(workspace, ALICE);
    expect(await alice.next()).toMatchObject({ kind: 'message', message: { text: 'in between' } });
    expect(await alice.next()).toMatchObject({ kind: 'modals' });
  });

  test('does what its person does', async () => {
    const app = await startReceiver();
    const { workspace } = await startStage({ requestUrl: app.url });
    const { ts } = await call(workspace, 'chat.postMessage', {
      channel: SECURITY,
      text: 'x',
      blocks: [buttons('ack')],
    });
    const answers = [
      await act(workspace, { act: 'say', as: BOB, channel: SECURITY, text: 'hello' }),
      await act(workspace, { act: 'say', as: BOB, channel: SECURITY, text: '/trail help' }),
      await act(workspace, {
        act: 'press',
        as: BOB,
        from: { message: { channel: SECURITY, ts } },
        action: { type: 'button', action_id: 'do_ack', block_id: 'buttons', value: 'ack' },
        values: {},
      }),
      await act(workspace, { act: 'home', as: BOB }),
      await act(workspace, { act: 'shortcut', as: BOB, channel: SECURITY, ts, callbackId: 'investigate' }),
    ];
    expect(answers.map((one) => [one.status, one.body])).toEqual(Array(5).fill([200, '{"ok":true}']));
    expect(app.received.map((one) => one.form.get('command') ?? one.payload.type)).toEqual([
      '/trail',
      'block_actions',
      'event_callback',
      'message_action',
    ]);
    expect(app.received.at(-1)?.payload).toMatchObject({
      callback_id: 'investigate',
      message: { ts, text: 'x' },
    });
  });

  test('shows the files of a message, and gives them to its own page only', async () => {
    const { workspace } = await startStage();
    const begun = await call(workspace, 'files.getUploadURLExternal', { filename: 'calls.csv', length: 9 });
    await fetch(String(begun.upload_url), { method: 'POST', body: 'time,key\n' });
    const files = [{ id: begun.file_id, title: 'calls' }];
    await call(workspace, 'files.completeUploadExternal', { files, channel_id: SECURITY });
    const [message] = (await snapshot(workspace, ALICE)).messages;
    expect(message?.files).toMatchObject([{ name: 'calls.csv', size: 9 }]);
    const url = message?.files?.[0]?.url ?? '';
    expect((await ask(workspace, url, { headers: { 'sec-fetch-site': 'same-origin' } })).body).toBe(
      'time,key\n',
    );
    expect((await ask(workspace, url)).status).toBe(403);
  });

  test.each([
    ['not JSON', '{', 400],
    ['no object', '[]', 400],
    ['an unknown act', { act: 'dance', as: ALICE }, 400],
    ['no person', { act: 'home' }, 400],
    ['a stranger', { act: 'home', as: 'U1' }, 200],
    ['the bot', { act: 'home', as: 'U0TRAILBOT' }, 200],
    ['somebody else’s direct messages', { act: 'say', as: BOB, channel: ALICE_DM, text: 'x' }, 200],
    ['nothing to say', { act: 'say', as: ALICE, channel: SECURITY, text: '  ' }, 200],
    ['a modal that is not open', { act: 'submit', as: ALICE, view: 'V1', values: {} }, 200],
    ['a press on nothing', { act: 'press', as: ALICE, from: {}, action: {} }, 400],
  ])('is refused in words when it sends %s', async (_, body, status) => {
    const { workspace } = await startStage();
    const answer = await act(workspace, body);
    expect([answer.status, JSON.parse(answer.body)]).toMatchObject([
      status,
      { ok: false, error: expect.any(String) },
    ]);
    expect(workspace.messages()).toEqual([]);
  });
});

describe('the workspace keeps others out', () => {
  const say = { act: 'say', as: ALICE, channel: SECURITY, text: 'x' };

  test('of a foreign Host, which a rebound name would send', async () => {
    const { workspace } = await startStage();
    const { port } = new URL(workspace.url);
    const statusWith = async (host: string) => (await ask(workspace, '/', { headers: { host } })).status;
    expect(await statusWith('evil.example')).toBe(421);
    expect(await statusWith(`evil.example:${port}`)).toBe(421);
    expect(await statusWith('127.0.0.1')).toBe(421);
    expect(await statusWith(`localhost:${port}`)).toBe(200);
    const api = await ask(workspace, '/api/auth.test', { method: 'POST', headers: { host: 'evil.example' } });
    expect(api.status).toBe(421);
  });

  test('of a foreign or missing Origin', async () => {
    const { workspace } = await startStage();
    const { port } = new URL(workspace.url);
    expect((await act(workspace, say, { origin: 'http://evil.example' })).status).toBe(403);
    expect((await act(workspace, say, { origin: 'null' })).status).toBe(403);
    expect((await act(workspace, say, { origin: `http://127.0.0.1:${Number(port) + 1}` })).status).toBe(403);
    const without = await ask(workspace, '/client/act', { method: 'POST', body: JSON.stringify(say) });
    expect(without.status).toBe(403);
    const state = await ask(workspace, `/client/state?as=${ALICE}`, {
      headers: { origin: 'http://evil.example' },
    });
    expect(state.status).toBe(403);
    expect(workspace.messages()).toEqual([]);
    expect((await act(workspace, say)).status).toBe(200);
  });

  test.each(['/api/chat.postMessage', '/response/x', '/upload/x'])('of browsers on %s', async (path) => {
    const { workspace } = await startStage();
    const origin = workspace.url.slice(0, -1);
    const headers = { origin, authorization: `Bearer ${BOT_TOKEN}` };
    expect((await ask(workspace, path, { method: 'POST', headers })).status).toBe(403);
  });

  test('of other methods', async () => {
    const { workspace } = await startStage();
    expect((await ask(workspace, '/api/auth.test')).status).toBe(405);
    expect((await ask(workspace, '/client/act')).status).toBe(405);
    const origin = workspace.url.slice(0, -1);
    expect((await ask(workspace, '/', { method: 'DELETE', headers: { origin } })).status).toBe(405);
  });

  test('of a real token: it does not start beside one', async () => {
    const botToken = ['xoxb', '1234567890', 'abcdefghijkl'].join('-');
    await expect(startStage({ botToken })).rejects.toThrow(/real Slack token/);
    await expect(startStage({ botToken: '' })).rejects.toThrow(/real Slack token/);
  });
});

test('a port in use is named in one sentence', async () => {
  const { workspace } = await startStage();
  const port = Number(new URL(workspace.url).port);
  await expect(startStage({ port })).rejects.toThrow(
    `The local workspace cannot listen on 127.0.0.1:${port}: the port is in use; give it another one`,
  );
});
