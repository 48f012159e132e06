import type { Verdict } from '../rules/explain/nearest.ts';

/** What the rules in force say of one event, and what would become of its matches now. */
export interface Judgement {
  readonly verdict: Verdict;
  /** By the id of a rule that matched: where its alert would go, or why there would be none, a sentence each. */
  readonly next: ReadonlyMap<string, readonly string[]>;
}
