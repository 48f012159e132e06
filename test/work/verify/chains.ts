import { onTestFinished } from 'vitest';
import { createTrails } from '../../../src/aws/trails.ts';
import { createLog } from '../../../src/kernel/log.ts';
import { HOUR, systemClock } from '../../../src/kernel/time.ts';
import type { Wanted } from '../../../src/work/verify/choose.ts';
import { type Verified, verifyTrails } from '../../../src/work/verify/verify-trails.ts';
import { type FakeAws, type FakeAwsOptions, startFakeAws } from '../../support/aws/fake-aws.ts';
import { type FakeBucket, type FakeS3, fakeS3 } from '../../support/aws/s3.ts';
import {
  type FakeTrail,
  type MadeDigest,
  makeChain,
  type SigningKey,
  signingKey,
  trailServices,
} from '../../support/aws/trails.ts';

export const ACCOUNT = '111122223333';
export const OTHER = '444455556666';
export const REGION = 'eu-west-1';
export const BUCKET = 'acme-trail';
/** A whole hour: the end of the newest digest. */
export const UNTIL = Date.UTC(2026, 10, 20, 9);
/** How many digests a chain has as a rule: some more than the period. */
export const HOURS = 14;
export const PERIOD = { from: UNTIL - 12 * HOUR, to: UNTIL };

export const TRAIL: FakeTrail = {
  name: 'audit',
  account: ACCOUNT,
  homeRegion: REGION,
  bucket: BUCKET,
  status: { digestAt: UNTIL + 10 * 60_000 },
};

/** CloudTrail's key of a region, for the month. */
export function awsKey(region = REGION): SigningKey {
  return signingKey(0, region, UNTIL - 720 * HOUR, UNTIL + 48 * HOUR);
}

export interface Stage {
  readonly aws: FakeAws;
  readonly s3: FakeS3;
  /** All of `audit`, for half a day, unless said otherwise. */
  verify(wanted?: Partial<Wanted>, signal?: AbortSignal): Promise<Verified>;
}

interface StageOptions {
  readonly trails?: readonly FakeTrail[];
  readonly keys?: readonly SigningKey[];
  readonly buckets?: Readonly<Record<string, FakeBucket>>;
  readonly accounts?: FakeAwsOptions['accounts'];
  readonly regions?: readonly string[];
  readonly readerRoles?: readonly string[];
  readonly pageSize?: number;
}

/** A fake AWS with a bucket for trails, and the bot's way to it. */
export async function stage(options: StageOptions = {}): Promise<Stage> {
  const { trails = [TRAIL], keys = [awsKey()], buckets = { [BUCKET]: { region: REGION } } } = options;
  const s3 = fakeS3(buckets, options.pageSize);
  const services = [s3.service, ...trailServices(trails, keys)];
  const aws = await startFakeAws({ ...(options.accounts && { accounts: options.accounts }), services });
  const way = createTrails({
    accounts: new Map((options.readerRoles ?? []).map((id) => [id, { readerRole: 'TrailbotReader' }])),
    regions: options.regions ?? [REGION],
    endpoint: aws.url,
    credentials: aws.credentials,
    clock: systemClock,
    log: createLog('silent'),
  });
  onTestFinished(() => way.close());
  return {
    aws,
    s3,
    verify: (wanted = {}, signal = new AbortController().signal) =>
      verifyTrails({ trails: way, signal, together: 16 }, { period: PERIOD, ...wanted }),
  };
}

/** Half a day of digests, and what somebody then does to the bucket. */
export async function verifyAfter(
  tamper: (s3: FakeS3, digests: readonly MadeDigest[]) => void,
  trail: FakeTrail = TRAIL,
): Promise<Verified & Stage> {
  const set = await stage({ trails: [trail] });
  tamper(set.s3, makeChain(set.s3, { trail, key: awsKey(), until: UNTIL, hours: HOURS }));
  return { ...set, ...(await set.verify()) };
}

export function digestOf(digests: readonly MadeDigest[], back: number): MadeDigest {
  const found = digests.at(-1 - back);
  if (!found) throw new Error(`there is no digest ${back} hours back`);
  return found;
}

export function before(digests: readonly MadeDigest[]): { before: MadeDigest } {
  return { before: digestOf(digests, 0) };
}

export function logOf(
  digests: readonly MadeDigest[],
  back: number,
  index = 0,
): { key: string; text: string } {
  const found = digestOf(digests, back).logs[index];
  if (!found) throw new Error(`there is no log ${index}`);
  return found;
}

/** What was found: each break as its kind and the end of its key. */
export function breaksOf({ chains }: Verified): [kind: string, key: string][] {
  return chains.flatMap(({ breaks }) => breaks.map(({ kind, at }): [string, string] => [kind, at.key]));
}
