import { compileDetection } from './compile.ts';
import { type Formula, joined } from './formula.ts';
import type { Names } from './names.ts';
import type { Notes } from './notes.ts';
import { hasArrayBlocks, type Identity, readRule } from './parse.ts';
import type { Lists } from './placeholder.ts';
import type { RuleTest } from './rule.ts';
import { requiredMap, textNodes } from './shape.ts';
import { type MapNode, memberOf, type Place } from './source.ts';

/** Each of them is evaluated with every rule. */
export const MOST_FOR_ANY = 100;

/** `any`: all rules. */
type FilterRules = 'any' | readonly { readonly text: string; readonly at: Place }[];

/** A Sigma filter document, read; its rules are still names. */
export interface Filter {
  readonly title: string;
  readonly rules: FilterRules;
  readonly formula: Formula;
  readonly tests: readonly RuleTest[];
  readonly file: string;
}

/** What could be read of a filter document: the rules that it names, and all of it if nothing is missing. */
interface ReadFilter {
  readonly rules: FilterRules;
  readonly filter: Filter | undefined;
}

/**
 * Reads a filter document; mistakes are reported. Its condition is AND-ed to the rules, as pySigma does, so that an
 * exclusion says `not`. Source: Sigma filters specification 2.1.
 */
export function readFilter(document: MapNode, identity: Identity, lists: Lists, notes: Notes): ReadFilter {
  const { title, tests, file } = readRule(document, identity, notes);
  refuseExtras(document, notes);
  requiredMap(document, 'logsource', 'add "product: aws" and "service: cloudtrail" to it', notes);
  const map = requiredMap(document, 'filter', 'write "rules:", a selection and "condition:" in it', notes);
  if (!map) return { rules: [], filter: undefined };
  const rules = readRules(map, notes);
  const detection = { ...map, members: map.members.filter(({ key }) => key !== 'rules') };
  const formula = compileDetection(detection, lists, notes, hasArrayBlocks(document));
  if (formula) warnWithoutNot(map, notes);
  return { rules: rules ?? [], filter: formula && rules && { title, rules, formula, tests, file } };
}

/** The ids of the rules that a filter is for; `undefined` means all. */
export function rulesOfFilter({ rules }: Filter, names: Names): Set<string> | undefined {
  return rules === 'any' ? undefined : new Set(rules.flatMap(({ text }) => names.find(text)?.id ?? []));
}

/** Reports names in a filter, be it right or wrong itself, that stand for nothing that it can narrow. */
export function checkFiltered({ rules }: ReadFilter, names: Names, notes: Notes): void {
  for (const { text, at } of rules === 'any' ? [] : rules) {
    const named = names.find(text);
    if (!named) notes.refuse(at, `no rule is called "${text}"`, names.suggestFor(text));
    else if (named.standing === 'correlation' || named.standing === 'filter') {
      const remedy = 'name the rules themselves: a filter looks at single events';
      notes.refuse(at, `"${text}" is a ${named.standing}`, remedy);
    } else if (named.standing === 'foreign') {
      notes.refuse(at, `the rule "${text}" is not for CloudTrail`, 'name rules for CloudTrail only');
    }
  }
}

/** What a rule asks with filters on it. */
export function filtered(formula: Formula, filters: readonly Filter[]): Formula {
  const selections = filters.map(
    ({ title, formula: of }) => ({ kind: 'selection', name: title, of }) as const,
  );
  return joined('and', [formula, ...selections]);
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

/** Some things that a rule may have would do nothing on a filter. */
function refuseExtras(document: MapNode, notes: Notes): void {
  const detection = memberOf(document, 'detection');
  if (detection) {
    const remedy = 'move its selections into "filter", or give the rule a document of its own';
    notes.refuse(detection.keyAt, 'a filter has no detection of its own', remedy);
  }
  const trailbot = memberOf(document, 'trailbot');
  const keys = trailbot?.value.kind === 'map' ? trailbot.value.members : [];
  const other = keys.find(({ key }) => key !== 'tests');
  if (other) {
    const what = '"trailbot" does not go with a filter, which makes no alerts; only "tests" does';
    notes.refuse(other.keyAt, what, 'put the key into the rules that it names');
  }
  const level = memberOf(document, 'level');
  if (level)
    notes.warn(level.keyAt, 'the level of a filter means nothing', 'give the rules a level, or remove it');
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
