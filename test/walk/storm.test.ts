import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { MINUTE, SECOND } from '../../src/kernel/time.ts';
import { openStore } from '../../src/store/open.ts';
import { pagesOf } from '../../src/store/pages.ts';
import type { StoredMessage } from '../../src/workspace/message.ts';
import { type Bot, startBot } from '../support/bot.ts';
import { fakeClock } from '../support/clock.ts';
import { directMessages } from '../support/operating.ts';
import { ALICE, alertMessages, BOB, textIn } from '../support/people.ts';
import { record, user } from '../support/records.ts';
import { temporaryFolder } from '../support/store.ts';

const CARLA = 'U0CARLA001';
const EVERYBODY = [ALICE, BOB, CARLA];

const RULE = `
title: A key was made
id: 6f0a1a52-6b1e-4f0a-9c55-0f8f4d4f6a01
level: high
logsource: { product: aws, service: cloudtrail }
detection: { selection: { eventName: CreateAccessKey }, condition: selection }
`;

const YAML = `
rules: { paths: [my-rules] }
escalations:
  security:
    steps:
      - { page: [${ALICE}], wait: 5m }
      - { page: [${BOB}], wait: 5m }
      - { page: [${CARLA}], wait: 5m }
routes: { escalation: security, repeat: never }
`;

const GROUPS = 200;
const BATCHES = 100;
const GROUPS_AT_ONCE = 4;

/** An hour in 100 deliveries: each brings 25 matches of each of four groups, and every group comes back once. */
function batch(number: number): string {
  const first = (number * GROUPS_AT_ONCE) % GROUPS;
  const records = Array.from({ length: 100 }, (_, index) =>
    record({ userIdentity: user(`user-${first + (index % GROUPS_AT_ONCE)}`) }),
  );
  return JSON.stringify({ Records: records });
}

/** Tens of thousands of commits would measure the disk of whoever runs this. */
function inMemory(): string {
  const parent = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
  const folder = mkdtempSync(join(parent, 'trailbot-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function botWithRule(folder: string): Promise<Bot> {
  mkdirSync(join(folder, 'my-rules'));
  writeFileSync(join(folder, 'my-rules', 'key.yml'), RULE);
  return startBot({ folder, yaml: YAML, clock: fakeClock() });
}

async function storm(): Promise<Bot> {
  const bot = await botWithRule(inMemory());
  bot.workspace.faults.trouble('*', { kind: 'rate-limited', retryAfter: 1 }, 2);
  for (let number = 0; number < BATCHES; number++) {
    await bot.post(batch(number));
    await bot.clock.advance(36 * SECOND, () => bot.app.settle());
  }
  await bot.clock.advance(20 * MINUTE, () => bot.app.settle());
  return bot;
}

/** How much faster than one a second after a burst of ten: the fill of a bucket that must never run over. */
function overflow(messages: readonly StoredMessage[]): number {
  let fill = 0;
  let highest = 0;
  let last = 0;
  for (const at of messages.map(({ ts }) => Number(ts)).sort((a, b) => a - b)) {
    fill = Math.max(0, fill - (at - last)) + 1;
    highest = Math.max(highest, fill);
    last = at;
  }
  return highest;
}

it('an hour of 10,000 matches in 200 groups, with Slack asking to wait half of the time: each group has one message with its count, and nobody is paged more often than the escalation says', {
  timeout: 120_000,
}, async () => {
  const bot = await storm();
  const alerts = alertMessages(bot.workspace).filter(({ channel }) => channel === 'C0SECURITY');
  expect(alerts).toHaveLength(GROUPS);
  const wrong = alerts.filter((one) => !textIn([one.blocks, one.attachments]).includes('49 more like this'));
  expect(wrong).toEqual([]);
  const posted = bot.workspace.messages('C0SECURITY').filter(({ user: by }) => by === 'U0TRAILBOT');
  expect(posted.length).toBeGreaterThanOrEqual(GROUPS * 4);
  expect(overflow(posted)).toBeLessThanOrEqual(10);
  const direct = new Map(EVERYBODY.map((one) => [one, directMessages(bot, one)]));
  await bot.stop();
  const db = await openStore(bot.folder);
  for (let number = 1; number <= GROUPS; number++) {
    const paged = (await pagesOf(db, `A-${number}`)).map(({ target }) => target);
    expect(paged).toEqual(EVERYBODY);
    for (const [, messages] of direct) {
      const telling = messages.filter((one) => new RegExp(`\\bA-${number}\\b`).test(textIn(one.blocks)));
      expect(telling).toHaveLength(1);
    }
  }
  await db.close();
});

it('whoever is paged more than five times within a minute gets the rest as one message that is edited', async () => {
  const bot = await botWithRule(temporaryFolder());
  const records = (from: number, count: number) =>
    JSON.stringify({
      Records: Array.from({ length: count }, (_, index) =>
        record({ userIdentity: user(`user-${from + index}`) }),
      ),
    });
  await bot.post(records(0, 9));
  await bot.pass(20);
  await bot.post(records(9, 3));
  await bot.pass(20);
  const messages = directMessages(bot, ALICE);
  expect(messages).toHaveLength(6);
  const rest = messages.find(({ text }) => text.includes('more alerts wait for you'));
  expect(rest?.text).toMatch(/^7 more alerts wait for you/);
});
