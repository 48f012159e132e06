import { LookupTrouble } from './cloud-history.ts';

/** Where an object is, in S3. */
export interface FilePlace {
  readonly bucket: string;
  readonly key: string;
}

/** An object as it lies in S3. */
export interface TrailFile {
  /** As stored: still compressed. */
  readonly bytes: Buffer;
  /** What the writer said of it, by lower-case names without `x-amz-meta-`. */
  readonly metadata: ReadonlyMap<string, string>;
}

/** The files that trails write. Failures that a person must know of are thrown as `LookupTrouble`. */
export interface TrailFiles {
  /**
   * Fetches an object and hands it to `use`. The bytes that all have in use at once are limited, so that `use` keeps
   * none of them, fetches nothing itself, and others may wait for its end. Throws LookupTrouble; `MissingTrailFile`
   * when there is no such object, `LargeTrailFile` when it has more than `most` bytes; and what `use` throws.
   */
  get<T>(at: FilePlace, signal: AbortSignal, use: (file: TrailFile) => Promise<T>, most?: number): Promise<T>;
  /** In the order of the keys, those that come after `after`. Throws LookupTrouble. */
  list(
    asked: { readonly bucket: string; readonly prefix: string; readonly after?: string | undefined },
    signal: AbortSignal,
  ): AsyncIterable<{ readonly key: string; readonly size: number }>;
}

/** S3 has no such object, and says so. */
export class MissingTrailFile extends LookupTrouble {
  constructor({ bucket, key }: FilePlace, cause?: unknown) {
    const what = `there is no object s3://${bucket}/${key}`;
    super({ kind: 'refused', what, remedy: 'look who or what deleted it' }, cause);
  }
}

/** In bytes. CloudTrail's files have a few megabytes at most, and each is held in memory whole. */
export const MOST_BYTES = 256 * 1024 * 1024;

/** There is an object, but none that a trail has written: it is larger than `MOST_BYTES`, or than what was asked for. */
export class LargeTrailFile extends LookupTrouble {
  /** Ends a sentence that begins "it …". */
  readonly said = `is larger than ${MOST_BYTES} bytes, which CloudTrail does not write`;

  constructor({ bucket, key }: FilePlace) {
    const what = `s3://${bucket}/${key} is larger than ${MOST_BYTES} bytes`;
    super({ kind: 'refused', what, remedy: 'look who put it there: no trail writes such a file' });
  }
}
