import { App, type ReceiverEvent } from '@slack/bolt';
import { beforeEach, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/kernel/json.ts';
import { createLog } from '../../src/kernel/log.ts';
import { createSocketReceiver, type SocketReceiver } from '../../src/slack/socket/receiver.ts';
import type { Incoming } from '../../src/slack/socket/socket.ts';
import { fakeClock } from '../support/clock.ts';
import { AT } from './samples.ts';

const TEAM = 'T0TEAM001';
const USER = { id: 'U0ALICE01' };
const PRESS = {
  type: 'block_actions',
  team: { id: TEAM },
  user: USER,
  container: { message_ts: '1.1' },
  actions: [{ action_id: 'alert_ack', type: 'button', action_ts: '5.1' }],
};
const COMMAND = {
  command: '/trail',
  team_id: TEAM,
  user_id: USER.id,
  channel_id: 'C0SECURITY',
  trigger_id: 'T1',
};
const EVENT = {
  type: 'event_callback',
  team_id: TEAM,
  event_id: 'Ev1',
  event: { type: 'app_mention', channel: 'C0SECURITY', user: USER.id, event_ts: '7.1', text: 'hi' },
};
const VIEW = {
  type: 'view_submission',
  team: { id: TEAM },
  user: USER,
  trigger_id: 'T2',
  view: { id: 'V1', hash: 'h1', callback_id: 'resolve' },
};

let take: (incoming: Incoming) => void;
let receiver: SocketReceiver;
let done: JsonObject[];

beforeEach(async () => {
  const seen = new Set<string>();
  done = [];
  receiver = createSocketReceiver({
    clock: fakeClock(AT),
    log: createLog('silent'),
    teamId: async () => TEAM,
    firstTime: async (...ids) => {
      const first = ids.every((id) => !seen.has(id));
      for (const id of ids) seen.add(id);
      return first;
    },
    open: async (taker) => {
      take = taker;
      return { over: new Promise<string>(() => {}), isOpen: () => true, close: async () => {} };
    },
  });
  const app = new App({ receiver, authorize: async () => ({}), convoStore: false });
  app.processEvent = async ({ body, ack }: ReceiverEvent) => {
    done.push(body);
    await ack();
  };
  await receiver.start();
});

/** How the payload ended: acknowledged or not. */
function came(body: JsonObject, ack: () => Promise<void> = async () => {}): Promise<boolean> {
  return new Promise((resolve) => {
    let acknowledged = false;
    take({
      body,
      ack: async () => {
        acknowledged = true;
        await ack();
      },
      done: () => resolve(acknowledged),
      retryNumber: undefined,
      retryReason: undefined,
    });
  });
}

describe('is not done, and not acknowledged:', () => {
  test.each<[string, JsonObject]>([
    ['what speaks for another workspace', { ...PRESS, team: { id: 'T0OTHER01' } }],
    ['what speaks for none', { ...COMMAND, team_id: '' }],
    ['what is of no known kind', { type: 'dialog_submission', team: { id: TEAM } }],
    ['what has nothing in it', {}],
  ])('%s', async (_, body) => {
    expect(await came(body)).toBe(false);
    expect(done).toEqual([]);
  });
});

describe('a copy runs once:', () => {
  test.each<[string, JsonObject, JsonObject, boolean]>([
    ['a press', PRESS, { ...PRESS, trigger_id: 'other' }, true],
    ['a command', COMMAND, COMMAND, true],
    ['an event', EVENT, EVENT, true],
    ['a message that comes as another event', EVENT, { ...EVENT, event_id: 'Ev2' }, true],
    // Acknowledging it would close the modal before its answer is there.
    ['a modal', VIEW, VIEW, false],
  ])('%s', async (_, first, second, acknowledged) => {
    expect(await came(first)).toBe(true);
    expect(await came(second)).toBe(acknowledged);
    expect(done).toEqual([first]);
  });
});

test.each<[string, JsonObject, JsonObject]>([
  ['a second press', PRESS, { ...PRESS, actions: [{ ...PRESS.actions[0], action_ts: '5.2' }] }],
  ['a press of somebody else', PRESS, { ...PRESS, user: { id: 'U0BOB00001' } }],
  ['the same command', COMMAND, { ...COMMAND, trigger_id: 'T3' }],
  ['another message', EVENT, { ...EVENT, event_id: 'Ev2', event: { ...EVENT.event, event_ts: '7.2' } }],
  ['a corrected modal', VIEW, { ...VIEW, trigger_id: 'T4' }],
  ['a choice in a menu', { ...choice('a') }, { ...choice('a') }],
])('%s is no copy', async (_, first, second) => {
  await came(first);
  expect(await came(second)).toBe(true);
  expect(done).toEqual([first, second]);
});

function choice(value: string): JsonObject {
  return { type: 'block_suggestion', team: { id: TEAM }, user: USER, action_id: 'pick', value };
}

test('an acknowledgement that does not get through ends nothing', async () => {
  expect(await came(PRESS, () => Promise.reject(new Error('closed')))).toBe(true);
  expect(done).toEqual([PRESS]);
});
