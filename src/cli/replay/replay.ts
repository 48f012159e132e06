import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { Misuse } from '../../kernel/problem.ts';
import { inflated, sayBroken } from '../input.ts';
import { type Block, blocksOf } from './blocks.ts';
import type { Crew, Result } from './crew.ts';
import type { Matcher } from './matcher.ts';
import { NOTHING, type Outcome } from './outcome.ts';
import { Serial } from './serial.ts';
import type { Source } from './sources.ts';
import { AT_ONCE } from './whole.ts';

/** The next of the input, in its order. */
export interface Portion {
  readonly file: string;
  /** Lines of the file before those that the outcome counts. */
  readonly line: number;
  readonly outcome: Outcome;
  /** Why the file cannot be read, or not from here on. */
  readonly problem?: string;
  /** Bytes of the file that are done with it, as they lie there. */
  readonly bytes: number;
}

export interface ReplayOptions {
  readonly sources: Iterable<Source>;
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly crew: Crew;
  /** For what the crew cannot do. */
  readonly matcher: Matcher;
  /** Ends everything at once. */
  readonly signal: AbortSignal;
}

const CHUNK = 256 * 1024;

/**
 * Reads files, folders and standard input through the rules, however long they are, in bounded memory: the crew works
 * ahead, but only so far. Portions come in the order of the input, whatever the crew does. A file that cannot be read
 * is said in its place, and the next one follows. Ends early, without an error, when it is stopped.
 */
export async function* replay(options: ReplayOptions): AsyncGenerator<Portion> {
  const { crew, signal } = options;
  const stop = (): void => {
    crew.close();
    if (options.stdin instanceof Readable) options.stdin.destroy();
  };
  signal.addEventListener('abort', stop);
  try {
    yield* portions(options);
  } catch (error) {
    // What was under way when it was stopped fails, as it should.
    if (!signal.aborted) throw error;
  } finally {
    signal.removeEventListener('abort', stop);
    crew.close();
  }
}

/** A file, and what the crew makes of it, where it can be done at once. */
interface Ahead {
  readonly source: Source;
  readonly result: Promise<Result> | undefined;
}

async function* portions(options: ReplayOptions): AsyncGenerator<Portion> {
  const { crew, signal } = options;
  const ahead: Ahead[] = [];
  for (const source of options.sources) {
    if (signal.aborted) return;
    const { path, size, problem } = source;
    const small = path !== undefined && size <= AT_ONCE && problem === undefined;
    ahead.push({ source, result: small ? begun(crew.run({ kind: 'file', path, size })) : undefined });
    while (ahead.length > crew.filesAhead) yield* portionsOf(options, ahead.shift());
  }
  while (ahead.length > 0) yield* portionsOf(options, ahead.shift());
}

/** Whoever waits for it hears of its failure; nobody may. */
function begun(result: Promise<Result>): Promise<Result> {
  result.catch(() => {});
  return result;
}

async function* portionsOf(options: ReplayOptions, ahead: Ahead | undefined): AsyncGenerator<Portion> {
  if (!ahead) return;
  const { source, result } = ahead;
  const { shown: file, size: bytes, problem } = source;
  if (problem !== undefined) {
    yield { file, line: 0, outcome: NOTHING, problem, bytes };
    return;
  }
  const done = (await result)?.done ?? 'again';
  if (done === 'again') yield* new Stream(options, source).portions();
  else yield { file, line: 0, outcome: done, bytes };
}

/** A long input: cut into blocks for the crew, and read here where that does not work out. */
class Stream {
  readonly #options: ReplayOptions;
  readonly #source: Source;
  readonly #ahead: { block: Block; result: Promise<Result> }[] = [];
  /** Lines of the blocks that are done. */
  #line = 0;
  #serial: { readonly reader: Serial; readonly line: number } | undefined;
  #read = 0;
  #told = 0;

  constructor(options: ReplayOptions, source: Source) {
    this.#options = options;
    this.#source = source;
  }

  async *portions(): AsyncGenerator<Portion> {
    const { crew, signal } = this.#options;
    let problem: string | undefined;
    try {
      for await (const block of blocksOf(inflated(this.#bytes()), this.#source.path === undefined)) {
        if (signal.aborted) return;
        this.#ahead.push({ block, result: begun(this.#begin(block)) });
        while (this.#ahead.length > crew.ahead) yield* this.#next();
      }
    } catch (error) {
      if (signal.aborted || error instanceof Misuse) throw error;
      problem = sayBroken(error);
    }
    while (this.#ahead.length > 0) yield* this.#next();
    // What breaks off breaks off in the middle of something: that is one mistake, not two.
    if (problem === undefined && this.#serial)
      yield this.#portion(this.#serial.reader.end(), this.#serial.line);
    if (problem !== undefined) yield { ...this.#portion(NOTHING, this.#line), problem };
  }

  async *#bytes(): AsyncGenerator<Uint8Array> {
    const { path } = this.#source;
    const { stdin, signal } = this.#options;
    const from = path === undefined ? stdin : createReadStream(path, { highWaterMark: CHUNK, signal });
    for await (const chunk of from) {
      this.#read += chunk.length;
      yield chunk;
    }
  }

  async #begin(block: Block): Promise<Result> {
    const { kind, bytes } = block;
    const unit = { kind: kind === 'members' ? 'members' : 'lines', bytes } as const;
    if (kind === 'part' || kind === 'tail') return { unit, done: 'again' };
    return this.#options.crew.run(unit);
  }

  async *#next(): AsyncGenerator<Portion> {
    const next = this.#ahead.shift();
    if (!next) return;
    const { unit, done } = await next.result;
    const bytes = 'bytes' in unit ? unit.bytes : new Uint8Array();
    const before = this.#line;
    this.#line += lineBreaks(bytes);
    // What stands in the middle of a document means nothing on its own.
    if (!this.#serial && done !== 'again') yield this.#portion(done, before);
    else yield* this.#oneByOne(next.block, bytes, before);
  }

  *#oneByOne(block: Block, bytes: Uint8Array, before: number): Generator<Portion> {
    const first = this.#serial === undefined;
    this.#serial ??= { reader: new Serial(this.#options.matcher), line: before };
    const { reader, line } = this.#serial;
    if (block.head !== '') yield this.#portion(reader.add(Buffer.from(first ? block.head : ',')), line);
    yield this.#portion(reader.add(bytes), line);
    if (block.head === '' && reader.settled) this.#serial = undefined;
  }

  #portion(outcome: Outcome, line: number): Portion {
    const bytes = this.#read - this.#told;
    this.#told = this.#read;
    return { file: this.#source.shown, line, outcome, bytes };
  }
}

function lineBreaks(bytes: Uint8Array): number {
  let count = 0;
  for (let at = bytes.indexOf(0x0a); at >= 0; at = bytes.indexOf(0x0a, at + 1)) count += 1;
  return count;
}
