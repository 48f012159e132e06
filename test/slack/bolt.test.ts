import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createLog } from '../../src/kernel/log.ts';
import { Misuse } from '../../src/kernel/problem.ts';
import { createSlack, type SlackApp } from '../../src/slack/bolt.ts';
import { fakeClock } from '../support/clock.ts';
import { type DeskDouble, deskDouble } from './desk-double.ts';
import { controls, visible } from './drawn.ts';
import { AT, someAlert } from './samples.ts';
import { interaction, SECRET, serve, signed } from './signed.ts';
import { type SlackApi, startSlackApi } from './slack-api.ts';

const TEAM = 'T0TEAM001';
const ALICE = { id: 'U0ALICE01', username: 'alice', team_id: TEAM };

let api: SlackApi;
let desk: DeskDouble;
let slack: SlackApp;
let url: string;
let stop: () => Promise<void>;
const clock = fakeClock(AT);

beforeEach(async () => {
  api = await startSlackApi();
  desk = deskDouble();
  slack = await createSlack({
    token: 'xoxb-test',
    signingSecret: SECRET,
    apiUrl: api.url,
    desk,
    clock,
    log: createLog('silent'),
    publicUrl: 'https://trail.example',
  });
  ({ url, stop } = await serve(slack.requestListener));
});

afterEach(async () => {
  await stop();
  await api.stop();
});

/** Sends and waits until everything that it set off is done. */
async function send(body: string, type?: string): Promise<{ status: number; body: string }> {
  const response = await fetch(url, signed(body, clock.now(), type === undefined ? {} : { type }));
  const answer = { status: response.status, body: await response.text() };
  await slack.stop();
  return answer;
}

let presses = 0;

function press(action: string, value: string | undefined, more: object = {}): object {
  presses += 1;
  return {
    type: 'block_actions',
    team: { id: TEAM },
    user: ALICE,
    trigger_id: `trigger-${presses}`,
    response_url: `${api.url}respond`,
    container: { type: 'message_attachment', message_ts: '1795166100.000001', channel_id: 'C0SECALERTS' },
    channel: { id: 'C0SECALERTS', name: 'security' },
    actions: [
      { type: 'button', action_id: action, block_id: 'act:A-1042:1', action_ts: `1.${presses}`, value },
    ],
    ...more,
  };
}

function choose(value: string): object {
  const payload = press('alert_snooze', undefined);
  const action = {
    type: 'static_select',
    action_id: 'alert_snooze',
    action_ts: `2.${presses}`,
    selected_option: { value },
  };
  return { ...payload, actions: [action] };
}

function submission(
  callback: string,
  values: object,
  origin: object = { alertId: 'A-1042', version: 1, channel: 'C0SECALERTS' },
) {
  presses += 1;
  return {
    type: 'view_submission',
    team: { id: TEAM },
    user: ALICE,
    view: {
      id: `V${presses}`,
      hash: 'h',
      callback_id: callback,
      private_metadata: JSON.stringify(origin),
      state: { values },
    },
  };
}

function command(text: string): string {
  presses += 1;
  return new URLSearchParams({
    command: '/trail',
    text,
    team_id: TEAM,
    user_id: 'U0ALICE01',
    user_name: 'alice',
    channel_id: 'C0SECALERTS',
    trigger_id: `trigger-${presses}`,
    response_url: `${api.url}respond`,
  }).toString();
}

/** What the person was told, newest last. */
function told(): string[] {
  return api.calls
    .filter((call) => call.method === 'respond' || call.method === 'chat.postEphemeral')
    .map((call) => visible(call.args.blocks));
}

function called(method: string) {
  return api.calls.filter((call) => call.method === method).map((call) => call.args);
}

describe('a press', () => {
  test('is acknowledged empty and reaches the desk once, with alert, version and person', async () => {
    expect(await send(interaction(press('alert_ack', 'A-1042:1')))).toEqual({ status: 200, body: '' });
    expect(desk.presses).toEqual([
      {
        alertId: 'A-1042',
        version: 1,
        operation: { kind: 'acknowledge' },
        operator: { userId: 'U0ALICE01', teamId: TEAM, name: 'alice' },
        pressId: expect.stringMatching(/^press:U0ALICE01:1795166100\.000001:alert_ack:1\./),
      },
    ]);
    expect(told()).toEqual([]);
  });

  test('carries the real name of the person, asked of Slack once', async () => {
    const profile = { real_name: 'Alice Martin', display_name: 'ali' };
    api.next('users.info', { json: { ok: true, user: { id: 'U0ALICE01', profile } } });
    await send(interaction(press('alert_ack', 'A-1042:1')));
    await send(interaction(press('alert_unack', 'A-1042:2')));
    const origin = { alertId: 'A-1042', version: 3, channel: 'C0SECALERTS' };
    await send(interaction(submission('alert_snooze', { length: { length: { value: '1h' } } }, origin)));
    expect(desk.presses.map(({ operator }) => operator.name)).toEqual(Array(3).fill('Alice Martin'));
    expect(called('users.info')).toHaveLength(1);
  });

  test('delivered twice counts once, signed anew or not', async () => {
    const body = interaction(press('alert_ack', 'A-1042:1'));
    await send(body);
    await send(body);
    await clock.advance(2000);
    expect((await send(body)).status).toBe(200);
    expect(desk.presses).toHaveLength(1);
  });

  test.each([
    ['alert_unack', 'unacknowledge'],
    ['alert_wake', 'wake'],
    ['alert_reopen', 'reopen'],
  ])('%s asks to %s', async (action, kind) => {
    await send(interaction(press(action, 'A-1042:1')));
    expect(desk.presses[0]?.operation).toEqual({ kind });
  });

  test('on a stale button is told what happened meanwhile, to that person alone', async () => {
    await send(interaction(press('alert_ack', 'A-1042:7')));
    expect(told()).toEqual(['Nothing changed. Bob resolved A-1042 20 s ago.']);
    expect(called('respond')[0]).toMatchObject({ response_type: 'ephemeral', replace_original: false });
  });

  test.each([
    ['an unknown control', 'old_thing', 'A-1042:1'],
    ['a value of another shape', 'alert_ack', 'yes'],
    ['no value', 'alert_ack', undefined],
  ])('on %s is answered, not ignored', async (_, action, value) => {
    expect((await send(interaction(press(action, value)))).status).toBe(200);
    expect(told()[0]).toContain('older version of Trailbot');
    expect(desk.presses).toEqual([]);
  });

  test('by somebody of another company is refused', async () => {
    await send(interaction(press('alert_ack', 'A-1042:1', { user: { ...ALICE, team_id: 'T0OTHER01' } })));
    expect(told()[0]).toContain('Only people of the workspace');
    expect(desk.presses).toEqual([]);
  });

  test('that fails inside the bot is told to the person', async () => {
    desk.broken = true;
    await send(interaction(press('alert_ack', 'A-1042:1')));
    expect(told()[0]).toMatch(/That did not work.*Please try again/);
  });

  test('on a private copy replaces that copy', async () => {
    const container = { type: 'message', message_ts: '9.9', channel_id: 'C0SECALERTS', is_ephemeral: true };
    await send(interaction(press('alert_ack', 'A-1042:1', { container })));
    expect(called('respond')[0]).toMatchObject({ replace_original: true });
  });

  test('Show event answers with the event in words and as JSON, and is written down', async () => {
    await send(interaction(press('alert_event', 'A-1042:1')));
    expect(told()[0]).toContain('Who  |root @ 111122223333');
    expect(told()[0]).toContain('"eventName": "ConsoleLogin"');
    expect(desk.questions).toEqual(['event 3f0c8a7e-7f5b-4a4e-9c59-0d1b7f0c2a11 of A-1042']);
  });

  test('Show answers with the alert, its buttons and its history', async () => {
    await send(interaction(press('alert_show', 'A-1042:1')));
    expect(told()[0]).toContain('Alice: acknowledged');
    expect(controls(called('respond')[0]?.attachments)[0]).toBe('Acknowledge → A-1042:1');
  });

  test('to see something by one who may not ask is refused', async () => {
    desk.closedTo = 'Ask the team lead for access.';
    await send(interaction(press('alert_event', 'A-1042:1')));
    await send(interaction(press('alert_show', 'A-1042:1')));
    expect(told()).toEqual(['Ask the team lead for access.', 'Ask the team lead for access.']);
  });
});

describe('snooze', () => {
  test.each([
    ['30m', 1_800_000],
    ['1h', 3_600_000],
    ['4h', 14_400_000],
  ])('%s', async (choice, length) => {
    await send(interaction(choose(`A-1042:1:${choice}`)));
    expect(desk.presses[0]?.operation).toEqual({ kind: 'snooze', until: clock.now() + length });
  });

  test("until 09:00 is that of the person's own clock", async () => {
    await send(interaction(choose('A-1042:1:next-am')));
    // One hour ahead of UTC: 09:00 there is 08:00 UTC, and today's is over.
    expect(desk.presses[0]?.operation).toEqual({ kind: 'snooze', until: Date.parse('2026-11-21T08:00:00Z') });
  });

  test('when Slack does not tell the zone, 09:00 is taken as UTC', async () => {
    api.next('users.info', { json: { ok: false, error: 'missing_scope' } });
    await send(interaction(choose('A-1042:1:next-am')));
    expect(desk.presses[0]?.operation).toEqual({ kind: 'snooze', until: Date.parse('2026-11-21T09:00:00Z') });
  });

  test('custom opens a modal, which takes a length and refuses what is none', async () => {
    await send(interaction(choose('A-1042:1:custom')));
    expect(called('views.open')[0]).toMatchObject({ view: { callback_id: 'alert_snooze' } });
    const bad = await send(
      interaction(submission('alert_snooze', { length: { length: { value: 'soon' } } })),
    );
    expect(JSON.parse(bad.body)).toMatchObject({
      response_action: 'errors',
      errors: { length: 'Write a number and a unit, such as 45m, 2h or 1d.' },
    });
    const good = await send(
      interaction(submission('alert_snooze', { length: { length: { value: '1d 6h' } } })),
    );
    expect(good).toEqual({ status: 200, body: '' });
    expect(desk.presses[0]?.operation).toEqual({ kind: 'snooze', until: clock.now() + 30 * 3_600_000 });
  });
});

describe('resolve', () => {
  const filled = {
    disposition: { disposition: { selected_option: { value: 'expected' } } },
    note: { note: { value: ' break-glass drill ' } },
  };

  test('opens a modal with the trigger of the press', async () => {
    await send(interaction(press('alert_resolve', 'A-1042:1')));
    const [opened] = called('views.open');
    expect(opened).toMatchObject({
      trigger_id: `trigger-${presses}`,
      view: { callback_id: 'alert_resolve' },
    });
    expect(visible(opened?.view)).toContain('Expected activity: known and allowed');
  });

  test('opens none for a stale press, and says what happened', async () => {
    desk.current = someAlert({
      state: 'resolved',
      version: 3,
      resolvedBy: 'U0BOB0001',
      resolvedAt: clock.now() - 20_000,
    });
    await send(interaction(press('alert_resolve', 'A-1042:1')));
    expect(called('views.open')).toEqual([]);
    expect(told()[0]).toContain('resolved A-1042 20 s ago.');
    expect(desk.refreshed).toEqual(['A-1042']);
  });

  test.each([
    ['Resolve…', () => press('alert_resolve', 'A-1042:1')],
    ['a custom snooze', () => choose('A-1042:1:custom')],
  ])('%s opens nothing for one who may not act on alerts', async (_, pressed) => {
    desk.handsOff = 'You may not act on alerts here.';
    await send(interaction(pressed()));
    expect(called('views.open')).toEqual([]);
    expect(told()).toEqual(['You may not act on alerts here.']);
  });

  test('when the three seconds of the trigger are over, the person learns to press again', async () => {
    api.next('views.open', { json: { ok: false, error: 'expired_trigger_id' } });
    await send(interaction(press('alert_resolve', 'A-1042:1')));
    expect(told()[0]).toContain('press again');
  });

  test('passes on disposition and note', async () => {
    expect(await send(interaction(submission('alert_resolve', filled)))).toEqual({ status: 200, body: '' });
    expect(desk.presses).toMatchObject([
      { version: 1, operation: { kind: 'resolve', disposition: 'expected', note: 'break-glass drill' } },
    ]);
  });

  test('asks for what is missing', async () => {
    const { body } = await send(interaction(submission('alert_resolve', {})));
    expect(JSON.parse(body)).toEqual({
      response_action: 'errors',
      errors: { disposition: 'Choose what it was.' },
    });
  });

  test('comes back with the present version when the alert changed meanwhile', async () => {
    desk.current = someAlert({
      state: 'acknowledged',
      version: 2,
      acknowledgedBy: 'U0BOB0001',
      acknowledgedAt: clock.now() - 60_000,
    });
    const answer = JSON.parse((await send(interaction(submission('alert_resolve', filled)))).body);
    expect(answer.response_action).toBe('update');
    expect(JSON.parse(answer.view.private_metadata)).toMatchObject({ version: 2 });
    expect(visible(answer.view)).toContain('acknowledged A-1042 1 min ago.');
    expect(desk.presses).toEqual([]);
    expect(desk.refreshed).toEqual(['A-1042']);
  });

  test('becomes a plain notice when somebody else resolved it', async () => {
    desk.current = someAlert({
      state: 'resolved',
      version: 3,
      resolvedBy: 'U0BOB0001',
      resolvedAt: clock.now(),
    });
    const answer = JSON.parse((await send(interaction(submission('alert_resolve', filled)))).body);
    expect(answer.view.submit).toBeUndefined();
  });

  test('tells a refusal in the channel that it began in', async () => {
    const late = submission('alert_resolve', filled);
    desk.operate = async () => ({ refused: 'Only the responders may do that.' });
    await send(interaction(late));
    expect(called('chat.postEphemeral')).toMatchObject([{ channel: 'C0SECALERTS', user: 'U0ALICE01' }]);
    expect(told()).toEqual(['Only the responders may do that.']);
  });
});

describe('/trail', () => {
  test('is acknowledged at once and answered to the asker alone', async () => {
    expect(await send(command('status'))).toEqual({ status: 200, body: '' });
    expect(called('respond')[0]).toMatchObject({ response_type: 'ephemeral' });
    expect(told()[0]).toContain('1,204 stored');
    expect(desk.questions).toEqual(['status']);
  });

  test('delivered twice is answered once', async () => {
    const body = command('help');
    await send(body);
    await clock.advance(1000);
    await send(body);
    expect(told()).toHaveLength(1);
  });
});

describe('other payloads', () => {
  test('opening the Home publishes it', async () => {
    const event = { type: 'app_home_opened', user: 'U0ALICE01', tab: 'home', channel: 'D1' };
    const body = JSON.stringify({ type: 'event_callback', team_id: TEAM, event_id: 'Ev1', event });
    expect((await send(body, 'application/json')).status).toBe(200);
    await clock.advance(1000);
    await send(body, 'application/json');
    expect(called('views.publish')).toHaveLength(1);
    expect(visible(called('views.publish')[0]?.view)).toContain('A-1042 · HIGH · FIRING');
  });

  test("Slack's handshake gets its challenge", async () => {
    const { body } = await send(
      JSON.stringify({ type: 'url_verification', challenge: 'abc' }),
      'application/json',
    );
    expect(JSON.parse(body)).toEqual({ challenge: 'abc' });
  });

  test.each([
    ['a closed modal', { type: 'view_closed', view: { id: 'V1', callback_id: 'alert_resolve' } }],
    [
      'a modal of another version',
      { type: 'view_submission', view: { id: 'V1', callback_id: 'gone', state: {} } },
    ],
    ['a menu that asks for options', { type: 'block_suggestion', action_id: 'x', value: 'y' }],
    ['a shortcut', { type: 'message_action', callback_id: 'gone', response_url: 'http://127.0.0.1:9/x' }],
  ])('%s is answered', async (_, payload) => {
    const { status } = await send(interaction({ team: { id: TEAM }, user: ALICE, ...payload }));
    expect(status).toBe(200);
  });

  test('another path is not ours', async () => {
    const response = await fetch(
      url.replace('/slack/events', '/other'),
      signed(command('help'), clock.now()),
    );
    expect(response.status).toBe(404);
  });
});

describe('starting', () => {
  const options = () => ({
    token: 'xoxb-x',
    signingSecret: SECRET,
    apiUrl: api.url,
    desk,
    clock,
    log: createLog('silent'),
  });

  test('with a token that Slack does not take ends with one sentence', async () => {
    api.next('auth.test', { json: { ok: false, error: 'invalid_auth' } });
    await expect(createSlack(options())).rejects.toThrow(
      new Misuse(
        'Slack does not accept the bot: Slack refused: invalid_auth; check SLACK_BOT_TOKEN, and reinstall the app in Slack if it was removed.',
      ),
    );
  });

  test('with a token of another workspace ends with one sentence', async () => {
    await expect(createSlack({ ...options(), teamId: 'T0OTHER01' })).rejects.toThrow(
      /belongs to workspace T0TEAM001/,
    );
  });

  test('while Slack cannot be reached goes on, and asks again when it is needed', async () => {
    api.next('auth.test', { status: 503 });
    const late = await createSlack(options());
    const served = await serve(late.requestListener);
    const response = await fetch(
      served.url,
      signed(interaction(press('alert_ack', 'A-1042:1')), clock.now()),
    );
    await late.stop();
    await served.stop();
    expect(response.status).toBe(200);
    expect(desk.presses).toHaveLength(1);
  });
});

/** Well-formed payloads with any member replaced by something else, and plain nonsense. */
const junk = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constant({}), fc.constant([null]), fc.constant([{}]));
const members = [
  'type',
  'user',
  'actions',
  'view',
  'container',
  'channel',
  'message',
  'event',
  'command',
  'name',
  'trigger_id',
  'callback_id',
  'is_enterprise_install',
  'response_url',
  'response_urls',
  'team',
  'authorizations',
];
const malformed = fc
  .tuple(
    fc.constantFrom(
      () => press('alert_ack', 'A-1042:1'),
      () => choose('A-1042:1:1h'),
      () => submission('alert_resolve', {}),
      () => ({ type: 'event_callback', team_id: TEAM, event: { type: 'app_home_opened', user: 'U1' } }),
      () => ({
        command: '/trail',
        text: 'x',
        user_id: 'U1',
        channel_id: 'C1',
        trigger_id: `t${presses}`,
        team_id: TEAM,
      }),
    ),
    fc.dictionary(fc.constantFrom(...members), junk, { maxKeys: 3 }),
  )
  .map(([make, changes]) => ({ ...make(), response_url: `${api.url}respond`, ...changes }));

test('signed but malformed payloads get an answer and crash nothing', async () => {
  await fc.assert(
    fc.asyncProperty(malformed, fc.boolean(), async (payload, asForm) => {
      const text = JSON.stringify(payload);
      const { status } = asForm ? await send(interaction(payload)) : await send(text, 'application/json');
      expect([200, 400, 403, 500]).toContain(status);
    }),
    { numRuns: 150 },
  );
  expect((await send(command('status'))).status).toBe(200);
});
