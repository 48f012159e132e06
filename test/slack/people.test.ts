import { LogLevel, WebClient } from '@slack/web-api';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createLog } from '../../src/kernel/log.ts';
import { HOUR, SECOND } from '../../src/kernel/time.ts';
import { createPeople, type People } from '../../src/slack/people.ts';
import { type FakeClock, fakeClock } from '../support/clock.ts';
import { type SlackApi, startSlackApi } from './slack-api.ts';

const ALICE = { userId: 'U0ALICE01', teamId: 'T0TEAM001', name: 'alice' };

let api: SlackApi;
let clock: FakeClock;
let people: People;

beforeEach(async () => {
  api = await startSlackApi();
  clock = fakeClock();
  const quiet = { retryConfig: { retries: 0 }, logLevel: LogLevel.ERROR };
  const client = new WebClient('xoxb-test', { slackApiUrl: api.url, ...quiet });
  people = createPeople({ client, clock, log: createLog('silent') });
});

afterEach(() => api.stop());

function slackSays(user: object): void {
  api.next('users.info', { json: { ok: true, user } });
}

async function nameOf(operator = ALICE): Promise<string> {
  return (await people.named(operator)).name;
}

test.each([
  ['the real name', { profile: { real_name: 'Alice Martin', display_name: 'ali' } }, 'Alice Martin'],
  ['the real name beside the profile', { real_name: 'Alice Martin' }, 'Alice Martin'],
  ['the display name', { profile: { real_name: ' ', display_name: 'ali' } }, 'ali'],
  ['the handle, where Slack gives no name', { profile: {} }, 'alice'],
  ['no markup', { profile: { real_name: '<@U0BOB0001>\n<!here>' } }, '@U0BOB0001⏎!here'],
])('a person is called by %s', async (_, user, name) => {
  slackSays(user);
  expect(await people.named(ALICE)).toEqual({ ...ALICE, name });
});

test('Slack is asked once an hour for name and time zone together', async () => {
  slackSays({ real_name: 'Alice Martin', tz_offset: 3600 });
  expect([await nameOf(), await people.zoneOffset(ALICE.userId)]).toEqual(['Alice Martin', HOUR]);
  await clock.advance(HOUR - 1);
  expect(await nameOf()).toBe('Alice Martin');
  expect(api.calls).toHaveLength(1);
  await clock.advance(1);
  slackSays({ real_name: 'Alice Jones' });
  expect(await nameOf()).toBe('Alice Jones');
});

test('when Slack refuses it is the handle and UTC, and the next press asks again', async () => {
  const refused = { json: { ok: false, error: 'missing_scope', needed: 'users:read' } };
  api.next('users.info', refused, refused);
  expect([await nameOf(), await people.zoneOffset(ALICE.userId)]).toEqual(['alice', 0]);
  slackSays({ real_name: 'Alice Martin' });
  expect(await nameOf()).toBe('Alice Martin');
});

test('when Slack is slow nobody waits longer than two seconds for a name', async () => {
  api.next('users.info', 'never');
  const named = nameOf();
  await clock.untilSleeping();
  await clock.advance(2 * SECOND);
  expect(await named).toBe('alice');
});

test('of many people the latest thousand are remembered', async () => {
  for (let count = 0; count <= 1000; count++) await nameOf({ ...ALICE, userId: `U${count}` });
  const asked = api.calls.length;
  await nameOf({ ...ALICE, userId: 'U1000' });
  expect(api.calls).toHaveLength(asked);
  await nameOf({ ...ALICE, userId: 'U0' });
  expect(api.calls).toHaveLength(asked + 1);
});
