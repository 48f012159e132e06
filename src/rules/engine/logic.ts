import type { Formula, Test } from '../formula.ts';

/**
 * A formula by the numbers of its tests. A term is a test that must be true (twice its number) or false (one more).
 * Nothing else is negated.
 */
export interface Logic {
  /** All parts must hold, else one of them. */
  readonly and: boolean;
  readonly terms: readonly number[];
  readonly parts: readonly Logic[];
}

export const TRUE: Logic = { and: true, terms: [], parts: [] };
export const FALSE: Logic = { and: false, terms: [], parts: [] };

export const testOf = (term: number): number => term >> 1;
export const isNegated = (term: number): boolean => (term & 1) === 1;

/** `cost` puts the cheap tests first. */
export function logicOf(
  formula: Formula,
  numberOf: (test: Test) => number,
  cost: (test: number) => number,
): Logic {
  const terms = (of: readonly number[]) =>
    [...new Set(of)].sort((a, b) => cost(testOf(a)) - cost(testOf(b)) || a - b);
  const read = (part: Formula, negated: boolean): Logic => {
    switch (part.kind) {
      case 'and':
      case 'or':
        return flattened(
          (part.kind === 'and') !== negated,
          [],
          part.of.map((one) => read(one, negated)),
          terms,
        );
      case 'not':
        return read(part.of, !negated);
      case 'selection':
        return read(part.of, negated);
      default:
        return { and: true, terms: [numberOf(part) * 2 + (negated ? 1 : 0)], parts: [] };
    }
  };
  return read(formula, false);
}

/** What is left of it when the truth of some tests is known. */
export function assume(logic: Logic, known: (test: number) => boolean | undefined): Logic {
  const { and } = logic;
  const decided = and ? FALSE : TRUE;
  const terms: number[] = [];
  for (const term of logic.terms) {
    const truth = known(testOf(term));
    if (truth === undefined) terms.push(term);
    else if ((truth !== isNegated(term)) !== and) return decided;
  }
  const parts: Logic[] = [];
  for (const part of logic.parts) {
    const left = assume(part, known);
    if (left === decided) return decided;
    if (left !== TRUE && left !== FALSE) parts.push(left);
  }
  return flattened(and, terms, parts);
}

/** One node for nested ones that join their parts in the same way; a node of one part joins it in any way. */
function flattened(
  and: boolean,
  terms: readonly number[],
  parts: readonly Logic[],
  ordered: (terms: readonly number[]) => readonly number[] = (same) => same,
): Logic {
  const joined = [...terms];
  const others: Logic[] = [];
  for (const part of parts) {
    const single = part.terms.length + part.parts.length === 1;
    if (part.and === and || single) {
      for (const term of part.terms) joined.push(term);
      for (const other of part.parts) others.push(other);
    } else others.push(part);
  }
  if (joined.length + others.length === 0) return and ? TRUE : FALSE;
  const [only] = others;
  if (only && joined.length === 0 && others.length === 1) return only;
  return { and, terms: ordered(joined), parts: others };
}
