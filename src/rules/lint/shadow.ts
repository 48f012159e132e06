import { LEVELS, type Rule } from '../rule.ts';
import type { CompiledRule } from '../ruleset.ts';
import { sayPlace } from '../source.ts';
import { boundTo } from './bound.ts';
import { type Finding, findingAt } from './finding.ts';
import { implies } from './implies.ts';
import { type Literal, type Logic, logicKey, logicOf } from './literal.ts';
import { startOf } from './place.ts';

interface Entry {
  readonly rule: Rule;
  readonly logic: Logic;
  readonly order: number;
  /** The event names of which it needs one. */
  readonly names: ReadonlySet<string> | undefined;
  /** What a rule must say for this one to follow from it, and what this one says. */
  readonly needs: Marks;
  readonly says: Marks;
  readonly level: number;
}

/** Sets of fields, and of fields with the one text they must have, by the bits of their hashes: one hash or two. */
type Marks = readonly [fields: number, texts: number, again: number];

const ALL: Marks = [-1, -1, -1];
const NONE: Marks = [0, 0, 0];

/** All comparisons together: beyond this, only duplicates are still looked for. */
const MOST_STEPS = 3_000_000;

/**
 * Rules whose every match is also one of another rule of the same or a higher level, and rules that say the same. Only
 * rules that alert for themselves and at once are compared.
 */
export function lintShadows(compiled: readonly CompiledRule[]): Finding[] {
  const entries = compiled.filter(({ rule }) => alertsAlone(rule)).map(entryOf);
  const duplicates = new Set<Entry>();
  const findings = duplicatesIn(entries, duplicates);
  const single = entries.filter((entry) => !duplicates.has(entry));
  return [...findings, ...shadowsIn(single)];
}

function alertsAlone({ firstSeen, correlated }: Rule): boolean {
  return firstSeen === undefined && !correlated;
}

function entryOf({ rule, formula }: CompiledRule, order: number): Entry {
  const logic = logicOf(formula);
  return {
    rule,
    logic,
    order,
    names: boundTo(logic, 'eventName'),
    needs: marksOf(logic, 'needs'),
    says: marksOf(logic, 'says'),
    level: LEVELS.indexOf(rule.level),
  };
}

/** What every way to fulfil the formula needs, or what any of them says. */
function marksOf(logic: Logic, of: 'needs' | 'says'): Marks {
  if (logic.kind === 'literal') return literalMarks(logic);
  const parts = logic.of.map((part) => marksOf(part, of));
  if (logic.kind === 'or' && of === 'needs') {
    return parts.reduce((a, b) => [a[0] & b[0], a[1] & b[1], a[2] & b[2]], ALL);
  }
  return parts.reduce((a, b) => [a[0] | b[0], a[1] | b[1], a[2] | b[2]], NONE);
}

function literalMarks(literal: Literal): Marks {
  const { path } = literal;
  const field = 1 << (hashOf(path) & 31);
  const [text, ...more] = boundTo(literal, path) ?? [];
  if (text === undefined || more.length > 0) return [field, 0, 0];
  const hash = hashOf(`${path}=${text}`);
  return [field, 1 << (hash & 31), 1 << ((hash >>> 5) & 31)];
}

/** FNV-1a, with its upper bits, which mix best. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 13;
}

function covers(says: Marks, needs: Marks): boolean {
  return (needs[0] & ~says[0]) === 0 && (needs[1] & ~says[1]) === 0 && (needs[2] & ~says[2]) === 0;
}

function duplicatesIn(entries: readonly Entry[], duplicates: Set<Entry>): Finding[] {
  const first = new Map<string, Entry>();
  const findings: Finding[] = [];
  for (const entry of entries) {
    const key = logicKey(entry.logic);
    const before = first.get(key);
    if (!before) first.set(key, entry);
    else {
      duplicates.add(entry);
      const what = `"${entry.rule.title}" asks for the same as ${sayRule(before.rule)}`;
      findings.push(findingAt('duplicate', startOf(entry.rule), what, 'keep one of them'));
    }
  }
  return findings;
}

function sayRule(rule: Rule): string {
  return `"${rule.title}" (${sayPlace(startOf(rule))})`;
}

function shadowsIn(entries: readonly Entry[]): Finding[] {
  const byName = new Map<string, Entry[]>();
  const open: Entry[] = [];
  for (const entry of entries) {
    if (!entry.names) open.push(entry);
    for (const name of entry.names ?? []) {
      const having = byName.get(name);
      if (having) having.push(entry);
      else byName.set(name, [entry]);
    }
  }
  const budget = { left: MOST_STEPS };
  return entries.flatMap((entry) => {
    const [name] = entry.names ?? [];
    const named = name === undefined ? [] : (byName.get(name) ?? []);
    const wider = firstWider(entry, named, budget) ?? firstWider(entry, open, budget);
    if (!wider) return [];
    const what = `every match of "${entry.rule.title}" is one of ${sayRule(wider.rule)} too, at level ${wider.rule.level}`;
    return [
      findingAt('shadowed', startOf(entry.rule), what, 'remove it, or raise its level and except it there'),
    ];
  });
}

function firstWider(entry: Entry, others: readonly Entry[], budget: { left: number }): Entry | undefined {
  // To pass over a rule by its marks is an eighth of a step.
  budget.left -= others.length / 8;
  if (budget.left < 0) return undefined;
  return others.find(
    (other) =>
      covers(entry.says, other.needs) &&
      other !== entry &&
      other.level >= entry.level &&
      follows(entry.logic, other.logic, budget) &&
      // Of two that follow from each other, the later is the one too many.
      (other.order < entry.order || !follows(other.logic, entry.logic, budget)),
  );
}

/** Whether `goal` follows from `given`, told by the look of the two; false when the steps are used up. */
function follows(given: Logic, goal: Logic, budget: { left: number }): boolean {
  budget.left -= 1;
  if (budget.left < 0) return false;
  if (goal.kind === 'and') return goal.of.every((part) => follows(given, part, budget));
  if (given.kind === 'or') return given.of.every((way) => follows(way, goal, budget));
  if (goal.kind === 'or' && goal.of.some((way) => follows(given, way, budget))) return true;
  if (given.kind === 'and') return given.of.some((part) => follows(part, goal, budget));
  return given.kind === 'literal' && goal.kind === 'literal' && implies(given, goal);
}
