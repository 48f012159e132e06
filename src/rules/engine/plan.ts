import { assume, FALSE, isNegated, type Logic, TRUE, testOf } from './logic.ts';
import type { Slot } from './slot.ts';

/** A rule by its position, with what is left to be asked. */
export interface Candidate {
  readonly rule: number;
  readonly logic: Logic;
}

/** The candidates of which some hold for a record, those with a known value in a slot apart. */
export interface Plan {
  readonly groups: readonly Group[];
  readonly others: readonly Candidate[];
}

interface Group {
  readonly slot: Slot;
  readonly byText: ReadonlyMap<string, readonly Candidate[]>;
}

/** A test that is true exactly when one of few texts, folded, stands in a slot. */
export interface ExactTest {
  readonly slot: Slot;
  readonly texts: readonly string[];
}

/**
 * Puts candidates that wait for an exact text under it, in the slot that most of them share. `known` are tests whose
 * truth is the same for every record of the plan.
 */
export function planOf(
  candidates: readonly Candidate[],
  known: (test: number) => boolean | undefined,
  exactOf: (test: number) => ExactTest | undefined,
): Plan {
  const left = candidates
    .map(({ rule, logic }): Candidate => ({ rule, logic: assume(logic, known) }))
    .filter(({ logic }) => logic !== FALSE);
  const uses = new Map<Slot, number>();
  for (const { logic } of left) {
    for (const { slot } of exactTermsOf(logic, exactOf)) uses.set(slot, (uses.get(slot) ?? 0) + 1);
  }
  const groups = new Map<Slot, Map<string, Candidate[]>>();
  const others: Candidate[] = [];
  for (const candidate of left) {
    const best = exactTermsOf(candidate.logic, exactOf).reduce<Chosen | undefined>(
      (chosen, one) => (chosen && (uses.get(chosen.slot) ?? 0) >= (uses.get(one.slot) ?? 0) ? chosen : one),
      undefined,
    );
    if (!best) {
      others.push(candidate);
      continue;
    }
    const logic = assume(candidate.logic, (test) => (test === best.test ? true : undefined));
    const byText = groups.get(best.slot) ?? new Map<string, Candidate[]>();
    groups.set(best.slot, byText);
    for (const text of best.texts) {
      const waiting = byText.get(text);
      if (waiting) waiting.push({ rule: candidate.rule, logic });
      else byText.set(text, [{ rule: candidate.rule, logic }]);
    }
  }
  return { groups: Array.from(groups, ([slot, byText]) => ({ slot, byText })), others };
}

interface Chosen extends ExactTest {
  readonly test: number;
}

/** Exact tests without which it cannot hold. */
export function exactTermsOf(logic: Logic, exactOf: (test: number) => ExactTest | undefined): Chosen[] {
  if (!logic.and || logic === TRUE) return [];
  return logic.terms.flatMap((term) => {
    const exact = isNegated(term) ? undefined : exactOf(testOf(term));
    return exact ? [{ ...exact, test: testOf(term) }] : [];
  });
}
