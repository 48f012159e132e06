import { type DigestSource, digestFolder, keyBefore } from '../../cloudtrail/digest.ts';
import { HOUR } from '../../kernel/time.ts';
import type { TrailFiles } from '../trail-files.ts';
import { type DigestPlace, placeOf } from './inspect-digest.ts';
import type { Period } from './trails.ts';

interface Listed {
  /** Those of the period, oldest first. */
  readonly places: DigestPlace[];
  /** The first that was written in its hour after the period: it says which one is before it. */
  readonly after: DigestPlace | undefined;
}

/** The digests of a period that lie in a bucket. Throws LookupTrouble. */
export async function listDigests(
  { files, signal }: { readonly files: Pick<TrailFiles, 'list'>; readonly signal: AbortSignal },
  { source, bucket }: { readonly source: DigestSource; readonly bucket: string },
  period: Period,
): Promise<Listed> {
  const places: DigestPlace[] = [];
  const asked = { bucket, prefix: digestFolder(source), after: keyBefore(source, period.from) };
  for await (const { key } of files.list(asked, signal)) {
    const place = placeOf(source, { bucket, key });
    if (!place || place.at < period.from) continue;
    // What happened at the end of the period is in the digest of the hour after it.
    if (place.at <= period.to + HOUR) places.push(place);
    else if (!place.backfill) return { places, after: place };
  }
  return { places, after: undefined };
}
