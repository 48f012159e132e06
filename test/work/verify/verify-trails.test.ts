import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { DAY, HOUR } from '../../../src/kernel/time.ts';
import { LargeTrailFile } from '../../../src/work/trail-files.ts';
import { checkLog } from '../../../src/work/verify/check-log.ts';
import { inspectDigest } from '../../../src/work/verify/inspect-digest.ts';
import type { Verified } from '../../../src/work/verify/verify-trails.ts';
import type { FakeS3 } from '../../support/aws/s3.ts';
import {
  type FakeTrail,
  type MadeDigest,
  makeChain,
  putDigest,
  sha256,
  signingKey,
} from '../../support/aws/trails.ts';
import { ACCOUNT, awsKey, BUCKET, PERIOD, REGION, type Stage, stage, TRAIL, UNTIL } from './chains.ts';

const HOURS = 14;
const OTHER = '444455556666';

/** Half a day of digests, and what somebody then does to the bucket. */
async function verifyAfter(
  tamper: (s3: FakeS3, digests: readonly MadeDigest[]) => void,
  trail: FakeTrail = TRAIL,
): Promise<Verified & Stage> {
  const set = await stage({ trails: [trail] });
  tamper(set.s3, makeChain(set.s3, { trail, key: awsKey(), until: UNTIL, hours: HOURS }));
  return { ...set, ...(await set.verify()) };
}

function digestOf(digests: readonly MadeDigest[], back: number): MadeDigest {
  const found = digests.at(-1 - back);
  if (!found) throw new Error(`there is no digest ${back} hours back`);
  return found;
}

function before(digests: readonly MadeDigest[]): { before: MadeDigest } {
  return { before: digestOf(digests, 0) };
}

function logOf(digests: readonly MadeDigest[], back: number, index = 0): { key: string; text: string } {
  const found = digestOf(digests, back).logs[index];
  if (!found) throw new Error(`there is no log ${index}`);
  return found;
}

/** What was found: each break as its kind and the end of its key. */
function breaksOf({ chains }: Verified): [kind: string, key: string][] {
  return chains.flatMap(({ breaks }) => breaks.map(({ kind, at }): [string, string] => [kind, at.key]));
}

describe('a chain of digests', () => {
  it('is intact as CloudTrail wrote it', async () => {
    const { chains, troubles } = await verifyAfter(() => undefined);
    expect(troubles).toEqual([]);
    expect(chains).toMatchObject([
      {
        digests: { valid: 13, broken: 0 },
        logs: { valid: 26, broken: 0 },
        proved: PERIOD,
        breaks: [],
        gaps: [],
        notes: [],
        trouble: undefined,
      },
    ]);
  });

  it('tells a log file that was edited', async () => {
    let key = '';
    const found = await verifyAfter((s3, digests) => {
      const log = logOf(digests, 3);
      key = log.key;
      s3.put(BUCKET, key, gzipSync(log.text.replace('"1.11"', '"1.10"')));
    });
    expect(breaksOf(found)).toEqual([['log changed', key]]);
    expect(found.chains).toMatchObject([{ digests: { valid: 13 }, logs: { valid: 25, broken: 1 } }]);
  });

  it('tells a log file that was put in the place of another, and which it is', async () => {
    let key = '';
    const found = await verifyAfter((s3, digests) => {
      key = logOf(digests, 3).key;
      s3.put(BUCKET, key, gzipSync(logOf(digests, 9, 1).text));
    });
    expect(breaksOf(found)).toEqual([['log swapped', key]]);
    expect(found.chains[0]?.breaks[0]?.said).toMatch(
      /^has the content of s3:\/\/acme-trail\/AWSLogs\/.*_20261119T2302Z_/,
    );
  });

  it('tells a log file that is gone', async () => {
    let key = '';
    const found = await verifyAfter((s3, digests) => {
      key = logOf(digests, 0).key;
      s3.remove(BUCKET, key);
    });
    expect(breaksOf(found)).toEqual([['log missing', key]]);
  });

  it.each([
    ['zeros', Buffer.alloc(3)],
    ['text', Buffer.from('{"Records":[]}')],
    ['another, empty gzip file', gzipSync('')],
  ])('refuses %s behind the end of a log file or a digest', async (_, more) => {
    const keys: string[] = [];
    const found = await verifyAfter((s3, digests) => {
      for (const key of [logOf(digests, 2).key, digestOf(digests, 5).key]) {
        const { bytes = Buffer.alloc(0), metadata } = s3.get(BUCKET, key) ?? {};
        s3.put(BUCKET, key, Buffer.concat([bytes, more]), metadata);
        keys.push(key);
      }
    });
    expect(breaksOf(found).sort()).toEqual([
      ['digest unreadable', keys[1]],
      ['log unreadable', keys[0]],
    ]);
    expect(found.chains[0]?.breaks.map(({ said }) => said)).toContain(
      `has ${more.length} more bytes after its end, which CloudTrail does not write`,
    );
  });

  it('tells a digest that is gone, and goes on behind it', async () => {
    let key = '';
    const found = await verifyAfter((s3, digests) => {
      key = digestOf(digests, 4).key;
      s3.remove(BUCKET, key);
    });
    expect(breaksOf(found)).toEqual([['digest missing', key]]);
    expect(found.chains).toMatchObject([
      { digests: { valid: 12, broken: 1 }, logs: { valid: 24 }, gaps: [] },
    ]);
  });

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

  it('tells a digest that names one log file less, although nobody could sign it', async () => {
    let key = '';
    const found = await verifyAfter((s3, digests) => {
      const { body, ...digest } = digestOf(digests, 6);
      key = digest.key;
      const { metadata } = s3.get(BUCKET, key) ?? {};
      s3.put(BUCKET, key, gzipSync(JSON.stringify({ ...body, logFiles: [] })), metadata);
    });
    expect(breaksOf(found)).toEqual([['digest changed', key]]);
  });

  it('tells digests that somebody has signed with another key, by that key', async () => {
    const forger = signingKey(1, REGION, 0, UNTIL);
    const found = await verifyAfter((s3, digests) =>
      resign(s3, digests.slice(0, -3), forger, { claim: true }),
    );
    // The first one that CloudTrail signed names another content, but nothing below it can be trusted, either.
    expect(breaksOf(found)).toHaveLength(10);
    expect(new Set(breaksOf(found).map(([kind]) => kind))).toEqual(new Set(['foreign key']));
    expect(found.chains[0]?.breaks[0]?.said).toContain(forger.fingerprint);
    expect(found.chains).toMatchObject([{ digests: { valid: 3, broken: 10 } }]);
  });

  it('tells the same when the forger names the key of CloudTrail', async () => {
    const forger = signingKey(1, REGION, 0, UNTIL);
    const found = await verifyAfter((s3, digests) =>
      resign(s3, digests.slice(0, -3), forger, { claim: false }),
    );
    expect(new Set(breaksOf(found).map(([kind]) => kind))).toEqual(new Set(['digest changed']));
    expect(found.chains).toMatchObject([{ digests: { valid: 3, broken: 10 } }]);
  });

  it('tells a digest that CloudTrail signed but the next one does not name', async () => {
    let key = '';
    const found = await verifyAfter((s3, digests) => {
      const { body, ...digest } = digestOf(digests, 5);
      key = digest.key;
      putDigest(s3, BUCKET, { key, body: { ...body, logFiles: [] } }, awsKey());
    });
    expect(breaksOf(found)).toEqual([['digest swapped', key]]);
    expect(found.chains[0]?.breaks[0]?.said).toBe(
      'has another content and another signature than the digest after it says',
    );
  });

  it('tells a digest that was copied over another', async () => {
    let key = '';
    const found = await verifyAfter((s3, digests) => {
      key = digestOf(digests, 5).key;
      const { bytes = Buffer.alloc(0), metadata } = s3.get(BUCKET, digestOf(digests, 8).key) ?? {};
      s3.put(BUCKET, key, bytes, metadata);
    });
    expect(breaksOf(found)).toEqual([['digest moved', key]]);
  });

  it('tells a digest that lost its signature, and that its content is still right', async () => {
    let key = '';
    const found = await verifyAfter((s3, digests) => {
      key = digestOf(digests, 5).key;
      s3.put(BUCKET, key, s3.get(BUCKET, key)?.bytes ?? Buffer.alloc(0));
    });
    expect(breaksOf(found)).toEqual([['digest unsigned', key]]);
    expect(found.chains[0]?.breaks[0]?.said).toBe('has the content that the digest after it says');
  });

  it('tells a digest that is no digest', async () => {
    const keys: string[] = [];
    const found = await verifyAfter((s3, digests) => {
      keys.push(...[3, 5, 7].map((back) => digestOf(digests, back).key));
      s3.put(BUCKET, keys[0] ?? '', Buffer.from('{}'));
      s3.put(BUCKET, keys[1] ?? '', gzipSync('[]'));
      s3.put(BUCKET, keys[2] ?? '', gzipSync('{"digestEndTime":"2026-11-20T02:00:00Z"}'));
    });
    expect(breaksOf(found)).toEqual(keys.map((key) => ['digest unreadable', key]));
  });

  it('tells a digest that inflates to far more than any digest holds, and keeps none of it', async () => {
    let key = '';
    const found = await verifyAfter((s3, digests) => {
      key = digestOf(digests, 5).key;
      s3.put(BUCKET, key, gzipSync(Buffer.alloc(65 * 1024 * 1024)), s3.get(BUCKET, key)?.metadata);
    });
    expect(breaksOf(found)).toEqual([['digest unreadable', key]]);
    expect(found.chains[0]?.breaks[0]?.said).toContain('holds more than');
    expect(found.chains).toMatchObject([{ digests: { valid: 12, broken: 1 } }]);
  });

  it('tells a file that is too large to be one of a trail', async () => {
    const at = { bucket: BUCKET, key: 'a' };
    const tools = { signal: new AbortController().signal, keys: async () => new Map() };
    const files = { get: () => Promise.reject(new LargeTrailFile(at)) };
    const said = 'is larger than 268435456 bytes, which CloudTrail does not write';
    expect(await checkLog({ ...tools, files }, { ...at, hash: '' }, UNTIL)).toMatchObject({
      kind: 'log unreadable',
      said,
    });
    expect(await inspectDigest({ ...tools, files }, { ...at, at: UNTIL, backfill: false })).toMatchObject({
      kind: 'digest unreadable',
      said,
    });
  });

  it('looks at a digest that nothing points to as well', async () => {
    let key = '';
    const found = await verifyAfter((s3, digests) => {
      key = digestOf(digests, 5).key.replace(/T(\d\d)0000Z/, 'T$13000Z');
      s3.put(BUCKET, key, gzipSync('{}'));
    });
    expect(breaksOf(found)).toEqual([['digest unreadable', key]]);
    expect(found.chains).toMatchObject([{ digests: { valid: 13, broken: 1 } }]);
  });
});

/** Signs digests anew, one upon the other, as somebody would who wants to hide a change in the oldest. */
function resign(
  s3: FakeS3,
  digests: readonly MadeDigest[],
  forger: ReturnType<typeof signingKey>,
  { claim }: { claim: boolean },
): void {
  let previous: { hash: string; signature: string } | undefined;
  for (const { key, body } of digests) {
    const forged = {
      ...body,
      ...(claim ? { digestPublicKeyFingerprint: forger.fingerprint } : {}),
      ...(previous
        ? { previousDigestHashValue: previous.hash, previousDigestSignature: previous.signature }
        : {}),
    };
    putDigest(s3, BUCKET, { key, body: forged }, forger);
    const { bytes = Buffer.alloc(0), metadata = {} } = s3.get(BUCKET, key) ?? {};
    previous = { hash: sha256(gunzipSync(bytes).toString('utf8')), signature: metadata.signature ?? '' };
  }
}

describe('a gap', () => {
  it('is told apart from tampering, with what CloudTrail says of it', async () => {
    const startedAt = UNTIL - 6 * HOUR;
    const trail = {
      ...TRAIL,
      status: { ...TRAIL.status, startedAt, stoppedAt: UNTIL - 9 * HOUR, digestError: 'AccessDenied' },
    };
    const { s3, verify } = await stage({ trails: [trail] });
    makeChain(s3, { trail, key: awsKey(), until: UNTIL - 9 * HOUR, hours: 17 });
    makeChain(s3, { trail, key: awsKey(), until: UNTIL, hours: 6 });
    const [chain] = (await verify()).chains;
    expect(chain).toMatchObject({
      digests: { valid: 10, broken: 0 },
      breaks: [],
      gaps: [{ from: UNTIL - 9 * HOUR, to: startedAt, backfill: false }],
    });
    expect(chain?.notes).toEqual([
      expect.stringContaining('Nothing is proved within the gaps (3 h in all)'),
      'Logging was last stopped at 2026-11-20 00:00:00 UTC.',
      'Logging was last started at 2026-11-20 03:00:00 UTC, where a gap ends.',
      'The last digest could not be delivered: AccessDenied. Correct the policy of the bucket.',
    ]);
  });

  it('is said where the chain begins within the period, or ends before it', async () => {
    const trail = { ...TRAIL, status: { logging: false, digestAt: UNTIL - 5 * HOUR } };
    const { s3, verify } = await stage({ trails: [trail] });
    makeChain(s3, { trail, key: awsKey(), until: UNTIL - 5 * HOUR, hours: 4 });
    const [chain] = (await verify()).chains;
    expect(chain?.breaks).toEqual([]);
    expect(chain?.notes).toEqual([
      'Nothing after 2026-11-20 04:00:00 UTC is proved: no later digest of the period lies there (logging is off: aws cloudtrail start-logging).',
      'Nothing before 2026-11-20 00:00:00 UTC is proved: the chain begins there.',
    ]);
  });

  it('is the whole period where validation is off', async () => {
    const { verify } = await stage({ trails: [{ ...TRAIL, validated: false, status: {} }] });
    const [chain] = (await verify()).chains;
    expect(chain).toMatchObject({ breaks: [], proved: undefined });
    expect(chain?.notes).toEqual([
      'There is no digest of this period (log file validation is off: aws cloudtrail update-trail --enable-log-file-validation): nothing about it is proved.',
    ]);
  });
});

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

describe('what cannot be read', () => {
  it('is no break: the chain says why it was not verified', async () => {
    const { s3, verify, aws } = await stage({ buckets: { [BUCKET]: { region: REGION, open: [OTHER] } } });
    makeChain(s3, { trail: TRAIL, key: awsKey(), until: UNTIL, hours: 3 });
    const { chains } = await verify();
    expect(chains).toMatchObject([
      { breaks: [], trouble: { kind: 'denied', what: 'not allowed to call s3:ListBucket' } },
    ]);
    expect(aws.requests.length).toBeLessThan(10);
  });

  it('is read as the bot itself when the account of the trail may not', async () => {
    const { s3, verify } = await stage({
      accounts: { [OTHER]: {}, [ACCOUNT]: { readerRole: 'TrailbotReader' } },
      readerRoles: [ACCOUNT],
      buckets: { [BUCKET]: { region: 'us-east-2', open: [OTHER] } },
    });
    makeChain(s3, { trail: TRAIL, key: awsKey(), until: UNTIL, hours: HOURS });
    expect((await verify()).chains).toMatchObject([
      { digests: { valid: 13 }, breaks: [], trouble: undefined },
    ]);
  });

  it('says which trails there are when one is not found', async () => {
    const { verify } = await stage();
    await expect(verify({ trail: 'adit' })).rejects.toMatchObject({
      trouble: { what: 'no trail adit was found', remedy: 'name one of these: audit' },
    });
  });

  it('does not matter elsewhere when the trail that is asked for was found', async () => {
    const { s3, verify, aws } = await stage({ regions: [REGION, 'us-east-1'] });
    makeChain(s3, { trail: TRAIL, key: awsKey(), until: UNTIL, hours: HOURS, logs: 0 });
    aws.fault({ kind: 'deny', operation: 'DescribeTrails', region: 'us-east-1' });
    expect((await verify()).troubles).toMatchObject([
      { place: `${ACCOUNT} in us-east-1`, trouble: { kind: 'denied' } },
    ]);
    expect(await verify({ trail: 'audit' })).toMatchObject({ troubles: [], chains: [{ breaks: [] }] });
  });

  it('stops when it is asked to, and says so', async () => {
    const { s3, verify, aws } = await stage();
    makeChain(s3, { trail: TRAIL, key: awsKey(), until: UNTIL, hours: HOURS });
    aws.fault({ kind: 'hang', operation: 'GetObject' });
    const stop = new AbortController();
    const found = verify({}, stop.signal);
    await aws.untilRequests(8);
    stop.abort();
    expect((await found).chains).toMatchObject([{ trouble: { kind: 'cancelled' }, breaks: [] }]);
  });
});
