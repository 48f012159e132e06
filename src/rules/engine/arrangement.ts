import type { Formula, Test } from '../formula.ts';
import { COARSE_COST, type Cover, coverOf, findingCost, testingCost } from './cover.ts';
import { type Keys, keysOf } from './keys.ts';
import { assume, type Logic, logicOf } from './logic.ts';
import { TestNumbers } from './numbers.ts';
import { type Candidate, type ExactTest, exactTermsOf } from './plan.ts';
import type { Slot } from './slot.ts';
import { SlotIndex } from './slot-index.ts';
import { Truths } from './truths.ts';

/** Longer lists of values stay tests. */
const MOST_TEXTS = 100;
/** A formula that is found by more tests than these is asked in full each time. */
const MOST_ASSUMED = 8;

/** A field with the formulas that can only be true when one of its tests is. */
interface Entrance {
  readonly index: SlotIndex;
  readonly byTest: ReadonlyMap<number, readonly Candidate[]>;
}

/** A field that says what happened, with all its tests. */
interface EventField {
  readonly slot: Slot;
  readonly index: SlotIndex;
}

/** Formulas, each at the place where it costs least to find out that it is not true. */
export interface Arrangement {
  readonly truths: Truths;
  readonly logics: readonly Logic[];
  readonly name: EventField;
  readonly source: EventField;
  /** Tests of the event's name and source. */
  readonly eventTests: ReadonlySet<number>;
  /** Formulas by the tests of the event's name and source of which one must be true. */
  readonly byEvent: ReadonlyMap<number, readonly number[]>;
  /** Formulas that any record may fulfil. */
  readonly open: readonly number[];
  readonly entrances: readonly Entrance[];
  readonly exactOf: (test: number) => ExactTest | undefined;
}

export function arrange(formulas: readonly Formula[]): Arrangement {
  return new Arranger(formulas).arrange();
}

class Arranger {
  readonly #tests: readonly Test[];
  readonly #keys: readonly (Keys | undefined)[];
  readonly #logics: readonly Logic[];
  readonly #truths: Truths;
  readonly #exact: readonly (ExactTest | undefined)[];

  constructor(formulas: readonly Formula[]) {
    const numbers = new TestNumbers();
    const cost = (test: number) => testingCost(numbers.tests[test]);
    this.#logics = formulas.map((formula) => logicOf(formula, (test) => numbers.of(test), cost));
    this.#tests = numbers.tests;
    this.#keys = this.#tests.map((test) =>
      test.kind === 'field' || test.kind === 'keyword' ? keysOf(test) : undefined,
    );
    this.#truths = new Truths(this.#tests);
    this.#exact = this.#tests.map((_, test) => this.#exactOf(test));
    for (const [test, exact] of this.#exact.entries()) {
      if (exact)
        this.#truths.setSymbols(
          test,
          exact.slot,
          exact.texts.map((text) => exact.slot.symbolOf(text)),
        );
    }
  }

  arrange(): Arrangement {
    const name = this.#truths.slotAt('eventName');
    const source = this.#truths.slotAt('eventSource');
    const bySlot = Map.groupBy(this.#tests.keys(), (test) => this.#slotOf(test));
    const eventTests = new Set([...(bySlot.get(name) ?? []), ...(bySlot.get(source) ?? [])]);
    const byEvent = new Map<number, number[]>();
    const waiting = new Map<number, Candidate[]>();
    const open: number[] = [];
    for (const [position, logic] of this.#logics.entries()) {
      const cover = this.#coverOf(logic, eventTests);
      if (!cover) open.push(position);
      else if (cover.tests.every((test) => eventTests.has(test))) {
        for (const test of cover.tests) append(byEvent, test, position);
      } else
        for (const test of cover.tests) append(waiting, test, candidateFor(position, logic, cover, test));
    }
    return {
      truths: this.#truths,
      logics: this.#logics,
      name: { slot: name, index: this.#index(name, bySlot.get(name) ?? []) },
      source: { slot: source, index: this.#index(source, bySlot.get(source) ?? []) },
      eventTests,
      byEvent,
      open,
      entrances: this.#entrances(waiting),
      exactOf: (test) => this.#exact[test],
    };
  }

  /** By the event where its plan leaves little to ask: an entrance has its price for every record. */
  #coverOf(logic: Logic, eventTests: ReadonlySet<number>): Cover | undefined {
    const costOf = (test: number) => findingCost(this.#tests[test], this.#keys[test]);
    const event = coverOf(logic, (test) => (eventTests.has(test) ? costOf(test) : undefined));
    const picky = exactTermsOf(logic, (test) => this.#exact[test]).some(
      ({ test }) => !eventTests.has(test) && (costOf(test) ?? COARSE_COST) < COARSE_COST,
    );
    return event && picky ? event : coverOf(logic, costOf);
  }

  #entrances(waiting: ReadonlyMap<number, readonly Candidate[]>): Entrance[] {
    const bySlot = Map.groupBy(waiting.keys(), (test) => this.#slotOf(test));
    return Array.from(bySlot).flatMap(([slot, tests]) => {
      if (!slot) return [];
      const byTest = new Map(tests.map((test) => [test, waiting.get(test) ?? []]));
      return [{ index: this.#index(slot, tests), byTest }];
    });
  }

  #index(slot: Slot, tests: readonly number[]): SlotIndex {
    const keyed = tests.map((test) => ({ test, keys: this.#keys[test] }));
    return new SlotIndex(slot, keyed, this.#truths);
  }

  #slotOf(test: number): Slot | undefined {
    const of = this.#tests[test];
    return of && this.#truths.slotOf(of);
  }

  #exactOf(number: number): ExactTest | undefined {
    const test = this.#tests[number];
    const keys = this.#keys[number];
    if (test?.kind !== 'field' || test.raw || !keys) return undefined;
    if (test.probes.some(({ kind }) => kind !== 'exact') || test.probes.length > MOST_TEXTS) return undefined;
    const slot = this.#truths.slot(test.path);
    const texts = [...new Set(keys.exact)];
    for (const text of texts) slot.enter(text);
    return { slot, texts };
  }
}

function candidateFor(rule: number, logic: Logic, cover: Cover, found: number): Candidate {
  if (cover.tests.length > MOST_ASSUMED) return { rule, logic };
  return { rule, logic: assume(logic, (test) => (test === found ? true : undefined)) };
}

function append<Item>(lists: Map<number, Item[]>, key: number, item: Item): void {
  const list = lists.get(key);
  if (list) list.push(item);
  else lists.set(key, [item]);
}
