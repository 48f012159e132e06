import { gzipSync } from 'node:zlib';
import { expect, it, onTestFinished } from 'vitest';
import { startTrailCheck } from '../../src/app/trail-check.ts';
import type { Delivery } from '../../src/cloudtrail/delivery.ts';
import { readConfig } from '../../src/config/config.ts';
import type { Json } from '../../src/kernel/json.ts';
import { createLog } from '../../src/kernel/log.ts';
import { DAY, HOUR, MINUTE } from '../../src/kernel/time.ts';
import { startFakeAws } from '../support/aws/fake-aws.ts';
import { fakeS3 } from '../support/aws/s3.ts';
import { makeChain, signingKey, trailServices } from '../support/aws/trails.ts';
import { fakeClock } from '../support/clock.ts';
import { BUCKET, REGION, TRAIL } from '../work/verify/chains.ts';

/** Half past three: eleven minutes before the check. */
const START = Date.UTC(2026, 10, 21, 3, 30);
const MIDNIGHT = Date.UTC(2026, 10, 21);
const SETTINGS = `
aws: { region: ${REGION} }
accounts: { '${TRAIL.account}': { name: Production } }
history: { regions: [${REGION}] }
`;

/** A bot that checks its trails; `told` is what it has taken in. */
async function checking(watch: string) {
  const clock = fakeClock(START);
  const key = signingKey(0, REGION, START - 30 * DAY, START + 30 * DAY);
  const trail = { ...TRAIL, status: {} };
  const s3 = fakeS3({ [BUCKET]: { region: REGION } });
  const services = [s3.service, ...trailServices([trail], [key])];
  const aws = await startFakeAws({ services, now: clock.now });
  const digests = makeChain(s3, { trail, key, until: MIDNIGHT + 30 * HOUR, hours: 80, logs: 1 });
  const read = readConfig({ text: `${SETTINGS}${watch}`, file: 'trailbot.yaml', env: {} });
  if ('problems' in read) throw new Error(JSON.stringify(read.problems));
  const told: Json[] = [];
  const check = startTrailCheck({
    settings: () => read.config,
    intake: {
      accept: async ({ records }: Delivery) => {
        told.push(...records.map(({ body }) => body));
        return { stored: records.length, duplicates: 0, rejected: 0 };
      },
    },
    standIn: { endpoint: aws.url, credentials: aws.credentials },
    clock,
    log: createLog('silent'),
  });
  onTestFinished(() => check.stop());
  const nextDay = async (): Promise<void> => {
    await clock.untilSleeping();
    await clock.advance(DAY);
    // A check is under way as long as nothing sleeps.
    await check.rested();
    await clock.untilSleeping();
  };
  return { aws, s3, digests, told, check, clock, nextDay };
}

it('tells of each break once a day has passed, with the same id whenever it is found again', async () => {
  const { s3, digests, told, nextDay } = await checking('watch: { trails: true }');
  const log = digests.find(({ at }) => at === MIDNIGHT - 12 * HOUR)?.logs[0];
  if (!log) throw new Error('there is no such log file');
  s3.put(BUCKET, log.key, gzipSync('{"Records":[]}'));
  await nextDay();
  expect(told).toMatchObject([
    {
      eventSource: 'trailbot.internal',
      eventName: 'LogIntegrityBroken',
      awsRegion: REGION,
      recipientAccountId: TRAIL.account,
      serviceEventDetails: {
        kind: 'log changed',
        trail: 'audit',
        place: `Production in ${REGION}`,
        file: `s3://${BUCKET}/${log.key}`,
        hour: 'until 2026-11-20 12:00:00 UTC',
      },
    },
  ]);
  await nextDay();
  const ids = told.map((one) => (one as { eventID: string }).eventID);
  expect(ids).toHaveLength(2);
  expect(new Set(ids).size).toBe(1);
});

it('leaves the last hours alone, since their digests may still come', async () => {
  const { s3, digests, told, nextDay } = await checking('watch: { trails: true }');
  const fresh = digests.find(({ at }) => at === MIDNIGHT + 24 * HOUR + 2 * HOUR);
  s3.remove(BUCKET, fresh?.key ?? '');
  await nextDay();
  expect(told).toEqual([]);
});

it('tells once a day that a trail could not be verified, and why', async () => {
  const { aws, told, nextDay } = await checking('watch: { trails: true }');
  aws.fault({ kind: 'deny', operation: 'ListObjectsV2' });
  await nextDay();
  expect(told).toMatchObject([
    {
      serviceEventDetails: {
        kind: 'not verified',
        trail: 'audit',
        reason: expect.stringMatching(/^not allowed to call s3:List/),
      },
    },
  ]);
});

it('asks AWS nothing unless it is wanted', async () => {
  const { aws, clock } = await checking('');
  await clock.untilSleeping();
  await clock.advance(3 * DAY + MINUTE);
  expect(aws.requests).toEqual([]);
});
