import { describe, expect, it } from 'vitest';
import { DAY, HOUR } from '../../../src/kernel/time.ts';
import { makeChain, signingKey } from '../../support/aws/trails.ts';
import {
  ACCOUNT,
  awsKey,
  BUCKET,
  before,
  breaksOf,
  digestOf,
  HOURS,
  REGION,
  stage,
  TRAIL,
  UNTIL,
  verifyAfter,
} from './chains.ts';

describe('verifying a chain of which digests are gone', () => {
  it('tells how far back digests are gone, although nothing names them', async () => {
    const found = await verifyAfter((s3, digests) => {
      for (const back of [3, 4, 5, 6, 7]) s3.remove(BUCKET, digestOf(digests, back).key);
    });
    expect(found.chains[0]?.breaks).toMatchObject([
      { kind: 'digest missing', said: expect.stringContaining('between 2026-11-20 01:00:00 UTC and it') },
    ]);
    const masked = await verifyAfter((s3, digests) => {
      for (const back of [0, 1, 2]) s3.remove(BUCKET, digestOf(digests, back).key);
      s3.put(BUCKET, digestOf(digests, 0).key, Buffer.from('{}'));
    });
    expect(masked.chains[0]?.breaks).toMatchObject([
      {
        kind: 'digest unreadable',
        said: 'is no gzip file, and has a hole before it: no digest lies there between 2026-11-20 06:00:00 UTC and it',
      },
    ]);
    const one = await verifyAfter((s3, digests) => s3.remove(BUCKET, digestOf(digests, 4).key));
    expect(one.chains[0]?.breaks).toMatchObject([{ kind: 'digest missing', said: '' }]);
  });

  it('tells that the newest digests are gone, which no other digest could', async () => {
    const found = await verifyAfter((s3, digests) => {
      for (const back of [0, 1, 2]) s3.remove(BUCKET, digestOf(digests, back).key);
    });
    expect(breaksOf(found)).toEqual([['newest missing', `AWSLogs/${ACCOUNT}/CloudTrail-Digest/${REGION}/`]]);
    expect(found.chains[0]?.breaks[0]?.said).toContain('CloudTrail delivered one at 2026-11-20 09:10:00 UTC');
  });

  it('does not take a later delivery for one of a period that lies back', async () => {
    const { s3, verify } = await stage();
    makeChain(s3, { trail: TRAIL, key: awsKey(), until: UNTIL, hours: 2 });
    const [chain] = (await verify({ period: { from: UNTIL - 12 * HOUR, to: UNTIL - 4 * HOUR } })).chains;
    expect(chain).toMatchObject({ breaks: [], proved: undefined });
    expect(chain?.notes).toEqual(['There is no digest of this period: nothing about it is proved.']);
  });

  it('tells that digests across the end of a past period are gone, by the first one after it', async () => {
    const past = { from: UNTIL - 12 * HOUR, to: UNTIL - 4 * HOUR };
    const { s3, verify } = await stage();
    const digests = makeChain(s3, { trail: TRAIL, key: awsKey(), until: UNTIL, hours: HOURS, logs: 1 });
    expect((await verify({ period: past })).chains).toMatchObject([{ breaks: [], notes: [] }]);
    for (const back of [2, 3, 4, 5, 6]) s3.remove(BUCKET, digestOf(digests, back).key);
    const found = await verify({ period: past });
    expect(breaksOf(found)).toEqual([['digest missing', digestOf(digests, 2).key]]);
    expect(found.chains[0]?.breaks[0]?.said).toBe(
      'has a hole before it: no digest lies there between 2026-11-20 02:00:00 UTC and it',
    );
    expect(found.chains[0]).toMatchObject({ digests: { valid: 6 }, logs: { valid: 6, broken: 0 } });
    s3.put(BUCKET, digestOf(digests, 1).key, Buffer.from('{}'));
    expect(breaksOf(await verify({ period: past }))).toEqual([
      ['digest unreadable', digestOf(digests, 1).key],
    ]);
  });

  it('takes the word of a digest after the period that was signed with a later key', async () => {
    const { s3, verify } = await stage({
      keys: [
        { ...awsKey(), to: UNTIL - 6 * HOUR },
        { ...signingKey(2, REGION, UNTIL - 6 * HOUR, UNTIL + DAY) },
      ],
    });
    const old = makeChain(s3, { trail: TRAIL, key: awsKey(), until: UNTIL - 6 * HOUR, hours: 8, logs: 1 });
    const later = signingKey(2, REGION, UNTIL - 6 * HOUR, UNTIL + DAY);
    makeChain(s3, { trail: TRAIL, key: later, until: UNTIL, hours: 6, logs: 1, ...before(old) });
    const period = { from: UNTIL - 14 * HOUR, to: UNTIL - 11 * HOUR };
    for (const back of [0, 1, 2, 3, 4, 5]) s3.remove(BUCKET, digestOf(old, back).key);
    expect(breaksOf(await verify({ period }))).toEqual([['digest missing', digestOf(old, 0).key]]);
  });

  it('tells that all digests are gone', async () => {
    const found = await verifyAfter((s3, digests) => {
      for (const { key } of digests) s3.remove(BUCKET, key);
    });
    expect(breaksOf(found)).toMatchObject([['newest missing', expect.any(String)]]);
    expect(found.chains[0]?.breaks[0]?.said).toContain('and none lies there');
  });
});
