import type { CloudTrailRecord } from '../cloudtrail/record.ts';
import type { JsonObject } from '../kernel/json.ts';
import type { Millis } from '../kernel/time.ts';

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
  readonly tests: readonly RuleTest[];
}

/** A rule that is true for a record. */
export interface Match {
  readonly rule: Rule;
  readonly record: CloudTrailRecord;
}
