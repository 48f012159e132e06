import { describe, expect, test } from 'vitest';
import { SECOND } from '../../src/kernel/time.ts';
import { startReceiver } from './receiver.ts';
import { ALICE, BOT_TOKEN, call, SECURITY, section, startStage } from './stage.ts';

const MESSAGE = { channel: SECURITY, text: 'x' };

function raw(apiUrl: string, method: string, signal?: AbortSignal): Promise<Response> {
  return fetch(`${apiUrl}${method}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${BOT_TOKEN}`, 'content-type': 'application/json' },
    body: JSON.stringify(MESSAGE),
    ...(signal ? { signal } : {}),
  });
}

describe('Slack can be told to fail', () => {
  test('with 429 for the next calls of one method, and no longer', async () => {
    const { workspace } = await startStage();
    workspace.faults.call('chat.postMessage', { kind: 'rate-limited', retryAfter: 30 }, 2);
    expect((await raw(workspace.apiUrl, 'auth.test')).status).toBe(200);
    for (let index = 0; index < 2; index += 1) {
      const response = await raw(workspace.apiUrl, 'chat.postMessage');
      expect([response.status, response.headers.get('retry-after')]).toEqual([429, '30']);
    }
    expect(await call(workspace, 'chat.postMessage', MESSAGE)).toMatchObject({ ok: true });
    expect(workspace.messages()).toHaveLength(1);
  });

  test('with blocks that this workspace does not have yet, until it has them', async () => {
    const { workspace } = await startStage();
    const blocks = [section('one'), { type: 'divider' }];
    workspace.faults.blocks('divider');
    expect(await call(workspace, 'chat.postMessage', { ...MESSAGE, blocks })).toMatchObject({
      error: 'invalid_blocks',
      response_metadata: { messages: ['[ERROR] unsupported type: divider [json-pointer:/blocks/1/type]'] },
    });
    workspace.faults.clear();
    expect(await call(workspace, 'chat.postMessage', { ...MESSAGE, blocks })).toMatchObject({ ok: true });
  });

  test('with an HTTP error or an error code, for any method', async () => {
    const { workspace } = await startStage();
    workspace.faults.call('*', { kind: 'server-error', status: 503 });
    workspace.faults.call('*', { kind: 'refused', error: 'channel_is_limited_access' });
    const broken = await raw(workspace.apiUrl, 'chat.postMessage');
    expect([broken.status, await broken.text()]).toEqual([503, '<html><body>Server Error</body></html>']);
    expect(await call(workspace, 'chat.postMessage', MESSAGE)).toEqual({
      ok: false,
      error: 'channel_is_limited_access',
    });
    expect(workspace.messages()).toEqual([]);
  });

  test('by never answering, with nothing done', async () => {
    const { workspace } = await startStage();
    workspace.faults.call('chat.postMessage', { kind: 'no-answer' });
    const patience = new AbortController();
    const waiting = raw(workspace.apiUrl, 'chat.postMessage', patience.signal);
    await workspace.waitFor((one) => one.calls()[0]?.error === 'no_answer');
    patience.abort();
    await expect(waiting).rejects.toThrow();
    expect(workspace.messages()).toEqual([]);
  });

  test('by losing the answer to what was done', async () => {
    const { workspace } = await startStage();
    workspace.faults.call('chat.postMessage', { kind: 'lost-reply' });
    await expect(raw(workspace.apiUrl, 'chat.postMessage')).rejects.toThrow('fetch failed');
    expect(workspace.messages()).toMatchObject([{ text: 'x' }]);
    expect(workspace.calls()).toMatchObject([{ ok: true }]);
  });

  test('by answering late', async () => {
    const { workspace, clock } = await startStage();
    workspace.faults.call('chat.postMessage', { kind: 'late', by: 20 * SECOND });
    const waiting = raw(workspace.apiUrl, 'chat.postMessage');
    await workspace.waitFor((one) => one.messages().length === 1);
    await clock.untilSleeping();
    await clock.advance(20 * SECOND);
    expect(await (await waiting).json()).toMatchObject({ ok: true });
  });

  test('by delivering the same signed request two times', async () => {
    const app = await startReceiver();
    const { workspace } = await startStage({ requestUrl: app.url });
    workspace.faults.delivery({ kind: 'twice' });
    await workspace.say({ as: ALICE, channel: SECURITY, text: '/trail' });
    expect(app.received.map((one) => one.body)).toEqual([app.received[0]?.body, app.received[0]?.body]);
    await workspace.say({ as: ALICE, channel: SECURITY, text: '/trail' });
    expect(app.received).toHaveLength(3);
  });

  test('by delivering late, when the trigger has run out', async () => {
    const app = await startReceiver();
    const { workspace, clock } = await startStage({ requestUrl: app.url });
    workspace.faults.delivery({ kind: 'late', by: 4 * SECOND });
    const said = workspace.say({ as: ALICE, channel: SECURITY, text: '/trail' });
    await clock.untilSleeping();
    await clock.advance(4 * SECOND);
    expect(await said).toEqual({ ok: true });
    const trigger_id = app.received[0]?.form.get('trigger_id');
    const view = { type: 'modal', title: { type: 'plain_text', text: 'x' }, blocks: [] };
    expect(await call(workspace, 'views.open', { trigger_id, view })).toMatchObject({
      error: 'expired_trigger_id',
    });
  });

  test('until the plan is cleared', async () => {
    const { workspace } = await startStage();
    workspace.faults.call('*', { kind: 'server-error' }, 100);
    workspace.faults.clear();
    expect(await call(workspace, 'auth.test')).toMatchObject({ ok: true });
  });
});

test('waiting says what it has found instead', async () => {
  const { workspace } = await startStage();
  await call(workspace, 'chat.postMessage', MESSAGE);
  await expect(workspace.waitFor((one) => one.messages()[1], 10)).rejects.toThrow(
    'The workspace did not come to what was waited for in 0 s. Its latest messages are: C0SECURITY U0TRAILBOT: x',
  );
});

test('stopping ends what is held back, and can be asked for twice', async () => {
  const { workspace } = await startStage();
  workspace.faults.call('auth.test', { kind: 'no-answer' });
  const waiting = raw(workspace.apiUrl, 'auth.test');
  await workspace.waitFor((one) => one.calls()[0]);
  await Promise.all([workspace.stop(), workspace.stop(), expect(waiting).rejects.toThrow()]);
});
