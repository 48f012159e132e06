import { fold } from '../wildcard.ts';
import type { Literal } from './keys.ts';

/** Steps that the table may have: 16 MB. Longer literals are cut until it fits; what is found is tested anyway. */
const MOST_CELLS = 4 * 2 ** 20;
const LONGEST = 32;
/** Its upper case is S, so that an expression that ignores case takes it for an s. */
const LONG_S = 0x17f;
const ASCII = 0x80;
/** Columns for all that is not ASCII. */
const SHARED = 64;
/** The column of ASCII that is in no literal. */
const OTHER = 1;

interface Sought {
  readonly literal: Literal;
  /** Stands for the literal. */
  readonly number: number;
}

/**
 * Searches a text for many literals at once: Aho and Corasick's automaton ("Efficient string matching", 1975) with
 * every step in one table. Case does not count, and other characters than ASCII share columns, so that it may find
 * too much, never too little. Literals that end at the same place are chained.
 */
export class Automaton {
  readonly #columns = new Uint8Array(ASCII).fill(OTHER);
  /** All literals must come first: the search may end where none of them goes on. */
  readonly #anchored: boolean;
  /** The first of the shared columns. */
  readonly #shared: number;
  readonly #width: number;
  /** A row for each state: first the state's first output, then for each column where the next state's row begins. */
  readonly #table: Int32Array;
  /** Outputs from 1: the number that was found, the literal's length if it must come first, the next output. */
  readonly #found: number[] = [0];
  readonly #onlyAt: number[] = [0];
  readonly #next: number[] = [0];

  constructor(sought: readonly Sought[]) {
    const texts = sought.map(({ literal }) => literal.text);
    this.#shared = this.#layOut(texts);
    this.#width = this.#shared + SHARED;
    const { length, states } = fitting(texts, Math.floor(MOST_CELLS / this.#width));
    this.#table = new Int32Array(states * this.#width);
    const rows = this.#plant(sought, length);
    this.#anchored = sought.every(({ literal }) => literal.first);
    if (!this.#anchored) this.#link(rows);
  }

  /** Says each number whose literal is in the text, some more than once. */
  search(text: string, found: (number: number) => void): void {
    const table = this.#table;
    const columns = this.#columns;
    const anchored = this.#anchored;
    let row = 0;
    for (let index = 0; index < text.length; index += 1) {
      const code = text.charCodeAt(index);
      if (code >= ASCII) {
        this.#searchFolded(fold(text), found);
        return;
      }
      row = table[row + (columns[code] ?? OTHER)] ?? 0;
      if (row === 0 && anchored) return;
      const output = table[row] ?? 0;
      if (output !== 0) this.#say(output, index + 1, found);
    }
  }

  #searchFolded(text: string, found: (number: number) => void): void {
    let row = 0;
    for (let index = 0; index < text.length; index += 1) {
      row = this.#table[row + this.#column(text.charCodeAt(index))] ?? 0;
      if (row === 0 && this.#anchored) return;
      const output = this.#table[row] ?? 0;
      if (output !== 0) this.#say(output, index + 1, found);
    }
  }

  #say(first: number, end: number, found: (number: number) => void): void {
    for (let output = first; output !== 0; output = this.#next[output] ?? 0) {
      const onlyAt = this.#onlyAt[output] ?? 0;
      if (onlyAt === 0 || onlyAt === end) found(this.#found[output] ?? 0);
    }
  }

  /** A column for each ASCII character in the texts; says how many columns that makes. */
  #layOut(texts: readonly string[]): number {
    let width = OTHER + 1;
    for (const text of texts) {
      for (let index = 0; index < text.length; index += 1) {
        const code = text.charCodeAt(index);
        if (this.#columns[code] === OTHER) {
          this.#columns[code] = width;
          width += 1;
        }
      }
    }
    for (let capital = 0x41; capital <= 0x5a; capital += 1) {
      this.#columns[capital] = this.#columns[capital + 0x20] ?? OTHER;
    }
    return width;
  }

  #column(code: number): number {
    if (code < ASCII) return this.#columns[code] ?? OTHER;
    return code === LONG_S ? (this.#columns[0x73] ?? OTHER) : this.#shared + (code % SHARED);
  }

  /** The literals as a trie; says where its rows end. */
  #plant(sought: readonly Sought[], longest: number): number {
    let rows = this.#width;
    for (const { literal, number } of sought) {
      const text = literal.text.slice(0, longest);
      let row = 0;
      for (let index = 0; index < text.length; index += 1) {
        const cell = row + this.#column(text.charCodeAt(index));
        if (this.#table[cell] === 0) {
          this.#table[cell] = rows;
          rows += this.#width;
        }
        row = this.#table[cell] ?? 0;
      }
      this.#onlyAt.push(literal.first ? text.length : 0);
      this.#next.push(this.#table[row] ?? 0);
      this.#table[row] = this.#found.push(number) - 1;
    }
    return rows;
  }

  /** Where a literal does not go on, the longest end of what was read that begins another one does. */
  #link(rows: number): void {
    const width = this.#width;
    const fallback = new Int32Array(rows / width);
    const queue: number[] = [0];
    for (let head = 0; head < queue.length; head += 1) {
      const row = queue[head] ?? 0;
      const back = fallback[row / width] ?? 0;
      if (row !== 0) this.#chain(row, back);
      for (let column = OTHER; column < width; column += 1) {
        const next = this.#table[row + column] ?? 0;
        const other = row === 0 ? 0 : (this.#table[back + column] ?? 0);
        if (next === 0) this.#table[row + column] = other;
        else {
          fallback[next / width] = other;
          queue.push(next);
        }
      }
    }
  }

  /** Whatever ends with the fallback ends with the state. */
  #chain(row: number, back: number): void {
    const inherited = this.#table[back] ?? 0;
    let last = this.#table[row] ?? 0;
    if (last === 0) {
      this.#table[row] = inherited;
      return;
    }
    while ((this.#next[last] ?? 0) !== 0) last = this.#next[last] ?? 0;
    this.#next[last] = inherited;
  }
}

/** How long literals may be so that their trie has at most so many states; and how many it has. */
function fitting(texts: readonly string[], most: number): { length: number; states: number } {
  const sorted = texts.toSorted();
  for (let length = LONGEST; ; length = Math.floor(length / 2)) {
    let states = 1;
    let before = '';
    for (const text of sorted) {
      const size = Math.min(text.length, length);
      let same = 0;
      while (same < size && same < before.length && text[same] === before[same]) same += 1;
      states += size - same;
      before = text.slice(0, size);
    }
    if (states <= most || length <= 1) return { length, states };
  }
}
