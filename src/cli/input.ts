import { createReadStream, existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { createGunzip } from 'node:zlib';
import { Misuse, sayError } from '../kernel/problem.ts';
import type { Terminal } from './terminal.ts';

const STANDARD_INPUT = '-';

/** One JSON text of an input: a line of NDJSON, or a whole document. */
export interface Piece {
  readonly file: string;
  /** From 1; the line of an NDJSON file, else 1. */
  readonly line: number;
  readonly text: string;
}

/** The JSON texts of files (plain or gzip, told apart by content), one after another. */
export async function* readPieces(terminal: Terminal, files: readonly string[]): AsyncGenerator<Piece> {
  const names = files.length > 0 ? files : [STANDARD_INPUT];
  for (const name of names) {
    if (name !== STANDARD_INPUT && !existsSync(resolve(terminal.folder, name))) {
      throw new Misuse(`There is no file ${name}. Give a file with events, or - for standard input.`);
    }
  }
  for (const name of names) {
    const bytes = name === STANDARD_INPUT ? terminal.stdin : createReadStream(resolve(terminal.folder, name));
    yield* splitPieces(name === STANDARD_INPUT ? 'standard input' : name, bytes);
  }
}

async function* splitPieces(file: string, bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Piece> {
  let rest = '';
  let line = 0;
  let whole: boolean | undefined;
  try {
    for await (const text of decoded(bytes)) {
      rest += text;
      if (whole) continue;
      const lines = rest.split('\n');
      if (lines.length === 1) continue;
      // A first line that is complete JSON by itself: one text a line. Else the whole file is one text.
      whole ??= !isJson(lines.find((one) => one.trim() !== ''));
      if (whole) continue;
      rest = lines.pop() ?? '';
      for (const one of lines) {
        line += 1;
        if (one.trim() !== '') yield { file, line, text: one };
      }
    }
  } catch (error) {
    throw new Misuse(`${file} cannot be read: ${sayError(error)}.`);
  }
  if (rest.trim() !== '') yield { file, line: line + 1, text: rest };
}

async function* decoded(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  for await (const chunk of inflated(bytes)) yield decoder.decode(chunk, { stream: true });
  yield decoder.decode();
}

async function* inflated(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const source = bytes[Symbol.asyncIterator]();
  const first = await source.next();
  if (first.done) return;
  const all = async function* (): AsyncGenerator<Uint8Array> {
    yield first.value;
    for (let next = await source.next(); !next.done; next = await source.next()) yield next.value;
  };
  if (first.value[0] === 0x1f && first.value[1] === 0x8b) {
    const { Readable } = await import('node:stream');
    yield* Readable.from(all()).compose(createGunzip()) as AsyncIterable<Uint8Array>;
  } else {
    yield* all();
  }
}

function isJson(text: string | undefined): boolean {
  if (text === undefined) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
