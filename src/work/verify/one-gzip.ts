import { crc32, createInflateRaw } from 'node:zlib';
import { sayError } from '../../kernel/problem.ts';

/** The bytes are not exactly one intact gzip file; the message ends a sentence that begins "it …". */
export class NotOneGzip extends Error {
  override readonly name = 'NotOneGzip';
}

const HEADER = 10;
/** CRC and length. */
const TRAILER = 8;
/** Flags of the header. Source: RFC 1952, 2.3.1. */
const [WITH_CRC, WITH_EXTRA, WITH_NAME, WITH_COMMENT] = [2, 4, 8, 16];

/**
 * What is in a gzip file, piece by piece, so that its size does not matter. CloudTrail writes one member and nothing
 * after it: Node's own reader, and others, would ignore what somebody has put there. Throws NotOneGzip, after the
 * last piece too, and as soon as there is more inside than `most` bytes.
 */
export async function* inflateOne(bytes: Buffer, most = Number.POSITIVE_INFINITY): AsyncGenerator<Buffer> {
  const start = headerLength(bytes);
  const inflating = createInflateRaw({ chunkSize: 64 * 1024 });
  inflating.end(bytes.subarray(start));
  let sum = 0;
  let length = 0;
  try {
    for await (const piece of inflating as AsyncIterable<Buffer>) {
      sum = crc32(piece, sum);
      length += piece.length;
      if (length > most)
        throw new NotOneGzip(`holds more than ${most} bytes, which CloudTrail does not write`);
      yield piece;
    }
  } catch (error) {
    if (error instanceof NotOneGzip) throw error;
    throw new NotOneGzip(`is no intact gzip file (${sayError(error)})`, { cause: error });
  }
  const end = start + inflating.bytesWritten + TRAILER;
  if (bytes.length < end) throw new NotOneGzip('is a gzip file that was cut off');
  if (bytes.readUInt32LE(end - TRAILER) !== sum || bytes.readUInt32LE(end - 4) !== length % 2 ** 32) {
    throw new NotOneGzip('is a gzip file whose checksum is wrong');
  }
  if (bytes.length > end) {
    throw new NotOneGzip(
      `has ${bytes.length - end} more bytes after its end, which CloudTrail does not write`,
    );
  }
}

function headerLength(bytes: Buffer): number {
  if (bytes.length < HEADER + TRAILER || bytes.readUInt32BE(0) >>> 8 !== 0x1f8b08) {
    throw new NotOneGzip('is no gzip file');
  }
  const flags = bytes[3] ?? 0;
  let at = HEADER;
  if (flags & WITH_EXTRA) at += 2 + (bytes.length >= at + 2 ? bytes.readUInt16LE(at) : 0);
  for (const flag of [WITH_NAME, WITH_COMMENT])
    if (flags & flag) at = bytes.indexOf(0, at) + 1 || bytes.length;
  if (flags & WITH_CRC) at += 2;
  if (at + TRAILER > bytes.length) throw new NotOneGzip('is a gzip file that was cut off');
  return at;
}
