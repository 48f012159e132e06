import type { SlotIndex } from './slot-index.ts';

/** What some values of a field have in common for the rules: the same of its tests are true for them. */
export interface ValueClass {
  readonly satisfied: ReadonlySet<number>;
}

/** Sorts the values of a field into classes. */
export class ValueClasses {
  /** Of all tests of the field. */
  readonly #index: SlotIndex;
  readonly #byTests = new Map<string, ValueClass>();

  constructor(index: SlotIndex) {
    this.#index = index;
  }

  get size(): number {
    return this.#byTests.size;
  }

  /** The class of what stands in the field now. */
  current(): ValueClass {
    const tests = this.#index.find().toSorted((a, b) => a - b);
    const key = tests.join();
    const found = this.#byTests.get(key) ?? { satisfied: new Set(tests) };
    this.#byTests.set(key, found);
    return found;
  }

  clear(): void {
    this.#byTests.clear();
  }
}
