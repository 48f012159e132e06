import { gzipSync } from 'node:zlib';
import { onTestFinished } from 'vitest';
import { createAwsWays } from '../../src/aws/ways.ts';
import type { JsonObject } from '../../src/kernel/json.ts';
import { createLog, type Log } from '../../src/kernel/log.ts';
import { systemRandom } from '../../src/kernel/random.ts';
import { type Millis, nextTurn, SECOND, sayInstant } from '../../src/kernel/time.ts';
import type { Database } from '../../src/store/sql.ts';
import { createFresh } from '../../src/work/fresh.ts';
import { createIntake } from '../../src/work/intake.ts';
import { type FilePlace, MissingTrailFile, type TrailFiles } from '../../src/work/trail-files.ts';
import type { WayCounters } from '../../src/work/ways/message-work.ts';
import { type QueueReader, startQueueReader } from '../../src/work/ways/reader.ts';
import { type FakeAws, startFakeAws } from './aws/fake-aws.ts';
import { type FakeQueues, fakeQueues } from './aws/sqs.ts';
import { type FakeClock, fakeClock } from './clock.ts';
import { tally } from './evaluation.ts';
import { temporaryStore } from './store.ts';

/** A queue of the fake, and a bot's store; readers are started one by one. */
export interface QueueBed {
  readonly clock: FakeClock;
  readonly aws: FakeAws;
  readonly queues: FakeQueues;
  readonly url: string;
  readonly db: Database;
  /** What the intake counted. */
  readonly counted: ReadonlyMap<string, number>;
  /** What the reader counted. */
  readonly ways: ReadonlyMap<string, number>;
  /** The files that messages may point to, by their address; what is an error is thrown. */
  readonly files: Map<string, Buffer | Error | ((signal: AbortSignal) => Promise<Buffer>)>;
  /** Addresses, in the order in which they were fetched. */
  readonly fetched: string[];
  /** Starts one with clients of its own, as another process has them; one that `removesNothing` is killed before. */
  read(how?: { readonly log?: Log; readonly removesNothing?: boolean }): QueueReader;
  /** Lets time go by, half a second at a time, until this is true. */
  until(isSo: () => boolean | Promise<boolean>): Promise<void>;
}

export async function startQueueBed(): Promise<QueueBed> {
  const clock = fakeClock();
  const queues = fakeQueues({ clock });
  const aws = await startFakeAws({ now: clock.now, services: [queues.service] });
  const url = queues.create('trailbot');
  const db = await temporaryStore();
  const counters = tally();
  const intake = createIntake(db, counters, createFresh(), () => {});
  const ways = new Map<string, number>();
  const files: QueueBed['files'] = new Map();
  const fetched: string[] = [];
  const count = (name: string) => ways.set(name, (ways.get(name) ?? 0) + 1);
  const wayCounters: WayCounters = {
    queueMessage: (_, outcome) => count(outcome),
    trailFile: (outcome) => count(`file ${outcome}`),
  };
  async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
    for (let left = 10_000; left > 0; left -= 1) {
      for (let turn = 0; turn < 20; turn += 1) {
        if (await isSo()) return;
        await nextTurn();
      }
      await clock.advance(SECOND / 2);
    }
    throw new Error('it did not become so');
  }

  return {
    clock,
    aws,
    queues,
    url,
    db,
    counted: counters.seen,
    ways,
    files,
    fetched,
    read({ log = createLog('silent'), removesNothing = false } = {}) {
      const { url: endpoint, credentials } = aws;
      const own = createAwsWays({ accounts: new Map(), endpoint, credentials, clock, log });
      const tools = { intake, counters: wayCounters, clock, random: systemRandom, log };
      const never = { remove: () => new Promise<void>(() => {}) };
      const queue = { ...own.queue(url), ...(removesNothing && never) };
      const reader = startQueueReader({ ...tools, queue, files: held(files, fetched) });
      onTestFinished(async () => {
        let stopped = false;
        void reader.stop().then(() => {
          stopped = true;
        });
        await until(() => stopped);
        own.close();
      });
      return reader;
    },
    until,
  };
}

function held(files: QueueBed['files'], fetched: string[]): TrailFiles {
  return {
    async get(at: FilePlace, signal, use) {
      const address = `s3://${at.bucket}/${at.key}`;
      fetched.push(address);
      const found = files.get(address);
      if (found === undefined) throw new MissingTrailFile(at);
      if (found instanceof Error) throw found;
      const bytes = typeof found === 'function' ? await found(signal) : found;
      return use({ bytes, metadata: new Map() });
    },
    list: () => {
      throw new Error('a queue lists nothing');
    },
  };
}

/** The file that a trail writes of these records. */
export function trailFile(records: readonly JsonObject[]): Buffer {
  return gzipSync(JSON.stringify({ Records: records }));
}

/** The key of a file of a trail that was delivered at that time. */
export function trailKey(
  at: Millis,
  {
    account = '111122223333',
    region = 'eu-west-1',
    folder = 'CloudTrail',
    name = 'AbCdEf0123456789',
    root = 'AWSLogs/',
  }: {
    readonly account?: string;
    readonly region?: string;
    readonly folder?: string;
    readonly name?: string;
    readonly root?: string;
  } = {},
): string {
  const [day = '', time = ''] = sayInstant(at).split('T');
  const stamp = `${day.replaceAll('-', '')}T${time.slice(0, 5).replace(':', '')}Z`;
  const file = `${account}_${folder}_${region}_${stamp}_${name}.json.gz`;
  return `${root}${account}/${folder}/${region}/${day.replaceAll('-', '/')}/${file}`;
}

/** What S3 sends when an object was written, as the body of a message. */
export function s3Notification(bucket: string, ...keys: readonly string[]): string {
  const records = keys.map((key) => ({
    eventVersion: '2.1',
    eventSource: 'aws:s3',
    awsRegion: 'eu-west-1',
    eventName: 'ObjectCreated:Put',
    s3: {
      s3SchemaVersion: '1.0',
      bucket: { name: bucket, arn: `arn:aws:s3:::${bucket}` },
      object: { key: encodeURIComponent(key).replaceAll('%2F', '/').replaceAll('%20', '+'), size: 1024 },
    },
  }));
  return JSON.stringify({ Records: records });
}
