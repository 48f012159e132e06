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
import { ALICE, alertMessages, BOB, choose, pressButton, textIn } from '../support/people.ts';
import { record, user } from '../support/records.ts';
import { temporaryFolder } from '../support/store.ts';

const EVERYBODY = [ALICE, BOB];

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

/** Which alerts a message tells of. */
function alertsIn(text: string): ReadonlySet<string> {
  return new Set(text.match(/\bA-\d+\b/g));
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
  const direct = EVERYBODY.map((one) =>
    directMessages(bot, one).map(({ blocks }) => alertsIn(textIn(blocks))),
  );
  await bot.stop();
  const db = await openStore(bot.folder);
  for (let number = 1; number <= GROUPS; number++) {
    const paged = (await pagesOf(db, `A-${number}`)).map(({ target }) => target);
    expect(paged).toEqual(EVERYBODY);
    for (const messages of direct) {
      expect(messages.filter((alerts) => alerts.has(`A-${number}`))).toHaveLength(1);
    }
  }
  await db.close();
});

const ROOT_RULE = RULE.replace('level: high', 'level: critical')
  .replace('6f0a1a52', '6f0a1a53')
  .replace('CreateAccessKey', 'DeleteTrail');

/** Seven keys made by seven people, after the sixth of which a trail was deleted. */
const bad = (number: number) => {
  const other = number === 6 ? { eventName: 'DeleteTrail', eventSource: 'cloudtrail.amazonaws.com' } : {};
  return record({ ...other, userIdentity: user(`user-${number}`) });
};

async function severalAtOnce(): Promise<Bot> {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'my-rules'));
  writeFileSync(join(folder, 'my-rules', 'trail.yml'), ROOT_RULE);
  writeFileSync(join(folder, 'my-rules', 'key.yml'), RULE);
  return startBot({ folder, yaml: YAML, clock: fakeClock() });
}

const inOneMessage = (bot: Bot) =>
  directMessages(bot, ALICE).find(({ text }) => !/^(HIGH|CRITICAL)/.test(text));

it('in that message the gravest stands first, and what is snoozed waits for nobody', async () => {
  const bot = await severalAtOnce();
  for (const number of [0, 1, 2, 3, 4, 5, 6, 7]) {
    await bot.post(JSON.stringify({ Records: [bad(number)] }));
    await bot.pass(2);
  }
  await bot.pass(5);
  const lines = textIn(inOneMessage(bot)?.blocks).match(/A-\d+ · \w+/g);
  expect(lines).toEqual(['A-7 · CRITICAL', 'A-8 · HIGH', 'A-6 · HIGH']);
  const message = alertMessages(bot.workspace).find(
    ({ channel, text }) => channel === 'C0SECURITY' && text.includes('A-7'),
  );
  if (!message) throw new Error('A-7 has no message');
  await choose(bot.workspace, ALICE, message, 'Snooze…', '30 minutes');
  await bot.pass(5);
  expect(inOneMessage(bot)?.text).toMatch(/^2 more alerts wait for you: A-8, A-6/);
});

it('that message is not sent at all when somebody has taken everything before Slack could be reached', async () => {
  const first = await severalAtOnce();
  for (const number of [0, 1, 2, 3, 4]) await first.post(JSON.stringify({ Records: [bad(number)] }));
  await first.pass(20);
  // After the start the bot has to ask anew where to write to Alice.
  const bot = await first.restart();
  bot.workspace.faults.call('conversations.open', { kind: 'rate-limited', retryAfter: 30 }, 9);
  await bot.post(JSON.stringify({ Records: [bad(5)] }));
  await bot.pass(10);
  const [message] = alertMessages(bot.workspace).filter(({ text }) => text.includes('A-6'));
  if (!message) throw new Error('A-6 has no message');
  await pressButton(bot.workspace, BOB, message, 'Acknowledge');
  await bot.pass(3);
  bot.workspace.faults.clear();
  await bot.pass(60);
  expect(directMessages(bot, ALICE)).toHaveLength(5);
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
