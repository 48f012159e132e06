import { type FieldPath, fieldPath, memberPath } from './field.ts';
import { fieldrefTests } from './fieldref.ts';
import { type Formula, joined } from './formula.ts';
import { warnOfMisspelling } from './known-fields.ts';
import { type Chain, nameOf, PLAIN, readModifiers } from './modifiers.ts';
import type { Notes } from './notes.ts';
import { placeholdersIn } from './placeholder.ts';
import type { Probe } from './probe.ts';
import { probesOf } from './probes.ts';
import type { Scope } from './scope.ts';
import type { Member, Place, ScalarNode, YamlNode } from './source.ts';
import { booleanOf } from './text-probes.ts';

/** A line of a selection: its modifiers, and how a person would write it with these values. */
interface Item {
  readonly chain: Chain;
  readonly written: (values: readonly string[]) => string;
}

/** One line of a selection, `field|modifier: values`. `undefined` after a mistake, which is reported. */
export function compileItem(member: Member, scope: Scope): Formula | undefined {
  const { notes } = scope;
  const [name = '', ...modifiers] = member.key.split('|');
  const chain = readModifiers(modifiers);
  if ('what' in chain) {
    const offset = [name, ...modifiers.slice(0, chain.index)].join('|').length + 1;
    notes.refuse(member.keyAt, chain.what, chain.remedy, offset);
    return undefined;
  }
  const values = valuesOf(member.value, chain, notes);
  if (!values) return undefined;
  if (chain.how.kind === 'text') warnOfPlaceholders(values, member, chain, scope);
  const item = itemOf(member.key, chain);
  const formula =
    name === ''
      ? keywordFormula(values, item, member.keyAt, scope)
      : fieldFormula(name, member, values, item, scope);
  return formula && chain.neq ? { kind: 'not', of: formula } : formula;
}

function fieldFormula(
  name: string,
  member: Member,
  values: readonly ScalarNode[],
  item: Item,
  scope: Scope,
): Formula | undefined {
  if (!scope.inMember) warnOfMisspelling(name, member.keyAt, scope.notes);
  const path = scope.inMember ? memberPath(name) : fieldPath(name);
  const { chain } = item;
  if (chain.how.kind === 'exists') return existsFormula(path, values, item, member.value.at, scope.notes);
  if (chain.how.kind !== 'fieldref') return probeFormula(path, values, item, scope);
  const tests = fieldrefTests(path, values, chain, (value) => item.written([value]), scope);
  return tests.length > 0 ? joined(chain.all ? 'and' : 'or', tests) : undefined;
}

function itemOf(key: string, chain: Chain): Item {
  // "neq" becomes a "not" around the item.
  const shown = key.replaceAll(/\|(neq|all|expand)(?=\||$)/g, '');
  const said = (value: string) => (value === '' ? "''" : value);
  return {
    chain,
    written: (values) =>
      `${shown === '' ? 'anywhere' : shown}: ${values.length === 1 ? said(values[0] ?? '') : `[${values.map(said).join(', ')}]`}`,
  };
}

/** Text anywhere in the record: the values of a selection that names no field. */
export function compileKeywords(values: readonly ScalarNode[], at: Place, scope: Scope): Formula | undefined {
  return keywordFormula(values, itemOf('', PLAIN), at, scope);
}

function keywordFormula(
  values: readonly ScalarNode[],
  item: Item,
  at: Place,
  scope: Scope,
): Formula | undefined {
  const { notes } = scope;
  const { chain } = item;
  const { kind } = chain.how;
  if (kind !== 'text' && kind !== 're') {
    notes.refuse(at, `"${nameOf(chain)}" needs a field`, 'write the field name before the "|"');
    return undefined;
  }
  for (const value of values) {
    if (value.value === null || typeof value.value === 'boolean') {
      notes.refuse(value.at, `a keyword must be text, not ${value.text || 'null'}`, 'write text, in quotes');
      return undefined;
    }
  }
  const anywhere: Chain = chain.shape === 'whole' ? { ...chain, shape: 'contains' } : chain;
  return probeFormula(undefined, values, { ...item, chain: anywhere }, scope);
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
  if (chain.encoding?.base64 === 'base64offset' && chain.shape === 'whole') {
    const what = '"base64offset" gives a part of a longer text, and here it must be the whole';
    notes.warn(node.at, what, 'write "base64offset|contains"');
  }
  return values.length > 0 ? values : [{ kind: 'scalar', at: node.at, value: null, text: '', quoted: false }];
}

/** The likely mistakes: "expand" without anything to expand, and a placeholder without "expand". */
function warnOfPlaceholders(
  values: readonly ScalarNode[],
  { key, value: { at } }: Member,
  { expand }: Chain,
  { lists, notes }: Scope,
): void {
  if (expand) {
    const none = values.every(({ text }) => placeholdersIn(text).next().done);
    if (none)
      notes.warn(at, '"expand" finds no placeholder here', 'write one, such as %admins%, or drop "expand"');
    return;
  }
  for (const value of values) {
    for (const name of placeholdersIn(value.text)) {
      if (!lists.has(name)) continue;
      const remedy = `write "${key}|expand" for the values of the list "${name}"`;
      notes.warn(value.at, `%${name}% is only text here`, remedy);
      break;
    }
  }
}

function probeFormula(
  path: FieldPath | undefined,
  values: readonly ScalarNode[],
  { chain, written }: Item,
  { lists, notes }: Scope,
): Formula | undefined {
  const before = notes.problems.length;
  const groups = values.map((value) => probesOf(value, chain, lists, notes));
  if (notes.problems.length > before) return undefined;
  const raw = chain.cased || chain.how.kind === 're' || chain.how.kind === 'time';
  const test = (of: readonly Probe[], at: Place): Formula => {
    const says = written([...new Set(of.map((probe) => probe.says))]);
    return path
      ? { kind: 'field', path, probes: of, raw, says, at }
      : { kind: 'keyword', probes: of, raw, says, at };
  };
  const first = values[0]?.at;
  if (!chain.all || !first) return first && test(groups.flat(2), first);
  const each = values.flatMap(({ at }, index) => {
    const own = groups[index] ?? [];
    // An empty list of placeholder values fits nothing, beside other values too.
    return own.length === 0 ? [test([], at)] : own.map((group) => test(group, at));
  });
  return joined('and', each);
}

function existsFormula(
  path: FieldPath,
  values: readonly ScalarNode[],
  { written }: Item,
  at: Place,
  notes: Notes,
): Formula | undefined {
  const wanted = values[0] && values.length === 1 ? booleanOf(values[0]) : undefined;
  if (wanted === undefined) {
    notes.refuse(at, '"exists" needs true or false', 'write one of them, without quotes');
    return undefined;
  }
  return { kind: 'exists', path, wanted, says: written([`${wanted}`]), at };
}
