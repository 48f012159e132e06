import type { CloudTrailRecord } from '../cloudtrail/record.ts';
import type { JsonObject } from '../kernel/json.ts';
import type { Millis } from '../kernel/time.ts';
import type { FirstSeen } from './first-seen.ts';

/** Sigma's levels, lowest first. Informational matches are counted but never alert. */
export const LEVELS = ['informational', 'low', 'medium', 'high', 'critical'] as const;
export type Level = (typeof LEVELS)[number];

/** One test inside a rule: these events, together, must or must not match. */
export interface RuleTest {
  readonly name: string;
  readonly events: readonly JsonObject[];
  readonly expect: boolean;
  /** Where the test stands in the rule's file. */
  readonly line: number;
  readonly column: number;
}

/** A Sigma rule document for CloudTrail, read and checked. */
export interface Rule {
  /** The document's `id`, else a slug of its file name. */
  readonly id: string;
  /** Sigma's `name`: the alias by which people and correlations call it; default the file's base name. */
  readonly name: string;
  readonly title: string;
  readonly level: Level;
  readonly status: string | undefined;
  readonly author: string | undefined;
  readonly description: string | undefined;
  readonly references: readonly string[];
  readonly falsePositives: readonly string[];
  readonly tags: readonly string[];
  /** Dotted paths worth showing to the analyst. */
  readonly fields: readonly string[];
  readonly file: string;
  readonly line: number;
  /** Under `trailbot:` (docs/rules.md). */
  readonly summary: string | undefined;
  readonly runbook: string | undefined;
  readonly groupBy: readonly string[] | undefined;
  readonly quietFor: Millis | undefined;
  readonly firstSeen: FirstSeen | undefined;
  /** How many different people have to acknowledge its alerts, 1 to 5; `undefined`: one. */
  readonly needs: number | undefined;
  /** The person behind the actor is asked: was this you? */
  readonly askActor: boolean;
  /** A correlation took it over: its matches count there, and do not alert by themselves. */
  readonly correlated: boolean;
  readonly tests: readonly RuleTest[];
}

/** A rule that is true for a record; or a correlation that a record has completed. */
export interface Match {
  readonly rule: Rule;
  readonly record: CloudTrailRecord;
  readonly firing?: Firing;
}

/** What a correlation has found. */
export interface Firing {
  /** The group-by fields, or aliases, with their values. */
  readonly group: readonly (readonly [field: string, value: string])[];
  /** The number that the condition is about: events, different values, rules seen, a sum … */
  readonly count: number;
  /** The different values, or the names of the rules seen; the first twenty. */
  readonly values: readonly string[];
  /** Keys of the records that made it true, newest first, at most two hundred. */
  readonly records: readonly string[];
  /** So many of these, from the newest, belong to no firing before. */
  readonly fresh: number;
}
