import type { CloudTrailRecord } from '../cloudtrail/record.ts';
import type { JsonObject } from '../kernel/json.ts';
import type { Formula } from './formula.ts';
import { compileFormula } from './formula-test.ts';
import { type Gate, gateOf } from './gate.ts';
import type { Match, Rule } from './rule.ts';
import { fold } from './wildcard.ts';

/** Rules, compiled, ready for records. */
export interface Ruleset {
  /** Enabled rules, as loaded. */
  readonly rules: readonly Rule[];
  /** The same with what they ask. */
  readonly compiled: readonly CompiledRule[];
  /** Documents that are for other logs. */
  readonly skipped: number;
  /** Every rule that is true for the record, in the order of `rules`. Never throws. */
  match(record: CloudTrailRecord): Match[];
  /** The same for the body of a record. */
  rulesFor(body: JsonObject): readonly Rule[];
}

export interface CompiledRule {
  readonly rule: Rule;
  readonly formula: Formula;
}

interface Entry {
  readonly rule: Rule;
  readonly gate: Gate;
  readonly holds: (body: JsonObject) => boolean;
  readonly order: number;
}

const NONE: readonly Rule[] = [];

/**
 * Rules that can only be true for some event names, or else for some event sources, are looked up by these;
 * the others are tried on every record.
 */
export function createRuleset(compiled: readonly CompiledRule[], skipped: number): Ruleset {
  const entries = compiled.map(
    ({ rule, formula }, order): Entry => ({
      rule,
      gate: gateOf(formula),
      holds: compileFormula(formula),
      order,
    }),
  );
  const byName = new Map<string, Entry[]>();
  const bySource = new Map<string, Entry[]>();
  const always: Entry[] = [];
  for (const entry of entries) {
    const { names, sources } = entry.gate;
    if (names) enter(byName, names, entry);
    else if (sources) enter(bySource, sources, entry);
    else always.push(entry);
  }
  const candidates = (body: JsonObject): readonly Entry[] => {
    const { eventName, eventSource } = body;
    // Gates speak of text; whatever else stands in these fields is tried against every rule.
    if (typeof eventName !== 'string' || typeof eventSource !== 'string') return entries;
    const named = byName.get(fold(eventName)) ?? [];
    const sourced = bySource.get(fold(eventSource)) ?? [];
    return [...named, ...sourced, ...always];
  };
  const rulesFor = (body: JsonObject): readonly Rule[] => {
    const found = candidates(body).filter(({ holds }) => holds(body));
    return found.length === 0 ? NONE : found.sort((a, b) => a.order - b.order).map(({ rule }) => rule);
  };
  return {
    rules: compiled.map(({ rule }) => rule),
    compiled,
    skipped,
    rulesFor,
    match: (record) => rulesFor(record.body).map((rule) => ({ rule, record })),
  };
}

function enter(index: Map<string, Entry[]>, keys: ReadonlySet<string>, entry: Entry): void {
  for (const key of keys) {
    const entries = index.get(key);
    if (entries) entries.push(entry);
    else index.set(key, [entry]);
  }
}
