import { createReadStream, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { sayFileError } from '../kernel/file-error.ts';
import { isGzip } from '../kernel/gzip.ts';
import { Misuse } from '../kernel/problem.ts';
import { type JsonText, JsonTexts } from './json-texts.ts';
import type { Terminal } from './terminal.ts';

/** The name of a file that stands for standard input. */
export const STANDARD_INPUT = '-';
const CHUNK = 256 * 1024;

/** One JSON text of an input, and where it stands. */
export interface Piece extends JsonText {
  readonly file: string;
}

/**
 * The JSON texts of files (plain or gzip, told apart by content), one after another and no more of them in
 * memory than one chunk has. Throws Misuse for what cannot be read, before anything was read where possible.
 */
export async function* readPieces(terminal: Terminal, files: readonly string[]): AsyncGenerator<Piece[]> {
  if (files.length === 0 && terminal.keyboard) {
    throw new Misuse('Give one or more files with events, or pipe the events in.');
  }
  const names = files.length > 0 ? files : [STANDARD_INPUT];
  for (const name of names) if (name !== STANDARD_INPUT) checkFile(resolve(terminal.folder, name), name);
  for (const name of names) {
    const standard = name === STANDARD_INPUT;
    const bytes = standard
      ? terminal.stdin
      : createReadStream(resolve(terminal.folder, name), { highWaterMark: CHUNK });
    yield* piecesOf(standard ? 'standard input' : name, bytes);
  }
}

function checkFile(path: string, name: string): void {
  try {
    if (!statSync(path).isDirectory()) return;
  } catch (error) {
    throw new Misuse(
      `${name} cannot be read: ${sayFileError(error)}. Give a file with events, or - for standard input.`,
    );
  }
  throw new Misuse(`${name} is a folder. Give the files in it, such as ${name.replace(/\/+$/, '')}/*.json.`);
}

async function* piecesOf(file: string, bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Piece[]> {
  const texts = new JsonTexts();
  const place = (found: JsonText[]): Piece[] => found.map((one) => ({ file, ...one }));
  const source = decoded(bytes);
  for (;;) {
    const next = await source.next().catch((error: unknown) => {
      throw new Misuse(`${file} cannot be read: ${sayBroken(error)}.`);
    });
    const found = next.done ? texts.end() : texts.add(next.value);
    if (found.length > 0) yield place(found);
    if (next.done) return;
  }
}

/** Why a file cannot be read, or not to its end. */
export function sayBroken(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'Z_BUF_ERROR') return 'the gzip file was cut short';
  if (code === 'Z_DATA_ERROR') return 'the gzip file is damaged';
  return sayFileError(error);
}

async function* decoded(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let decoder: InstanceType<typeof TextDecoder> | undefined;
  for await (const chunk of inflated(bytes)) {
    decoder ??= new TextDecoder(encodingOf(chunk));
    yield decoder.decode(chunk, { stream: true });
  }
  if (decoder) yield decoder.decode();
}

/** A shell on Windows writes UTF-16, and says so in the first two bytes. */
function encodingOf(start: Uint8Array): string {
  return start[0] === 0xff && start[1] === 0xfe ? 'utf-16le' : 'utf-8';
}

/** Bytes as they are, or unpacked where they are gzip. */
export async function* inflated(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const source = bytes[Symbol.asyncIterator]();
  try {
    const start = await firstBytes(source);
    const all = chained(start, source);
    if (!isGzip(start)) yield* all;
    // The pipeline hands every error on to whoever reads the last stream of it.
    else yield* pipeline(Readable.from(all), createGunzip({ chunkSize: CHUNK }), () => {});
  } finally {
    // Whoever stops early lets go of the file or the pipe.
    await source.return?.();
  }
}

/** Enough of them to tell what they are: a pipe may hand over a single one. */
async function firstBytes(source: AsyncIterator<Uint8Array>): Promise<Uint8Array> {
  let start = Buffer.alloc(0);
  while (start.length < 3) {
    const next = await source.next();
    if (next.done) break;
    start = Buffer.concat([start, next.value]);
  }
  return start;
}

async function* chained(
  first: Uint8Array,
  source: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array, void, void> {
  if (first.length > 0) yield first;
  for (let next = await source.next(); !next.done; next = await source.next()) yield next.value;
}
