import { createHash } from 'node:crypto';
import type { HashedFile } from '../../cloudtrail/digest.ts';
import type { Millis } from '../../kernel/time.ts';
import { LargeTrailFile, MissingTrailFile, type TrailFiles } from '../trail-files.ts';
import type { Break, BreakKind } from './break.ts';
import { inflateOne, NotOneGzip } from './one-gzip.ts';

/** Compares a log file with what its digest says; `time` is that of the digest. Throws LookupTrouble. */
export async function checkLog(
  { files, signal }: { readonly files: Pick<TrailFiles, 'get'>; readonly signal: AbortSignal },
  { bucket, key, hash: expected }: HashedFile,
  time: Millis,
): Promise<Break | undefined> {
  const broken = (kind: BreakKind, said: string, hash?: string): Break => {
    return { kind, at: { bucket, key }, time, said, hash };
  };
  try {
    const hash = await files.get({ bucket, key }, signal, ({ bytes }) => hashInside(bytes));
    return hash === expected ? undefined : broken('log changed', '', hash);
  } catch (error) {
    if (error instanceof MissingTrailFile) return broken('log missing', '');
    if (error instanceof LargeTrailFile) return broken('log unreadable', error.said);
    if (error instanceof NotOneGzip) return broken('log unreadable', error.message);
    throw error;
  }
}

async function hashInside(bytes: Buffer): Promise<string> {
  const sum = createHash('sha256');
  for await (const piece of inflateOne(bytes)) sum.update(piece);
  return sum.digest('hex');
}
