import { internalized } from '../../kernel/text.ts';
import { Automaton } from './automaton.ts';
import { addressNumber, type Keys, networkBase } from './keys.ts';
import type { Slot } from './slot.ts';
import type { Truths } from './truths.ts';

/** A test of the slot by its number; without keys it is tried on every value. */
interface Keyed {
  readonly test: number;
  readonly keys: Keys | undefined;
}

const NONE: readonly number[] = [];
const LONGEST_KEPT = 512;
const MOST_KEPT = 4096;
/** Numbers of tests in all that is kept. */
const MOST_TESTS_KEPT = 200_000;
/** Values after which keeping is worth while or not; and how many go by then before it is tried again. */
const TRIAL = 4096;
const REST = 16 * TRIAL;

/** Finds the true ones among many tests of one slot, without trying those that cannot be true. */
export class SlotIndex {
  readonly #slot: Slot;
  readonly #truths: Truths;
  readonly #exact = new Map<string, number[]>();
  /** One for literals with which a text begins, one for the others. */
  readonly #automata: readonly Automaton[];
  /** IPv4 networks: by the number of their bits, by their base. */
  readonly #networks: { readonly bits: number; readonly byBase: Map<number, number[]> }[] = [];
  readonly #addressed: number[] = [];
  readonly #unkeyed: number[] = [];
  /** True tests by the text that stood in the slot. */
  readonly #kept = new Map<string, readonly number[]>();
  #testsKept = 0;
  #lookups = 0;
  #hits = 0;
  readonly #found: number[] = [];
  /** For each test the tick of the record for which it was tried. */
  readonly #marks: Float64Array;
  readonly #try: (test: number) => void;

  constructor(slot: Slot, tests: readonly Keyed[], truths: Truths) {
    this.#slot = slot;
    this.#truths = truths;
    this.#marks = new Float64Array(tests.reduce((most, { test }) => Math.max(most, test + 1), 0));
    const literals = tests.flatMap(({ test, keys }) =>
      (keys?.literals ?? []).map((literal) => ({ literal, number: test })),
    );
    this.#automata = [true, false]
      .map((first) => literals.filter(({ literal }) => literal.first === first))
      .filter(({ length }) => length > 0)
      .map((sought) => new Automaton(sought));
    for (const { test, keys } of tests) this.#enter(test, keys);
    this.#try = (test) => this.#collect(test);
  }

  /** The true tests, each once. The array is the index's own and good until it is asked again. */
  find(): readonly number[] {
    const slot = this.#slot;
    slot.read(this.#truths.reading);
    if (slot.state === 'text') return this.#cheap() ? this.#fresh() : this.#findKept(slot.text);
    if (slot.state !== 'many' && this.#unkeyed.length === 0) return NONE;
    return this.#fresh();
  }

  #enter(test: number, keys: Keys | undefined): void {
    if (!keys) {
      this.#unkeyed.push(test);
      return;
    }
    for (const text of new Set(keys.exact)) enter(this.#exact, text, test);
    for (const network of keys.networks) {
      if (this.#addressed.at(-1) !== test) this.#addressed.push(test);
      if (network === 'IPv6') continue;
      let group = this.#networks.find(({ bits }) => bits === network.bits);
      if (!group) {
        group = { bits: network.bits, byBase: new Map() };
        this.#networks.push(group);
      }
      enter(group.byBase, network.base, test);
    }
  }

  /** Looking is no dearer than looking whether it was looked before. */
  #cheap(): boolean {
    return this.#automata.length === 0 && this.#unkeyed.length === 0 && this.#networks.length === 0;
  }

  #findKept(text: string): readonly number[] {
    this.#lookups += 1;
    if (this.#lookups > TRIAL) {
      if (this.#lookups < REST && this.#hits < TRIAL / 2) return this.#fresh();
      this.#lookups = 1;
      this.#hits = 0;
    }
    if (text.length > LONGEST_KEPT) return this.#fresh();
    const kept = this.#kept.get(text);
    if (kept) {
      this.#hits += 1;
      return kept;
    }
    const found = this.#fresh().slice();
    if (this.#kept.size >= MOST_KEPT || this.#testsKept + found.length > MOST_TESTS_KEPT) {
      this.#kept.clear();
      this.#testsKept = 0;
    }
    this.#kept.set(internalized(text), found.length === 0 ? NONE : found);
    this.#testsKept += found.length;
    return found;
  }

  #fresh(): readonly number[] {
    const slot = this.#slot;
    if (this.#found.length > 0) this.#found.length = 0;
    this.#tryAll(this.#unkeyed);
    if (slot.state === 'text') this.#look(slot.text);
    else if (slot.state === 'many') for (const text of slot.texts) this.#look(text);
    if (this.#exact.size > 0) this.#lookUp(slot);
    return this.#found;
  }

  #lookUp(slot: Slot): void {
    if (slot.state === 'text') this.#tryAll(this.#exact.get(slot.folded()) ?? NONE);
    else if (slot.state === 'many') {
      for (const text of slot.foldedTexts()) this.#tryAll(this.#exact.get(text) ?? NONE);
    }
  }

  #look(text: string): void {
    for (let index = 0; index < this.#automata.length; index += 1) {
      this.#automata[index]?.search(text, this.#try);
    }
    if (this.#addressed.length === 0) return;
    // An IPv6 address may be an IPv4 one in disguise.
    if (text.includes(':')) this.#tryAll(this.#addressed);
    else this.#lookForNetworks(text);
  }

  #lookForNetworks(text: string): void {
    const address = addressNumber(text);
    if (address === undefined) return;
    for (const { bits, byBase } of this.#networks) {
      const tests = byBase.get(networkBase(address, bits));
      if (tests) this.#tryAll(tests);
    }
  }

  #tryAll(tests: readonly number[]): void {
    for (let index = 0; index < tests.length; index += 1) this.#collect(tests[index] ?? 0);
  }

  #collect(test: number): void {
    const { tick } = this.#truths.reading;
    if (this.#marks[test] === tick) return;
    this.#marks[test] = tick;
    if (this.#truths.isTrue(test)) this.#found.push(test);
  }
}

function enter<Key>(index: Map<Key, number[]>, key: Key, test: number): void {
  const tests = index.get(key);
  if (tests) tests.push(test);
  else index.set(key, [test]);
}
