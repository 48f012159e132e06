import { describe, expect, it, onTestFinished } from 'vitest';
import { startWays, type Ways } from '../../src/app/ways.ts';
import { readQueueUrl } from '../../src/aws/queue.ts';
import { createAwsWays } from '../../src/aws/ways.ts';
import { type Config, readConfig } from '../../src/config/config.ts';
import { createLog } from '../../src/kernel/log.ts';
import { systemRandom } from '../../src/kernel/random.ts';
import { MINUTE, nextTurn, SECOND } from '../../src/kernel/time.ts';
import { countRecords } from '../../src/store/records.ts';
import { createFresh } from '../../src/work/fresh.ts';
import { createIntake } from '../../src/work/intake.ts';
import { type FakeAws, startFakeAws } from '../support/aws/fake-aws.ts';
import { fakeS3 } from '../support/aws/s3.ts';
import { type FakeQueues, fakeQueues } from '../support/aws/sqs.ts';
import { startBot } from '../support/bot.ts';
import { type FakeClock, fakeClock } from '../support/clock.ts';
import { tally } from '../support/evaluation.ts';
import { envelope, record } from '../support/records.ts';
import { temporaryStore } from '../support/store.ts';
import { s3Notification, trailFile, trailKey } from '../support/ways.ts';

const HOME = '111122223333';
const ARCHIVE = '444455556666';
const BUCKET = 'acme-trail';

interface Bed {
  readonly clock: FakeClock;
  readonly queues: FakeQueues;
  readonly s3: ReturnType<typeof fakeS3>;
  readonly aws: FakeAws;
}

async function start(): Promise<Bed> {
  const clock = fakeClock();
  const queues = fakeQueues({ clock });
  const s3 = fakeS3({ [BUCKET]: { region: 'eu-central-1', open: [ARCHIVE] } });
  const accounts = { [HOME]: {}, [ARCHIVE]: { readerRole: 'TrailbotReader' } };
  const aws = await startFakeAws({ accounts, now: clock.now, services: [queues.service, s3.service] });
  return { clock, queues, s3, aws };
}

function configOf(queues: readonly string[]): Config {
  const list = queues.map((url) => `  - url: ${url}`).join('\n');
  const text = `accounts:\n  "${ARCHIVE}":\n    name: archive\n    reader_role: TrailbotReader\nqueues:\n${list || '  []'}\n`;
  const read = readConfig({ text, file: 'trailbot.yaml', env: {} });
  if ('problems' in read) throw new Error(read.problems.map(({ what }) => what).join('\n'));
  return read.config;
}

describe('queues of the configuration', () => {
  async function begin(bed: Bed, urls: readonly string[]) {
    const { clock } = bed;
    const db = await temporaryStore();
    const settings = { config: configOf(urls) };
    const ways: Ways = await startWays({
      settings: () => settings.config,
      intake: createIntake(db, tally(), createFresh(), () => {}),
      counters: { queueMessage: () => {}, trailFile: () => {} },
      standIn: { endpoint: bed.aws.url, credentials: bed.aws.credentials },
      clock,
      random: systemRandom,
      log: createLog('silent'),
    });
    const until = async (isSo: () => boolean | Promise<boolean>) => {
      for (let left = 2000; left > 0 && !(await isSo()); left -= 1) {
        for (let turn = 0; turn < 20; turn += 1) await nextTurn();
        await clock.advance(SECOND / 2);
      }
      expect(await isSo()).toBe(true);
    };
    onTestFinished(async () => {
      let stopped = false;
      void ways.stop().then(() => {
        stopped = true;
      });
      await until(() => stopped);
    });
    const stored = async () => (await countRecords(db)).stored;
    return { ways, settings, until, stored };
  }

  it('are read in their regions, and the files that they point to are fetched by the role of the archive', async () => {
    const bed = await start();
    const url = bed.queues.create('trailbot', {}, { region: 'eu-west-1' });
    const key = trailKey(Date.UTC(2026, 10, 20, 9, 20));
    bed.s3.put(BUCKET, key, trailFile([record(), record()]));
    bed.queues.send(url, s3Notification(BUCKET, key));
    bed.queues.send(url, JSON.stringify(envelope(record())));
    const { ways, until, stored } = await begin(bed, [url]);
    await until(async () => (await stored()) === 3);
    await until(() => ways.states()[0]?.messages === 2);
    expect(ways.states()).toMatchObject([{ name: 'trailbot', files: 1, failures: 0, trouble: undefined }]);
  });

  it('come and go with the configuration', async () => {
    const bed = await start();
    const [first, second] = ['first', 'second'].map((name) => bed.queues.create(name));
    const { ways, settings, until, stored } = await begin(bed, []);
    expect(ways.states()).toEqual([]);
    expect(bed.aws.requests).toEqual([]);
    settings.config = configOf([first ?? '', second ?? '']);
    await ways.follow();
    bed.queues.send(first ?? '', JSON.stringify(envelope(record())));
    await until(async () => (await stored()) === 1);
    await until(() => ways.states()[0]?.messages === 1);
    settings.config = configOf([second ?? '']);
    await ways.follow();
    expect(ways.states().map(({ name }) => name)).toEqual(['second']);
    bed.queues.send(first ?? '', JSON.stringify(envelope(record())));
    bed.queues.send(second ?? '', JSON.stringify(envelope(record())));
    await until(async () => (await stored()) === 2);
    expect(bed.queues.messages(first ?? '')).toHaveLength(1);
  });
});

describe('a bot without an inbound port', () => {
  it('raises alerts of what waits in its queue', async () => {
    const bed = await start();
    const url = bed.queues.create('trailbot');
    const { url: endpoint, credentials } = bed.aws;
    const yaml = `queues:\n  - url: ${url}\n`;
    const bot = await startBot({ clock: bed.clock, yaml, aws: { endpoint, credentials } });
    const stopped = record({ eventName: 'StopLogging', eventSource: 'cloudtrail.amazonaws.com' });
    bed.queues.send(url, JSON.stringify(envelope(stopped)));
    for (let left = 50; left > 0 && (await bot.app.status()).alerts.firing === 0; left -= 1)
      await bot.pass(1);
    expect((await bot.app.status()).alerts.firing).toBe(1);
  });
});

describe('SQS behind the queue', () => {
  const { signal } = new AbortController();
  const asked = { most: 10, hidden: MINUTE, wait: false };

  async function open() {
    const bed = await start();
    const url = bed.queues.create('trailbot');
    const { url: endpoint, credentials } = bed.aws;
    const log = createLog('silent');
    const ways = createAwsWays({ accounts: new Map(), endpoint, credentials, clock: bed.clock, log });
    onTestFinished(ways.close);
    return { ...bed, url, queue: ways.queue(url) };
  }

  it('says how often a message was received', async () => {
    const { clock, queues, url, queue } = await open();
    queues.send(url, 'one');
    expect(await queue.receive(asked, signal)).toMatchObject([{ body: 'one', receives: 1 }]);
    await clock.advance(MINUTE);
    expect(await queue.receive(asked, signal)).toMatchObject([{ body: 'one', receives: 2 }]);
  });

  it('removes what it can, and a message that was received again meanwhile stays', async () => {
    const { clock, queues, url, queue } = await open();
    queues.send(url, 'slow');
    const stale = await queue.receive(asked, signal);
    await clock.advance(MINUTE);
    queues.send(url, 'quick');
    const both = await queue.receive(asked, signal);
    await queue.remove([...stale, ...both.filter(({ body }) => body === 'quick')]);
    expect(queues.messages(url).map(({ body }) => body)).toEqual(['slow']);
  });

  it('asks once more when AWS says that the credentials have expired', async () => {
    const { aws, queues, url, queue } = await open();
    aws.fault({ kind: 'expired', operation: 'ReceiveMessage', times: 1 });
    queues.send(url, 'one');
    expect(await queue.receive(asked, signal)).toHaveLength(1);
  });

  it.each([
    ['a queue that is gone', 'gone', /^the queue does not exist$/, /^create it/],
    ['a denial', 'deny', /^not allowed to call sqs:ReceiveMessage$/, /^allow sqs:ReceiveMessage/],
  ])('says what is wrong of %s, and how to mend it', async (_, what, said, remedy) => {
    const { aws, queues, url, queue } = await open();
    if (what === 'gone') queues.remove(url);
    else aws.fault({ kind: 'deny', operation: 'ReceiveMessage' });
    const trouble = { what: expect.stringMatching(said), remedy: expect.stringMatching(remedy) };
    await expect(queue.receive(asked, signal)).rejects.toMatchObject({ trouble });
  });
});

describe('where a queue is', () => {
  const here = (region: string) => ({ account: HOME, region, name: 'trailbot' });
  it.each([
    [`https://sqs.eu-west-1.amazonaws.com/${HOME}/trailbot`, here('eu-west-1')],
    [`https://sqs.cn-north-1.amazonaws.com.cn/${HOME}/trailbot`, here('cn-north-1')],
    [`https://sqs-fips.us-gov-west-1.amazonaws.com/${HOME}/trailbot`, here('us-gov-west-1')],
    [`https://sqs.eu-west-1.api.aws/${HOME}/trailbot`, here('eu-west-1')],
    [`https://eu-west-1.queue.amazonaws.com/${HOME}/trailbot`, here('eu-west-1')],
    [`https://queue.amazonaws.com/${HOME}/trailbot`, here('us-east-1')],
    [
      `https://vpce-0a1b2c3d4e5f-abcdefgh.sqs.eu-west-1.vpce.amazonaws.com/${HOME}/trailbot`,
      here('eu-west-1'),
    ],
    [`http://127.0.0.1:9324/${HOME}/trailbot`, here('us-east-1')],
  ])('is said by %s', (url, place) => {
    expect(readQueueUrl(url)).toEqual(place);
  });
});
