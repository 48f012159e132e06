import type { CloudTrailRecord } from '../../cloudtrail/record.ts';
import { sayDuration } from '../../kernel/time.ts';
import type { Expression } from '../condition.ts';
import type { Bound, Correlation, Use } from '../correlation/correlation.ts';
import { type Inherited, type Share, shareOf } from '../correlation/group.ts';
import { type Hit, inOrder, judgeWindow, percentileRank, type Seen } from '../correlation/window.ts';
import type { Rule } from '../rule.ts';
import { sayMissing } from './say.ts';
import { seenAt } from './seen.ts';

/** A record with the rules that are true for it. */
export interface Candidate {
  readonly record: CloudTrailRecord;
  readonly rules: readonly Rule[];
}

/** What a correlation counted in one window, as a clause. */
export interface Counted {
  readonly holds: boolean;
  /** `3 events (wanted: 3 or more) within 10 min for actor alice`. Holds what came from events: not to be trusted. */
  readonly says: string;
  /** Those of the records that count with the rules that they count by, in the order given. */
  readonly candidates: readonly Candidate[];
}

const MOST_VALUES = 5;

/**
 * What a correlation makes of the records of one window and one group: that of the first. `cut`: there were more than
 * these. `undefined` when none of them counts.
 */
export function explainCounted(
  correlation: Correlation,
  uses: ReadonlyMap<string, readonly Use[]>,
  candidates: readonly Candidate[],
  cut: boolean,
): Counted | undefined {
  const all = candidates.map(({ record, rules }) => ({
    record,
    shares: rules.flatMap((rule) =>
      Array.from(sharesFor(correlation, uses, rule.id, record), (found) => ({ ...found, rule })),
    ),
  }));
  const group = all.flatMap(({ shares }) => shares)[0]?.share.group;
  if (!group) return undefined;
  const hits = new Map<string, Hit>();
  const counting: Candidate[] = [];
  for (const { record, shares } of all) {
    const own = shares.filter(({ share }) => sameGroup(share.group, group));
    if (own.length > 0) counting.push({ record, rules: [...new Set(own.map(({ rule }) => rule))] });
    for (const { part, share } of own) {
      const seenBy = correlation.type.startsWith('temporal') ? part : 0;
      const hit = { at: record.eventTime, key: record.key, part: seenBy, value: share.value, fired: false };
      hits.set(`${seenBy} ${record.key}`, hit);
    }
  }
  const inTime = [...hits.values()].sort((a, b) => a.at - b.at || (a.key < b.key ? -1 : 1));
  const [first] = inTime;
  const last = inTime.at(-1);
  if (!first || !last) return undefined;
  const seen = seenIn(correlation, inTime);
  const said = [
    `${cut ? 'at least ' : ''}${saySeen(correlation, seen.number(first.at))}`,
    `(wanted: ${sayWanted(correlation)})`,
    `within ${sayDuration(correlation.timespan)}${sayGroup(correlation, group, counting[0]?.record)}`,
  ].join(' ');
  return {
    // An alert keeps no more than these of what it counted; that it was enough is why there is the alert.
    holds: cut || judgeWindow(correlation, seen, first.at, last) !== undefined,
    says: `${said}${sayValues(namesSeen(correlation, seen))}`,
    candidates: counting,
  };
}

/** What all of the hits come to. */
function seenIn(correlation: Correlation, hits: readonly Hit[]): Seen {
  const { type, percentile } = correlation;
  const parts = new Set(hits.map(({ part }) => part));
  const values = [...new Set(hits.map(({ value = '' }) => value))];
  const of = (number: number): Seen => ({ number: () => number, seen: (part) => parts.has(part) });
  const numbers = hits.map(({ value }) => Number(value)).sort((a, b) => a - b);
  const sum = numbers.reduce((total, number) => total + number, 0);
  switch (type) {
    case 'event_count':
      return of(hits.length);
    case 'value_count':
      return { ...of(values.length), values: () => values };
    case 'temporal':
      return of(parts.size);
    case 'temporal_ordered':
      return inOrder(correlation, hits);
    case 'value_sum':
      return of(sum);
    case 'value_avg':
      return of(sum / numbers.length);
    case 'value_percentile':
      return of(numbers[percentileRank(percentile, numbers.length) - 1] ?? Number.NaN);
  }
}

/** The different values, or the rules that were seen, where these are what counts. */
function namesSeen({ type, parts }: Correlation, seen: Seen): readonly string[] {
  if (type === 'value_count') return seen.values?.() ?? [];
  if (!type.startsWith('temporal')) return [];
  return parts.filter((_, part) => seen.seen(part)).map(({ name }) => name);
}

/** What a record brings to a correlation, be it through others whose last event it was. */
function* sharesFor(
  correlation: Correlation,
  uses: ReadonlyMap<string, readonly Use[]>,
  ruleId: string,
  record: CloudTrailRecord,
  inherited?: Inherited,
): Generator<{ readonly part: number; readonly share: Share }> {
  for (const { correlation: other, part } of uses.get(ruleId) ?? []) {
    const share = shareOf(other, part, record, inherited);
    if (!share) continue;
    if (other === correlation) yield { part, share };
    else {
      const named = new Map(other.groupBy.map((field, index) => [field, share.group[index] ?? '']));
      yield* sharesFor(correlation, uses, other.rule.id, record, named);
    }
  }
}

function sameGroup(one: readonly string[], other: readonly string[]): boolean {
  return one.every((value, index) => value === other[index]);
}

function saySeen({ type, parts, percentile }: Correlation, count: number): string {
  const field = parts[0]?.values.map(({ text }) => text).join(' and ');
  const number = Math.round(count * 100) / 100;
  switch (type) {
    case 'event_count':
      return `${number} ${number === 1 ? 'event' : 'events'}`;
    case 'value_count':
      return `${number} different ${number === 1 ? 'value' : 'values'} of ${field}`;
    case 'temporal':
      return `${number} of ${parts.length} rules`;
    case 'temporal_ordered':
      return `${number} of ${parts.length} rules in their order`;
    case 'value_sum':
      return `${field} adds up to ${number}`;
    case 'value_avg':
      return `${field} is ${number} on average`;
    case 'value_percentile':
      return `${field} is ${number} at percentile ${percentile}`;
  }
}

function sayWanted({ condition, parts, type }: Correlation): string {
  if (condition.kind === 'rules') return sayExpression(condition.expression);
  const { bounds } = condition;
  const [only] = bounds;
  const all = type.startsWith('temporal') && only?.comparison === 'gte' && only.number === parts.length;
  return all && bounds.length === 1 ? 'all' : bounds.map(sayBound).join(' and ');
}

function sayBound({ comparison, number }: Bound): string {
  switch (comparison) {
    case 'gt':
      return `more than ${number}`;
    case 'gte':
      return `${number} or more`;
    case 'lt':
      return `less than ${number}`;
    case 'lte':
      return `${number} at most`;
    case 'eq':
      return `exactly ${number}`;
    case 'neq':
      return `other than ${number}`;
  }
}

function sayExpression(expression: Expression): string {
  if (expression.kind === 'name') return expression.name;
  if (expression.kind === 'not') return `not ${bracketed(expression.of)}`;
  return expression.of.map(bracketed).join(` ${expression.kind} `);
}

function bracketed(expression: Expression): string {
  const said = sayExpression(expression);
  return expression.kind === 'and' || expression.kind === 'or' ? `(${said})` : said;
}

function sayGroup(
  { groupBy }: Correlation,
  group: readonly string[],
  record: CloudTrailRecord | undefined,
): string {
  if (groupBy.length === 0) return '';
  // An actor is grouped by an id, and shown by a name.
  const value = (field: string, index: number) => (field === 'actor' ? record?.actor.label : group[index]);
  return ` for ${groupBy.map((field, index) => `${field} ${value(field, index)}`).join(', ')}`;
}

function sayValues(values: readonly string[]): string {
  if (values.length === 0) return '';
  const more = values.length - MOST_VALUES;
  return `: ${values.slice(0, MOST_VALUES).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** Fields of a group that every record has, whatever its body. */
const ALWAYS = ['account', 'actor', 'region'];

/** Why a record does not count towards a correlation whose rule is true for it; `undefined` when it does. */
export function whyNotCounted({ correlation, part }: Use, record: CloudTrailRecord): string | undefined {
  if (shareOf(correlation, part, record)) return undefined;
  const { group = [], values = [] } = correlation.parts[part] ?? {};
  for (const path of [...group, ...values]) {
    const { kind } = seenAt(record.body, path);
    if (kind !== 'values' && !ALWAYS.includes(path.text)) return `${path.text} is ${sayMissing(kind)}`;
  }
  return `${values[0]?.text} is no number`;
}
