import type { JsonObject } from '../kernel/json.ts';
import { type Clause, negation, OPEN } from './clause.ts';
import { type FieldPath, fieldPath, isPresent, someValue } from './field.ts';
import { fieldrefClause } from './fieldref.ts';
import { warnOfMisspelling } from './known-fields.ts';
import { type Chain, readModifiers } from './modifiers.ts';
import type { Notes } from './notes.ts';
import type { Lists } from './placeholder.ts';
import { booleanOf, type Probe, probesOf } from './probe.ts';
import type { Member, Place, ScalarNode, YamlNode } from './source.ts';
import { someText } from './text.ts';
import { fold } from './wildcard.ts';

type Test = (body: JsonObject) => boolean;

/** One line of a selection, `field|modifier: values`, compiled. `undefined` after a mistake. */
export function compileItem(member: Member, lists: Lists, notes: Notes): Clause | undefined {
  const [name = '', ...modifiers] = member.key.split('|');
  const chain = readModifiers(modifiers);
  if ('what' in chain) {
    const offset = [name, ...modifiers.slice(0, chain.index)].join('|').length + 1;
    notes.refuse(member.keyAt, chain.what, chain.remedy, offset);
    return undefined;
  }
  const values = valuesOf(member.value, chain, notes);
  if (!values) return undefined;
  if (name === '') return compileKeywords(values, chain, member.keyAt, lists, notes);
  warnOfMisspelling(name, member.keyAt, notes);
  const path = fieldPath(name);
  if (chain.how.kind === 'exists') return existsClause(path, values, member.value.at, notes);
  if (chain.how.kind === 'fieldref') return fieldrefClause(path, values, chain, notes);
  return probeClause(path, values, chain, lists, notes);
}

/** Text anywhere in the record: the values of a selection that names no field. */
export function compileKeywords(
  values: readonly ScalarNode[],
  chain: Chain,
  at: Place,
  lists: Lists,
  notes: Notes,
): Clause | undefined {
  const { kind } = chain.how;
  if (kind !== 'text' && kind !== 're') {
    notes.refuse(at, `"${kind}" needs a field`, 'write the field name before the "|"');
    return undefined;
  }
  for (const value of values) {
    if (value.value === null || typeof value.value === 'boolean') {
      notes.refuse(value.at, `a keyword must be text, not ${value.text || 'null'}`, 'write text, in quotes');
      return undefined;
    }
  }
  const anywhere: Chain = chain.shape === 'whole' ? { ...chain, shape: 'contains' } : chain;
  return probeClause(undefined, values, anywhere, lists, notes);
}

function valuesOf(node: YamlNode, chain: Chain, notes: Notes): ScalarNode[] | undefined {
  if (node.kind === 'map') {
    const remedy = 'write the dotted path, as in "requestParameters.name: value"';
    notes.refuse(node.at, 'a map cannot be the value of a field', remedy);
    return undefined;
  }
  const nodes = node.kind === 'list' ? node.items : [node];
  const values = nodes.filter((value) => value.kind === 'scalar');
  for (const value of nodes) {
    if (value.kind !== 'scalar')
      notes.refuse(value.at, 'a list of values holds text and numbers only', 'lay it flat');
  }
  if (values.length < nodes.length) return undefined;
  if (values.length > 1) {
    for (const value of values) {
      if (value.value === null)
        notes.warn(value.at, 'null in a list is not standard Sigma', 'use two selections');
    }
  }
  if (chain.all && values.length <= 1 && !chain.expand) {
    notes.warn(node.at, '"all" has only one value, so it changes nothing', 'drop "all"');
  }
  if (chain.how.kind === 're' && chain.shape !== 'whole') {
    const what = `"${chain.shape}" changes nothing after "re": a pattern is found anywhere in the text`;
    notes.warn(node.at, what, 'drop it, and write ^ or $ into the pattern to anchor it');
  }
  return values.length > 0 ? values : [{ kind: 'scalar', at: node.at, value: null, text: '', quoted: false }];
}

function probeClause(
  path: FieldPath | undefined,
  values: readonly ScalarNode[],
  chain: Chain,
  lists: Lists,
  notes: Notes,
): Clause | undefined {
  const before = notes.problems.length;
  const probes = values.flatMap((value) => probesOf(value, chain, lists, notes));
  if (notes.problems.length > before) return undefined;
  const raw = chain.cased || chain.how.kind === 're';
  const tests = chain.all
    ? probes.map((probe) => compileProbes(path, [probe], raw))
    : [compileProbes(path, probes, raw)];
  const test: Test = tests.length === 1 && tests[0] ? tests[0] : (body) => tests.every((one) => one(body));
  const clause: Clause = {
    test: probes.length === 0 ? () => false : test,
    gate: path ? gateOf(path, probes) : OPEN,
  };
  return chain.neq ? negation(clause) : clause;
}

/** True when any of the probes passes on any value of the field. */
function compileProbes(path: FieldPath | undefined, probes: readonly Probe[], raw: boolean): Test {
  const texts = probes.filter((probe) => probe.wants === 'text');
  const wantsNull = texts.length < probes.length;
  const exact = new Set(texts.flatMap((probe) => probe.exact ?? []));
  const tests = texts.filter((probe) => probe.exact === undefined).map((probe) => probe.test);
  const fits = (text: string) => exact.has(text) || tests.some((test) => test(text));
  const fitsText = raw ? fits : (text: string) => fits(fold(text));
  if (!path) return (body) => someText(body, fitsText);
  return (body) =>
    someValue(body, path, (value) => (value === null ? wantsNull : someText(value, fitsText))) ||
    (wantsNull && !isPresent(body, path));
}

function gateOf(path: FieldPath, probes: readonly Probe[]): Clause['gate'] {
  const texts = probes.flatMap((probe) => (probe.wants === 'text' ? (probe.exact ?? []) : []));
  if (texts.length < probes.length) return OPEN;
  const bound = new Set(texts.map(fold));
  if (path.text === 'eventName') return { names: bound, sources: undefined };
  if (path.text === 'eventSource') return { names: undefined, sources: bound };
  return OPEN;
}

function existsClause(
  path: FieldPath,
  values: readonly ScalarNode[],
  at: Place,
  notes: Notes,
): Clause | undefined {
  const wanted = values[0] && values.length === 1 ? booleanOf(values[0]) : undefined;
  if (wanted === undefined) {
    notes.refuse(at, '"exists" needs true or false', 'write one of them, without quotes');
    return undefined;
  }
  return { test: (body) => isPresent(body, path) === wanted, gate: OPEN };
}
