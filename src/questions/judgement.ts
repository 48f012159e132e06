import type { Millis } from '../kernel/time.ts';
import type { ExplainedRule, Verdict } from '../rules/explain/nearest.ts';
import type { Level } from '../rules/rule.ts';
import type { Call } from './call.ts';

/** What the rules in force say of one event, and what would become of its matches now. */
export interface Judgement {
  readonly verdict: Verdict;
  /** By the id of a rule that matched: where its alert would go, or why there would be none, a sentence each. */
  readonly next: ReadonlyMap<string, readonly string[]>;
  /** The alerts that the event is in. */
  readonly alerts: readonly JudgedAlert[];
  /** Of the rules in force that were kept quiet about it, by their ids. */
  readonly quietTitles: ReadonlyMap<string, string>;
}

/** An alert as it opened. */
export interface JudgedAlert {
  readonly id: string;
  readonly ruleId: string;
  readonly title: string;
  readonly level: Level;
  readonly summary: string;
  readonly openedAt: Millis;
  /** Of a correlation in force, while its events are kept. */
  readonly counted: CountedEvents | undefined;
}

/** What a correlation counted until its alert opened. */
export interface CountedEvents {
  readonly holds: boolean;
  /** `3 events (wanted: 3 or more) within 10 min for sourceIPAddress 198.51.100.7`. */
  readonly says: string;
  /** Newest first; those that are kept with the alert. */
  readonly calls: readonly Call[];
  /** The rules that it counts, each for the newest event that it matches. */
  readonly rules: readonly ExplainedRule[];
}

/** Whether the id is that of an alert, not of an event. */
export function isAlertId(id: string): boolean {
  return /^A-\d+$/.test(id);
}
