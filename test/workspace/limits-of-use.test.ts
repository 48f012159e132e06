import { describe, expect, test } from 'vitest';
import { MINUTE, SECOND } from '../../src/kernel/time.ts';
import { startReceiver } from './receiver.ts';
import { ALICE, BOB, buttons, call, SECURITY, type Stage, section, startStage } from './stage.ts';

// How often, and for how long, the handles that Slack gives out can be used.

const VIEW = { type: 'modal', title: { type: 'plain_text', text: 'x' }, blocks: [] };

async function command(): Promise<Stage & { trigger: string; responseUrl: string }> {
  const app = await startReceiver();
  const stage = await startStage({ requestUrl: app.url });
  await stage.workspace.say({ as: ALICE, channel: SECURITY, text: '/trail' });
  const form = app.received[0]?.form;
  return { ...stage, trigger: form?.get('trigger_id') ?? '', responseUrl: form?.get('response_url') ?? '' };
}

async function respond(url: string, message: object): Promise<[status: number, body: string]> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(message) });
  return [response.status, await response.text()];
}

describe('a trigger_id', () => {
  test('opens one modal', async () => {
    const { workspace, trigger } = await command();
    const open = () => call(workspace, 'views.open', { trigger_id: trigger, view: VIEW });
    expect(await open()).toMatchObject({ ok: true, view: { type: 'modal' } });
    expect(await open()).toEqual({ ok: false, error: 'exchanged_trigger_id' });
    expect(workspace.modals(ALICE)).toHaveLength(1);
    expect(workspace.modals(BOB)).toEqual([]);
  });

  test('expires after three seconds', async () => {
    const { workspace, trigger, clock } = await command();
    await clock.advance(3 * SECOND + 1);
    const open = await call(workspace, 'views.open', { trigger_id: trigger, view: VIEW });
    expect(open).toEqual({ ok: false, error: 'expired_trigger_id' });
  });

  test('is not used up by a view that is refused, and cannot be made up', async () => {
    const { workspace, trigger } = await command();
    const open = (view: object, trigger_id = trigger) => call(workspace, 'views.open', { trigger_id, view });
    expect(await open({ type: 'modal' })).toMatchObject({ error: 'invalid_arguments' });
    expect(await open(VIEW, '1.2.abc')).toMatchObject({ error: 'invalid_trigger_id' });
    expect(await open(VIEW)).toMatchObject({ ok: true });
  });

  test('pushes onto an open modal only', async () => {
    const { workspace, trigger } = await command();
    const push = await call(workspace, 'views.push', { trigger_id: trigger, view: VIEW });
    expect(push).toMatchObject({ error: 'not_found' });
  });
});

describe('a response_url', () => {
  test('takes five answers', async () => {
    const { workspace, responseUrl } = await command();
    for (let index = 1; index <= 5; index += 1) {
      expect(await respond(responseUrl, { text: `answer ${index}` })).toEqual([200, 'ok']);
    }
    expect(await respond(responseUrl, { text: 'one more' })).toEqual([
      404,
      '{"ok":false,"error":"used_url"}',
    ]);
    expect(workspace.messages()).toHaveLength(5);
  });

  test('expires after thirty minutes, and cannot be made up', async () => {
    const { responseUrl, clock } = await command();
    await clock.advance(30 * MINUTE + 1);
    expect(await respond(responseUrl, { text: 'late' })).toEqual([404, '{"ok":false,"error":"expired_url"}']);
    const [status] = await respond(`${responseUrl}0`, { text: 'x' });
    expect(status).toBe(404);
  });

  test('refuses a broken message with 400', async () => {
    const { workspace, responseUrl } = await command();
    expect(await respond(responseUrl, {})).toEqual([400, '{"ok":false,"error":"no_text"}']);
    const [status, body] = await respond(responseUrl, { text: 'x', blocks: [{ type: 'x' }] });
    expect([status, JSON.parse(body)]).toMatchObject([400, { error: 'invalid_blocks' }]);
    expect(await respond(responseUrl, { text: 'x', response_type: 'loud' })).toMatchObject([400, {}]);
    expect(workspace.messages()).toEqual([]);
  });

  test('answers to all, or to the person alone, and deletes what it has sent', async () => {
    const { workspace, responseUrl } = await command();
    await respond(responseUrl, { text: 'to all', response_type: 'in_channel' });
    expect(workspace.messages()[0]?.ephemeralTo).toBeUndefined();
    await respond(responseUrl, { text: 'to Alice' });
    expect(workspace.messages()[1]).toMatchObject({ ephemeralTo: ALICE });
    await respond(responseUrl, { delete_original: true });
    expect(workspace.messages()).toMatchObject([{ text: 'to all' }]);
  });

  test('of a press replaces the whole message that was pressed, or deletes it', async () => {
    const app = await startReceiver();
    const { workspace } = await startStage({ requestUrl: app.url });
    const blocks = [section('Something'), buttons('ack:1')];
    const { ts } = await call(workspace, 'chat.postMessage', { channel: SECURITY, text: 'x', blocks });
    const from = { message: { channel: SECURITY, ts: String(ts) } };
    await workspace.press({ as: BOB, from, action: { type: 'button', action_id: 'do_ack' }, values: {} });
    const url = String(app.received[0]?.payload.response_url);
    await respond(url, { text: 'a note' });
    await respond(url, { text: 'done', replace_original: 'true' });
    expect(workspace.messages()).toMatchObject([
      { ts, text: 'done' },
      { text: 'a note', ephemeralTo: BOB },
    ]);
    expect(workspace.messages()[0]?.blocks).toBeUndefined();
    await respond(url, { delete_original: true });
    expect(workspace.messages()).toMatchObject([{ text: 'a note' }]);
  });
});
