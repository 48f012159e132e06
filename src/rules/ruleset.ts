import type { CloudTrailRecord } from '../cloudtrail/record.ts';
import type { Clause } from './clause.ts';
import type { Match, Rule } from './rule.ts';
import { fold } from './wildcard.ts';

/** Rules, compiled, ready for records. */
export interface Ruleset {
  /** Enabled rules, as loaded. */
  readonly rules: readonly Rule[];
  /** Documents that are for other logs. */
  readonly skipped: number;
  /** Every rule that is true for the record, in the order of `rules`. Never throws. */
  match(record: CloudTrailRecord): Match[];
}

export interface CompiledRule {
  readonly rule: Rule;
  readonly clause: Clause;
}

interface Entry extends CompiledRule {
  readonly order: number;
}

/**
 * Rules that can only be true for some event names, or else for some event sources, are looked up by these;
 * the others are tried on every record.
 */
export function createRuleset(compiled: readonly CompiledRule[], skipped: number): Ruleset {
  const entries = compiled.map((one, order): Entry => ({ ...one, order }));
  const byName = new Map<string, Entry[]>();
  const bySource = new Map<string, Entry[]>();
  const always: Entry[] = [];
  for (const entry of entries) {
    const { names, sources } = entry.clause.gate;
    if (names) enter(byName, names, entry);
    else if (sources) enter(bySource, sources, entry);
    else always.push(entry);
  }
  const candidates = (body: CloudTrailRecord['body']): readonly Entry[] => {
    const { eventName, eventSource } = body;
    // Gates speak of text; whatever else stands in these fields is tried against every rule.
    if (typeof eventName !== 'string' || typeof eventSource !== 'string') return entries;
    const named = byName.get(fold(eventName)) ?? [];
    const sourced = bySource.get(fold(eventSource)) ?? [];
    return [...named, ...sourced, ...always];
  };
  return {
    rules: compiled.map(({ rule }) => rule),
    skipped,
    match: (record) =>
      candidates(record.body)
        .filter(({ clause }) => clause.test(record.body))
        .sort((a, b) => a.order - b.order)
        .map(({ rule }) => ({ rule, record })),
  };
}

function enter(index: Map<string, Entry[]>, keys: ReadonlySet<string>, entry: Entry): void {
  for (const key of keys) {
    const entries = index.get(key);
    if (entries) entries.push(entry);
    else index.set(key, [entry]);
  }
}
