import type { Logic } from './logic.ts';
import type { Candidate, Plan } from './plan.ts';
import type { Truths } from './truths.ts';

const FIRST_LENGTH = 2 ** 14;

/**
 * Plans and lists of candidates laid out in one array of numbers, so that asking them touches little memory.
 *
 * - list: how many candidates; for each its rule, how many terms, and the terms, which must all hold. Instead of how
 *   many, what is not just terms has the place of its logic, as a negative number from -1.
 * - plan: how many groups; for each its slot, and the mask and the address of its table; then the list of others.
 * - table: entries of a symbol and the address of a list, open addressing; the symbol 0 is an empty entry.
 */
export class Program {
  readonly #truths: Truths;
  readonly #logics: Logic[] = [];
  #code = new Int32Array(FIRST_LENGTH);
  /** No list is at 0. */
  #end = 1;
  #kept = { end: 1, logics: 0 };
  readonly #found: Int32Array;
  #count = 0;

  constructor(truths: Truths, rules: number) {
    this.#truths = truths;
    this.#found = new Int32Array(rules);
  }

  /** Numbers that were written since `keep`. */
  get size(): number {
    return this.#end - this.#kept.end;
  }

  /** What is there now stays when the rest is dropped. */
  keep(): void {
    this.#kept = { end: this.#end, logics: this.#logics.length };
  }

  drop(): void {
    this.#end = this.#kept.end;
    this.#logics.length = this.#kept.logics;
  }

  writeList(candidates: readonly Candidate[]): number {
    const numbers = [candidates.length];
    for (const { rule, logic } of candidates) {
      const { and, terms, parts } = logic;
      if ((and || terms.length === 1) && parts.length === 0) numbers.push(rule, terms.length, ...terms);
      else numbers.push(rule, -this.#logics.push(logic));
    }
    return this.#write(numbers);
  }

  writePlan({ groups, others }: Plan): number {
    const head = [groups.length];
    for (const { slot, byText } of groups) {
      const mask = 2 ** Math.ceil(Math.log2(byText.size * 2)) - 1;
      const table = Array<number>(2 * (mask + 1)).fill(0);
      for (const [text, candidates] of byText) {
        const symbol = slot.symbolOf(text);
        let entry = symbol & mask;
        while (table[2 * entry] !== 0) entry = (entry + 1) & mask;
        table[2 * entry] = symbol;
        table[2 * entry + 1] = this.writeList(candidates);
      }
      head.push(slot.number, mask, this.#write(table));
    }
    const address = this.#write(head);
    // The list must stand right behind.
    this.writeList(others);
    return address;
  }

  /** Forgets what was found. */
  start(): void {
    this.#count = 0;
  }

  /** Rules that hold, in their order. */
  get found(): Int32Array {
    return this.#found;
  }

  get count(): number {
    return this.#count;
  }

  runPlan(plan: number): void {
    const code = this.#code;
    let address = plan + 1;
    for (let groups = code[plan] ?? 0; groups > 0; groups -= 1) {
      this.#runGroup(code[address] ?? 0, code[address + 1] ?? 0, code[address + 2] ?? 0);
      address += 3;
    }
    this.runList(address);
  }

  runList(list: number): void {
    const code = this.#code;
    const truths = this.#truths;
    let address = list + 1;
    for (let left = code[list] ?? 0; left > 0; left -= 1) {
      const rule = code[address] ?? 0;
      const terms = code[address + 1] ?? 0;
      address += 2;
      if (terms < 0) {
        const logic = this.#logics[-terms - 1];
        if (logic && truths.holds(logic)) this.#keepRule(rule);
        continue;
      }
      const end = address + terms;
      while (address < end) {
        const term = code[address] ?? 0;
        if (truths.isTrue(term >> 1) === ((term & 1) === 1)) break;
        address += 1;
      }
      if (address === end) this.#keepRule(rule);
      address = end;
    }
  }

  #runGroup(number: number, mask: number, table: number): void {
    const slot = this.#truths.slots[number];
    if (!slot) return;
    slot.read(this.#truths.reading);
    if (slot.state === 'text') this.#runEntry(slot.symbol(), mask, table);
    else if (slot.state === 'many') {
      for (const text of slot.foldedTexts()) this.#runEntry(slot.symbolOf(text), mask, table);
    }
  }

  #runEntry(symbol: number, mask: number, table: number): void {
    if (symbol === 0) return;
    const code = this.#code;
    for (let entry = symbol & mask; ; entry = (entry + 1) & mask) {
      const there = code[table + 2 * entry] ?? 0;
      if (there === 0) return;
      if (there !== symbol) continue;
      this.runList(code[table + 2 * entry + 1] ?? 0);
      return;
    }
  }

  /** Sorted in; mostly they come in their order, or there are few. One may come twice. */
  #keepRule(rule: number): void {
    const found = this.#found;
    let at = this.#count;
    while (at > 0 && (found[at - 1] ?? 0) > rule) at -= 1;
    if (at > 0 && found[at - 1] === rule) return;
    for (let from = this.#count; from > at; from -= 1) found[from] = found[from - 1] ?? 0;
    found[at] = rule;
    this.#count += 1;
  }

  #write(numbers: readonly number[]): number {
    const address = this.#end;
    this.#end += numbers.length;
    if (this.#end > this.#code.length) {
      const longer = new Int32Array(2 ** Math.ceil(Math.log2(this.#end + 1)));
      longer.set(this.#code);
      this.#code = longer;
    }
    this.#code.set(numbers, address);
    return address;
  }
}
