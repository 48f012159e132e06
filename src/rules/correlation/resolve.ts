import type { Millis } from '../../kernel/time.ts';
import { fieldPath } from '../field.ts';
import type { Names, Standing } from '../names.ts';
import type { Notes } from '../notes.ts';
import { sayNames } from '../spelling.ts';
import { type Circle, chainsOf } from './chain.ts';
import {
  type Correlation,
  type CorrelationCondition,
  needsClosing,
  type Part,
  signatureOf,
} from './correlation.ts';
import { wholeRange } from './range.ts';
import type { ReadCorrelation, Reference, WrittenCorrelation } from './read.ts';

/** A correlation with the notes of its file. */
interface Noted {
  readonly written: WrittenCorrelation;
  readonly notes: Notes;
}

interface Resolved {
  readonly correlation: Correlation;
  /** How many correlations stand on one another here, this one included. */
  readonly height: number;
  /** So much later than its last event it may fire, apart from its own lateness. */
  readonly delay: Millis;
}

const MOST_HEIGHT = 10;

/** Finds the rules that correlations name. Those with a mistake are reported and left out, in the order given. */
export function resolveCorrelations(all: readonly Noted[], names: Names): Correlation[] {
  const byId = new Map(all.map((one) => [one.written.rule.id, one]));
  const idsOf = ({ references }: WrittenCorrelation) =>
    references.map((reference) => countedId(reference, names));
  const { order, circles } = chainsOf(all, ({ written }) =>
    idsOf(written).flatMap((id = '') => byId.get(id) ?? []),
  );
  for (const [{ written, notes }, circle] of circles) refuseCircle(written, circle, notes);
  const done = new Map<string, Resolved>();
  for (const one of order) {
    const { written } = one;
    const ids = idsOf(written).filter((id) => id !== undefined);
    const under = ids.flatMap((id) => byId.get(id) ?? []);
    const below = under.flatMap(({ written: { rule } }) => done.get(rule.id) ?? []);
    // What counts a wrong one, or none at all, is as wrong; the mistake is reported there.
    const isWhole = ids.length === written.references.length && below.length === under.length;
    const resolved = isWhole ? resolve(one, ids, below, names) : undefined;
    if (resolved) done.set(written.rule.id, resolved);
  }
  return all.flatMap(({ written }) => done.get(written.rule.id)?.correlation ?? []);
}

function refuseCircle(start: WrittenCorrelation, { first, length }: Circle<Noted>, notes: Notes): void {
  const way = first.map(({ written }) => written.rule.name);
  const names = [...way, ...(length > way.length ? ['…'] : []), start.rule.name];
  const what = `the correlation waits for itself: ${names.join(' → ')}`;
  notes.refuse(start.at, what, 'take one of these out of the "rules" of another');
}

function resolve(
  { written, notes }: Noted,
  ids: readonly string[],
  below: readonly Resolved[],
  names: Names,
): Resolved | undefined {
  const height = 1 + Math.max(0, ...below.map((one) => one.height));
  if (height > MOST_HEIGHT) {
    const what = `the correlation counts others that count others, more than ${MOST_HEIGHT} in a row`;
    notes.refuse(written.at, what, 'count the rules themselves');
    return undefined;
  }
  const before = notes.problems.length;
  const parts = partsOf(written, ids, names, notes);
  const condition = conditionOf(written, parts.length, notes);
  if (notes.problems.length > before) return undefined;
  const { rule, type, groupBy, timespan } = written;
  const inherited = Math.max(0, ...below.map(({ delay }) => delay));
  const lateness = written.lateness + inherited;
  const whole = {
    rule,
    type,
    parts,
    groupBy,
    timespan,
    lateness,
    condition,
    percentile: written.condition.percentile,
    closes: needsClosing(type, condition),
  };
  const delay = whole.closes ? timespan + lateness : inherited;
  return { correlation: { ...whole, signature: signatureOf(whole) }, height, delay };
}

const WHY_NOT: Readonly<
  Record<Exclude<Standing, 'rule' | 'correlation'>, readonly [what: string, remedy: string]>
> = {
  disabled: ['is disabled', 'enable it, or disable the correlation too'],
  wrong: ['has mistakes', 'correct them first'],
  foreign: ['is not for CloudTrail', 'name rules for CloudTrail only'],
  filter: ['is a filter', 'name a rule or a correlation'],
};

/** Reports names in a correlation, be it right or wrong itself, that stand for nothing that can be counted. */
export function checkReferences({ references, aliases }: ReadCorrelation, names: Names, notes: Notes): void {
  for (const { text, at } of references) {
    const named = names.find(text);
    if (!named) notes.refuse(at, `no rule is called "${text}"`, names.suggestFor(text));
    else if (named.standing !== 'rule' && named.standing !== 'correlation') {
      const [what, remedy] = WHY_NOT[named.standing];
      notes.refuse(at, `the rule "${text}" ${what}`, remedy);
    }
  }
  if (references.length === 0) return;
  const texts = new Set(references.map(({ text }) => text));
  const ids = new Set(references.map(({ text }) => names.find(text)?.id ?? text));
  for (const { name, fields } of aliases) {
    for (const { text, at } of fields.map(({ rule }) => rule)) {
      if (texts.has(text) || ids.has(names.find(text)?.id ?? '')) continue;
      const remedy = names.suggestAmong(text, texts, `its rules are ${sayNames([...texts])}`);
      notes.refuse(at, `the alias "${name}" speaks of "${text}", which is none of the rules`, remedy);
    }
  }
}

/** The id of the rule that a name stands for, if it can be counted. */
function countedId({ text }: Reference, names: Names): string | undefined {
  const named = names.find(text);
  return named?.standing === 'rule' || named?.standing === 'correlation' ? named.id : undefined;
}

function partsOf(
  { references, aliases, groupBy, condition }: WrittenCorrelation,
  ids: readonly string[],
  names: Names,
  notes: Notes,
): Part[] {
  const plain = new Map([...groupBy, ...condition.fields].map((field) => [field, fieldPath(field)]));
  const own = new Map(
    aliases
      .filter(({ name }) => plain.has(name))
      .map(({ name, fields }) => [
        name,
        new Map(fields.map(({ rule, field }) => [names.find(rule.text)?.id, fieldPath(field)])),
      ]),
  );
  for (const [alias, fields] of own) {
    const [first, ...more] = references.filter((_, index) => !fields.has(ids[index]));
    if (!first) continue;
    const missing = sayNames([first, ...more].map(({ text }) => `"${text}"`));
    const what = `the alias "${alias}" does not say which field it is for ${missing}`;
    notes.warn(first.at, what, `add "${first.text}: field" to it, unless the field is called so`);
  }
  const pathsFor = (fields: readonly string[]) => {
    const paths = fields.flatMap((field) => plain.get(field) ?? []);
    // Thousands of rules have the same fields, if no alias says otherwise.
    if (!fields.some((field) => own.has(field))) return () => paths;
    return (id: string) => paths.map((path) => own.get(path.text)?.get(id) ?? path);
  };
  const [groupFor, valuesFor] = [pathsFor(groupBy), pathsFor(condition.fields)];
  return references.map(({ text }, index) => {
    const ruleId = ids[index] ?? '';
    return { ruleId, name: text, group: groupFor(ruleId), values: valuesFor(ruleId) };
  });
}

function conditionOf(
  { type, condition, at }: WrittenCorrelation,
  parts: number,
  notes: Notes,
): CorrelationCondition {
  if (condition.expression) return { kind: 'rules', expression: condition.expression.of };
  const bounds = condition.bounds ?? [{ comparison: 'gte', number: parts }];
  if (type.startsWith('temporal') && wholeRange(bounds).least > parts) {
    notes.refuse(
      at,
      `the condition asks for more rules than the ${parts} there are`,
      'lower it, or add rules',
    );
  }
  return { kind: 'bounds', bounds };
}
