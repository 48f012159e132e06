import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createLog } from '../../src/kernel/log.ts';
import { Fault } from '../../src/kernel/problem.ts';
import { systemRandom } from '../../src/kernel/random.ts';
import { createSlack, type SlackApp } from '../../src/slack/bolt.ts';
import type { Card, Receipt } from '../../src/work/notify.ts';
import { startWorkspace, type Workspace } from '../../src/workspace/workspace.ts';
import { type FakeClock, fakeClock } from '../support/clock.ts';
import { type DeskDouble, deskDouble } from './desk-double.ts';
import { nodes, visible } from './drawn.ts';
import { AT, BURST, STATES, someAlert, someCard, someFacts, someRecord } from './samples.ts';
import { SECRET, serve } from './signed.ts';

const CHANNEL = 'C0SECURITY';
const ALICE = 'U0ALICE01';

let clock: FakeClock;
let desk: DeskDouble;
let workspace: Workspace;
let slack: SlackApp;
let connect: () => Promise<SlackApp>;
let stopServer: () => Promise<void>;

/** A workspace, and the bot in it, reached by requests or through sockets. */
async function start(way: 'requests' | 'sockets'): Promise<void> {
  clock = fakeClock(AT);
  desk = deskDouble();
  const bot = { url: '' };
  const shared = { clock, botToken: 'xoxb-local-test', signingSecret: SECRET };
  const appToken = 'xapp-local-test';
  workspace = await startWorkspace({
    ...shared,
    ...(way === 'sockets' ? { appToken } : {}),
    port: 0,
    random: systemRandom,
    requestUrl: () => bot.url,
  });
  connect = () =>
    createSlack({
      token: 'xoxb-local-test',
      ...(way === 'sockets' ? { appToken } : { signingSecret: SECRET }),
      apiUrl: workspace.apiUrl,
      desk,
      clock,
      log: createLog('silent'),
    });
  slack = await connect();
  const server = await serve((request, response) => slack.requestListener(request, response));
  bot.url = server.url;
  stopServer = server.stop;
}

/** Waits until all that was set off is done: a bot that stops does so. */
async function settle(): Promise<void> {
  await slack.stop();
  slack = await connect();
}

afterEach(async () => {
  await slack.stop();
  await stopServer();
  await workspace.stop();
});

function inChannel(card: Card): Card {
  return { ...card, alert: { ...card.alert, channel: CHANNEL } };
}

async function posted(card: Card = someCard()): Promise<Receipt> {
  desk.current = inChannel(card).alert;
  return slack.notifier.post(inChannel(card), 'intent-1');
}

async function press(receipt: Receipt, action: object): Promise<unknown> {
  const answer = await workspace.press({
    as: ALICE,
    from: { message: receipt },
    action: { type: 'button', ...action },
    values: {},
  });
  await settle();
  return answer;
}

function whispers(): string[] {
  return workspace
    .messages(CHANNEL)
    .filter((message) => message.ephemeralTo === ALICE)
    .map((message) => visible(message.blocks));
}

function modal() {
  const [top] = workspace.modals(ALICE);
  if (!top) throw new Error('no modal is open');
  return top;
}

describe('Slack takes every message as it is drawn', () => {
  beforeEach(() => start('requests'));

  test.each(Object.entries(STATES))('%s', async (_, card) => {
    const receipt = await posted(card);
    expect(await slack.notifier.update(inChannel(card), receipt)).toBe('updated');
    expect(workspace.messages(CHANNEL)).toHaveLength(1);
  });

  test('a burst without the table', async () => {
    workspace.faults.call('chat.postMessage', { kind: 'refused', error: 'invalid_blocks' });
    await posted(someCard({ count: 138 }, BURST));
    expect(visible(workspace.messages(CHANNEL)[0]?.attachments)).toContain('iam:ListUsers| × 61');
  });

  test('with huge and hostile text everywhere', async () => {
    const huge = '<!channel> <@U0ALICE01> <https://e.example|x> :tada: *b* `c` \u202E'.repeat(2000);
    const facts = someFacts({
      summary: huge,
      actor: huge,
      actorArn: huge,
      behind: [huge, huge, huge, huge, huge, huge],
      eventSource: huge,
      eventName: huge,
      outcome: huge,
      errorMessage: huge,
      sourceAddress: huge,
      userAgent: huge,
      account: huge,
      accountName: huge,
      region: huge,
      eventId: huge,
      fields: Array.from({ length: 40 }, () => [huge, huge] as const),
    });
    const samples = Array.from({ length: 9 }, () => ({ call: huge, count: 9, from: huge }));
    for (const [at, card] of Object.values(STATES).entries()) {
      const hostile = { title: huge, why: huge, author: huge, note: huge, ruleName: huge, facts };
      await slack.notifier.post(
        inChannel({ ...card, alert: { ...card.alert, ...hostile, id: `A-${at}` }, samples }),
        `intent-${at}`,
      );
      await clock.advance(1000);
    }
    expect(workspace.messages(CHANNEL)).toHaveLength(Object.keys(STATES).length);
  });
});

describe('delivery', () => {
  beforeEach(() => start('requests'));

  test('a phone shows severity, what, where and the id', async () => {
    await posted();
    expect(workspace.pushes(ALICE).at(-1)?.body).toBe(
      'HIGH: Root console login without MFA in prod-core from 203.0.113.7. A-1042',
    );
  });

  test('an alert that is back rings everybody, in the thread of its message and in the channel', async () => {
    const receipt = await posted();
    await slack.notifier.remind(inChannel(someCard({ version: 3 })), receipt, 'snooze over');
    const [push] = workspace.pushes('U0BOB00001').slice(1);
    expect(push?.body).toBe(
      'HIGH again: Root console login without MFA in prod-core — the snooze is over. A-1042',
    );
    const reply = workspace.messages(CHANNEL).at(-1);
    expect(reply).toMatchObject({ threadTs: receipt.ts, broadcast: true });
    expect(visible(reply?.blocks)).toMatch(/snooze is over.*Nobody has it.*Acknowledge on the message above/);
  });

  test('an alert that is back says who has it, and nothing in it is markup', async () => {
    const receipt = await posted();
    const back = { state: 'acknowledged', acknowledgedBy: ALICE, title: '<!channel> *x*' } as const;
    await slack.notifier.remind(inChannel(someCard(back)), receipt, 'reopened');
    const reply = workspace.messages(CHANNEL).at(-1);
    expect(reply?.text).toBe('HIGH again: ‹!channel› ∗x∗ in prod-core — reopened. A-1042');
    const parts = nodes(reply?.blocks);
    expect(parts.filter((node) => node.type === 'mrkdwn')).toEqual([]);
    expect(parts.filter((node) => node.type === 'user')).toEqual([{ type: 'user', user_id: ALICE }]);
  });

  test('after a lost answer the message is found, so nothing is posted twice', async () => {
    workspace.faults.call('chat.postMessage', { kind: 'lost-reply' });
    const error = await posted().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Fault);
    expect(error).toMatchObject({ uncertain: true });
    const found = await slack.notifier.find(CHANNEL, 'intent-1', AT - 60_000);
    expect(found?.ts).toBe(workspace.messages(CHANNEL)[0]?.ts);
    expect(await slack.notifier.find(CHANNEL, 'intent-2', AT - 60_000)).toBeUndefined();
  });

  test('a message is still found after it was edited', async () => {
    const receipt = await posted();
    await slack.notifier.update(inChannel(someCard({ version: 2 })), receipt);
    expect(await slack.notifier.find(CHANNEL, 'intent-1', AT - 60_000)).toEqual(receipt);
  });

  test.each([
    ['archived', { archived: true }, /is_archived; unarchive/],
    ['without the bot', { botIn: false }, /\/invite @trailbot/],
  ])('a channel %s is given up with a remedy', async (_, change, remedy) => {
    workspace.changeChannel(CHANNEL, change);
    const error = await posted().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ retryAfter: undefined, message: expect.stringMatching(remedy) });
  });

  test('an edit of a message that Slack does not have says so', async () => {
    expect(await slack.notifier.update(inChannel(someCard()), { channel: CHANNEL, ts: '1.000001' })).toBe(
      'gone',
    );
  });
});

describe.each(['requests', 'sockets'] as const)('people, through %s', (way) => {
  beforeEach(() => start(way));

  test('Acknowledge reaches the desk once, although Slack delivers twice', async () => {
    const receipt = await posted();
    workspace.faults.delivery({ kind: 'twice' });
    await press(receipt, { action_id: 'alert_ack' });
    expect(desk.presses).toMatchObject([
      { alertId: 'A-1042', version: 1, operator: { userId: ALICE, name: 'Alice Martin' } },
    ]);
    expect(workspace.failures()).toEqual([]);
  });

  test('whom a refusal names is shown as a person, never as an id', async () => {
    const receipt = await posted();
    desk.handsOff = 'You may not act on alerts here. Ask <@U0BOB00001>.';
    await press(receipt, { action_id: 'alert_resolve' });
    const told = workspace.messages(CHANNEL).find((message) => message.ephemeralTo === ALICE);
    expect(nodes(told?.blocks)).toContainEqual({ type: 'user', user_id: 'U0BOB00001' });
    expect(visible(told?.blocks)).not.toContain('U0BOB00001');
    expect(told?.text).toBe('You may not act on alerts here. Ask somebody.');
  });

  test('a stale button gets a polite refusal', async () => {
    const receipt = await posted();
    desk.current = someAlert({ state: 'resolved', version: 2, resolvedBy: 'U0BOB00001', resolvedAt: AT });
    await press(receipt, { action_id: 'alert_ack' });
    await press(receipt, { action_id: 'alert_resolve' });
    expect(whispers()).toEqual([
      expect.stringContaining('Nothing changed.'),
      expect.stringMatching(/Nothing changed.*resolved A-1042/),
    ]);
  });

  test('Resolve… goes through the modal', async () => {
    const receipt = await posted();
    await press(receipt, { action_id: 'alert_resolve' });
    const empty = await workspace.submit({ as: ALICE, view: modal().id, values: {} });
    expect(empty.ok).toBe(false);
    const values = {
      disposition: { disposition: { type: 'radio_buttons', selected_option: { value: 'expected' } } },
      note: { note: { type: 'plain_text_input', value: 'break-glass drill' } },
    };
    expect(await workspace.submit({ as: ALICE, view: modal().id, values })).toEqual({ ok: true });
    await settle();
    expect(workspace.modals(ALICE)).toEqual([]);
    expect(desk.presses).toMatchObject([
      { operation: { kind: 'resolve', disposition: 'expected', note: 'break-glass drill' }, version: 1 },
    ]);
  });

  test('a modal that was overtaken comes back with what happened, and can be sent again', async () => {
    const receipt = await posted();
    await press(receipt, { action_id: 'alert_resolve' });
    desk.current = someAlert({
      state: 'acknowledged',
      version: 2,
      acknowledgedBy: 'U0BOB00001',
      acknowledgedAt: AT,
    });
    const values = {
      disposition: { disposition: { type: 'radio_buttons', selected_option: { value: 'test' } } },
    };
    await workspace.submit({ as: ALICE, view: modal().id, values });
    expect(visible(modal().blocks)).toContain('acknowledged A-1042');
    await workspace.submit({ as: ALICE, view: modal().id, values });
    await settle();
    expect(desk.presses).toMatchObject([{ version: 2, operation: { disposition: 'test' } }]);
  });

  test('Snooze… takes a length from the menu, or a custom one from a modal', async () => {
    const receipt = await posted();
    const menu = { type: 'static_select', action_id: 'alert_snooze' };
    await press(receipt, { ...menu, selected_option: { value: 'A-1042:1:custom' } });
    const typed = (value: string) => ({ length: { length: { type: 'plain_text_input', value } } });
    await workspace.submit({ as: ALICE, view: modal().id, values: typed('a while') });
    expect(modal().errors).toEqual({ length: 'Write a number and a unit, such as 45m, 2h or 1d.' });
    await workspace.submit({ as: ALICE, view: modal().id, values: typed('2h') });
    await settle();
    expect(desk.presses).toMatchObject([{ operation: { kind: 'snooze', until: AT + 7_200_000 } }]);
  });

  test('Show event answers to that person alone, with what fits of a huge record', async () => {
    const body = { requestParameters: { policy: '<!channel> x'.repeat(100_000) } };
    desk.events = async () => [
      { record: someRecord({ body }), receivedAt: AT, alertIds: ['A-1042'], suppressed: [] },
    ];
    const receipt = await posted();
    const chosen = { selected_option: { value: 'A-1042:1:event' } };
    await press(receipt, { type: 'overflow', action_id: 'alert_more', ...chosen });
    expect(whispers()[0]).toContain('more characters are stored');
  });

  test('a press on an alert that is not stored any more is answered', async () => {
    const receipt = await posted();
    desk.current = undefined;
    await press(receipt, { action_id: 'alert_resolve' });
    expect(whispers()[0]).toContain('A-1042 is not known here');
  });

  test.each([
    '',
    'help',
    'alerts',
    'alerts all',
    'status',
    'rules',
    'rules root-console-login',
    'key AKIA',
    'key AKIAIOSFODNN7EXAMPLE',
    'hlep',
  ])('/trail %s answers to the asker alone', async (text) => {
    expect(await workspace.say({ as: ALICE, channel: CHANNEL, text: `/trail ${text}` })).toEqual({
      ok: true,
    });
    await settle();
    expect(whispers()).toHaveLength(1);
    expect(workspace.failures()).toEqual([]);
    expect(desk.questions).toEqual([text]);
  });

  test('Show in a list opens the alert, and its buttons work in place', async () => {
    desk.current = someAlert({ channel: CHANNEL });
    await workspace.say({ as: ALICE, channel: CHANNEL, text: '/trail alerts' });
    await settle();
    const list = workspace.messages(CHANNEL).at(-1);
    await press({ channel: CHANNEL, ts: list?.ts ?? '' }, { action_id: 'alert_show' });
    const shown = workspace.messages(CHANNEL).at(-1);
    await press({ channel: CHANNEL, ts: shown?.ts ?? '' }, { action_id: 'alert_ack' });
    expect(desk.presses).toMatchObject([{ operation: { kind: 'acknowledge' } }]);
    expect(visible(workspace.messages(CHANNEL).at(-1)?.blocks)).toContain('ACKNOWLEDGED');
  });

  test('the Home shows what is open', async () => {
    expect(await workspace.openHome(ALICE)).toEqual({ ok: true });
    await settle();
    expect(visible(workspace.home(ALICE)?.blocks)).toContain('A-1042 · HIGH · FIRING');
  });
});
