import type { Json, JsonObject } from '../../kernel/json.ts';
import { type FieldPath, fieldPath, type Row } from '../field.ts';
import type { FieldTest, KeywordTest, Test } from '../formula.ts';
import { compileTest } from '../formula-test.ts';
import type { Logic } from './logic.ts';
import { Slot } from './slot.ts';

type Evaluate = (body: JsonObject) => boolean;

/** Of each test: its stamp, its slot, and its symbol or symbols. */
const WIDTH = 4;
const SLOT = 1;
const SYMBOL = 2;
const SYMBOLS = 3;
/** Symbols of a slot that are bits of one number. */
const MOST_BITS = 31;
const LAST_STAMP = 2 ** 30;

/** Which tests are true for the record at hand: each is made at most once a record. */
export class Truths {
  readonly reading: { body: JsonObject; row: Row | undefined; tick: number } = {
    body: {},
    row: undefined,
    tick: 0,
  };
  readonly slots: Slot[] = [];
  /** How many tests there are. */
  readonly size: number;
  readonly #slotAt = new Map<string, Slot>();
  readonly #evaluate: readonly Evaluate[];
  /**
   * Four numbers for each test: the stamp of the record for which it was made, negative when it was false; and for
   * a test of exact texts that are symbols, its slot counted from 1, then the symbol, or else the symbols as bits.
   */
  readonly #cells: Int32Array;
  #stamp = 0;

  constructor(tests: readonly Test[]) {
    this.size = tests.length;
    this.#evaluate = tests.map((test) => this.#compile(test));
    this.#cells = new Int32Array(WIDTH * tests.length);
  }

  /** Either the body of the record, or what stands in each slot. */
  next(body: JsonObject, row: Row | undefined): void {
    this.reading.body = body;
    this.reading.row = row;
    this.reading.tick += 1;
    this.#stamp += 1;
    if (this.#stamp < LAST_STAMP) return;
    this.#stamp = 1;
    for (let test = 0; test < this.size; test += 1) this.#cells[WIDTH * test] = 0;
  }

  /** The test is true exactly for these symbols of a slot; all symbols of the slot are known. */
  setSymbols(test: number, slot: Slot, symbols: readonly number[]): void {
    const [only = 0] = symbols;
    if (symbols.length !== 1 && slot.symbols > MOST_BITS) return;
    const cell = WIDTH * test;
    this.#cells[cell + SLOT] = slot.number + 1;
    if (symbols.length === 1) this.#cells[cell + SYMBOL] = only;
    else this.#cells[cell + SYMBOLS] = symbols.reduce((bits, symbol) => bits | (1 << symbol), 0);
  }

  isTrue(test: number): boolean {
    const cell = WIDTH * test;
    const slot = this.#cells[cell + SLOT] ?? 0;
    if (slot !== 0) return this.#isSymbol(cell, this.slots[slot - 1]);
    const stamp = this.#stamp;
    const made = this.#cells[cell];
    if (made === stamp) return true;
    if (made === -stamp) return false;
    const truth = this.#evaluate[test]?.(this.reading.body) ?? false;
    this.#cells[cell] = truth ? stamp : -stamp;
    return truth;
  }

  #isSymbol(cell: number, slot: Slot | undefined): boolean {
    if (!slot) return false;
    slot.read(this.reading);
    if (slot.state === 'text') return this.#covers(cell, slot.symbol());
    return (
      slot.state === 'many' && slot.foldedTexts().some((text) => this.#covers(cell, slot.symbolOf(text)))
    );
  }

  #covers(cell: number, symbol: number): boolean {
    const only = this.#cells[cell + SYMBOL] ?? 0;
    return only === 0 ? (((this.#cells[cell + SYMBOLS] ?? 0) >> symbol) & 1) === 1 : only === symbol;
  }

  holds(logic: Logic): boolean {
    const { and, terms, parts } = logic;
    for (let index = 0; index < terms.length; index += 1) {
      const term = terms[index] ?? 0;
      // A term is a test's number and, in its last bit, whether it must be false.
      if ((this.isTrue(term >> 1) !== ((term & 1) === 1)) !== and) return !and;
    }
    for (let index = 0; index < parts.length; index += 1) {
      const part = parts[index];
      if (part && this.holds(part) !== and) return !and;
    }
    return and;
  }

  /** Where tests of a path look; without a path, where those look that search the whole record. */
  slot(path: FieldPath | undefined): Slot {
    const key = path ? `.${path.text}` : '';
    let slot = this.#slotAt.get(key);
    if (!slot) {
      slot = new Slot(this.slots.length, path);
      this.slots.push(slot);
      this.#slotAt.set(key, slot);
    }
    return slot;
  }

  slotAt(path: string): Slot {
    return this.slot(fieldPath(path));
  }

  /** The slot on which alone the truth of a test depends. */
  slotOf(test: Test): Slot | undefined {
    if (test.kind === 'keyword') return this.slot(undefined);
    return test.kind === 'field' || test.kind === 'exists' ? this.slot(test.path) : undefined;
  }

  #compile(test: Test): Evaluate {
    switch (test.kind) {
      case 'field':
      case 'keyword':
        return this.#compileProbes(test);
      case 'exists': {
        const slot = this.slot(test.path);
        return () => {
          slot.read(this.reading);
          return slot.present === test.wanted;
        };
      }
      default: {
        const { kind, path } = test;
        const slots = (kind === 'fieldref' ? [path, test.other] : [path]).map((one) => this.slot(one));
        const holds = compileTest(test);
        return (body) => holds(this.reading.row ? bodyOf(slots, this.reading.row) : body);
      }
    }
  }

  #compileProbes(test: FieldTest | KeywordTest): Evaluate {
    const slot = this.slot(test.kind === 'field' ? test.path : undefined);
    const wantsNull = test.kind === 'field' && test.probes.some(({ kind }) => kind === 'null');
    const { raw } = test;
    const fits = compileFits(test);
    return () => {
      slot.read(this.reading);
      if (slot.state === 'text') return fits(raw ? slot.text : slot.folded());
      if (slot.state !== 'many') return wantsNull;
      return (wantsNull && slot.hasNull) || (raw ? slot.texts : slot.foldedTexts()).some(fits);
    };
  }
}

/** As much of the body as there is: a key with dots stands for its path. */
function bodyOf(slots: readonly Slot[], row: Row): JsonObject {
  const found = slots.map(({ path, number }) => [path?.text ?? '', row[number]] as const);
  return Object.fromEntries(found.filter((one): one is [string, Json] => one[1] !== undefined));
}

/** Whether a text, already folded unless the test is raw, passes one of the probes. */
function compileFits({ probes }: FieldTest | KeywordTest): (text: string) => boolean {
  const exact = new Set(probes.flatMap((probe) => (probe.kind === 'exact' ? [probe.text] : [])));
  const tests = probes.flatMap((probe) =>
    probe.kind === 'exact' || probe.kind === 'null' ? [] : [probe.test],
  );
  const [only] = exact;
  const [test] = tests;
  if (tests.length === 0) {
    return exact.size === 1 ? (text) => text === only : (text) => exact.has(text);
  }
  if (test && tests.length === 1 && exact.size === 0) return test;
  return (text) => exact.has(text) || tests.some((one) => one(text));
}
