import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';
import { isObject, type JsonObject, parseJson, textOf } from '../kernel/json.ts';
import { MINUTE, type Millis, parseInstant, sayInstant } from '../kernel/time.ts';

/*
 * Digests: what CloudTrail writes each hour about the log files it delivered, signed, and linked to the digest
 * before. Source: AWS CloudTrail user guide, "CloudTrail digest file structure" and "Custom implementations of
 * CloudTrail log file integrity validation".
 */

/** One trail's files about one account in one region, as their names say it. */
export interface DigestSource {
  /** What the trail puts before everything else, without a slash at the end. */
  readonly prefix: string | undefined;
  /** `o-…` for the trail of an organization. */
  readonly organization: string | undefined;
  /** Twelve digits: where the events happened. */
  readonly account: string;
  /** Where the events happened. */
  readonly region: string;
  readonly trail: string;
  /** Where the trail was made. */
  readonly homeRegion: string;
}

/** What the name of a digest says. */
export interface DigestName {
  /** The end of what it covers. */
  readonly at: Millis;
  /** Written later, for log files that no digest named at their time. */
  readonly backfill: boolean;
}

/** A file in S3 with the SHA-256 (hex) of what is in it, uncompressed. */
export interface HashedFile {
  readonly bucket: string;
  readonly key: string;
  readonly hash: string;
}

/** What a digest says of the one before. */
export interface PreviousDigest extends HashedFile {
  /** Hex, as it is written there: part of what is signed. */
  readonly signature: string;
}

export interface Digest {
  readonly from: Millis;
  readonly to: Millis;
  /** As it is written there: part of what is signed. */
  readonly endText: string;
  readonly bucket: string;
  readonly key: string;
  /** Of the key that it is signed with. */
  readonly fingerprint: string;
  /** `undefined` in the first one after validation or logging was switched on. */
  readonly previous: PreviousDigest | undefined;
  readonly logs: readonly HashedFile[];
}

/** The folder of all digests, with a slash at the end. */
export function digestFolder(source: DigestSource): string {
  return `${accountFolder(source)}CloudTrail-Digest/${source.region}/`;
}

/** The folder of all log files, with a slash at the end. */
export function logFolder(source: DigestSource): string {
  return `${accountFolder(source)}CloudTrail/${source.region}/`;
}

function accountFolder({ prefix, organization, account }: DigestSource): string {
  const parts = [prefix, 'AWSLogs', organization, account].filter(
    (part) => part !== undefined && part !== '',
  );
  return `${parts.join('/')}/`;
}

/** A key before those of all digests of that time and later. */
export function keyBefore(source: DigestSource, at: Millis): string {
  const stamp = stampOf(at - MINUTE);
  return `${digestFolder(source)}${dayOf(stamp)}/${stem(source)}${stamp}.json.gz`;
}

/** `undefined` when it is no digest of this trail, account and region: trails may share a bucket. */
export function readDigestKey(source: DigestSource, key: string): DigestName | undefined {
  const folder = digestFolder(source);
  if (!key.startsWith(folder)) return undefined;
  const [, name = ''] = /^\d{4}\/\d\d\/\d\d\/([^/]+)$/.exec(key.slice(folder.length)) ?? [];
  if (!name.startsWith(stem(source))) return undefined;
  const [, stamp, backfill] =
    /^(\d{8}T\d{6}Z)(_backfill)?\.json\.gz$/.exec(name.slice(stem(source).length)) ?? [];
  const at = stamp === undefined ? undefined : timeOf(stamp);
  return at === undefined ? undefined : { at, backfill: backfill !== undefined };
}

/** Where a digest lies says which prefix its trail had at the time. */
export function prefixOf(key: string): string | undefined {
  return /^(.+)\/AWSLogs\//.exec(key)?.[1];
}

function stem({ account, region, trail, homeRegion }: DigestSource): string {
  return `${account}_CloudTrail-Digest_${region}_${trail}_${homeRegion}_`;
}

/** `20261120T091502Z`. */
function stampOf(at: Millis): string {
  return sayInstant(at).replace(/[-:]|\.\d{3}/g, '');
}

function dayOf(stamp: string): string {
  return `${stamp.slice(0, 4)}/${stamp.slice(4, 6)}/${stamp.slice(6, 8)}`;
}

function timeOf(stamp: string): Millis | undefined {
  return parseInstant(stamp.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
}

/** The digest, or what is wrong with the text, as the end of a sentence that begins "it …". */
export function readDigest(text: string): Digest | { readonly wrong: string } {
  const value = parseJson(text);
  if (!isObject(value)) return { wrong: 'is not a JSON object' };
  const missing = REQUIRED.filter((name) => textOf(value, name) === undefined);
  if (missing.length > 0) return { wrong: `has no ${missing[0]}` };
  const [from, to] = [instantIn(value, 'digestStartTime'), instantIn(value, 'digestEndTime')];
  if (from === undefined || to === undefined) return { wrong: 'has times that are not readable' };
  const previous = previousIn(value);
  const logs = logsIn(value);
  if (previous === 'wrong') return { wrong: 'is incomplete in what it says of the digest before' };
  if (logs === undefined) return { wrong: 'has a list of log files that is not readable' };
  return {
    from,
    to,
    endText: textOf(value, 'digestEndTime') ?? '',
    bucket: textOf(value, 'digestS3Bucket') ?? '',
    key: textOf(value, 'digestS3Object') ?? '',
    fingerprint: textOf(value, 'digestPublicKeyFingerprint') ?? '',
    previous,
    logs,
  };
}

const REQUIRED = [
  'digestStartTime',
  'digestEndTime',
  'digestS3Bucket',
  'digestS3Object',
  'digestPublicKeyFingerprint',
];

function instantIn(value: JsonObject, name: string): Millis | undefined {
  return parseInstant(textOf(value, name) ?? '');
}

/** All of it or nothing: half a link could be one that somebody cut. */
function previousIn(value: JsonObject): PreviousDigest | undefined | 'wrong' {
  const bucket = textOf(value, 'previousDigestS3Bucket');
  const key = textOf(value, 'previousDigestS3Object');
  const hash = textOf(value, 'previousDigestHashValue');
  const signature = textOf(value, 'previousDigestSignature');
  const said = [bucket, key, hash, signature].filter((one) => one !== undefined);
  if (said.length === 0) return undefined;
  if (bucket === undefined || key === undefined || hash === undefined || signature === undefined)
    return 'wrong';
  return { bucket, key, hash: hash.toLowerCase(), signature };
}

function logsIn(value: JsonObject): HashedFile[] | undefined {
  const listed = value.logFiles ?? [];
  if (!Array.isArray(listed)) return undefined;
  const logs = listed.map((entry) => (isObject(entry) ? logOf(entry) : undefined));
  return logs.every((log) => log !== undefined) ? logs : undefined;
}

function logOf(entry: JsonObject): HashedFile | undefined {
  const [bucket, key, hash] = [
    textOf(entry, 's3Bucket'),
    textOf(entry, 's3Object'),
    textOf(entry, 'hashValue'),
  ];
  if (bucket === undefined || key === undefined || hash === undefined) return undefined;
  return { bucket, key, hash: hash.toLowerCase() };
}

/** What the signature is made over; `hash` is of the bytes as they were inflated. */
export function stringToSign(
  { endText, bucket, key, previous }: Pick<Digest, 'endText' | 'bucket' | 'key' | 'previous'>,
  hash: string,
): string {
  return `${endText}\n${bucket}/${key}\n${hash}\n${previous?.signature ?? 'null'}`;
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/**
 * AWS gives PKCS#1 and says that this may change, so that SPKI is tried after it; `undefined` when it is neither.
 * Source: CloudTrail API reference, `ListPublicKeys`.
 */
export function readPublicKey(der: Uint8Array): KeyObject | undefined {
  for (const type of ['pkcs1', 'spki'] as const) {
    try {
      return createPublicKey({ key: Buffer.from(der), format: 'der', type });
    } catch {
      // The other encoding is still to be tried.
    }
  }
  return undefined;
}

/** SHA-256 with RSA, PKCS#1 v1.5; `signature` is hex. */
export function isSigned(text: string, signature: string, key: KeyObject): boolean {
  if (!/^([0-9a-f]{2})+$/i.test(signature) || key.asymmetricKeyType !== 'rsa') return false;
  return verify('RSA-SHA256', Buffer.from(text), key, Buffer.from(signature, 'hex'));
}
