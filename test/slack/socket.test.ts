import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { createLog } from '../../src/kernel/log.ts';
import { Misuse } from '../../src/kernel/problem.ts';
import { systemRandom } from '../../src/kernel/random.ts';
import { MINUTE, type Millis, SECOND } from '../../src/kernel/time.ts';
import { createSlack, type SlackApp } from '../../src/slack/bolt.ts';
import { socketCheckup } from '../../src/slack/socket/checkup.ts';
import type { SocketState } from '../../src/slack/socket/keeper.ts';
import type { Receipt } from '../../src/work/notify.ts';
import { startWorkspace, type Workspace } from '../../src/workspace/workspace.ts';
import { type FakeClock, fakeClock } from '../support/clock.ts';
import { type DeskDouble, deskDouble } from './desk-double.ts';
import { visible } from './drawn.ts';
import { AT, someCard } from './samples.ts';
import { serve } from './signed.ts';

const CHANNEL = 'C0SECURITY';
const ALICE = 'U0ALICE01';
const BOT_TOKEN = 'xoxb-local-test';
const APP_TOKEN = 'xapp-local-test';
const OPEN = 'apps.connections.open';

let clock: FakeClock;
let desk: DeskDouble;
let workspace: Workspace;
let slack: SlackApp;

beforeEach(async () => {
  clock = fakeClock(AT);
  desk = deskDouble();
  workspace = await startWorkspace({
    port: 0,
    clock,
    random: systemRandom,
    botToken: BOT_TOKEN,
    appToken: APP_TOKEN,
    signingSecret: 'unused',
    requestUrl: 'http://127.0.0.1:9/slack/events',
  });
  onTestFinished(() => workspace.stop());
});

async function connect(appToken = APP_TOKEN): Promise<void> {
  const log = createLog('silent');
  slack = await createSlack({
    token: BOT_TOKEN,
    appToken,
    apiUrl: workspace.apiUrl,
    desk,
    clock,
    log,
  });
  onTestFinished(() => slack.stop());
}

function state(): SocketState {
  const now = slack.sockets?.();
  if (!now) throw new Error('not in Socket Mode');
  return now;
}

const soon = (look: () => unknown) => expect.poll(look, { interval: 2, timeout: 5000 });

/** Moves the clock on as time goes by: a second each, with what the network brings in between. */
async function pass(time: Millis): Promise<void> {
  for (let left = time; left > 0; left -= SECOND) await clock.advance(Math.min(left, SECOND));
}

/** Both sockets are open, and have been for long enough that their end would be nothing special. */
async function settled(): Promise<void> {
  await connect();
  await clock.advance(5 * SECOND);
  await soon(() => state().connected).toBe(2);
  await pass(11 * SECOND);
  await soon(() => workspace.sockets.open).toBe(2);
}

async function posted(): Promise<Receipt> {
  const card = someCard();
  desk.current = { ...card.alert, channel: CHANNEL };
  return slack.notifier.post({ ...card, alert: desk.current }, 'intent-1');
}

function press(message: Receipt, action = 'alert_ack') {
  return workspace.press({
    as: ALICE,
    from: { message },
    action: { type: 'button', action_id: action },
    values: {},
  });
}

async function snoozeModal() {
  const message = await posted();
  const action = { type: 'static_select', action_id: 'alert_snooze' };
  const custom = { ...action, selected_option: { value: 'A-1042:1:custom' } };
  await workspace.press({ as: ALICE, from: { message }, action: custom, values: {} });
  return workspace.waitFor((one) => one.modals(ALICE)[0]);
}

const help = () => workspace.say({ as: ALICE, channel: CHANNEL, text: '/trail help' });

describe('two sockets', () => {
  test('are opened one after the other, and share what comes', async () => {
    await connect();
    expect(state()).toEqual({ wanted: 2, connected: 1, lastMessageAt: undefined, lastError: undefined });
    await clock.advance(4 * SECOND);
    expect(workspace.calls(OPEN)).toHaveLength(1);
    await clock.advance(SECOND);
    await soon(() => state().connected).toBe(2);
    expect(await help()).toEqual({ ok: true });
    expect(await help()).toEqual({ ok: true });
    expect(state().lastMessageAt).toBe(clock.now());
  });

  test('leave the address for requests empty', async () => {
    await connect();
    const server = await serve(slack.requestListener);
    onTestFinished(() => server.stop());
    const answer = await fetch(server.url, { method: 'POST', body: '{}' });
    expect([answer.status, await answer.text()]).toEqual([404, expect.stringContaining('Socket Mode')]);
  });

  test('each keep their own settings: a post that fails is not tried again by itself', async () => {
    await settled();
    workspace.faults.call('chat.postMessage', { kind: 'server-error' });
    await expect(posted()).rejects.toThrow('HTTP status 500');
    expect(workspace.calls('chat.postMessage')).toHaveLength(1);
  });
});

describe('what comes twice runs once', () => {
  test('a press, a command and an event', async () => {
    await settled();
    const receipt = await posted();
    workspace.faults.delivery({ kind: 'twice' }, 3);
    expect(await press(receipt)).toEqual({ ok: true });
    expect(await help()).toEqual({ ok: true });
    expect(await workspace.openHome(ALICE)).toEqual({ ok: true });
    await workspace.waitFor((one) => one.home(ALICE));
    await slack.stop();
    expect(desk.presses).toHaveLength(1);
    expect(desk.questions).toEqual(['help']);
    expect(workspace.calls('views.publish')).toHaveLength(1);
    // Copies are acknowledged as well, so that no more of them come.
    expect(workspace.deliveries().map(({ result }) => result)).toEqual(Array(6).fill(200));
  });

  test('but a modal that came back with errors can be sent again, even unchanged', async () => {
    await settled();
    const modal = await snoozeModal();
    const submit = (value: string) => {
      const typed = { length: { length: { type: 'plain_text_input', value } } };
      return workspace.submit({ as: ALICE, view: modal.id, values: typed });
    };
    for (const _ of ['once', 'again']) {
      expect(await submit('a while')).toEqual({ ok: true });
      expect(workspace.modals(ALICE)).toMatchObject([{ errors: { length: expect.any(String) } }]);
    }
    expect(await submit('2h')).toEqual({ ok: true });
    expect(workspace.modals(ALICE)).toEqual([]);
  });

  test('an event whose first try could not be remembered is taken at the next', async () => {
    await settled();
    const { firstTime } = desk;
    desk.firstTime = () => Promise.reject(new Error('disk full'));
    const opened = workspace.openHome(ALICE);
    await clock.untilSleeping();
    await pass(3 * SECOND);
    expect(await opened).toMatchObject({ ok: false });
    desk.firstTime = firstTime;
    await pass(MINUTE + 3 * SECOND);
    await workspace.waitFor((one) => one.home(ALICE));
    expect(workspace.deliveries().map(({ retry, result }) => [retry, result])).toContainEqual([2, 200]);
  });
});

describe("Slack's renewal of a socket", () => {
  test('opens another one first, and acknowledges what is under way on the old one', async () => {
    await settled();
    await press(await posted(), 'alert_resolve');
    const modal = await workspace.waitFor((one) => one.modals(ALICE)[0]);
    const goOn = Promise.withResolvers<void>();
    const asked = Promise.withResolvers<void>();
    const { alert } = desk;
    desk.alert = async (id) => {
      asked.resolve();
      await goOn.promise;
      return alert(id);
    };
    const chosen = { disposition: { type: 'radio_buttons', selected_option: { value: 'test' } } };
    const sent = workspace.submit({ as: ALICE, view: modal.id, values: { disposition: chosen } });
    await asked.promise;
    workspace.sockets.disconnect('refresh_requested');
    await workspace.waitFor((one) => one.sockets.open === 4);
    goOn.resolve();
    expect(await sent).toEqual({ ok: true });
    await workspace.waitFor((one) => one.sockets.open === 2);
    expect(await help()).toEqual({ ok: true });
    expect(state()).toMatchObject({ connected: 2, lastError: undefined });
  });

  test('loses nothing in the meantime: the other one serves', async () => {
    await settled();
    for (const reason of ['refresh_requested', 'warning'] as const) {
      const before = workspace.calls(OPEN).length;
      workspace.sockets.disconnect(reason, 1);
      expect(await help()).toEqual({ ok: true });
      expect(await help()).toEqual({ ok: true });
      await workspace.waitFor((one) => one.calls(OPEN).length > before && one.sockets.open === 2);
      await pass(11 * SECOND);
    }
    expect(workspace.calls(OPEN)).toHaveLength(4);
    expect(state()).toMatchObject({ connected: 2, lastError: undefined });
  });
});

describe('a socket that is gone', () => {
  test('is replaced at once when the connection breaks', async () => {
    await settled();
    workspace.sockets.cut();
    await workspace.waitFor((one) => one.calls(OPEN).length === 4 && one.sockets.open === 2);
    expect(await help()).toEqual({ ok: true });
  });

  test('is noticed by its silence, while the other one serves', async () => {
    await settled();
    workspace.sockets.hush(1);
    await pass(25 * SECOND);
    await soon(() => workspace.calls(OPEN).length).toBeGreaterThanOrEqual(3);
    expect(state().lastError?.says).toBe('nothing was heard from Slack on a socket, not even a ping');
    await soon(() => state().connected).toBe(2);
    // What went to the dead socket is lost; what comes after it is not.
    await pass(5 * SECOND);
    expect(await help()).toEqual({ ok: true });
  });

  test('is replaced as soon however often that has happened, when each was long open', async () => {
    await settled();
    for (let round = 1; round <= 4; round += 1) {
      workspace.sockets.hush();
      await soon(async () => {
        await pass(SECOND);
        return state().connected === 2 && workspace.calls(OPEN).length === 2 + 2 * round;
      }).toBe(true);
      expect(state().lastError?.at).toBeGreaterThanOrEqual(clock.now() - 5 * SECOND);
      await pass(11 * SECOND);
    }
  });

  test('is not suspected as long as Slack pings', async () => {
    await settled();
    let pings = 0;
    const count = () => {
      pings += 1;
    };
    subscribe('undici:websocket:ping', count);
    onTestFinished(() => void unsubscribe('undici:websocket:ping', count));
    for (let step = 1; step <= 12; step += 1) {
      await clock.advance(5 * SECOND);
      await soon(() => pings).toBeGreaterThanOrEqual(2 * step);
    }
    expect(workspace.calls(OPEN)).toHaveLength(2);
    expect(state().lastError).toBeUndefined();
  });
});

describe('a socket that cannot be opened', () => {
  test('stands in /trail status, with what is in the way', async () => {
    await settled();
    workspace.faults.call(OPEN, { kind: 'refused', error: 'token_revoked' });
    workspace.sockets.cut(1);
    await soon(() => state().lastError?.says).toContain('token_revoked');
    await workspace.say({ as: ALICE, channel: CHANNEL, text: '/trail status' });
    const status = await workspace.waitFor((one) => one.messages(CHANNEL).at(-1));
    expect(visible(status.blocks)).toMatch(
      /Socket Mode.*1 of 2 sockets to Slack are open, the last message 0 s ago\| · 0 s ago: \|Slack refused SLACK_APP_TOKEN: token_revoked/,
    );
  });

  test('lets the bot start all the same, says so, and is tried again until it opens', async () => {
    workspace.faults.call(OPEN, { kind: 'server-error' }, 5);
    await connect();
    expect(state()).toMatchObject({
      connected: 0,
      lastError: { says: 'Slack answered with HTTP status 500' },
    });
    expect(await help()).toEqual({ ok: false, error: '/trail failed with the error "dispatch_failed"' });
    await pass(MINUTE);
    await soon(() => state().connected).toBe(2);
    expect(workspace.calls(OPEN).length).toBeGreaterThanOrEqual(7);
    expect(await help()).toEqual({ ok: true });
  });

  test('waits as long as Slack asks it to', async () => {
    workspace.faults.call(OPEN, { kind: 'rate-limited', retryAfter: 30 });
    await connect();
    await clock.advance(5 * SECOND);
    await soon(() => state().connected).toBe(1);
    await pass(24 * SECOND);
    expect(workspace.calls(OPEN)).toHaveLength(2);
    await pass(SECOND);
    await soon(() => state().connected).toBe(2);
  });

  test.each([
    ['unknown', 'xapp-local-other', 'invalid_auth'],
    ['of another kind', BOT_TOKEN, 'not_allowed_token_type'],
  ])('because the token is %s ends the start with one sentence', async (_, token, name) => {
    const error = await connect(token).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Misuse);
    expect(error).toMatchObject({
      message: expect.stringMatching(
        new RegExp(`^Slack refused SLACK_APP_TOKEN: ${name}; make an app-level token.*connections:write`),
      ),
    });
    expect(workspace.calls(OPEN)).toHaveLength(1);
  });

  test('because the token was revoked while the bot runs is tried again slowly, and ends nothing', async () => {
    await settled();
    workspace.faults.call(OPEN, { kind: 'refused', error: 'token_revoked' }, 6);
    workspace.sockets.cut();
    await soon(() => state().lastError?.says).toContain('token_revoked');
    await pass(2 * MINUTE);
    expect(workspace.calls(OPEN).length).toBeLessThanOrEqual(2 + 6);
    await pass(3 * MINUTE);
    await soon(() => state().connected).toBe(2);
    expect(await help()).toEqual({ ok: true });
  });

  test('because there are too many already says whose they are, and does not insist', async () => {
    const others = await Promise.all(Array.from({ length: 10 }, openAnother));
    await connect();
    expect(state()).toMatchObject({
      connected: 0,
      lastError: { says: expect.stringContaining('too_many_websockets') },
    });
    await pass(20 * SECOND);
    expect(workspace.calls(OPEN).length).toBeLessThan(10 + 12);
    for (const other of others) other.close();
    await workspace.waitFor((one) => one.sockets.open === 0);
    await pass(MINUTE);
    await soon(() => state().connected).toBe(2);
  });
});

test('Socket Mode that is turned off in the app is told with the place where to turn it on', async () => {
  await settled();
  workspace.sockets.disconnect('link_disabled');
  await soon(() => state().lastError?.says).toContain('Socket Mode is turned off in the app');
});

test.each([
  [APP_TOKEN, ['fine', 'Slack gives the bot sockets for Socket Mode', undefined]],
  ['xapp-local-other', ['fault', 'Slack refused SLACK_APP_TOKEN: invalid_auth', expect.any(String)]],
])('the doctor says whether Slack would give a socket (%s), and opens none', async (appToken, said) => {
  const checkup = socketCheckup({ appToken, apiUrl: workspace.apiUrl, log: createLog('silent') });
  const [found] = await checkup.look(new AbortController().signal);
  expect([found?.verdict, found?.says, found?.remedy]).toEqual(said);
  expect(workspace.sockets.open).toBe(0);
});

describe('a stop', () => {
  test('finishes what is under way, acknowledges it, and closes the sockets', async () => {
    await settled();
    const receipt = await posted();
    const asked = Promise.withResolvers<void>();
    const goOn = Promise.withResolvers<void>();
    const { firstTime } = desk;
    desk.firstTime = async (...ids) => {
      asked.resolve();
      await goOn.promise;
      return firstTime(...ids);
    };
    const pressed = press(receipt);
    await asked.promise;
    const stopped = slack.stop();
    goOn.resolve();
    expect(await pressed).toEqual({ ok: true });
    await stopped;
    expect(desk.presses).toHaveLength(1);
    await workspace.waitFor((one) => one.sockets.open === 0);
    expect(state().connected).toBe(0);
    expect(await help()).toMatchObject({ ok: false });
  });

  test('while no socket can be opened is not kept waiting', async () => {
    workspace.faults.call(OPEN, { kind: 'no-answer' });
    const connecting = connect();
    await workspace.waitFor((one) => one.calls(OPEN).length === 1);
    await clock.advance(20 * SECOND);
    await connecting;
    await slack.stop();
    expect(workspace.sockets.open).toBe(0);
  });
});

/** A socket of another bot with the same token. */
async function openAnother(): Promise<WebSocket> {
  const headers = { authorization: `Bearer ${APP_TOKEN}` };
  const answer = await fetch(`${workspace.apiUrl}${OPEN}`, { method: 'POST', headers });
  const { url } = (await answer.json()) as { url: string };
  const socket = new WebSocket(url);
  await new Promise((resolve) => socket.addEventListener('message', resolve, { once: true }));
  return socket;
}
