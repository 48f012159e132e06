import { compileDetection } from './compile.ts';
import { type Formula, joined } from './formula.ts';
import type { Names } from './names.ts';
import type { Notes } from './notes.ts';
import { hasArrayBlocks, type Identity, readRule } from './parse.ts';
import type { Lists } from './placeholder.ts';
import { requiredMap, textNodes } from './shape.ts';
import { type MapNode, memberOf, type Place } from './source.ts';

/** A Sigma filter document, read; its rules are still names. */
export interface Filter {
  readonly title: string;
  /** `any`: all rules. */
  readonly rules: 'any' | readonly { readonly text: string; readonly at: Place }[];
  readonly formula: Formula;
}

/**
 * Reads a filter document; mistakes are reported. Its condition is AND-ed to the rules, as pySigma does, so that an
 * exclusion says `not`. Source: Sigma filters specification 2.1.
 */
export function readFilter(
  document: MapNode,
  identity: Identity,
  lists: Lists,
  notes: Notes,
): Filter | undefined {
  const { title } = readRule(document, identity, notes);
  requiredMap(document, 'logsource', 'add "product: aws" and "service: cloudtrail" to it', notes);
  const map = requiredMap(document, 'filter', 'write "rules:", a selection and "condition:" in it', notes);
  if (!map) return undefined;
  const rules = readRules(map, notes);
  const detection = { ...map, members: map.members.filter(({ key }) => key !== 'rules') };
  const formula = compileDetection(detection, lists, notes, hasArrayBlocks(document));
  if (!formula || !rules) return undefined;
  warnWithoutNot(map, notes);
  return { title, rules, formula };
}

/** The ids of the rules that a filter is for; `undefined` means all. Names of nothing are reported. */
export function rulesOfFilter({ rules }: Filter, names: Names, notes: Notes): Set<string> | undefined {
  if (rules === 'any') return undefined;
  const ids = new Set<string>();
  for (const { text, at } of rules) {
    const named = names.find(text);
    if (!named) notes.refuse(at, `no rule is called "${text}"`, names.suggestFor(text));
    else if (named.standing === 'correlation' || named.standing === 'filter') {
      const remedy = 'name the rules themselves: a filter looks at single events';
      notes.refuse(at, `"${text}" is a ${named.standing}`, remedy);
    } else if (named.standing === 'foreign') {
      notes.refuse(at, `the rule "${text}" is not for CloudTrail`, 'name rules for CloudTrail only');
    } else ids.add(named.id);
  }
  return ids;
}

/** What a rule asks with a filter on it. */
export function filtered(formula: Formula, filter: Filter): Formula {
  return joined('and', [formula, { kind: 'selection', name: filter.title, of: filter.formula }]);
}

function readRules(map: MapNode, notes: Notes): Filter['rules'] | undefined {
  const before = notes.problems.length;
  const rules = textNodes(map, 'rules', notes);
  const [only] = rules;
  if (only && rules.length === 1 && only.text.toLowerCase() === 'any') return 'any';
  if (rules.length > 0) return rules;
  if (notes.problems.length === before) {
    const at = memberOf(map, 'rules')?.value.at ?? map.at;
    notes.refuse(at, 'the filter names no rule', 'add "rules:" with names or ids, or with "any" for all');
  }
  return undefined;
}

/** The likely mistake: other tools leave out what fits, Sigma and this one keep it. */
function warnWithoutNot(map: MapNode, notes: Notes): void {
  const condition = memberOf(map, 'condition');
  if (!condition) return;
  const nodes = condition.value.kind === 'list' ? condition.value.items : [condition.value];
  if (nodes.some((node) => node.kind === 'scalar' && /\bnot\b/.test(node.text))) return;
  const what = 'the condition has no "not": the rules only see what fits this filter';
  notes.warn(condition.value.at, what, 'write "not selection" to leave out what fits');
}
