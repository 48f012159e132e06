import type { KeyObject } from 'node:crypto';
import {
  type Digest,
  type DigestSource,
  isSigned,
  type PreviousDigest,
  readDigest,
  readDigestKey,
  sha256,
  stringToSign,
} from '../../cloudtrail/digest.ts';
import { HOUR, type Millis, parseInstant } from '../../kernel/time.ts';
import {
  type FilePlace,
  LargeTrailFile,
  MissingTrailFile,
  type TrailFile,
  type TrailFiles,
} from '../trail-files.ts';
import type { Break, BreakKind } from './break.ts';
import { inflateOne, NotOneGzip } from './one-gzip.ts';
import type { Period } from './trails.ts';

/** A digest that is to be looked at. */
export interface DigestPlace extends FilePlace {
  /** As its name says: the end of what it covers. */
  readonly at: Millis;
  readonly backfill: boolean;
}

/** What was found there. */
export type Inspected =
  | { readonly digest: Digest; readonly hash: string; readonly signature: string }
  | Break;

/** CloudTrail's keys by fingerprint, of a period besides the one that is verified. */
export type Keys = (extra?: Period) => Promise<ReadonlyMap<string, KeyObject>>;

interface InspectTools {
  readonly files: Pick<TrailFiles, 'get'>;
  readonly keys: Keys;
  readonly signal: AbortSignal;
}

const ALGORITHM = 'SHA256withRSA';
/** In bytes. A digest has half a thousand for each log file of an hour; a small file may inflate to gigabytes. */
const MOST_CONTENT = 64 * 1024 * 1024;

/** Looks at one digest by itself: whether it lies where it says, and CloudTrail has signed it. Throws LookupTrouble. */
export async function inspectDigest(tools: InspectTools, place: DigestPlace): Promise<Inspected> {
  const broken = (kind: BreakKind, said: string, hash?: string): Break => {
    const { bucket, key, at: time } = place;
    return { kind, at: { bucket, key }, time, said, hash };
  };
  const file = await getIfThere(tools, place);
  if (file === undefined) return broken('digest missing', '');
  if ('wrong' in file) return broken('digest unreadable', file.wrong);
  const digest = readDigest(file.content.toString('utf8'));
  if ('wrong' in digest) return broken('digest unreadable', digest.wrong);
  const hash = sha256(file.content);
  const signature = file.metadata.get('signature');
  const algorithm = file.metadata.get('signature-algorithm');
  if (signature === undefined || algorithm === undefined) return broken('digest unsigned', '', hash);
  if (algorithm !== ALGORITHM)
    return broken('digest unsigned', `names the unknown algorithm ${algorithm}`, hash);
  if (digest.bucket !== place.bucket || digest.key !== place.key) {
    return broken('digest moved', `belongs at s3://${digest.bucket}/${digest.key}`, hash);
  }
  const generated = file.metadata.get('backfill-generation-timestamp');
  if (place.backfill && generated === undefined) {
    return broken('digest unreadable', 'does not say when it was generated', hash);
  }
  const key = await keyOf(tools.keys, digest.fingerprint, place.backfill ? generated : undefined);
  if (!key) return broken('foreign key', `has the fingerprint ${digest.fingerprint}`, hash);
  const signed = isSigned(stringToSign(digest, hash), signature, key);
  return signed
    ? { digest, hash, signature }
    : broken('digest changed', 'has a signature that does not fit', hash);
}

/** Whether it is the digest that the one after it names. */
export function compareWithNext(
  { hash, signature }: Exclude<Inspected, Break>,
  place: DigestPlace,
  expected: PreviousDigest,
): Break | undefined {
  const differs = [
    ...(hash === expected.hash ? [] : ['content']),
    ...(signature.toLowerCase() === expected.signature.toLowerCase() ? [] : ['signature']),
  ];
  if (differs.length === 0) return undefined;
  const { bucket, key, at: time } = place;
  const said = `has another ${differs.join(' and another ')} than the digest after it says`;
  return { kind: 'digest swapped', at: { bucket, key }, time, said, hash };
}

/** The place that a digest names, when it is one of the same trail, account and region. */
export function placeOf(source: DigestSource, { bucket, key }: FilePlace): DigestPlace | undefined {
  const name = readDigestKey(source, key);
  return name && { bucket, key, ...name };
}

/** Its content and what is said beside it, or what is wrong with it. */
async function getIfThere(
  { files, signal }: InspectTools,
  { bucket, key }: FilePlace,
): Promise<({ content: Buffer } & Pick<TrailFile, 'metadata'>) | { wrong: string } | undefined> {
  try {
    return await files.get({ bucket, key }, signal, async ({ bytes, metadata }) => {
      const inside = await contentOf(bytes);
      return 'wrong' in inside ? inside : { ...inside, metadata };
    });
  } catch (error) {
    if (error instanceof MissingTrailFile) return undefined;
    if (error instanceof LargeTrailFile) return { wrong: error.said };
    throw error;
  }
}

/** The inflated bytes, or what is wrong with them, ending a sentence that begins “it …”. */
export async function contentOf(bytes: Buffer): Promise<{ content: Buffer } | { wrong: string }> {
  try {
    const pieces: Buffer[] = [];
    for await (const piece of inflateOne(bytes, MOST_CONTENT)) pieces.push(piece);
    return { content: Buffer.concat(pieces) };
  } catch (error) {
    if (error instanceof NotOneGzip) return { wrong: error.message };
    throw error;
  }
}

/** A backfill digest is signed with a key of the time when it was written, long after what it is about. */
async function keyOf(
  keys: Keys,
  fingerprint: string,
  generated: string | undefined,
): Promise<KeyObject | undefined> {
  const known = (await keys()).get(fingerprint);
  const at = known ? undefined : timeIn(generated ?? '');
  return at === undefined ? known : (await keys({ from: at - HOUR, to: at + HOUR })).get(fingerprint);
}

/** With or without the signs between its parts. */
function timeIn(text: string): Millis | undefined {
  return parseInstant(text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)/, '$1-$2-$3T$4:$5:$6'));
}
