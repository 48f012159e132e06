import { readDigest } from '../../cloudtrail/digest.ts';
import { LargeTrailFile, MissingTrailFile, type TrailFiles } from '../trail-files.ts';
import type { Break } from './break.ts';
import { contentOf, type DigestPlace } from './inspect-digest.ts';
import { listDigests } from './list-digests.ts';
import type { ChainReport } from './report.ts';
import type { Period } from './trails.ts';

interface SwapTools {
  readonly files: TrailFiles;
  readonly signal: AbortSignal;
}

/** Digests that are read at the same time. */
const TOGETHER = 16;

/**
 * Looks for changed log files that have the content of another one that CloudTrail delivered, and names them so.
 * Reads the digests of all chains once more: so the hashes of months need not be kept while nothing is changed.
 * Throws LookupTrouble.
 */
export async function nameSwapped(
  tools: SwapTools,
  reports: readonly ChainReport[],
  period: Period,
): Promise<void> {
  const wanted = new Set(reports.flatMap(({ breaks }) => breaks.flatMap((one) => hashOf(one) ?? [])));
  const found = new Map<string, string>();
  for (const { chain } of reports) {
    if (found.size === wanted.size) break;
    const { places } = await listDigests(tools, { source: chain.source, bucket: chain.trail.bucket }, period);
    for (let at = 0; at < places.length; at += TOGETHER) {
      const some = places.slice(at, at + TOGETHER);
      await Promise.all(some.map((place) => search(tools, place, wanted, found)));
    }
  }
  for (const { breaks } of reports) rename(breaks, found);
}

function hashOf({ kind, hash }: Break): string | undefined {
  return kind === 'log changed' ? hash : undefined;
}

async function search(
  { files, signal }: SwapTools,
  place: DigestPlace,
  wanted: ReadonlySet<string>,
  found: Map<string, string>,
): Promise<void> {
  try {
    const content = await files.get(place, signal, ({ bytes }) => contentOf(bytes));
    const digest = 'wrong' in content ? content : readDigest(content.content.toString('utf8'));
    if ('wrong' in digest) return;
    for (const { hash, bucket, key } of digest.logs) {
      if (wanted.has(hash)) found.set(hash, `s3://${bucket}/${key}`);
    }
  } catch (error) {
    if (!(error instanceof MissingTrailFile || error instanceof LargeTrailFile)) throw error;
  }
}

function rename(breaks: Break[], found: ReadonlyMap<string, string>): void {
  breaks.forEach((one, index) => {
    const other = found.get(hashOf(one) ?? '');
    if (other !== undefined)
      breaks[index] = { ...one, kind: 'log swapped', said: `has the content of ${other}` };
  });
}
