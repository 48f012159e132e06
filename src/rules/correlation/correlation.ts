import { createHash } from 'node:crypto';
import type { Millis } from '../../kernel/time.ts';
import type { Expression } from '../condition.ts';
import type { FieldPath } from '../field.ts';
import type { Rule } from '../rule.ts';

/** Source: Sigma correlation rules specification 2.1, "Correlation Types". */
export const CORRELATION_TYPES = [
  'event_count',
  'value_count',
  'temporal',
  'temporal_ordered',
  'value_sum',
  'value_avg',
  'value_percentile',
] as const;
export type CorrelationType = (typeof CORRELATION_TYPES)[number];

export const COMPARISONS = ['gt', 'gte', 'lt', 'lte', 'eq', 'neq'] as const;
type Comparison = (typeof COMPARISONS)[number];

export interface Bound {
  readonly comparison: Comparison;
  readonly number: number;
}

/** The lowest number that a bound may leave; it may be excluded itself. */
export function lowestOf({ comparison, number }: Bound): number {
  const fromBelow = comparison === 'gt' || comparison === 'gte' || comparison === 'eq';
  return fromBelow ? number : Number.NEGATIVE_INFINITY;
}

export type CorrelationCondition =
  /** The number that the type stands for keeps all of these. */
  | { readonly kind: 'bounds'; readonly bounds: readonly Bound[] }
  /** Which rules were seen; the names are those of the parts. */
  | { readonly kind: 'rules'; readonly expression: Expression };

/** One of the rules that a correlation refers to: a rule, or another correlation. */
export interface Part {
  readonly ruleId: string;
  /** The reference as it was written. */
  readonly name: string;
  /** Where the group-by values stand in its records, in the order of `groupBy`. */
  readonly group: readonly FieldPath[];
  /** Where the values stand that are counted or added up; empty when events are counted. */
  readonly values: readonly FieldPath[];
}

/** A Sigma correlation document: how many matches of some rules, how near to each other, make one of its own. */
export interface Correlation {
  /** Its title, level and all that an alert says. */
  readonly rule: Rule;
  readonly type: CorrelationType;
  readonly parts: readonly Part[];
  /** Field names and aliases, as written. */
  readonly groupBy: readonly string[];
  readonly timespan: Millis;
  /** Events that arrive so long after newer ones are still counted exactly. */
  readonly lateness: Millis;
  readonly condition: CorrelationCondition;
  /** For `value_percentile`: 0 to 100. */
  readonly percentile: number;
  /** Whether it can only be judged when a window is over. Else it fires as soon as enough has arrived. */
  readonly closes: boolean;
  /** Names what it counts: with another signature it begins anew. */
  readonly signature: string;
}

/** So far a condition can count. */
export const MOST_HITS = 10_000;
/** So many hits of a value (or a rule) a window holds at most, after those that it does not need. */
export const HITS_OF_A_KIND = 3;

/** So many hits of a group are kept, the newest; `undefined`: all that a window may reach back to. */
export function mostKept({ type, closes }: Correlation): number | undefined {
  if (closes || type === 'value_sum') return undefined;
  return type === 'value_count' ? HITS_OF_A_KIND * (MOST_HITS + 1) : MOST_HITS + 1;
}

/**
 * Whether a condition may become untrue again as more arrives. Then a window has to be over before it is judged.
 */
export function needsClosing(type: CorrelationType, condition: CorrelationCondition): boolean {
  if (type === 'value_avg' || type === 'value_percentile') return true;
  if (condition.kind === 'rules') return hasNot(condition.expression);
  return condition.bounds.some(({ comparison }) => comparison !== 'gt' && comparison !== 'gte');
}

export function signatureOf(correlation: Omit<Correlation, 'signature'>): string {
  const { rule, type, parts, groupBy, closes } = correlation;
  const paths = parts.map(({ ruleId, group, values }) => [
    ruleId,
    group.map(({ text }) => text),
    values.map(({ text }) => text),
  ]);
  return createHash('sha256')
    .update(JSON.stringify([rule.id, type, groupBy, closes, paths]))
    .digest('base64url');
}

/** A place of a rule in a correlation. */
export interface Use {
  readonly correlation: Correlation;
  /** Index into the correlation's parts. */
  readonly part: number;
}

/** In which correlations the matches of each rule count, by the rule's id. */
export function usesOf(correlations: readonly Correlation[]): ReadonlyMap<string, readonly Use[]> {
  const uses = new Map<string, Use[]>();
  for (const correlation of correlations) {
    for (const [part, { ruleId }] of correlation.parts.entries()) {
      const found = uses.get(ruleId);
      if (found) found.push({ correlation, part });
      else uses.set(ruleId, [{ correlation, part }]);
    }
  }
  return uses;
}

function hasNot(expression: Expression): boolean {
  if (expression.kind === 'name') return false;
  return expression.kind === 'not' || expression.of.some(hasNot);
}
