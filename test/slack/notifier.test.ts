import { WebClient } from '@slack/web-api';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Operator } from '../../src/alerts/alert.ts';
import { createLog } from '../../src/kernel/log.ts';
import { Fault } from '../../src/kernel/problem.ts';
import { createChannelIds } from '../../src/slack/channels.ts';
import { createNotifier } from '../../src/slack/notifier.ts';
import type { People } from '../../src/slack/people.ts';
import { createPaces } from '../../src/slack/turns.ts';
import type { Notifier } from '../../src/work/notify.ts';
import { type FakeClock, fakeClock } from '../support/clock.ts';
import { nodes } from './drawn.ts';
import { AT, BURST, someCard } from './samples.ts';
import { type SlackApi, startSlackApi } from './slack-api.ts';

let api: SlackApi;
let clock: FakeClock;
let notifier: Notifier;

beforeEach(async () => {
  api = await startSlackApi();
  clock = fakeClock(AT);
  notifier = makeNotifier(10_000);
});

afterEach(() => api.stop());

function makeNotifier(timeout: number, people?: Pick<People, 'named'>): Notifier {
  const client = new WebClient('xoxb-test', {
    slackApiUrl: api.url,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout,
    logger: {
      debug() {},
      info() {},
      warn() {},
      error() {},
      setLevel() {},
      setName() {},
      getLevel: () => quiet,
    },
  });
  const paces = createPaces(clock);
  const channels = createChannelIds(client);
  return createNotifier({ client, paces, channels, people, log: createLog('silent') });
}

const quiet = 'error' as ReturnType<NonNullable<WebClient['logger']>['getLevel']>;

async function faultOf(work: Promise<unknown>): Promise<Fault> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof Fault)) throw new Error(`expected a Fault, got ${String(error)}`);
  return error;
}

test('a post carries the alert and the intent, unfurls nothing, and gives a receipt', async () => {
  const receipt = await notifier.post(someCard(), 'intent-1');
  expect(receipt).toEqual({ channel: 'C0SECALERTS', ts: '1795166100.000001' });
  expect(api.calls[0]?.args).toMatchObject({
    channel: 'C0SECALERTS',
    unfurl_links: 'false',
    unfurl_media: 'false',
    metadata: { event_type: 'trail_alert', event_payload: { alert_id: 'A-1042', intent: 'intent-1' } },
  });
});

test('a push names whoever is paged, also who never pressed anything here', async () => {
  const people = { named: async (one: Operator) => ({ ...one, name: 'Dora Weiss' }) };
  const chain = { state: 'running', paged: ['U0DORA0001'] } as const;
  await makeNotifier(10_000, people).post({ ...someCard(), chain }, 'intent-1');
  expect(api.calls.at(-1)?.args.text).toMatch(/ On call: Dora Weiss\. A-1042$/);
});

test('an edit leaves the metadata as they are', async () => {
  const receipt = { channel: 'C0SECALERTS', ts: '1795166100.000001' };
  expect(await notifier.update(someCard({ version: 2 }), receipt)).toBe('updated');
  expect(api.calls[0]).toMatchObject({ method: 'chat.update', args: receipt });
  expect(api.calls[0]?.args.metadata).toBeUndefined();
});

test('an edit of a deleted message says that it is gone', async () => {
  api.next('chat.update', { json: { ok: false, error: 'message_not_found' } });
  expect(await notifier.update(someCard(), { channel: 'C0SECALERTS', ts: '1.2' })).toBe('gone');
});

test('after a short burst the next post to a channel waits a second, without a call', async () => {
  for (let post = 0; post < 8; post++) await notifier.post(someCard(), `burst ${post}`);
  const fault = await faultOf(notifier.post(someCard(), 'two'));
  expect(fault).toMatchObject({ retryAfter: 1000, uncertain: false });
  await notifier.post(someCard({ channel: 'C0OTHER' }), 'three');
  await clock.advance(1000);
  await notifier.post(someCard(), 'two');
  expect(api.calls).toHaveLength(10);
});

test("Slack's Retry-After is honoured for that channel, without asking again", async () => {
  api.next('chat.postMessage', { status: 429, headers: { 'retry-after': '30' } });
  expect(await faultOf(notifier.post(someCard(), 'one'))).toMatchObject({
    retryAfter: 30_000,
    uncertain: false,
  });
  await clock.advance(29_000);
  expect(await faultOf(notifier.post(someCard(), 'one'))).toMatchObject({ retryAfter: 1000 });
  expect(api.calls).toHaveLength(1);
  await clock.advance(1000);
  await notifier.post(someCard(), 'one');
  expect(api.calls).toHaveLength(2);
});

test('after a 500 or a lost answer nobody knows whether Slack has the message', async () => {
  api.next('chat.postMessage', { status: 500 }, 'hang up');
  expect((await faultOf(notifier.post(someCard(), 'one'))).uncertain).toBe(true);
  await clock.advance(1000);
  expect((await faultOf(notifier.post(someCard(), 'one'))).uncertain).toBe(true);
});

test('an answer that never comes ends in a time-out, not in waiting for ever', async () => {
  api.next('chat.postMessage', 'never');
  const fault = await faultOf(makeNotifier(50).post(someCard(), 'one'));
  expect(fault).toMatchObject({ uncertain: true, message: 'Slack did not answer in time' });
});

test('a workspace without tables gets the list, once and from then on', async () => {
  api.next('chat.postMessage', { json: { ok: false, error: 'invalid_blocks' } });
  const burst = someCard({ count: 138 }, BURST);
  await notifier.post(burst, 'one');
  await clock.advance(1000);
  await notifier.post(burst, 'two');
  const tables = api.calls.map((call) => nodes(call.args).some((node) => node.type === 'table'));
  expect(tables).toEqual([true, false, false]);
});

test('blocks that are refused in every form are given up', async () => {
  const refused = { json: { ok: false, error: 'invalid_blocks' } };
  api.next('chat.postMessage', refused, refused, refused);
  expect((await faultOf(notifier.post(someCard({ count: 2 }, BURST), 'one'))).retryAfter).toBeUndefined();
  await clock.advance(1000);
  expect((await faultOf(notifier.post(someCard(), 'two'))).retryAfter).toBeUndefined();
  expect(api.calls).toHaveLength(3);
});

test('a message is found by its intent, page after page', async () => {
  const other = { ts: '1.1', metadata: { event_type: 'trail_alert', event_payload: { intent: 'other' } } };
  const mine = { ts: '1.2', metadata: { event_type: 'trail_alert', event_payload: { intent: 'mine' } } };
  api.next(
    'conversations.history',
    { json: { ok: true, messages: [{ ts: '1.0' }, other], response_metadata: { next_cursor: 'more' } } },
    { json: { ok: true, messages: [mine] } },
  );
  expect(await notifier.find('C0SECALERTS', 'mine', AT)).toEqual({ channel: 'C0SECALERTS', ts: '1.2' });
  expect(api.calls.map((call) => call.args)).toMatchObject([
    { oldest: String(AT / 1000).concat('.000000'), include_all_metadata: 'true' },
    { cursor: 'more' },
  ]);
});

test('the history of a channel known by its name is asked for by its id', async () => {
  const mine = { ts: '1.2', metadata: { event_type: 'trail_alert', event_payload: { intent: 'mine' } } };
  api.next(
    'conversations.list',
    {
      json: {
        ok: true,
        channels: [{ id: 'C0OTHER', name: 'other' }],
        response_metadata: { next_cursor: 'x' },
      },
    },
    { json: { ok: true, channels: [{ id: 'C0SEC', name: 'security-alerts' }] } },
  );
  api.next(
    'conversations.history',
    { json: { ok: true, messages: [mine] } },
    { json: { ok: true, messages: [] } },
  );
  expect(await notifier.find('#security-alerts', 'mine', AT)).toEqual({ channel: 'C0SEC', ts: '1.2' });
  await notifier.find('#security-alerts', 'mine', AT);
  expect(api.calls.map((call) => call.method)).toEqual([
    'conversations.list',
    'conversations.list',
    'conversations.history',
    'conversations.history',
  ]);
  expect(api.calls[2]?.args).toMatchObject({ channel: 'C0SEC' });
  api.next('conversations.list', { json: { ok: true, channels: [] } });
  expect((await faultOf(notifier.find('#nowhere', 'mine', AT))).message).toContain('#nowhere');
});

test('a message that Slack does not have is not found', async () => {
  api.next('conversations.history', { json: { ok: true, messages: [] } });
  expect(await notifier.find('C0SECALERTS', 'mine', AT)).toBeUndefined();
});

test('without the history scope looking is useless, and the remedy is named', async () => {
  api.next('conversations.history', {
    json: { ok: false, error: 'missing_scope', needed: 'channels:history' },
  });
  const fault = await faultOf(notifier.find('C0SECALERTS', 'mine', AT));
  expect(fault.retryAfter).toBeUndefined();
  expect(fault.message).toContain('add channels:history');
});
