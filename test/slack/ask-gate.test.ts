import { LogLevel, WebClient } from '@slack/web-api';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createLog } from '../../src/kernel/log.ts';
import { MINUTE } from '../../src/kernel/time.ts';
import { type AskGate, createAskGate } from '../../src/slack/ask/ask-gate.ts';
import type { AskedIn } from '../../src/slack/desk.ts';
import { createPeople } from '../../src/slack/people.ts';
import { type FakeClock, fakeClock } from '../support/clock.ts';
import { type DeskDouble, deskDouble } from './desk-double.ts';
import { type SlackApi, startSlackApi } from './slack-api.ts';

const ALICE = { userId: 'U0ALICE01', teamId: 'T0TEAM001', name: 'alice' };

let api: SlackApi;
let clock: FakeClock;
let desk: DeskDouble;
let gate: AskGate;
let seen: AskedIn[];

beforeEach(async () => {
  api = await startSlackApi();
  clock = fakeClock();
  seen = [];
  desk = deskDouble();
  desk.closedIn = (channel) => {
    seen.push(channel);
    return undefined;
  };
  const quiet = { retryConfig: { retries: 0 }, logLevel: LogLevel.ERROR };
  const client = new WebClient('xoxb-test', { slackApiUrl: api.url, ...quiet });
  const tools = { client, clock, log: createLog('silent') };
  gate = createAskGate({ ...tools, desk, people: createPeople(tools) });
});

afterEach(() => api.stop());

const asks = (channel: string | undefined) => gate.refusal({ operator: ALICE, channel });

describe('where it is asked', () => {
  const describes = (channel: object) =>
    api.next('conversations.info', {
      json: { ok: true, channel: { id: 'C0AUDIT01', name: 'audit', ...channel } },
    });

  test.each([
    ['a channel', { is_ext_shared: false, is_pending_ext_shared: false }, 'channel'],
    ['a private channel', { is_private: true }, 'channel'],
    ['a channel shared within the organisation', { is_shared: true, is_org_shared: true }, 'channel'],
    ['a shared channel', { is_shared: true, is_ext_shared: true }, 'external'],
    ['a channel that is about to be shared', { is_pending_ext_shared: true }, 'external'],
    ['messages of several people', { is_mpim: true }, 'group'],
  ])('%s', async (_, channel, kind) => {
    describes(channel);
    expect(await asks('C0AUDIT01')).toBeUndefined();
    expect(seen).toMatchObject([{ id: 'C0AUDIT01', kind }]);
  });

  test('a group message is known by the scope that is missing for it', async () => {
    const needs = (needed: string) => ({ json: { ok: false, error: 'missing_scope', needed } });
    api.next('conversations.info', needs('mpim:read'), needs('channels:read,groups:read,mpim:read,im:read'));
    await asks('G0GROUP001');
    expect(seen).toMatchObject([{ kind: 'group' }]);
    expect(await asks('C0AUDIT01')).toMatch(/cannot see what kind of channel this is, .*channels:read/);
  });

  test('of direct messages only those with the bot are the bot’s', async () => {
    const mine = { json: { ok: true, channel: { id: 'D0ALICE01' } } };
    api.next('conversations.open', mine, mine);
    await asks('D0ALICE01');
    await asks('D0BETWEEN1');
    expect(seen.map(({ kind }) => kind)).toEqual(['direct', 'between people']);
    expect(api.calls.map(({ args }) => args.users)).toEqual([ALICE.userId, ALICE.userId]);
  });

  test.each(['C0AUDIT01', 'D0ALICE01'])('%s: what Slack does not say is a no', async (id) => {
    const refused = { json: { ok: false, error: 'channel_not_found' } };
    api.next(id.startsWith('D') ? 'conversations.open' : 'conversations.info', refused);
    expect(await asks(id)).toMatch(/^Trailbot cannot see what kind of channel this is/);
    expect(seen).toEqual([]);
  });

  test('a description of another channel counts for nothing', async () => {
    describes({ id: 'C0OTHER001' });
    expect(await asks('C0AUDIT01')).toMatch(/^Trailbot cannot see/);
  });

  test('a minute later Slack is asked again', async () => {
    describes({});
    await asks('C0AUDIT01');
    await asks('C0AUDIT01');
    await clock.advance(MINUTE);
    describes({ is_ext_shared: true });
    await asks('C0AUDIT01');
    expect(seen.map(({ kind }) => kind)).toEqual(['channel', 'channel', 'external']);
  });

  test('outside of any channel nothing is answered', async () => {
    expect(await asks(undefined)).toMatch(/^Questions are asked in a channel/);
  });
});

describe('who asks', () => {
  const GUEST = 'Guests may not ask.';

  beforeEach(() => {
    desk.mayAsk = async (_, guest) => (guest ? GUEST : undefined);
  });

  test('a member may, a guest may not, and Slack’s silence is a no', async () => {
    const user = { id: ALICE.userId, team_id: ALICE.teamId };
    api.next('users.info', { json: { ok: true, user } });
    expect(await gate.refusalOf(ALICE)).toBeUndefined();
    await clock.advance(MINUTE);
    api.next('users.info', { json: { ok: true, user: { ...user, is_restricted: true } } });
    expect(await gate.refusalOf(ALICE)).toBe(GUEST);
    await clock.advance(MINUTE);
    api.next('users.info', { json: { ok: false, error: 'missing_scope', needed: 'users:read' } });
    expect(await asks('C0AUDIT01')).toMatch(/cannot see whether you are a guest here.*users:read/);
    expect(seen).toEqual([]);
  });

  test('whoever is named is not looked up', async () => {
    desk.mayAsk = async () => undefined;
    expect(await gate.refusalOf(ALICE)).toBeUndefined();
    expect(api.calls).toEqual([]);
  });
});
