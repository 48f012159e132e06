import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { sendEvents } from '../../src/http/sender.ts';
import { systemRandom } from '../../src/kernel/random.ts';
import { systemClock } from '../../src/kernel/time.ts';
import { openStore } from '../../src/store/open.ts';
import { startWorkspace, type Workspace } from '../../src/workspace/workspace.ts';
import { type Child, freePort, startChild } from '../support/child.ts';
import { envelope, record, user } from '../support/records.ts';
import { temporaryFolder } from '../support/store.ts';

const ROUNDS = Number(process.env.CRASH_ROUNDS ?? 2);
const EVENTS = 5000;
const PEOPLE = 9;
const KILLS = 8;
const KEY = 'a-key-for-the-crash-test';
const BOT_TOKEN = 'xoxb-local-crash-test';
const SIGNING_SECRET = '5ecret-of-the-crash-test-0123456789';

const RULE = `
title: Access key created
id: 6f0a1a52-6b1e-4f0a-9c55-0f8f4d4f6a01
level: high
logsource: { product: aws, service: cloudtrail }
detection:
  selection: { eventName: CreateAccessKey }
  condition: selection
`;

function configuration(workspace: Workspace): string {
  return `
rules: { paths: [rule.yml] }
slack: { api_url: "${workspace.apiUrl}" }
routes:
  routes:
    - { match: ["actor=~person-[0-2]"], channel: "#general" }
    - { match: ["actor=~person-[3-5]"], channel: "#cloud-ops" }
`;
}

/** One event in five matches; each person has the same share of those. */
function* events(): Generator<string> {
  for (let index = 0; index < EVENTS; index++) {
    const detail = record({
      eventID: `crash-${index}`,
      eventName: index % 5 === 0 ? 'CreateAccessKey' : 'ListAccessKeys',
      userIdentity: user(`person-${Math.floor(index / 5) % PEOPLE}`),
    });
    yield JSON.stringify(envelope(detail));
  }
}

/** Starts the bot again and again, and kills it at a random moment each time; the last one may live. */
async function killAgainAndAgain(start: () => Child): Promise<Child> {
  for (let kills = 0; kills < KILLS; kills++) {
    const bot = start();
    // One time in five before it is ready, else in the middle of its work.
    if (systemRandom.fraction() > 0.2) await bot.says('takes events');
    await wait(systemRandom.fraction() * 400);
    await bot.kill();
  }
  return start();
}

function alertIdsIn(workspace: Workspace): string[] {
  return workspace
    .messages()
    .filter((message) => message.threadTs === undefined)
    .flatMap((message) => message.text.match(/\bA-\d+\b/)?.[0] ?? []);
}

async function round(): Promise<void> {
  const folder = temporaryFolder();
  let bot: Child | undefined;
  onTestFinished(async () => {
    await bot?.kill();
  });
  const port = await freePort();
  const workspace = await startWorkspace({
    port: 0,
    clock: systemClock,
    random: systemRandom,
    botToken: BOT_TOKEN,
    signingSecret: SIGNING_SECRET,
    requestUrl: `http://127.0.0.1:${port}/slack/events`,
  });
  onTestFinished(() => workspace.stop());
  writeFileSync(join(folder, 'rule.yml'), RULE);
  writeFileSync(join(folder, 'trailbot.yaml'), configuration(workspace));
  const start = () => {
    bot = startChild(['serve', '--port', `${port}`], {
      cwd: folder,
      env: {
        SLACK_BOT_TOKEN: BOT_TOKEN,
        SLACK_SIGNING_SECRET: SIGNING_SECRET,
        TRAILBOT_WEBHOOK_KEYS: KEY,
      },
    });
    return bot;
  };

  const sending = sendEvents({
    url: `http://127.0.0.1:${port}/events`,
    key: KEY,
    events: events(),
    concurrency: 16,
    retries: 500,
    keepAlive: true,
    clock: systemClock,
    random: systemRandom,
  });
  const last = await killAgainAndAgain(start);
  const sent = await sending;
  expect(sent.failed).toBe(0);
  await workspace.waitFor(() => new Set(alertIdsIn(workspace)).size === PEOPLE, 30_000);
  expect(await last.stop()).toBe(0);
  await inspect(folder, workspace);
}

async function inspect(folder: string, workspace: Workspace): Promise<void> {
  const db = await openStore(join(folder, '.trailbot'));
  const [records] = await db.all(
    'select count(*) as stored, count(distinct event_id) as different from records',
  );
  const alerts = await db.all<{ id: string; matches: number; members: number }>(
    `select id, match_count as matches, (select count(*) from alert_records where alert_id = alerts.id) as members
      from alerts order by id`,
  );
  await db.close();
  expect(records).toEqual({ stored: EVENTS, different: EVENTS });
  expect(alerts).toHaveLength(PEOPLE);
  expect(alerts.reduce((sum, alert) => sum + alert.matches, 0)).toBe(EVENTS / 5);
  for (const alert of alerts) expect(alert.matches).toBe(alert.members);
  expect(alertIdsIn(workspace).sort()).toEqual(alerts.map((alert) => alert.id).sort());
}

describe('killed at random moments while 5,000 events arrive', () => {
  it.each(Array.from({ length: ROUNDS }, (_, index) => index + 1))(
    'loses no event, no alert, and posts nothing twice (round %i)',
    round,
    120_000,
  );
});
