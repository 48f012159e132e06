import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { JsonObject } from '../../src/kernel/json.ts';
import { DAY, HOUR, MINUTE, type Millis, SECOND, sayInstant } from '../../src/kernel/time.ts';
import { type FakeAws, startFakeAws } from '../support/aws/fake-aws.ts';
import { type FakeS3, fakeS3 } from '../support/aws/s3.ts';
import { startBot } from '../support/bot.ts';
import { record } from '../support/records.ts';
import { temporaryFolder } from '../support/store.ts';
import { trailFile, trailKey } from '../support/ways.ts';
import { call } from './command.ts';

const BUCKET = 'acme-trail';
const NOON = Date.UTC(2026, 10, 20, 12);

interface Bed {
  readonly s3: FakeS3;
  readonly aws: FakeAws;
  send(...args: string[]): ReturnType<typeof call>;
}

/** Takes everything. */
async function startHook(): Promise<string> {
  const server = createServer((req, res) => {
    req.resume().on('end', () => res.end('{"stored":1,"duplicates":0,"rejected":0}'));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/events`;
}

async function start(pageSize?: number): Promise<Bed> {
  const s3 = fakeS3({ [BUCKET]: { region: 'eu-central-1' } }, pageSize);
  const aws = await startFakeAws({ services: [s3.service] });
  const env = {
    TRAILBOT_WEBHOOK_KEYS: 'a-key-for-the-tests-of-send',
    AWS_ENDPOINT_URL: aws.url,
    AWS_ACCESS_KEY_ID: aws.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: aws.credentials.secretAccessKey,
  };
  const folder = temporaryFolder();
  const to = await startHook();
  const send = (...args: string[]) => call(['send', '--to', to, ...args], { folder, env });
  return { s3, aws, send };
}

function happened(at: Millis, overrides: JsonObject = {}): JsonObject {
  return record({ eventTime: sayInstant(at), ...overrides });
}

/** A file delivered five minutes after the one event in it. */
function put(s3: FakeS3, at: Millis, where: Parameters<typeof trailKey>[1] = {}): void {
  s3.put(BUCKET, trailKey(at + 5 * MINUTE, where), trailFile([happened(at)]));
}

describe('send s3://', () => {
  it('posts what happened in a period, from all accounts and regions under a prefix', async () => {
    const { s3, send } = await start();
    const bot = await startBot();
    for (const account of ['111122223333', '444455556666']) {
      for (const region of ['eu-west-1', 'us-east-1']) {
        for (const days of [-30, -1, 0, 1]) {
          put(s3, NOON + days * DAY, { account, region, root: 'acme/AWSLogs/o-a1b2c3d4e5/' });
        }
      }
    }
    const { code, out, err } = await send(
      `s3://${BUCKET}/acme/`,
      '--since',
      '2026-11-19',
      '--until',
      '2026-11-20',
      '--data',
      bot.folder,
      '--to',
      `${bot.app.url}/events`,
    );
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toBe(`8 trail files were read. 8 events sent to ${bot.app.url}/events: 8 stored.\n`);
    expect((await bot.app.status()).records.stored).toBe(8);
  });

  it('leaves out what happened before and after, in files that have both', async () => {
    const { s3, send } = await start();
    const events = [-2, -1, 0, 1].map((hours) => happened(NOON + hours * HOUR));
    s3.put(BUCKET, trailKey(NOON + HOUR), trailFile(events));
    const since = sayInstant(NOON - HOUR);
    const { out } = await send(
      `s3://${BUCKET}/AWSLogs/`,
      '--since',
      since,
      '--until',
      sayInstant(NOON),
      '--json',
    );
    expect(JSON.parse(out)).toMatchObject({ sent: 2, accepted: 2, files: 1, unsent: 0 });
  });

  it('reads Insights and network activity, and no digests, sums or logs of other services', async () => {
    const { s3, send } = await start();
    for (const folder of ['CloudTrail', 'CloudTrail-Insight', 'CloudTrail-NetworkActivity']) {
      put(s3, NOON, { folder });
    }
    for (const folder of ['CloudTrail-Digest', 'CloudTrail-Aggregated']) put(s3, NOON, { folder });
    s3.put(
      BUCKET,
      'AWSLogs/111122223333/elasticloadbalancing/eu-west-1/2026/11/20/x.log.gz',
      Buffer.from('x'),
    );
    const { out } = await send(`s3://${BUCKET}/`, '--since', '2026-11-20', '--json');
    expect(JSON.parse(out)).toMatchObject({ files: 3, accepted: 3 });
  });

  it('jumps over days and folders that are not wanted, however many files they have', async () => {
    const { s3, aws, send } = await start(50);
    for (let day = 1; day <= 300; day += 1) {
      for (const folder of ['CloudTrail', 'CloudTrail-Digest']) {
        for (const name of ['a', 'b']) put(s3, NOON - day * DAY, { folder, name });
      }
      s3.put(BUCKET, `AWSLogs/111122223333/Config/eu-west-1/${day}.json.gz`, Buffer.from('x'));
    }
    put(s3, NOON);
    const { out } = await send(`s3://${BUCKET}/`, '--since', '2026-11-20', '--json');
    expect(JSON.parse(out)).toMatchObject({ files: 1, accepted: 1 });
    expect(aws.requests.filter(({ service }) => service === 's3').length).toBeLessThan(12);
  });

  it('goes on behind a file that cannot be read, and says so', async () => {
    const { s3, send } = await start();
    const key = trailKey(NOON, { name: 'a' });
    s3.put(BUCKET, key, Buffer.from('{"Records":[{"eventID"'));
    put(s3, NOON, { name: 'b' });
    const { code, out, err } = await send(`s3://${BUCKET}/AWSLogs/`, '--since', '2026-11-20');
    expect(code).toBe(1);
    expect(out).toMatch(/^2 trail files were read\. 1 event sent/);
    expect(err).toBe(
      `s3://${BUCKET}/${key}: the file was cut short; what could be read of it is sent\n1 piece of the input could not be read and was not sent.\n`,
    );
  });

  it('says what AWS refuses, and how to mend it', async () => {
    const { aws, send } = await start();
    aws.fault({ kind: 'deny', operation: 'ListObjectsV2' });
    const { code, err } = await send(`s3://${BUCKET}/AWSLogs/`, '--since', '2026-11-20');
    expect(code).toBe(2);
    expect(err).toMatch(/^The trail files cannot be read: not allowed to call s3:List/);
  });

  it('finds nothing where there is nothing', async () => {
    const { send } = await start();
    const { code, err } = await send(`s3://${BUCKET}/AWSLogs/`, '--since', '2026-11-20');
    expect({ code, err }).toEqual({ code: 1, err: 'No trail file there has events of that time.\n' });
  });

  it.each([
    [['s3://acme-trail/AWSLogs/'], /would be everything that was ever recorded there/],
    [['s3://acme-trail/AWSLogs/', '--since', 'yesterday'], /--since yesterday is no time: give/],
    [['s3://acme-trail/', '--since', '1d', '--until', '2d'], /later than --until/],
    [['s3://Acme_Trail/', '--since', '1d'], /no address in S3/],
    [['s3://acme-trail/', 'more.json', '--since', '1d'], /more\.json is no address in S3/],
    [['more.json', '--since', '1d'], /are for trail files in S3/],
  ])('%j is a mistake that is said', async (args, message) => {
    const { code, err } = await call(['send', ...args], { folder: temporaryFolder() });
    expect(code).toBe(2);
    expect(err).toMatch(message);
  });

  it('takes a prefix with a year without a period', async () => {
    const { s3, send } = await start();
    put(s3, NOON - SECOND);
    const { out } = await send(
      `s3://${BUCKET}/AWSLogs/111122223333/CloudTrail/eu-west-1/2026/11/20/`,
      '--json',
    );
    expect(JSON.parse(out)).toMatchObject({ files: 1, accepted: 1 });
  });
});
