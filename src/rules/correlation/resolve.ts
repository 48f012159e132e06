import type { Millis } from '../../kernel/time.ts';
import { fieldPath } from '../field.ts';
import type { Names, Standing } from '../names.ts';
import type { Notes } from '../notes.ts';
import { suggest } from '../spelling.ts';
import {
  type Correlation,
  type CorrelationCondition,
  lowestOf,
  needsClosing,
  type Part,
  signatureOf,
} from './correlation.ts';
import type { Reference, WrittenCorrelation } from './read.ts';

/** A correlation with the notes of its file. */
interface Noted {
  readonly written: WrittenCorrelation;
  readonly notes: Notes;
}

/** Finds the rules that correlations name. Those with a mistake are reported and left out, in the order given. */
export function resolveCorrelations(all: readonly Noted[], names: Names): Correlation[] {
  const resolver = new Resolver(all, names);
  return all.flatMap(({ written }) => resolver.resolve(written.rule.id) ?? []);
}

class Resolver {
  readonly #byId: ReadonlyMap<string, Noted>;
  readonly #names: Names;
  readonly #done = new Map<string, Correlation | undefined>();

  constructor(all: readonly Noted[], names: Names) {
    this.#byId = new Map(all.map((one) => [one.written.rule.id, one]));
    this.#names = names;
  }

  resolve(id: string): Correlation | undefined {
    const one = this.#byId.get(id);
    if (!one || this.#done.has(id)) return this.#done.get(id);
    // Whoever comes back here while it is being resolved is part of a circle, which is reported.
    this.#done.set(id, undefined);
    const resolved = this.#resolve(one);
    this.#done.set(id, resolved);
    return resolved;
  }

  #resolve({ written, notes }: Noted): Correlation | undefined {
    const before = notes.problems.length;
    const circle = this.#circleFrom(written);
    if (circle) {
      const what = `the correlation waits for itself: ${circle.join(' → ')}`;
      notes.refuse(written.at, what, 'take one of these out of the "rules" of another');
      return undefined;
    }
    const ids = written.references.map((reference) => ruleFor(reference, this.#names, notes));
    const parts = partsOf(written, ids, this.#names, notes);
    const condition = conditionOf(written, parts.length, notes);
    if (notes.problems.length > before) return undefined;
    const { rule, type, groupBy, timespan } = written;
    const whole = {
      rule,
      type,
      parts,
      groupBy,
      timespan,
      lateness: written.lateness + this.#delayUnder(ids),
      condition,
      percentile: written.condition.percentile,
      closes: needsClosing(type, condition),
    };
    return { ...whole, signature: signatureOf(whole) };
  }

  /** So much later than its last event the slowest of the correlations that it counts may fire. */
  #delayUnder(ids: readonly (string | undefined)[]): Millis {
    const delays = ids.map((id = '') => {
      const under = this.resolve(id);
      if (!under) return 0;
      const inherited = under.lateness - (this.#byId.get(id)?.written.lateness ?? 0);
      return under.closes ? under.timespan + under.lateness : inherited;
    });
    return Math.max(0, ...delays);
  }

  /** The way from a correlation back to itself, by names; `undefined` when there is none. */
  #circleFrom(start: WrittenCorrelation): string[] | undefined {
    const seen = new Set<string>();
    const visit = (from: WrittenCorrelation, way: readonly string[]): string[] | undefined => {
      for (const { text } of from.references) {
        const id = this.#names.find(text)?.id ?? '';
        const next = this.#byId.get(id)?.written;
        if (id === start.rule.id) return [...way, start.rule.name];
        if (!next || seen.has(id)) continue;
        seen.add(id);
        const found = visit(next, [...way, next.rule.name]);
        if (found) return found;
      }
      return undefined;
    };
    return visit(start, [start.rule.name]);
  }
}

const WHY_NOT: Readonly<
  Record<Exclude<Standing, 'rule' | 'correlation'>, readonly [what: string, remedy: string]>
> = {
  disabled: ['is disabled', 'enable it, or disable the correlation too'],
  wrong: ['has mistakes', 'correct them first'],
  foreign: ['is not for CloudTrail', 'name rules for CloudTrail only'],
  filter: ['is a filter', 'name a rule or a correlation'],
};

/** The id of the rule that a name stands for; reports one that cannot be counted. */
function ruleFor({ text, at }: Reference, names: Names, notes: Notes): string | undefined {
  const named = names.find(text);
  if (!named) {
    notes.refuse(at, `no rule is called "${text}"`, names.suggestFor(text));
    return undefined;
  }
  if (named.standing === 'rule' || named.standing === 'correlation') return named.id;
  const [what, remedy] = WHY_NOT[named.standing];
  notes.refuse(at, `the rule "${text}" ${what}`, remedy);
  return undefined;
}

function partsOf(
  written: WrittenCorrelation,
  ids: readonly (string | undefined)[],
  names: Names,
  notes: Notes,
): Part[] {
  const { references, aliases, groupBy, condition } = written;
  const texts = references.map(({ text }) => text);
  const means = (reference: Reference, id: string | undefined) =>
    id !== undefined && names.find(reference.text)?.id === id;
  for (const { name, fields } of aliases) {
    for (const { rule } of fields.filter((one) => !ids.some((id) => means(one.rule, id)))) {
      const remedy = suggest(rule.text, texts, `its rules are ${texts.join(', ')}`);
      notes.refuse(
        rule.at,
        `the alias "${name}" speaks of "${rule.text}", which is none of the rules`,
        remedy,
      );
    }
  }
  return references.map((reference, index) => {
    const id = ids[index];
    const pathOf = (field: string) => {
      const alias = aliases.find(({ name }) => name === field);
      const own = alias?.fields.find(({ rule }) => means(rule, id));
      if (alias && !own && id !== undefined) {
        const what = `the alias "${field}" does not say which field it is for "${reference.text}"`;
        notes.warn(reference.at, what, `add "${reference.text}: field" to it, unless the field is called so`);
      }
      return fieldPath(own?.field ?? field);
    };
    return {
      ruleId: id ?? '',
      name: reference.text,
      group: groupBy.map(pathOf),
      values: condition.fields.map(pathOf),
    };
  });
}

function conditionOf(
  { type, condition, at }: WrittenCorrelation,
  parts: number,
  notes: Notes,
): CorrelationCondition {
  if (condition.expression) return { kind: 'rules', expression: condition.expression.of };
  const bounds = condition.bounds ?? [{ comparison: 'gte', number: parts }];
  const lowest = Math.max(...bounds.map(lowestOf));
  if (type.startsWith('temporal') && lowest > parts) {
    notes.refuse(
      at,
      `the condition asks for more rules than the ${parts} there are`,
      'lower it, or add rules',
    );
  }
  return { kind: 'bounds', bounds };
}
