import type { FieldTest, Formula } from './formula.ts';
import { fold } from './wildcard.ts';

type Bound = ReadonlySet<string> | undefined;

/**
 * What a record must have for a formula to be true: one of these event names, one of these event sources, in folded
 * case. `undefined` = no such bound. It may be wider than the formula, never narrower; it holds only for records in
 * which the field is text.
 */
export interface Gate {
  readonly names: Bound;
  readonly sources: Bound;
}

const OPEN: Gate = { names: undefined, sources: undefined };

export function gateOf(formula: Formula): Gate {
  switch (formula.kind) {
    case 'and': {
      const gates = formula.of.map(gateOf);
      return {
        names: smallest(gates.map(({ names }) => names)),
        sources: smallest(gates.map(({ sources }) => sources)),
      };
    }
    case 'or': {
      const gates = formula.of.map(gateOf);
      return {
        names: union(gates.map(({ names }) => names)),
        sources: union(gates.map(({ sources }) => sources)),
      };
    }
    case 'selection':
      return gateOf(formula.of);
    case 'field':
      return fieldGate(formula);
    default:
      return OPEN;
  }
}

function fieldGate({ path, probes }: FieldTest): Gate {
  const exact = probes.flatMap((probe) => (probe.kind === 'exact' ? [fold(probe.text)] : []));
  if (exact.length < probes.length) return OPEN;
  if (path.text === 'eventName') return { names: new Set(exact), sources: undefined };
  if (path.text === 'eventSource') return { names: undefined, sources: new Set(exact) };
  return OPEN;
}

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
