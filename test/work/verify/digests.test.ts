import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { FakeS3 } from '../../support/aws/s3.ts';
import { type MadeDigest, putDigest, sha256, signingKey } from '../../support/aws/trails.ts';
import { awsKey, BUCKET, breaksOf, digestOf, REGION, UNTIL, verifyAfter } from './chains.ts';

describe('verifying digests', () => {
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
