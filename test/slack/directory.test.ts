import { LogLevel, WebClient } from '@slack/web-api';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Fault } from '../../src/kernel/problem.ts';
import { HOUR, MINUTE, SECOND } from '../../src/kernel/time.ts';
import { createDirectory } from '../../src/slack/directory.ts';
import type { Directory } from '../../src/work/directory.ts';
import { type FakeClock, fakeClock } from '../support/clock.ts';
import { type SlackApi, startSlackApi } from './slack-api.ts';

const GROUP = 'S0RESPOND1';

let api: SlackApi;
let clock: FakeClock;
let directory: Directory;

beforeEach(async () => {
  api = await startSlackApi();
  clock = fakeClock();
  const retryConfig = { retries: 0 };
  const options = {
    slackApiUrl: api.url,
    retryConfig,
    rejectRateLimitedCalls: true,
    logLevel: LogLevel.ERROR,
  };
  directory = createDirectory({ client: new WebClient('xoxb-test', options), clock });
});

afterEach(() => api.stop());

const refused = (error: string, needed?: string) => ({ json: { ok: false, error, needed } });
const members = (...users: string[]) => ({ json: { ok: true, users } });

/** The Fault that it ends in. */
async function faultOf(work: Promise<unknown>): Promise<Fault> {
  const error = await work.catch((thrown: unknown) => thrown);
  if (error instanceof Fault) return error;
  throw new Error(`no fault: ${String(error)}`);
}

describe('members of a group', () => {
  test('are asked once a minute, by however many at once', async () => {
    api.next('usergroups.users.list', members('U0ALICE01', 'U0BOB00001'), members('U0ALICE01'));
    const asked = await Promise.all([directory.membersOf(GROUP), directory.membersOf(GROUP)]);
    expect(asked).toEqual([
      ['U0ALICE01', 'U0BOB00001'],
      ['U0ALICE01', 'U0BOB00001'],
    ]);
    await clock.advance(MINUTE - 1);
    expect(await directory.membersOf(GROUP)).toHaveLength(2);
    expect(api.calls).toMatchObject([{ method: 'usergroups.users.list', args: { usergroup: GROUP } }]);
    await clock.advance(1);
    expect(await directory.membersOf(GROUP)).toEqual(['U0ALICE01']);
  });

  test('that Slack does not tell are a fault with the remedy, and not asked for again at once', async () => {
    api.next('usergroups.users.list', refused('missing_scope', 'usergroups:read'), members('U0BOB00001'));
    const fault = await faultOf(directory.membersOf(GROUP));
    expect(fault.message).toContain('add usergroups:read to the app and reinstall it');
    expect(await faultOf(directory.membersOf(GROUP))).toBe(fault);
    expect(api.calls).toHaveLength(1);
    await clock.advance(MINUTE);
    expect(await directory.membersOf(GROUP)).toEqual(['U0BOB00001']);
  });

  test('are asked for again as soon as Slack says', async () => {
    const slow = { status: 429, headers: { 'retry-after': '10' } };
    api.next('usergroups.users.list', slow, members('U0BOB00001'));
    expect((await faultOf(directory.membersOf(GROUP))).retryAfter).toBe(10 * SECOND);
    await clock.advance(10 * SECOND);
    expect(await directory.membersOf(GROUP)).toEqual(['U0BOB00001']);
  });

  test('are never guessed from an answer without them', async () => {
    api.next('usergroups.users.list', { json: { ok: true } });
    expect((await faultOf(directory.membersOf(GROUP))).message).toContain('without the members');
  });

  test('are set all together, and asked for anew afterwards', async () => {
    api.next('usergroups.users.list', members('U0ALICE01'), members('U0BOB00001', 'U0CARLA001'));
    await directory.membersOf(GROUP);
    await directory.setMembers(GROUP, ['U0BOB00001', 'U0CARLA001']);
    expect(api.calls.at(-1)).toMatchObject({
      method: 'usergroups.users.update',
      args: { usergroup: GROUP, users: 'U0BOB00001,U0CARLA001' },
    });
    expect(await directory.membersOf(GROUP)).toEqual(['U0BOB00001', 'U0CARLA001']);
    api.next('usergroups.users.update', refused('permission_denied'));
    expect((await faultOf(directory.setMembers(GROUP, ['U0BOB00001']))).message).toContain(
      'permission_denied',
    );
  });
});

describe('people', () => {
  test('are found by their address, however it is written, and remembered for an hour', async () => {
    const found = { json: { ok: true, user: { id: 'U0BOB00001' } } };
    api.next('users.lookupByEmail', found, found);
    expect(await directory.userByEmail(' Bob@Trail.Example')).toBe('U0BOB00001');
    await clock.advance(HOUR - 1);
    expect(await directory.userByEmail('bob@trail.example')).toBe('U0BOB00001');
    expect(api.calls).toMatchObject([{ args: { email: 'bob@trail.example' } }]);
    await clock.advance(1);
    await directory.userByEmail('bob@trail.example');
    expect(api.calls).toHaveLength(2);
  });

  test('whom Slack does not know are looked for again some minutes later', async () => {
    api.next('users.lookupByEmail', refused('users_not_found'), {
      json: { ok: true, user: { id: 'U0NEW0001' } },
    });
    expect(await directory.userByEmail('new@trail.example')).toBeUndefined();
    await clock.advance(5 * MINUTE);
    expect(await directory.userByEmail('new@trail.example')).toBe('U0NEW0001');
  });

  test('are not found without the scope, which is a fault and not a nobody', async () => {
    api.next('users.lookupByEmail', refused('missing_scope', 'users:read.email'));
    expect((await faultOf(directory.userByEmail('bob@trail.example'))).message).toContain('users:read.email');
  });

  test('have the time zone that they have set', async () => {
    api.next('users.info', { json: { ok: true, user: { id: 'U0BOB00001', tz: 'Asia/Tokyo' } } });
    expect(await directory.zoneOf('U0BOB00001')).toBe('Asia/Tokyo');
    expect(await directory.zoneOf('U0BOB00001')).toBe('Asia/Tokyo');
    expect(api.calls).toHaveLength(1);
    api.next('users.info', { json: { ok: true, user: { id: 'U0ALICE01' } } });
    expect(await directory.zoneOf('U0ALICE01')).toBeUndefined();
  });
});
