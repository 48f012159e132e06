import { createHash, createSign, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { JsonObject } from '../../../src/kernel/json.ts';
import { HOUR, MINUTE, type Millis, sayInstant } from '../../../src/kernel/time.ts';
import { fakeOrganizations, type ListedAccount } from './organizations.ts';
import { Refusal } from './refusal.ts';
import type { FakeS3 } from './s3.ts';
import type { FakeService } from './services.ts';

/** A trail of the fake. */
export interface FakeTrail {
  readonly name: string;
  /** Whose it is. */
  readonly account: string;
  readonly homeRegion: string;
  readonly bucket: string;
  readonly prefix?: string;
  /** `o-…`: it is the trail of an organization, and these accounts are in it besides its own. */
  readonly organization?: {
    readonly id: string;
    readonly members: readonly string[];
    /** What ListAccounts says; nobody may ask that unless this is given. */
    readonly listed?: readonly ListedAccount[];
  };
  readonly everyRegion?: boolean;
  readonly validated?: boolean;
  /** What GetTrailStatus says, in every region; times in milliseconds. */
  readonly status?: {
    readonly logging?: boolean;
    readonly startedAt?: Millis;
    readonly stoppedAt?: Millis;
    readonly digestAt?: Millis;
    readonly digestError?: string;
  };
}

/** One of CloudTrail's keys, or of somebody who would like to have one. */
export interface SigningKey {
  readonly fingerprint: string;
  readonly region: string;
  readonly from: Millis;
  readonly to: Millis;
  /** PKCS#1 DER in base64. */
  readonly value: string;
  readonly secret: KeyObject;
}

const pairs = new Map<number, { publicKey: KeyObject; privateKey: KeyObject }>();

/** A real RSA key. The `number`th is made once in a process: that takes a while. */
export function signingKey(number: number, region: string, from: Millis, to: Millis): SigningKey {
  const pair = pairs.get(number) ?? generateKeyPairSync('rsa', { modulusLength: 2048 });
  pairs.set(number, pair);
  const der = pair.publicKey.export({ type: 'pkcs1', format: 'der' });
  const fingerprint = createHash('md5').update(der).update(region).digest('hex');
  return { fingerprint, region, from, to, value: der.toString('base64'), secret: pair.privateKey };
}

function arnOf({ name, account, homeRegion }: FakeTrail): string {
  return `arn:aws:cloudtrail:${homeRegion}:${account}:trail/${name}`;
}

/** What CloudTrail and Organizations say of trails. Times are epoch seconds, blobs base64. */
export function trailServices(trails: readonly FakeTrail[], keys: readonly SigningKey[]): FakeService[] {
  const concerns = (trail: FakeTrail, account: string): boolean =>
    trail.account === account || trail.organization?.members.includes(account) === true;
  return [
    {
      name: 'cloudtrail',
      wire: 'json-1.1',
      operations: {
        DescribeTrails: ({ caller, region, params }) => ({
          trailList: trails
            .filter((one) => concerns(one, caller.account) && (one.everyRegion || one.homeRegion === region))
            .filter((one) => isNamed(one, params.trailNameList))
            .map(described),
        }),
        GetTrailStatus: ({ caller, params }) => {
          const trail = trails.find((one) => arnOf(one) === params.Name && concerns(one, caller.account));
          if (!trail) throw new Refusal('TrailNotFoundException', `Unknown trail: ${String(params.Name)}`);
          return statusOf(trail);
        },
        ListPublicKeys: ({ region, params }) => ({
          PublicKeyList: keys
            .filter((key) => key.region === region && overlaps(key, params))
            .map(({ fingerprint, from, to, value }) => ({
              Fingerprint: fingerprint,
              Value: value,
              ValidityStartTime: from / 1000,
              ValidityEndTime: to / 1000,
            })),
        }),
      },
    },
    {
      name: 'organizations',
      wire: 'json-1.1',
      operations: {
        DescribeOrganization: ({ caller }) => {
          const trail = trails.find((one) => one.organization && concerns(one, caller.account));
          if (trail?.organization) return { Organization: { Id: trail.organization.id } };
          throw new Refusal(
            'AWSOrganizationsNotInUseException',
            'Your account is not a member of an organization.',
          );
        },
        ...listing(trails).operations,
      },
    },
  ];
}

function listing(trails: readonly FakeTrail[]): FakeService {
  const trail = trails.find((one) => one.organization);
  const listed = trail?.organization?.listed;
  return fakeOrganizations({ accounts: () => listed ?? [], listers: trail && listed ? [trail.account] : [] });
}

function isNamed(trail: FakeTrail, names: unknown): boolean {
  if (!Array.isArray(names) || names.length === 0) return true;
  return names.includes(arnOf(trail)) || names.includes(trail.name);
}

function described(trail: FakeTrail): JsonObject {
  return {
    Name: trail.name,
    S3BucketName: trail.bucket,
    ...(trail.prefix === undefined ? {} : { S3KeyPrefix: trail.prefix }),
    IncludeGlobalServiceEvents: true,
    IsMultiRegionTrail: trail.everyRegion ?? false,
    HomeRegion: trail.homeRegion,
    TrailARN: arnOf(trail),
    LogFileValidationEnabled: trail.validated ?? true,
    IsOrganizationTrail: trail.organization !== undefined,
  };
}

function statusOf({ status = {} }: FakeTrail): JsonObject {
  const { logging = true, startedAt, stoppedAt, digestAt, digestError } = status;
  return {
    IsLogging: logging,
    ...(startedAt === undefined ? {} : { StartLoggingTime: startedAt / 1000 }),
    ...(stoppedAt === undefined ? {} : { StopLoggingTime: stoppedAt / 1000 }),
    ...(digestAt === undefined ? {} : { LatestDigestDeliveryTime: digestAt / 1000 }),
    ...(digestError === undefined ? {} : { LatestDigestDeliveryError: digestError }),
  };
}

function overlaps({ from, to }: SigningKey, { StartTime: start, EndTime: end }: JsonObject): boolean {
  return from / 1000 <= Number(end) && to / 1000 >= Number(start);
}

/** Of one trail about one account in one region. */
interface ChainPlace {
  readonly trail: FakeTrail;
  /** The trail's own unless said. */
  readonly account?: string;
  /** The trail's home region unless said. */
  readonly region?: string;
}

interface MadeLog {
  readonly key: string;
  readonly text: string;
}

export interface MadeDigest {
  readonly key: string;
  readonly at: Millis;
  /** As it is written, for those who forge it. */
  readonly body: JsonObject;
  readonly logs: readonly MadeLog[];
}

interface ChainOptions extends ChainPlace {
  readonly key: SigningKey;
  /** The end of the newest digest; a whole hour. */
  readonly until: Millis;
  /** Digests, one an hour. */
  readonly hours: number;
  /** Log files in each; 2 unless said. */
  readonly logs?: number;
  /** Backfill digests, written at that time. */
  readonly backfillAt?: Millis;
  /** What comes before the first; nothing unless said. */
  readonly before?: MadeDigest;
  /** Where that lies; the bucket of the trail unless said. */
  readonly beforeBucket?: string;
}

/** Writes log files and their digests as CloudTrail does; oldest first. */
export function makeChain(s3: FakeS3, options: ChainOptions): MadeDigest[] {
  const digests: MadeDigest[] = [];
  for (let hour = options.hours - 1; hour >= 0; hour -= 1) {
    const at = options.until - hour * HOUR;
    const logs = Array.from({ length: options.logs ?? 2 }, (_, index) => makeLog(s3, options, at, index));
    digests.push(makeDigest(s3, options, { at, logs, before: digests.at(-1) ?? options.before }));
  }
  return digests;
}

function folderOf({ trail, account = trail.account }: ChainPlace): string {
  return [trail.prefix, 'AWSLogs', trail.organization?.id, account]
    .filter((part) => part !== undefined)
    .join('/');
}

function makeLog(s3: FakeS3, place: ChainOptions, at: Millis, index: number): MadeLog {
  const { trail, account = trail.account, region = trail.homeRegion } = place;
  const time = at - HOUR + (index + 1) * MINUTE;
  const stamp = stampOf(time);
  const unique = createHash('sha256')
    .update(`${account}${region}${time}${place.backfillAt ?? ''}`)
    .digest('hex')
    .slice(0, 16);
  const name = `${account}_CloudTrail_${region}_${stamp.slice(0, 13)}Z_${unique}.json.gz`;
  const key = `${folderOf(place)}/CloudTrail/${region}/${dayOf(stamp)}/${name}`;
  const text = JSON.stringify({
    Records: [{ eventVersion: '1.11', eventTime: sayInstant(time), eventID: unique }],
  });
  s3.put(trail.bucket, key, gzipSync(text));
  return { key, text };
}

interface Written {
  readonly at: Millis;
  readonly logs: readonly MadeLog[];
  readonly before: MadeDigest | undefined;
}

function makeDigest(s3: FakeS3, place: ChainOptions, { at, logs, before }: Written): MadeDigest {
  const { trail, account = trail.account, region = trail.homeRegion, backfillAt } = place;
  const stamp = stampOf(at);
  const end = backfillAt === undefined ? '.json.gz' : '_backfill.json.gz';
  const name = `${account}_CloudTrail-Digest_${region}_${trail.name}_${trail.homeRegion}_${stamp}${end}`;
  const key = `${folderOf(place)}/CloudTrail-Digest/${region}/${dayOf(stamp)}/${name}`;
  const bucketBefore =
    at === place.until - (place.hours - 1) * HOUR ? (place.beforeBucket ?? trail.bucket) : trail.bucket;
  const previous = before && s3.get(bucketBefore, before.key);
  const body: JsonObject = {
    awsAccountId: account,
    digestStartTime: saySeconds(at - HOUR),
    digestEndTime: saySeconds(at),
    digestS3Bucket: trail.bucket,
    digestS3Object: key,
    digestPublicKeyFingerprint: place.key.fingerprint,
    digestSignatureAlgorithm: 'SHA256withRSA',
    newestEventTime: logs.length > 0 ? saySeconds(at - MINUTE) : null,
    oldestEventTime: logs.length > 0 ? saySeconds(at - HOUR) : null,
    previousDigestS3Bucket: before ? bucketBefore : null,
    previousDigestS3Object: before?.key ?? null,
    previousDigestHashValue: before ? sha256(JSON.stringify(before.body)) : null,
    previousDigestHashAlgorithm: before ? 'SHA-256' : null,
    previousDigestSignature: previous?.metadata.signature ?? null,
    logFiles: logs.map((log) => ({
      s3Bucket: trail.bucket,
      s3Object: log.key,
      hashValue: sha256(log.text),
      hashAlgorithm: 'SHA-256',
      newestEventTime: saySeconds(at - MINUTE),
      oldestEventTime: saySeconds(at - HOUR),
    })),
  };
  const made = { key, at, body, logs };
  putDigest(s3, trail.bucket, made, place.key, backfillAt);
  return made;
}

/** Signs a digest, true or forged, and puts it where it says that it lies. */
export function putDigest(
  s3: FakeS3,
  bucket: string,
  { key, body }: Pick<MadeDigest, 'key' | 'body'>,
  { secret }: SigningKey,
  backfillAt?: Millis,
): void {
  const text = JSON.stringify(body);
  const toSign = [
    body.digestEndTime,
    `${String(body.digestS3Bucket)}/${String(body.digestS3Object)}`,
    sha256(text),
    body.previousDigestSignature ?? 'null',
  ].join('\n');
  s3.put(bucket, key, gzipSync(text), {
    signature: createSign('RSA-SHA256').update(toSign).sign(secret, 'hex'),
    'signature-algorithm': 'SHA256withRSA',
    ...(backfillAt === undefined ? {} : { 'backfill-generation-timestamp': saySeconds(backfillAt) }),
  });
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** `20261120T091502Z`. */
function stampOf(at: Millis): string {
  return saySeconds(at).replace(/[-:]/g, '');
}

function dayOf(stamp: string): string {
  return `${stamp.slice(0, 4)}/${stamp.slice(4, 6)}/${stamp.slice(6, 8)}`;
}

function saySeconds(at: Millis): string {
  return sayInstant(at).replace(/\.\d{3}/, '');
}
