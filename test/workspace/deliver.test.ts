import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { MINUTE, SECOND } from '../../src/kernel/time.ts';
import type { Workspace } from '../../src/workspace/workspace.ts';
import { startReceiver } from './receiver.ts';
import {
  ALICE,
  ALICE_DM,
  BOB,
  buttons,
  call,
  SECURITY,
  SIGNING_SECRET,
  START,
  section,
  startStage,
} from './stage.ts';

const NO_VALUES = {};

async function postButtons(workspace: Workspace, ...values: string[]): Promise<string> {
  const blocks = [section('Something'), buttons(...values)];
  const { ts } = await call(workspace, 'chat.postMessage', { channel: SECURITY, text: 'x', blocks });
  return String(ts);
}

function pressAck(workspace: Workspace, ts: string, value?: string) {
  const action = { type: 'button', action_id: 'do_ack', ...(value ? { value } : {}) };
  return workspace.press({
    as: ALICE,
    from: { message: { channel: SECURITY, ts } },
    action,
    values: NO_VALUES,
  });
}

describe('a slash command', () => {
  test('is signed and carries person, place, text, trigger and response_url', async () => {
    const app = await startReceiver();
    const { workspace } = await startStage({ requestUrl: app.url });
    expect(await workspace.say({ as: BOB, channel: ALICE_DM, text: '/trail' })).toMatchObject({ ok: false });
    expect(await workspace.say({ as: ALICE, channel: ALICE_DM, text: '/trail key AKIA 30d' })).toEqual({
      ok: true,
    });
    const [request] = app.received;
    expect(Object.fromEntries(request?.form ?? [])).toMatchObject({
      command: '/trail',
      text: 'key AKIA 30d',
      user_id: ALICE,
      user_name: 'alice',
      channel_id: ALICE_DM,
      channel_name: 'directmessage',
      team_id: 'T0LOCAL001',
      api_app_id: 'A0LOCAL001',
    });
    const stamp = request?.headers['x-slack-request-timestamp'];
    expect(Number(stamp)).toBe(START / 1000);
    const hmac = createHmac('sha256', SIGNING_SECRET).update(`v0:${stamp}:${request?.body}`).digest('hex');
    expect(request?.headers['x-slack-signature']).toBe(`v0=${hmac}`);
  });

  test('fails in Slack’s words when the app is too late, away, or in trouble; only that person sees it', async () => {
    let status = 0;
    const app = await startReceiver(() => (status ? { status } : undefined));
    let url = app.url;
    const { workspace, clock } = await startStage({ requestUrl: () => url });
    const say = () => workspace.say({ as: ALICE, channel: SECURITY, text: '/trail help' });
    const late = say();
    await app.arrival(1);
    await clock.advance(3 * SECOND);
    expect(await late).toEqual({ ok: false, error: '/trail failed with the error "operation_timeout"' });
    status = 500;
    expect(await say()).toMatchObject({ error: '/trail failed with the error "http_service_error"' });
    status = 404;
    expect(await say()).toMatchObject({ error: '/trail failed with the error "http_client_error"' });
    url = 'http://127.0.0.1:9/slack/events';
    expect(await say()).toMatchObject({ error: '/trail failed with the error "dispatch_failed"' });
    expect(workspace.failures(ALICE)).toHaveLength(4);
    expect(workspace.failures(BOB)).toEqual([]);
    expect(workspace.messages()).toEqual([]);
  });

  test('does not exist under another name, nor in a thread', async () => {
    const { workspace } = await startStage();
    const say = (more: object) => workspace.say({ as: ALICE, channel: SECURITY, text: '/trail', ...more });
    expect(await say({ text: '/trial help' })).toMatchObject({ error: '/trial is not a valid command.' });
    expect(await say({ threadTs: '1.1' })).toMatchObject({
      error: '/trail is not supported in threads. Sorry!',
    });
  });
});

describe('a press', () => {
  test('on an old drawing carries the message as it was drawn then', async () => {
    const app = await startReceiver();
    const { workspace } = await startStage({ requestUrl: app.url });
    const ts = await postButtons(workspace, 'ack:1');
    await call(workspace, 'chat.update', { channel: SECURITY, ts, text: 'new', blocks: [buttons('ack:2')] });
    expect(await pressAck(workspace, ts, 'ack:1')).toEqual({ ok: true });
    expect(app.received[0]?.payload).toMatchObject({
      type: 'block_actions',
      user: { id: ALICE, username: 'alice', team_id: 'T0LOCAL001' },
      container: { type: 'message', message_ts: ts, channel_id: SECURITY, is_ephemeral: false },
      channel: { id: SECURITY, name: 'security-alerts' },
      message: { ts, text: 'x', blocks: [{ type: 'section' }, { block_id: 'buttons' }] },
      actions: [
        {
          type: 'button',
          action_id: 'do_ack',
          block_id: 'buttons',
          value: 'ack:1',
          action_ts: expect.any(String),
        },
      ],
    });
    await pressAck(workspace, ts);
    expect(app.received[1]?.payload).toMatchObject({
      message: { text: 'new' },
      actions: [{ value: 'ack:2' }],
    });
  });

  test('cannot make up buttons, values, options or views', async () => {
    const app = await startReceiver();
    const { workspace } = await startStage({ requestUrl: app.url });
    const ts = await postButtons(workspace, 'ack:1');
    const gone = { ok: false, error: 'That control is not there any more.' };
    expect(await pressAck(workspace, ts, 'ack:99')).toEqual(gone);
    expect(await pressAck(workspace, '1.000001')).toEqual(gone);
    const view = {
      as: ALICE,
      from: { view: 'V1' },
      action: { type: 'button', action_id: 'x' },
      values: NO_VALUES,
    };
    expect(await workspace.press(view)).toEqual({ ok: false, error: 'That view is not open any more.' });
    expect(app.received).toEqual([]);
  });

  test('on a menu carries the app’s own option, and the state of the whole message', async () => {
    const app = await startReceiver();
    const { workspace } = await startStage({ requestUrl: app.url });
    const option = (value: string) => ({ text: { type: 'plain_text', text: `For ${value}` }, value });
    const elements = [
      { type: 'static_select', action_id: 'snooze', options: [option('30m'), option('1h')] },
      { type: 'users_select', action_id: 'assign', initial_user: BOB },
      { type: 'overflow', action_id: 'more', options: [option('note')] },
    ];
    const blocks = [{ type: 'actions', block_id: 'b', elements }];
    const { ts } = await call(workspace, 'chat.postMessage', {
      channel: SECURITY,
      attachments: [{ blocks }],
    });
    const press = (action: { type: string; [key: string]: unknown }) =>
      workspace.press({
        as: ALICE,
        from: { message: { channel: SECURITY, ts: String(ts) } },
        action,
        values: NO_VALUES,
      });
    const chosen = { text: { type: 'plain_text', text: 'A lie' }, value: '1h' };
    await press({ type: 'static_select', action_id: 'snooze', selected_option: chosen });
    await press({ type: 'users_select', action_id: 'assign', selected_user: ALICE });
    await press({ type: 'overflow', action_id: 'more', selected_option: { value: 'note' } });
    expect(app.received.map((one) => one.payload.actions)).toMatchObject([
      [{ selected_option: option('1h') }],
      [{ selected_user: ALICE, initial_user: BOB }],
      [{ type: 'overflow', selected_option: option('note') }],
    ]);
    expect(app.received[2]?.payload.state).toEqual({
      values: {
        b: {
          snooze: { type: 'static_select', selected_option: null },
          assign: { type: 'users_select', selected_user: BOB },
        },
      },
    });
    expect(
      await press({ type: 'overflow', action_id: 'more', selected_option: { value: 'other' } }),
    ).toMatchObject({
      ok: false,
    });
  });

  test('on an ephemeral message carries no message, and is for its reader only', async () => {
    const app = await startReceiver();
    const { workspace } = await startStage({ requestUrl: app.url });
    const blocks = [buttons('ack:1')];
    await call(workspace, 'chat.postEphemeral', { channel: SECURITY, user: BOB, text: 'x', blocks });
    const ts = workspace.messages()[0]?.ts ?? '';
    expect(await pressAck(workspace, ts)).toMatchObject({ ok: false });
    const action = { type: 'button', action_id: 'do_ack' };
    await workspace.press({
      as: BOB,
      from: { message: { channel: SECURITY, ts } },
      action,
      values: NO_VALUES,
    });
    expect(app.received[0]?.payload).toMatchObject({ container: { is_ephemeral: true }, user: { id: BOB } });
    expect(app.received[0]?.payload.message).toBeUndefined();
  });

  test('says so when the app does not take it within three seconds', async () => {
    const app = await startReceiver(() => undefined);
    const { workspace, clock } = await startStage({ requestUrl: app.url });
    const ts = await postButtons(workspace, 'ack:1');
    const pressed = pressAck(workspace, ts);
    await app.arrival(1);
    await clock.advance(3 * SECOND);
    const error = 'Trailbot is not responding. Try again later. (operation_timeout)';
    expect(await pressed).toEqual({ ok: false, error });
    expect(workspace.failures()).toEqual([{ to: ALICE, channel: SECURITY, text: error }]);
  });
});

describe('a modal', () => {
  const VIEW = {
    type: 'modal',
    callback_id: 'resolve',
    private_metadata: 'A-1',
    notify_on_close: true,
    title: { type: 'plain_text', text: 'Resolve' },
    submit: { type: 'plain_text', text: 'Resolve' },
    blocks: [
      {
        type: 'input',
        block_id: 'note',
        label: { type: 'plain_text', text: 'Note' },
        element: { type: 'plain_text_input', action_id: 'text', initial_value: 'first', max_length: 10 },
      },
      {
        type: 'input',
        block_id: 'where',
        optional: true,
        label: { type: 'plain_text', text: 'Tell' },
        element: { type: 'conversations_select', action_id: 'channel', response_url_enabled: true },
      },
    ],
  };

  async function openView(answer: () => { status?: number; body?: string } | undefined) {
    let view = '';
    const app = await startReceiver((request) => (request.form.get('command') ? {} : answer()));
    const { workspace, clock } = await startStage({ requestUrl: app.url });
    await workspace.say({ as: ALICE, channel: SECURITY, text: '/trail' });
    const trigger_id = app.received[0]?.form.get('trigger_id');
    const opened = await call(workspace, 'views.open', { trigger_id, view: VIEW });
    view = (opened.view as { id: string }).id;
    const submit = (values: Parameters<Workspace['submit']>[0]['values'] = {}) =>
      workspace.submit({ as: ALICE, view, values });
    return { app, workspace, clock, submit, view };
  }

  test('is submitted with everything that was entered, and closes', async () => {
    const { app, workspace, submit, view } = await openView(() => ({}));
    const chosen = { type: 'conversations_select', selected_conversation: SECURITY };
    expect(await submit({ where: { channel: chosen } })).toEqual({ ok: true });
    expect(app.received[1]?.payload).toMatchObject({
      type: 'view_submission',
      user: { id: ALICE, name: 'alice' },
      view: {
        id: view,
        callback_id: 'resolve',
        private_metadata: 'A-1',
        hash: expect.any(String),
        state: {
          values: {
            note: { text: { type: 'plain_text_input', value: 'first' } },
            where: { channel: chosen },
          },
        },
      },
      response_urls: [{ block_id: 'where', action_id: 'channel', channel_id: SECURITY }],
    });
    expect(workspace.modals(ALICE)).toEqual([]);
    expect(await submit()).toEqual({ ok: false, error: 'That dialog is not open any more.' });
  });

  test('is not even sent when an input is too long', async () => {
    const { app, workspace, submit } = await openView(() => ({}));
    const value = 'far too long for this';
    expect(await submit({ note: { text: { type: 'plain_text_input', value } } })).toMatchObject({
      ok: false,
    });
    expect(workspace.modals(ALICE)).toMatchObject([
      { errors: { note: 'This entry should be at most 10 characters.' } },
    ]);
    expect(app.received).toHaveLength(1);
  });

  const unusable: [what: string, body: string, why: string][] = [
    ['is not JSON', 'thanks!', 'the answer is not a JSON object'],
    [
      'names no input block',
      '{"response_action":"errors","errors":{"nowhere":"x"}}',
      'there is no input block nowhere',
    ],
    ['has no errors', '{"response_action":"errors"}', 'errors must be an object'],
    ['is no known action', '{"response_action":"dance"}', 'unknown response_action'],
    [
      'brings a broken view',
      '{"response_action":"update","view":{"type":"modal"}}',
      'invalid_arguments [ERROR] missing required field: title [json-pointer:/view] [ERROR] missing required field: blocks [json-pointer:/view]',
    ],
  ];
  test.each(unusable)('stays open with an apology when the answer %s', async (_, body, why) => {
    const { workspace, submit } = await openView(() => ({ body }));
    const error = `We had some trouble connecting. Try again? (${why})`;
    expect(await submit()).toEqual({ ok: false, error });
    expect(workspace.modals(ALICE)).toHaveLength(1);
  });

  test('stays open with an apology when no answer comes', async () => {
    const { app, workspace, clock, submit } = await openView(() => undefined);
    const submitted = submit();
    await app.arrival(2);
    await clock.advance(3 * SECOND);
    expect(await submitted).toMatchObject({
      error: 'We had some trouble connecting. Try again? (operation_timeout)',
    });
    expect(workspace.modals(ALICE)).toHaveLength(1);
  });

  test('tells the app that it was closed, when the app has asked for that', async () => {
    const { app, workspace, view } = await openView(() => ({}));
    expect(await workspace.close({ as: ALICE, view })).toEqual({ ok: true });
    expect(app.received[1]?.payload).toMatchObject({
      type: 'view_closed',
      is_cleared: false,
      view: { id: view },
    });
    expect(workspace.modals(ALICE)).toEqual([]);
  });

  test('a press inside it carries the view and no response_url', async () => {
    const { app, workspace, view } = await openView(() => ({}));
    const action = { type: 'conversations_select', action_id: 'channel', selected_conversation: SECURITY };
    await workspace.press({ as: ALICE, from: { view }, action, values: NO_VALUES });
    expect(app.received[1]?.payload).toMatchObject({
      container: { type: 'view', view_id: view },
      view: { id: view },
      actions: [{ action_id: 'channel', block_id: 'where', selected_conversation: SECURITY }],
    });
    expect(app.received[1]?.payload.response_url).toBeUndefined();
  });
});

describe('an event that the app does not take', () => {
  test('comes again at once, after a minute and after five more, and then no more', async () => {
    const app = await startReceiver(() => ({ status: 500 }));
    const { workspace, clock } = await startStage({ requestUrl: app.url });
    const tried = (times: number) => workspace.waitFor((one) => one.deliveries().length === times);
    expect(await workspace.openHome(ALICE)).toMatchObject({ ok: false });
    await tried(2);
    await clock.untilSleeping();
    await clock.advance(MINUTE);
    await tried(3);
    await clock.untilSleeping();
    await clock.advance(5 * MINUTE);
    await tried(4);
    await clock.advance(60 * MINUTE);
    expect(app.received.map((one) => one.headers['x-slack-retry-num'])).toEqual([undefined, '1', '2', '3']);
    expect(app.received[3]?.headers['x-slack-retry-reason']).toBe('http_error');
    expect(new Set(app.received.map((one) => one.payload.event_id)).size).toBe(1);
  });

  test('does not come again once it was taken, or when the app says so', async () => {
    const answers = [{ status: 500 }, { status: 200 }, { status: 500, headers: { 'x-slack-no-retry': '1' } }];
    const app = await startReceiver(() => answers.shift());
    const { workspace, clock } = await startStage({ requestUrl: app.url });
    await workspace.openHome(ALICE);
    await workspace.waitFor((one) => one.deliveries().length === 2);
    await clock.advance(60 * MINUTE);
    expect(workspace.deliveries()).toMatchObject([
      { retry: 0, result: 500 },
      { retry: 1, result: 200 },
    ]);
    await workspace.openHome(ALICE);
    await clock.advance(60 * MINUTE);
    expect(app.received).toHaveLength(3);
  });
});
