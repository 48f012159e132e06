import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { DAY, HOUR } from '../../../src/kernel/time.ts';
import { makeChain, signingKey } from '../../support/aws/trails.ts';
import {
  ACCOUNT,
  awsKey,
  BUCKET,
  breaksOf,
  digestOf,
  HOURS,
  logOf,
  OTHER,
  REGION,
  stage,
  TRAIL,
  UNTIL,
} from './chains.ts';

describe('what is verified', () => {
  it('is each region of a trail of all regions, with the keys of that region', async () => {
    const regions = ['eu-west-1', 'us-east-1', 'ap-south-1'];
    const trail = { ...TRAIL, everyRegion: true, prefix: 'audit/logs' };
    const { s3, verify } = await stage({
      trails: [trail],
      regions,
      keys: regions.map((region) => awsKey(region)),
      pageSize: 7,
    });
    const made = regions.map((region) =>
      makeChain(s3, { trail, region, key: awsKey(region), until: UNTIL, hours: HOURS, logs: 1 }),
    );
    const tampered = logOf(made[1] ?? [], 3).key;
    // Swapped for one of another region.
    s3.put(BUCKET, tampered, gzipSync(logOf(made[2] ?? [], 8).text));
    const found = await verify();
    expect(found.chains.map(({ chain, digests }) => [chain.source.region, digests.valid])).toEqual(
      regions.map((region) => [region, 13]),
    );
    expect(breaksOf(found)).toEqual([['log swapped', tampered]]);
    expect((await verify({ regions: ['ap-south-1'] })).chains).toMatchObject([
      { chain: { source: { region: 'ap-south-1' } }, breaks: [] },
    ]);
  });

  it('is every account of an organization whose files lie there, or those that are named', async () => {
    const members = [OTHER, '777788889999'];
    const trail = { ...TRAIL, organization: { id: 'o-a1b2c3d4e5', members }, status: {} };
    const { s3, verify, aws } = await stage({ trails: [trail], accounts: { [ACCOUNT]: {} } });
    for (const account of [ACCOUNT, ...members]) {
      makeChain(s3, { trail, account, key: awsKey(), until: UNTIL, hours: HOURS, logs: 1 });
    }
    const found = await verify();
    expect(found.chains.map(({ chain, digests }) => [chain.source.account, digests.valid])).toEqual(
      [ACCOUNT, ...members].map((account) => [account, 13]),
    );
    expect(found.chains.map(({ trouble }) => trouble)).toEqual([undefined, undefined, undefined]);
    expect(aws.requests.filter(({ operation }) => operation === 'ListObjectsV2')).toHaveLength(7);
    const one = await verify({ accounts: [OTHER] });
    expect(one.chains.map(({ chain }) => chain.source.account)).toEqual([OTHER]);
  });

  it('includes digests that were written later, signed with a key of that time', async () => {
    const written = UNTIL + 40 * DAY;
    const later = signingKey(2, REGION, written - DAY, written + DAY);
    const { s3, verify } = await stage({ keys: [awsKey(), later] });
    makeChain(s3, { trail: TRAIL, key: awsKey(), until: UNTIL, hours: HOURS });
    const backfill = makeChain(s3, {
      trail: TRAIL,
      key: later,
      until: UNTIL,
      hours: 4,
      logs: 1,
      backfillAt: written,
    });
    expect((await verify()).chains).toMatchObject([
      {
        digests: { valid: 13 },
        backfill: { valid: 4, broken: 0 },
        logs: { valid: 30 },
        breaks: [],
        gaps: [],
      },
    ]);
    s3.remove(BUCKET, digestOf(backfill, 1).key);
    expect((await verify()).chains).toMatchObject([
      { backfill: { valid: 3, broken: 1 }, breaks: [{ kind: 'digest missing' }] },
    ]);
  });

  it('goes on into the bucket and the folder where the trail wrote before', async () => {
    const { s3, verify } = await stage({ buckets: { [BUCKET]: { region: REGION }, old: {} } });
    const before = makeChain(s3, {
      trail: { ...TRAIL, bucket: 'old', prefix: 'first' },
      key: awsKey(),
      until: UNTIL - 10 * HOUR,
      hours: 16,
    });
    const moved = before.at(-1);
    if (!moved) throw new Error('nothing was made');
    makeChain(s3, {
      trail: TRAIL,
      key: awsKey(),
      until: UNTIL,
      hours: 10,
      before: moved,
      beforeBucket: 'old',
    });
    const [chain] = (await verify()).chains;
    expect(chain).toMatchObject({
      digests: { valid: 13, broken: 0 },
      logs: { valid: 26 },
      breaks: [],
      gaps: [],
    });
  });
});
