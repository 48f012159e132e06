import { type List, listIn } from './list.ts';
import { isWide } from './whole.ts';

/**
 * A piece of a long input. `lines` and `members` are understood without the others, `part` and `tail` are not: the
 * one is a part of a line, the other what stands behind the last member of a list.
 */
export interface Block {
  readonly kind: 'lines' | 'members' | 'part' | 'tail';
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** What stands before the first member; empty where there is no list. */
  readonly head: string;
}

const BLOCK = 1024 * 1024;
/** A single line, or a single member of an array, that is longer is cut anywhere. */
const LONGEST = 16 * BLOCK;
const LINE_BREAK = 0x0a;

/**
 * Cuts the bytes of an input into blocks that can be understood one by one: at line ends, or, in one long list such
 * as `{"Records":[…]}`, between its members. The comma between two blocks of members is in neither. What is `live` is
 * not waited for: whatever has come goes on.
 */
export async function* blocksOf(bytes: AsyncIterable<Uint8Array>, live: boolean): AsyncGenerator<Block> {
  const cutter = new Cutter(live ? 1 : BLOCK);
  try {
    for await (const chunk of narrow(bytes)) {
      cutter.held.add(chunk);
      const block = cutter.block();
      if (block) yield block;
    }
  } catch (error) {
    // What came before the input broke off holds.
    const block = cutter.cut();
    if (block) yield block;
    throw error;
  }
  yield* cutter.rest();
}

class Cutter {
  readonly held = new Held();
  readonly #least: number;
  #atLeast: number;
  #begun = false;
  #list: List | undefined;

  constructor(least: number) {
    this.#least = least;
    this.#atLeast = least;
  }

  /** A block, if enough is held for one. */
  block(): Block | undefined {
    if (this.held.length < this.#atLeast) return undefined;
    const block = this.cut();
    // Nowhere to cut yet: twice as much is looked at next time, so that all the looking stays linear.
    this.#atLeast = block ? this.#least : this.held.length * 2;
    return block;
  }

  /** As much of what is held as can be understood without the rest. */
  cut(): Block | undefined {
    if (!this.#begun) this.#begin();
    const bytes = this.held.look();
    const list = this.#list;
    if (list) {
      const at = bytes.lastIndexOf(list.between);
      if (at <= 0) return undefined;
      const members = this.held.take(at + 1);
      this.held.drop(1);
      return { kind: 'members', bytes: members, head: list.head };
    }
    const at = bytes.lastIndexOf(LINE_BREAK);
    if (at >= 0) return { kind: 'lines', bytes: this.held.take(at + 1), head: '' };
    return bytes.length < LONGEST
      ? undefined
      : { kind: 'part', bytes: this.held.take(bytes.length), head: '' };
  }

  /** What is left when nothing more comes: in a list, whole members apart from the last, which may be broken off. */
  *rest(): Generator<Block> {
    if (!this.#begun) this.#begin();
    const list = this.#list;
    const members = list && this.cut();
    if (members) yield members;
    const bytes = this.held.take(this.held.length);
    if (list) yield { kind: 'tail', bytes, head: list.head };
    else if (bytes.length > 0) yield { kind: 'part', bytes, head: '' };
  }

  #begin(): void {
    this.#begun = true;
    this.#list = listIn(this.held.look());
    if (this.#list) this.held.drop(Buffer.byteLength(this.#list.head));
  }
}

/** UTF-16 becomes UTF-8. */
async function* narrow(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let decoder: InstanceType<typeof TextDecoder> | undefined;
  let first = true;
  for await (const chunk of bytes) {
    if (first && isWide(chunk)) decoder = new TextDecoder('utf-16le');
    first = false;
    yield decoder ? Buffer.from(decoder.decode(chunk, { stream: true })) : chunk;
  }
  if (decoder) yield Buffer.from(decoder.decode());
}

/** Bytes in the order in which they came. */
class Held {
  #chunks: Uint8Array[] = [];
  length = 0;

  add(chunk: Uint8Array): void {
    if (chunk.length === 0) return;
    this.#chunks.push(chunk);
    this.length += chunk.length;
  }

  /** All of them, in one piece. */
  look(): Buffer {
    const [only] = this.#chunks;
    const all = this.#chunks.length === 1 && only ? only : Buffer.concat(this.#chunks, this.length);
    this.#chunks = [all];
    return Buffer.from(all.buffer, all.byteOffset, all.byteLength);
  }

  /** The first of them, in memory of their own, so that they can be handed to another thread. */
  take(length: number): Uint8Array<ArrayBuffer> {
    const taken = Uint8Array.from(this.look().subarray(0, length));
    this.drop(length);
    return taken;
  }

  drop(length: number): void {
    const rest = this.look().subarray(length);
    this.#chunks = rest.length > 0 ? [rest] : [];
    this.length = rest.length;
  }
}
