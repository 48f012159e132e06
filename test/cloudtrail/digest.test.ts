import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  digestFolder,
  isSigned,
  keyBefore,
  logFolder,
  prefixOf,
  readDigest,
  readDigestKey,
  readPublicKey,
  sha256,
  stringToSign,
} from '../../src/cloudtrail/digest.ts';

const SOURCE = {
  prefix: undefined,
  organization: undefined,
  account: '111122223333',
  region: 'us-east-2',
  trail: 'audit',
  homeRegion: 'us-east-1',
};
const AT = Date.UTC(2026, 10, 20, 9, 15, 2);
const FOLDER = 'AWSLogs/111122223333/CloudTrail-Digest/us-east-2/';
const KEY = `${FOLDER}2026/11/20/111122223333_CloudTrail-Digest_us-east-2_audit_us-east-1_20261120T091502Z.json.gz`;

describe('the name of a digest', () => {
  it('says when it was written, and whether later than its time', () => {
    expect(readDigestKey(SOURCE, KEY)).toEqual({ at: AT, backfill: false });
    expect(readDigestKey(SOURCE, KEY.replace('.json', '_backfill.json'))).toEqual({ at: AT, backfill: true });
  });

  it.each([
    ['of another trail whose name begins the same', KEY.replace('_audit_', '_audit_2_')],
    ['of another region', KEY.replaceAll('us-east-2', 'us-west-2')],
    ['of a trail of another home', KEY.replace('_us-east-1_', '_us-west-1_')],
    ['of another account', KEY.replaceAll('111122223333', '444455556666')],
    ['with something behind it', `${KEY}.bak`],
    ['in a folder of its own', KEY.replace('2026/11/20/', '2026/11/20/x/')],
    ['of a day that is none', KEY.replace('20261120T', '20261340T')],
  ])('is not one %s', (_, key) => {
    expect(readDigestKey(SOURCE, key)).toBeUndefined();
  });

  it('lies in the folder of prefix, organization, account and region', () => {
    const source = { ...SOURCE, prefix: 'audit/logs', organization: 'o-a1b2c3d4e5' };
    expect(digestFolder(source)).toBe(
      `audit/logs/AWSLogs/o-a1b2c3d4e5/111122223333/CloudTrail-Digest/us-east-2/`,
    );
    expect(logFolder(source)).toBe(`audit/logs/AWSLogs/o-a1b2c3d4e5/111122223333/CloudTrail/us-east-2/`);
    expect(prefixOf(digestFolder(source))).toBe('audit/logs');
    expect(prefixOf(FOLDER)).toBeUndefined();
  });

  it('comes after the key from which a list begins, across midnight too', () => {
    expect(keyBefore(SOURCE, AT) < KEY).toBe(true);
    expect(keyBefore(SOURCE, Date.UTC(2026, 10, 20))).toContain('2026/11/19/');
  });
});

/** A digest as AWS's documentation has one. */
const DIGEST = {
  awsAccountId: '111122223333',
  digestStartTime: '2026-11-20T08:15:02Z',
  digestEndTime: '2026-11-20T09:15:02Z',
  digestS3Bucket: 'acme-trail',
  digestS3Object: KEY,
  digestPublicKeyFingerprint: '31e8b5433410dfb61a9dc45cc65b22ff',
  digestSignatureAlgorithm: 'SHA256withRSA',
  newestEventTime: null,
  oldestEventTime: null,
  previousDigestS3Bucket: 'acme-trail',
  previousDigestS3Object: 'before.json.gz',
  previousDigestHashValue: 'AB'.repeat(32),
  previousDigestHashAlgorithm: 'SHA-256',
  previousDigestSignature: '50887ccf',
  logFiles: [{ s3Bucket: 'acme-trail', s3Object: 'log.json.gz', hashValue: 'cd', hashAlgorithm: 'SHA-256' }],
};

describe('a digest', () => {
  it('is read', () => {
    expect(readDigest(JSON.stringify(DIGEST))).toEqual({
      from: AT - 3_600_000,
      to: AT,
      endText: '2026-11-20T09:15:02Z',
      bucket: 'acme-trail',
      key: KEY,
      fingerprint: '31e8b5433410dfb61a9dc45cc65b22ff',
      previous: { bucket: 'acme-trail', key: 'before.json.gz', hash: 'ab'.repeat(32), signature: '50887ccf' },
      logs: [{ bucket: 'acme-trail', key: 'log.json.gz', hash: 'cd' }],
    });
  });

  it.each([
    ['no JSON', '{', 'is not a JSON object'],
    ['without its place', JSON.stringify({ ...DIGEST, digestS3Object: null }), 'has no digestS3Object'],
    ['of no time', JSON.stringify({ ...DIGEST, digestEndTime: 'today' }), 'has times that are not readable'],
    [
      'with half a link',
      JSON.stringify({ ...DIGEST, previousDigestHashValue: null }),
      'is incomplete in what it says of the digest before',
    ],
    [
      'with log files that have no hash',
      JSON.stringify({ ...DIGEST, logFiles: [{ s3Bucket: 'b', s3Object: 'k' }] }),
      'has a list of log files that is not readable',
    ],
  ])('is refused when it is %s', (_, text, wrong) => {
    expect(readDigest(text)).toEqual({ wrong });
  });

  // Known from the tests of the AWS command: end time a, bucket b, object c, content abc, nothing before.
  it('is signed over its end, its place, its hash and the signature before', () => {
    const digest = { endText: 'a', bucket: 'b', key: 'c', previous: undefined };
    const hash = sha256(Buffer.from('abc'));
    expect(stringToSign(digest, hash)).toBe(
      'a\nb/c\nba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\nnull',
    );
    const previous = { bucket: 'b', key: 'd', hash: 'e', signature: '0F' };
    expect(stringToSign({ ...digest, previous }, hash)).toMatch(/\n0F$/);
  });
});

describe('a signature', () => {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

  it.each(['pkcs1', 'spki'] as const)('is checked with a key in %s', (type) => {
    const key = readPublicKey(publicKey.export({ type, format: 'der' }));
    if (!key) throw new Error('the key was not read');
    const signature = sign('RSA-SHA256', Buffer.from('text'), privateKey).toString('hex');
    expect(isSigned('text', signature, key)).toBe(true);
    expect(isSigned('text', signature.toUpperCase(), key)).toBe(true);
    expect(isSigned('texts', signature, key)).toBe(false);
    expect(isSigned('text', `${signature}zz`, key)).toBe(false);
    expect(isSigned('text', '', key)).toBe(false);
  });

  it('has no key where nobody knows the encoding', () => {
    expect(readPublicKey(Buffer.from('no key'))).toBeUndefined();
  });
});
