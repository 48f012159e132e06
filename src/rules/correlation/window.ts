import type { Millis } from '../../kernel/time.ts';
import type { Expression } from '../condition.ts';
import type { Bound, Correlation } from './correlation.ts';

/** An event that counts towards a correlation, in one of its groups. */
export interface Hit {
  readonly at: Millis;
  /** The record's key; with `at` it orders the hits of a group. */
  readonly key: string;
  readonly part: number;
  readonly value: string | undefined;
  /** Whether the correlation has fired with this hit as the last of its window. */
  readonly fired: boolean;
}

/** A window that fulfils the condition. */
export interface Fulfilled {
  /** The hit that it ends with. */
  readonly last: Hit;
  /** The number that the condition is about. */
  readonly count: number;
  readonly values: readonly string[];
  /** Its hits in their order, where they were all looked at. */
  readonly inside?: readonly Hit[];
}

/** An alert names no more values. */
export const MOST_VALUES = 20;

/**
 * The windows of values or rules that end with a hit from `from` on, fulfil the condition and have not fired yet. `hits` are those of
 * one group in their order. A window reaches back one timespan from its last hit, both ends included, so what fires
 * depends only on which hits there are, never on the order in which they came.
 */
export function fulfilledWindows(
  correlation: Correlation,
  hits: readonly Hit[],
  from: Pick<Hit, 'at' | 'key'>,
): Fulfilled[] {
  const found: Fulfilled[] = [];
  const tally = tallyFor(correlation);
  let first = 0;
  let fired = false;
  for (const [index, hit] of hits.entries()) {
    tally.add(hit);
    const since = hit.at - correlation.timespan;
    for (let old = hits[first]; old && old.at < since; old = hits[++first]) tally.remove(old);
    fired ||= hit.fired;
    const next = hits[index + 1];
    // Several rules may be true for one record; it completes a window once.
    if (next && next.at === hit.at && next.key === hit.key) continue;
    if (!fired && !isBefore(hit, from) && isTrue(correlation, tally, since)) {
      const inside = hits.slice(first, index + 1);
      found.push({ last: hit, inside, ...said(correlation, tally, since) });
    }
    fired = false;
  }
  return found;
}

/**
 * Hits that no window needs: where it matters only whether a value (or a rule) was seen, one that stands between two
 * others of its kind, not more than a timespan apart, adds nothing to any window. `hits` are in their order.
 */
export function redundantHits({ type, timespan }: Correlation, hits: readonly Hit[]): Hit[] {
  if (type !== 'value_count' && type !== 'temporal') return [];
  const redundant: Hit[] = [];
  const lastTwo = new Map<string | number, [before: Hit | undefined, last: Hit]>();
  for (const hit of hits) {
    const kind = type === 'temporal' ? hit.part : (hit.value ?? '');
    const [before, last] = lastTwo.get(kind) ?? [];
    const isBetween = before && last && hit.at - before.at <= timespan;
    if (isBetween) redundant.push(last);
    lastTwo.set(kind, [isBetween ? before : last, hit]);
  }
  return redundant;
}

/**
 * The windows of what is only added up that end with one of `hits`, fulfil the condition and have not fired yet.
 * `total` is what the window comes to that ends with the first of them; `leaving` are the hits that are in that window
 * and not in the last one.
 */
export function fulfilledTotals(
  correlation: Correlation,
  total: number,
  hits: readonly Hit[],
  leaving: readonly Hit[],
): Fulfilled[] {
  const amountOf = ({ value }: Hit) => (correlation.type === 'value_sum' ? Number(value) : 1);
  const found: Fulfilled[] = [];
  let number = total;
  let gone = 0;
  for (const [index, hit] of hits.entries()) {
    if (index > 0) number += amountOf(hit);
    const since = hit.at - correlation.timespan;
    for (let old = leaving[gone]; old && old.at < since; old = leaving[++gone]) number -= amountOf(old);
    const seen: Seen = { number: () => number, seen: () => false, values: () => [] };
    if (!hit.fired && isTrue(correlation, seen, since)) {
      found.push({ last: hit, ...said(correlation, seen, since) });
    }
  }
  return found;
}

/**
 * What a window that is over comes to, by what was seen in it from `since` to the hit `last`; `undefined` when it does
 * not fulfil the condition.
 */
export function judgeWindow(
  correlation: Correlation,
  seen: Seen,
  since: Millis,
  last: Hit,
): Fulfilled | undefined {
  return isTrue(correlation, seen, since) ? { last, ...said(correlation, seen, since) } : undefined;
}

/** How far the rules were seen in their order in all of these hits. */
export function inOrder({ parts }: Correlation, hits: readonly Hit[]): Seen {
  const tally = tallyInOrder(parts.length);
  for (const hit of hits) tally.add(hit);
  return tally;
}

/** The place, from 1, of the smallest of so many numbers that is not below this share of them (nearest rank). */
export function percentileRank(percentile: number, numbers: number): number {
  return Math.max(1, Math.ceil((percentile / 100) * numbers));
}

function isBefore(hit: Hit, other: Pick<Hit, 'at' | 'key'>): boolean {
  return hit.at < other.at || (hit.at === other.at && hit.key < other.key);
}

function isTrue({ condition, parts }: Correlation, seen: Seen, since: Millis): boolean {
  if (condition.kind === 'rules') {
    return holds(condition.expression, (name) => seen.seen(parts.findIndex((part) => part.name === name)));
  }
  const number = seen.number(since);
  return condition.bounds.every((bound) => keeps(number, bound));
}

function holds(expression: Expression, seen: (name: string) => boolean): boolean {
  switch (expression.kind) {
    case 'name':
      return seen(expression.name);
    case 'not':
      return !holds(expression.of, seen);
    case 'and':
      return expression.of.every((part) => holds(part, seen));
    case 'or':
      return expression.of.some((part) => holds(part, seen));
  }
}

function keeps(number: number, bound: Bound): boolean {
  switch (bound.comparison) {
    case 'gt':
      return number > bound.number;
    case 'gte':
      return number >= bound.number;
    case 'lt':
      return number < bound.number;
    case 'lte':
      return number <= bound.number;
    case 'eq':
      return number === bound.number;
    case 'neq':
      return number !== bound.number;
  }
}

function said(
  { parts }: Correlation,
  seen: Seen,
  since: Millis,
): { count: number; values: readonly string[] } {
  const names = parts.filter((_, part) => seen.seen(part)).map(({ name }) => name);
  return { count: seen.number(since), values: seen.values?.() ?? names };
}

/** What is to be known of a window. */
export interface Seen {
  /** The number that the condition is about, if the window begins at `since`. */
  number(since: Millis): number;
  /** Whether a hit of the part is in the window. */
  seen(part: number): boolean;
  /** Some of the different values; without it the names of the parts are said. */
  values?(): readonly string[];
}

/** What is counted in a window as hits enter at its end and leave at its beginning. */
interface Tally extends Seen {
  add(hit: Hit): void;
  /** Hits leave in the order in which they came. */
  remove(hit: Hit): void;
}

function tallyFor(correlation: Correlation): Tally {
  if (correlation.type === 'value_count') return tallyOfValues();
  return correlation.type === 'temporal' ? tallyOfParts() : tallyInOrder(correlation.parts.length);
}

function tallyOfValues(): Tally {
  const counts = new Map<string, number>();
  return {
    add: ({ value = '' }) => count(counts, value, 1),
    remove: ({ value = '' }) => count(counts, value, -1),
    number: () => counts.size,
    seen: () => false,
    values: () => Array.from(counts.keys()).slice(0, MOST_VALUES),
  };
}

function tallyOfParts(): Tally {
  const counts = new Map<number, number>();
  return {
    add: ({ part }) => count(counts, part, 1),
    remove: ({ part }) => count(counts, part, -1),
    number: () => counts.size,
    seen: (part) => counts.has(part),
  };
}

function count<Key>(counts: Map<Key, number>, key: Key, by: number): void {
  const now = (counts.get(key) ?? 0) + by;
  if (now === 0) counts.delete(key);
  else counts.set(key, now);
}

/**
 * How many of the rules were seen one after another in their order. For each rule and each number of steps it keeps
 * when the shortest way there began; a way that began before the window does not count. Events of one instant may
 * have happened in any order.
 */
function tallyInOrder(parts: number): Tally {
  const counts = tallyOfParts();
  const begins: number[][] = Array.from({ length: parts }, () => Array(parts).fill(Number.NEGATIVE_INFINITY));
  let instant = Number.NEGATIVE_INFINITY;
  const together = new Set<number>();

  const step = (part: number, at: Millis) => {
    const own = begins[part];
    if (!own) return;
    own[0] = at;
    for (let steps = 1; steps <= part; steps++) {
      const ways = begins.slice(0, part).map((way) => way[steps - 1] ?? Number.NEGATIVE_INFINITY);
      own[steps] = Math.max(own[steps] ?? Number.NEGATIVE_INFINITY, ...ways);
    }
  };

  return {
    add(hit) {
      counts.add(hit);
      if (hit.at !== instant) {
        instant = hit.at;
        together.clear();
      }
      together.add(hit.part);
      for (const part of Array.from(together).sort((a, b) => a - b)) step(part, hit.at);
    },
    remove: counts.remove,
    number(since) {
      for (let steps = parts; steps > 0; steps--) {
        if (begins.some((way) => (way[steps - 1] ?? Number.NEGATIVE_INFINITY) >= since)) return steps;
      }
      return 0;
    },
    seen: counts.seen,
  };
}
