import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { sayError } from './problem.ts';

const unzip = promisify(gunzip);

/** Deflate cannot shrink further than this, so a trailer that claims more lies. */
const MAX_RATIO = 1032;
const MIN_CHUNK = 1024;

/** The bytes are no intact gzip file, or inflate to more than was allowed. */
export class BadGzip extends Error {
  override readonly name = 'BadGzip';
  readonly tooLarge: boolean;

  constructor(message: string, tooLarge: boolean, cause: unknown) {
    super(message, { cause });
    this.tooLarge = tooLarge;
  }
}

/** Told by the first bytes (RFC 1952), whatever a name or a header says. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes.length > 2 && bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/**
 * The inflated bytes; bytes that are no gzip come back as they are. Several members in a row are one file,
 * as with `cat a.gz b.gz`. Throws BadGzip when the file is broken, has anything but zeros behind its end, or
 * would inflate to more than `limit` bytes: no more than that is ever held.
 */
export async function inflate(bytes: Buffer, limit: number): Promise<Buffer> {
  if (!isGzip(bytes)) return bytes;
  try {
    return await unzip(bytes, { maxOutputLength: limit, chunkSize: chunkSize(bytes, limit) });
  } catch (error) {
    if (error instanceof RangeError) {
      throw new BadGzip(`inflates to more than ${limit} bytes`, true, error);
    }
    throw new BadGzip(`is no intact gzip file (${sayError(error)})`, false, error);
  }
}

/** One chunk that holds everything halves the time; the trailer says how much that is, if it is honest. */
function chunkSize(bytes: Buffer, limit: number): number {
  const claimed = bytes.length >= 4 ? bytes.readUInt32LE(bytes.length - 4) : 0;
  return Math.max(MIN_CHUNK, Math.min(claimed + 1, bytes.length * MAX_RATIO, limit));
}
