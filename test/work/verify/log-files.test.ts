import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { LargeTrailFile } from '../../../src/work/trail-files.ts';
import { checkLog } from '../../../src/work/verify/check-log.ts';
import { inspectDigest } from '../../../src/work/verify/inspect-digest.ts';
import { BUCKET, breaksOf, digestOf, logOf, PERIOD, UNTIL, verifyAfter } from './chains.ts';

describe('verifying log files', () => {
  it('finds a chain intact as CloudTrail wrote it', async () => {
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
});
