import { type Bound, boundBy, smallest, union } from './bound.ts';
import type { Formula } from './formula.ts';

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
      return { names: boundBy(formula, 'eventName'), sources: boundBy(formula, 'eventSource') };
    default:
      return OPEN;
  }
}
