import type { JsonObject } from '../../kernel/json.ts';
import { internalized } from '../../kernel/text.ts';
import type { FieldPath, Row } from '../field.ts';
import type { Formula } from '../formula.ts';
import { type Arrangement, arrange } from './arrangement.ts';
import { type ValueClass, ValueClasses } from './classes.ts';
import { FALSE } from './logic.ts';
import { planOf } from './plan.ts';
import { Program } from './program.ts';
import type { Truths } from './truths.ts';

/** Numbers in all plans together: 8 MB. */
const MOST_PLANNED = 2 * 2 ** 20;
const MOST_CLASSES = 10_000;
const MOST_EVENTS = 10_000;
/** The name and the source of an event together, for its plan to be remembered by them. */
const LONGEST_EVENT = 256;
const NOTHING: JsonObject = Object.freeze({});

/**
 * Finds the true ones among many formulas. An event's name and source choose a plan, made when the first of its kind
 * comes; formulas that need neither wait behind the values of other fields. No test is made twice for a record.
 */
export class Engine<Value> {
  readonly #values: readonly Value[];
  readonly #none: readonly Value[] = Object.freeze([]);
  readonly #arrangement: Arrangement;
  readonly #truths: Truths;
  readonly #program: Program;
  /** For each test the address of the list of those that wait for it to be true, or 0. */
  readonly #waiting: Int32Array;
  readonly #names: ValueClasses;
  readonly #sources: ValueClasses;
  readonly #plans = new Map<ValueClass, Map<ValueClass, number>>();
  /** Addresses of plans by the event's source and name. */
  readonly #byEvent = new Map<string, Map<string, number>>();
  #events = 0;

  /** Each formula with what stands for it. */
  constructor(entries: readonly { readonly formula: Formula; readonly value: Value }[]) {
    this.#values = entries.map(({ value }) => value);
    this.#arrangement = arrange(entries.map(({ formula }) => formula));
    const { truths, name, source, entrances } = this.#arrangement;
    this.#truths = truths;
    this.#names = new ValueClasses(name.index);
    this.#sources = new ValueClasses(source.index);
    const program = new Program(truths, entries.length);
    this.#waiting = new Int32Array(truths.size);
    for (const { byTest } of entrances) {
      for (const [test, candidates] of byTest) this.#waiting[test] = program.writeList(candidates);
    }
    program.keep();
    this.#program = program;
  }

  /** Where formulas look; `undefined` when some look everywhere. */
  get paths(): readonly FieldPath[] | undefined {
    const paths = this.#truths.slots.map(({ path }) => path);
    return paths.every((path) => path !== undefined) ? paths : undefined;
  }

  /** What stands for the formulas that are true for the body, in their order. Never throws. */
  find(body: JsonObject): readonly Value[] {
    this.#truths.next(body, undefined);
    return this.#find();
  }

  /** The same, of what stands at each of `paths`; none of them may lead through a list. */
  findRow(row: Row): readonly Value[] {
    this.#truths.next(NOTHING, row);
    return this.#find();
  }

  #find(): readonly Value[] {
    const program = this.#program;
    program.start();
    program.runPlan(this.#plan());
    const { entrances } = this.#arrangement;
    for (let index = 0; index < entrances.length; index += 1) {
      const tests = entrances[index]?.index.find();
      if (!tests) continue;
      for (let each = 0; each < tests.length; each += 1) {
        program.runList(this.#waiting[tests[each] ?? 0] ?? 0);
      }
    }
    return program.count === 0 ? this.#none : this.#result();
  }

  #result(): readonly Value[] {
    const { found, count } = this.#program;
    const result = Array<Value>(count);
    for (let index = 0; index < count; index += 1) {
      const value = this.#values[found[index] ?? 0];
      if (value !== undefined) result[index] = value;
    }
    return result;
  }

  /** The address of the plan for the event. */
  #plan(): number {
    const { reading } = this.#truths;
    const name = this.#arrangement.name.slot;
    const source = this.#arrangement.source.slot;
    name.read(reading);
    source.read(reading);
    if (name.state !== 'text' || source.state !== 'text') return this.#choosePlan();
    const byName = this.#byEvent.get(source.text);
    return byName?.get(name.text) ?? this.#remember(source.text, name.text, this.#choosePlan());
  }

  #remember(source: string, name: string, plan: number): number {
    if (source.length + name.length > LONGEST_EVENT) return plan;
    if (this.#events >= MOST_EVENTS) {
      this.#byEvent.clear();
      this.#events = 0;
    }
    const byName = this.#byEvent.get(source) ?? new Map<string, number>();
    this.#byEvent.set(internalized(source), byName.set(internalized(name), plan));
    this.#events += 1;
    return plan;
  }

  #choosePlan(): number {
    // Names that never come again must not stay.
    const full = Math.max(this.#names.size, this.#sources.size) >= MOST_CLASSES;
    if (full || this.#program.size > MOST_PLANNED) this.#forget();
    const name = this.#names.current();
    const source = this.#sources.current();
    const plans = this.#plans.get(name) ?? new Map<ValueClass, number>();
    const plan = plans.get(source) ?? this.#makePlan(name.satisfied, source.satisfied);
    this.#plans.set(name, plans.set(source, plan));
    return plan;
  }

  #makePlan(named: ReadonlySet<number>, sourced: ReadonlySet<number>): number {
    const { logics, byEvent, open, eventTests, exactOf } = this.#arrangement;
    const rules = new Set(open);
    for (const satisfied of [named, sourced]) {
      for (const test of satisfied) for (const rule of byEvent.get(test) ?? []) rules.add(rule);
    }
    const plan = planOf(
      Array.from(rules)
        .sort((a, b) => a - b)
        .map((rule) => ({ rule, logic: logics[rule] ?? FALSE })),
      (test) => (eventTests.has(test) ? named.has(test) || sourced.has(test) : undefined),
      exactOf,
    );
    return this.#program.writePlan(plan);
  }

  #forget(): void {
    this.#byEvent.clear();
    this.#events = 0;
    this.#plans.clear();
    this.#names.clear();
    this.#sources.clear();
    this.#program.drop();
  }
}
