import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { isObject, parseJson } from '../../src/kernel/json.ts';
import { type Clock, systemClock } from '../../src/kernel/time.ts';
import { openStore } from '../../src/store/open.ts';
import { type FakeAws, startFakeAws } from '../support/aws/fake-aws.ts';
import { type FakeQueues, fakeQueues } from '../support/aws/sqs.ts';
import { type Child, freePort, startChild } from '../support/child.ts';
import { envelope, record } from '../support/records.ts';
import { temporaryFolder } from '../support/store.ts';

const EVENTS = 1000;
const KILLS = 2;
/** What is hidden for a minute comes again after half a second. */
const TIMES = 120;

const RULE = `
title: Access key created
id: 6f0a1a52-6b1e-4f0a-9c55-0f8f4d4f6a01
level: high
logsource: { product: aws, service: cloudtrail }
detection:
  selection: { eventName: CreateAccessKey }
  condition: selection
trailbot: { group_by: [awsRegion] }
`;

const begun = systemClock.now();
const fast: Clock = {
  ...systemClock,
  now: () => begun + (systemClock.now() - begun) * TIMES,
  sleep: (length, signal) => systemClock.sleep(length / TIMES, signal),
};

function starting({ url, credentials }: FakeAws, queue: string, folder: string, port: number): () => Child {
  let bot: Child | undefined;
  onTestFinished(async () => {
    await bot?.kill();
  });
  writeFileSync(join(folder, 'rule.yml'), RULE);
  writeFileSync(
    join(folder, 'trailbot.yaml'),
    `rules: { paths: [rule.yml] }\nqueues: [{ url: "${queue}" }]\n`,
  );
  return () => {
    bot = startChild(['serve', '--port', `${port}`], {
      cwd: folder,
      env: {
        AWS_ENDPOINT_URL: url,
        AWS_REGION: 'us-east-1',
        AWS_ACCESS_KEY_ID: credentials.accessKeyId,
        AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      },
    });
    return bot;
  };
}

/** One event in five matches. */
function fill(queues: FakeQueues, url: string): void {
  for (let index = 0; index < EVENTS; index += 1) {
    const eventName = index % 5 === 0 ? 'CreateAccessKey' : 'ListAccessKeys';
    queues.send(url, JSON.stringify(envelope(record({ eventID: `queued-${index}`, eventName }))));
  }
}

function idsIn(queues: FakeQueues, url: string): string[] {
  return queues.messages(url).map(({ body }) => {
    const said = parseJson(body);
    return isObject(said) && isObject(said.detail) ? String(said.detail.eventID) : '';
  });
}

async function untilFewerThan(left: number, queues: FakeQueues, url: string, bot: Child): Promise<void> {
  while (queues.messages(url).length >= left) {
    if (bot.process.exitCode !== null) throw new Error(`the bot has ended:\n${bot.output.err}`);
    await wait(1);
  }
}

async function stored(folder: string) {
  const db = await openStore(join(folder, '.trailbot'));
  const records = await db.all<{ id: string }>('select event_id as id from records');
  const alerts = await db.all<{ matches: number; members: number }>(
    `select match_count as matches, (select count(*) from alert_records where alert_id = alerts.id) as members
      from alerts`,
  );
  await db.close();
  return { ids: records.map(({ id }) => id), alerts };
}

it('killed while a queue is read, removes nothing that is not on disk, loses no event and counts none twice', async () => {
  const queues = fakeQueues({ clock: fast });
  const aws = await startFakeAws({ services: [queues.service] });
  const url = queues.create('trailbot');
  const folder = temporaryFolder();
  fill(queues, url);
  const start = starting(aws, url, folder, await freePort());
  for (let kills = 1; kills <= KILLS; kills += 1) {
    const bot = start();
    await untilFewerThan(EVENTS * (1 - kills / (KILLS + 1)), queues, url, bot);
    await bot.kill();
    const left = idsIn(queues, url);
    expect(left.length).toBeGreaterThan(0);
    expect(new Set([...left, ...(await stored(folder)).ids]).size).toBe(EVENTS);
  }
  const last = start();
  await untilFewerThan(1, queues, url, last);
  await last.says('takes events');
  expect(await last.stop()).toBe(0);
  const { ids, alerts } = await stored(folder);
  expect(ids).toHaveLength(EVENTS);
  expect(new Set(ids).size).toBe(EVENTS);
  expect(alerts).toEqual([{ matches: EVENTS / 5, members: EVENTS / 5 }]);
}, 60_000);
