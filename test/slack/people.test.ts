import { LogLevel, WebClient } from '@slack/web-api';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createLog } from '../../src/kernel/log.ts';
import { HOUR, MINUTE, SECOND } from '../../src/kernel/time.ts';
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
  expect([await nameOf(), await people.zone(ALICE.userId)]).toEqual(['Alice Martin', { offset: HOUR }]);
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
  expect([await nameOf(), await people.zone(ALICE.userId)]).toEqual(['alice', { offset: 0 }]);
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

test.each([
  ['a member', { team_id: 'T0TEAM001', is_restricted: false, is_ultra_restricted: false }, false],
  [
    'a member of several workspaces',
    { team_id: 'T0TEAM002', enterprise_user: { teams: ['T0TEAM001'] } },
    false,
  ],
  ['a guest', { team_id: 'T0TEAM001', is_restricted: true, is_ultra_restricted: false }, true],
  ['a single-channel guest', { team_id: 'T0TEAM001', is_ultra_restricted: true }, true],
  ['a stranger', { team_id: 'T0TEAM001', is_stranger: true }, true],
  ['one who has left', { team_id: 'T0TEAM001', deleted: true }, true],
  ['somebody of another company', { team_id: 'T0OTHER01' }, true],
  ['somebody of whom Slack says nothing', {}, true],
])('%s: %j', async (_, user, guest) => {
  slackSays(user);
  expect(await people.isGuest(ALICE)).toBe(guest);
});

test('who is a guest is asked once a minute, and is not guessed', async () => {
  slackSays({ team_id: 'T0TEAM001' });
  expect([await people.isGuest(ALICE), await people.isGuest(ALICE)]).toEqual([false, false]);
  await clock.advance(MINUTE);
  slackSays({ team_id: 'T0TEAM001', is_restricted: true });
  expect(await people.isGuest(ALICE)).toBe(true);
  await clock.advance(MINUTE);
  api.next('users.info', { json: { ok: false, error: 'missing_scope' } });
  await expect(people.isGuest(ALICE)).rejects.toThrow('missing_scope');
});

test('of many people the latest thousand are remembered', async () => {
  for (let count = 0; count <= 1000; count++) await nameOf({ ...ALICE, userId: `U${count}` });
  const asked = api.calls.length;
  await nameOf({ ...ALICE, userId: 'U1000' });
  expect(api.calls).toHaveLength(asked);
  await nameOf({ ...ALICE, userId: 'U0' });
  expect(api.calls).toHaveLength(asked + 1);
});
