import type { JsonObject } from '../kernel/json.ts';

/**
 * What a record must have for a clause to be true: one of these event names, one of these event sources,
 * in folded case. `undefined` = no such bound. It may be wider than the clause, never narrower; it holds
 * only for records in which the field is text.
 */
export interface Gate {
  readonly names: ReadonlySet<string> | undefined;
  readonly sources: ReadonlySet<string> | undefined;
}

/** A compiled part of a rule. It is valid by construction: the test never throws. */
export interface Clause {
  readonly test: (body: JsonObject) => boolean;
  readonly gate: Gate;
}

export const OPEN: Gate = { names: undefined, sources: undefined };

export function conjunction(clauses: readonly Clause[]): Clause {
  const [first] = clauses;
  if (first && clauses.length === 1) return first;
  return {
    test: (body) => clauses.every((clause) => clause.test(body)),
    gate: {
      names: smallest(clauses.map(({ gate }) => gate.names)),
      sources: smallest(clauses.map(({ gate }) => gate.sources)),
    },
  };
}

export function disjunction(clauses: readonly Clause[]): Clause {
  const [first] = clauses;
  if (first && clauses.length === 1) return first;
  return {
    test: (body) => clauses.some((clause) => clause.test(body)),
    gate: {
      names: union(clauses.map(({ gate }) => gate.names)),
      sources: union(clauses.map(({ gate }) => gate.sources)),
    },
  };
}

export function negation(clause: Clause): Clause {
  return { test: (body) => !clause.test(body), gate: OPEN };
}

type Bound = ReadonlySet<string> | undefined;

function smallest(bounds: readonly Bound[]): Bound {
  let least: Bound;
  for (const bound of bounds) if (bound && (!least || bound.size < least.size)) least = bound;
  return least;
}

function union(bounds: readonly Bound[]): Bound {
  const all = new Set<string>();
  for (const bound of bounds) {
    if (!bound) return undefined;
    for (const value of bound) all.add(value);
  }
  return all;
}
