import { afterEach, beforeEach, expect, test } from 'vitest';
import { createLog } from '../../src/kernel/log.ts';
import { createSlack, type SlackApp } from '../../src/slack/bolt.ts';
import { fakeClock } from '../support/clock.ts';
import { KEY } from './answers.ts';
import { type DeskDouble, deskDouble } from './desk-double.ts';
import { AT } from './samples.ts';
import { SECRET, serve, signed } from './signed.ts';
import { type SlackApi, startSlackApi } from './slack-api.ts';

const TEAM = 'T0TEAM001';
const TYPED = { type: 'message', channel_type: 'im', channel: 'D0ALICE01', user: 'U0ALICE01', team: TEAM };

let api: SlackApi;
let desk: DeskDouble;
let slack: SlackApp;
let url: string;
let stop: () => Promise<void>;

beforeEach(async () => {
  api = await startSlackApi();
  api.next('conversations.open', { json: { ok: true, channel: { id: 'D0ALICE01' } } });
  desk = deskDouble();
  const [clock, log] = [fakeClock(AT), createLog('silent')];
  slack = await createSlack({
    token: 'xoxb-test',
    signingSecret: SECRET,
    apiUrl: api.url,
    desk,
    clock,
    log,
  });
  ({ url, stop } = await serve(slack.requestListener));
});

afterEach(async () => {
  await stop();
  await api.stop();
});

let sent = 0;

/** Slack tells of a message with a question in it. */
async function typed(event: object): Promise<void> {
  sent += 1;
  const message = { text: `key ${KEY}`, ts: '1795166100.000100', ...event };
  const body = { type: 'event_callback', team_id: TEAM, event_id: `Ev${sent}`, event: message };
  const response = await fetch(url, signed(JSON.stringify(body), AT, { type: 'application/json' }));
  expect(response.status).toBe(200);
  await slack.stop();
}

test('what a person types to the bot is a question, answered once and to that person', async () => {
  await typed(TYPED);
  await typed(TYPED);
  expect(desk.requests).toMatchObject([{ question: { value: KEY }, operator: { userId: 'U0ALICE01' } }]);
  const answers = api.calls.filter(({ method }) => method.startsWith('chat.'));
  expect(answers).toMatchObject([
    { method: 'chat.postEphemeral', args: { channel: 'D0ALICE01', user: 'U0ALICE01' } },
  ]);
});

test.each([
  ['the bot’s own message', { bot_id: 'B0BOT0001' }],
  ['an edit', { subtype: 'message_changed' }],
  ['a deletion', { subtype: 'message_deleted' }],
  ['a file', { subtype: 'file_share' }],
  ['a message in a channel', { channel_type: 'channel', channel: 'C0SECALERTS' }],
])('%s is no question', async (_, event) => {
  await typed({ ...TYPED, ...event });
  expect(desk.requests).toEqual([]);
  expect(api.calls.filter(({ method }) => method !== 'auth.test')).toEqual([]);
});
