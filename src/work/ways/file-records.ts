import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { createRecordTexts } from '../../cloudtrail/record-texts.ts';
import { isGzip } from '../../kernel/gzip.ts';
import { sayError } from '../../kernel/problem.ts';

/** The file cannot be read, or not to its end. The message is the end of a sentence that begins with "the file". */
export class BrokenTrailFile extends Error {
  override readonly name = 'BrokenTrailFile';
}

const CHUNK = 256 * 1024;
/** In bytes. Files of trails have some ten million; a small file may inflate to a thousand times its size. */
const LARGEST = 1024 * 1024 * 1024;
/** In one group, records and characters. */
const GROUP = 200;
const GROUP_LENGTH = 1024 * 1024;

/**
 * The texts of the records in a trail's file (gzip or plain) in groups, no more of them in memory than one group and
 * one chunk. Throws BrokenTrailFile, after the records before the break.
 */
export async function* recordTextsIn(bytes: Buffer): AsyncGenerator<string[]> {
  const texts = createRecordTexts();
  const decoder = new TextDecoder();
  let group: string[] = [];
  let length = 0;
  let wrong: string | undefined;
  for await (const chunk of whole(inflated(bytes), (what) => (wrong = what))) {
    for (const text of texts.add(decoder.decode(chunk, { stream: true }))) {
      group.push(text);
      length += text.length;
    }
    if (group.length < GROUP && length < GROUP_LENGTH) continue;
    yield group;
    group = [];
    length = 0;
  }
  if (group.length > 0) yield group;
  wrong ??= texts.end();
  if (wrong !== undefined) throw new BrokenTrailFile(wrong);
}

/** Ends where the input breaks off, and says why. */
async function* whole(
  chunks: AsyncIterable<Uint8Array>,
  broken: (what: string) => void,
): AsyncGenerator<Uint8Array> {
  let length = 0;
  try {
    for await (const chunk of chunks) {
      length += chunk.length;
      if (length > LARGEST) return broken(`inflates to more than ${LARGEST} bytes`);
      yield chunk;
    }
  } catch (error) {
    broken(sayBroken(error));
  }
}

async function* inflated(bytes: Buffer): AsyncGenerator<Uint8Array> {
  // The pipeline hands every error on to whoever reads the last stream of it.
  if (isGzip(bytes)) yield* pipeline(Readable.from([bytes]), createGunzip({ chunkSize: CHUNK }), () => {});
  else for (let at = 0; at < bytes.length; at += CHUNK) yield bytes.subarray(at, at + CHUNK);
}

function sayBroken(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'Z_BUF_ERROR') return 'was cut short';
  return code === 'Z_DATA_ERROR' ? 'is damaged' : `cannot be unpacked (${sayError(error)})`;
}
