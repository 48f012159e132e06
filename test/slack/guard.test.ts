import { afterEach, beforeEach, expect, test } from 'vitest';
import { createLog } from '../../src/kernel/log.ts';
import { createGuard } from '../../src/slack/guard.ts';
import { type FakeClock, fakeClock } from '../support/clock.ts';
import { AT } from './samples.ts';
import { interaction, SECRET, serve, signed } from './signed.ts';

const TEAM = 'T0TEAM001';
const PRESS = interaction({
  type: 'block_actions',
  team: { id: TEAM },
  user: { id: 'U0ALICE01' },
  actions: [{ action_id: 'alert_ack', type: 'button', value: 'A-1:1' }],
});

let clock: FakeClock;
let url: string;
let stop: () => Promise<void>;
let passed: string[];
let storage: 'fine' | 'broken';

beforeEach(async () => {
  clock = fakeClock(AT);
  passed = [];
  storage = 'fine';
  const seen = new Set<string>();
  const guard = createGuard(
    {
      signingSecret: SECRET,
      clock,
      log: createLog('silent'),
      teamId: async () => TEAM,
      async firstTime(id) {
        if (storage === 'broken') throw new Error('disk full');
        return !seen.has(id) && seen.add(id).size > 0;
      },
    },
    (request, response) => {
      passed.push(request.rawBody.toString());
      response.writeHead(200).end('done');
    },
  );
  ({ url, stop } = await serve((request, response) => void guard(request, response)));
});

afterEach(() => stop());

async function send(init: RequestInit): Promise<number> {
  const response = await fetch(url, init);
  await response.text();
  return response.status;
}

function changed(init: RequestInit, headers: Record<string, string | undefined>): RequestInit {
  const entries = Object.entries({ ...(init.headers as Record<string, string>), ...headers });
  return {
    ...init,
    headers: Object.fromEntries(entries.filter((one): one is [string, string] => one[1] !== undefined)),
  };
}

test('a request of Slack goes on, byte for byte', async () => {
  expect(await send(signed(PRESS, clock.now()))).toBe(200);
  expect(passed).toEqual([PRESS]);
});

test.each<[string, (now: number) => RequestInit, number]>([
  ['one byte changed', (now) => ({ ...signed(PRESS, now), body: PRESS.replace('A-1', 'A-2') }), 401],
  ['another secret', (now) => signed(PRESS, now, { secret: 'guessed' }), 401],
  ['6 minutes late', (now) => signed(PRESS, now - 360_000), 401],
  ['6 minutes early', (now) => signed(PRESS, now + 360_000), 401],
  ['no signature', (now) => changed(signed(PRESS, now), { 'x-slack-signature': undefined }), 401],
  ['no timestamp', (now) => changed(signed(PRESS, now), { 'x-slack-request-timestamp': undefined }), 401],
  [
    'a timestamp that is none',
    (now) => changed(signed(PRESS, now), { 'x-slack-request-timestamp': 'soon' }),
    401,
  ],
  ['another workspace', (now) => signed(PRESS.replace(TEAM, 'T0OTHER01'), now), 403],
  ['no workspace', (now) => signed(interaction({ type: 'block_actions' }), now), 403],
  [
    'a payload of no known kind',
    (now) => signed(interaction({ type: 'dialog_submission', team: { id: TEAM } }), now),
    400,
  ],
  ['no JSON', (now) => signed('{', now, { type: 'application/json' }), 400],
  ['JSON that is no object', (now) => signed('null', now, { type: 'application/json' }), 400],
  ['more than 1 MB', (now) => signed('x'.repeat(1_000_001), now), 413],
])('%s: refused, without effect', async (_, init, status) => {
  expect(await send(init(clock.now()))).toBe(status);
  expect(passed).toEqual([]);
});

test('the edges of the clock still pass: 5 minutes late, 60 s early', async () => {
  expect(await send(signed(PRESS, clock.now() - 300_000))).toBe(200);
  expect(await send(signed(PRESS, clock.now() + 60_000))).toBe(200);
  expect(passed).toHaveLength(2);
});

test('a body of unknown length is cut off at 1 MB, with an answer', async () => {
  const piece = new Uint8Array(64 * 1024);
  let sent = 0;
  const endless = new ReadableStream({
    pull(controller) {
      if (sent++ < 32) controller.enqueue(piece);
      else controller.close();
    },
  });
  const init = { ...signed('', clock.now()), body: endless, duplex: 'half' };
  expect(await send(init as RequestInit)).toBe(413);
});

test('the same request again is answered like the first and has no effect', async () => {
  const init = signed(PRESS, clock.now());
  expect([await send(init), await send(init)]).toEqual([200, 200]);
  expect(passed).toHaveLength(1);
});

test("Slack's questions whether we are there need no workspace", async () => {
  const handshake = JSON.stringify({ type: 'url_verification', challenge: 'abc' });
  expect(await send(signed(handshake, clock.now(), { type: 'application/json' }))).toBe(200);
  expect(passed).toEqual([handshake]);
  const check = await send({ method: 'POST', body: new URLSearchParams({ ssl_check: '1', payload: PRESS }) });
  expect(check).toBe(200);
  expect(passed).toHaveLength(1);
});

test('only POST is served', async () => {
  expect(await send({ method: 'GET' })).toBe(405);
});

test('when the storage cannot say whether it was seen, nothing is done and Slack may try again', async () => {
  storage = 'broken';
  expect(await send(signed(PRESS, clock.now()))).toBe(503);
  expect(passed).toEqual([]);
});
