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

/** A window that fulfils the condition. Indexes are into the hits that were looked at, both inclusive. */
export interface Fulfilled {
  readonly first: number;
  readonly last: number;
  /** The number that the condition is about. */
  readonly count: number;
  readonly values: readonly string[];
}

const MOST_VALUES = 20;

/**
 * The windows that end with a hit from `from` on, fulfil the condition and have not fired yet. `hits` are those of
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
  for (const [last, hit] of hits.entries()) {
    tally.add(hit);
    const since = hit.at - correlation.timespan;
    for (let old = hits[first]; old && old.at < since; old = hits[++first]) tally.remove(old);
    fired ||= hit.fired;
    const next = hits[last + 1];
    // Several rules may be true for one record; it completes a window once.
    if (next && next.at === hit.at && next.key === hit.key) continue;
    if (!fired && !isBefore(hit, from) && isTrue(correlation, tally, since)) {
      found.push({ first, last, ...said(correlation, tally, since) });
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

/** Whether the hits of a window that is over fulfil the condition. */
export function judgeWindow(correlation: Correlation, hits: readonly Hit[]): Fulfilled | undefined {
  const [begin] = hits;
  if (!begin) return undefined;
  const tally = tallyFor(correlation);
  for (const hit of hits) tally.add(hit);
  if (!isTrue(correlation, tally, begin.at)) return undefined;
  return { first: 0, last: hits.length - 1, ...said(correlation, tally, begin.at) };
}

function isBefore(hit: Hit, other: Pick<Hit, 'at' | 'key'>): boolean {
  return hit.at < other.at || (hit.at === other.at && hit.key < other.key);
}

function isTrue({ condition, parts }: Correlation, tally: Tally, since: Millis): boolean {
  if (condition.kind === 'rules') {
    return holds(condition.expression, (name) => tally.seen(parts.findIndex((part) => part.name === name)));
  }
  const number = tally.number(since);
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
  tally: Tally,
  since: Millis,
): { count: number; values: readonly string[] } {
  const names = parts.filter((_, part) => tally.seen(part)).map(({ name }) => name);
  return { count: tally.number(since), values: tally.values?.() ?? names };
}

/** What is counted in a window as hits enter at its end and leave at its beginning. */
interface Tally {
  add(hit: Hit): void;
  /** Hits leave in the order in which they came. */
  remove(hit: Hit): void;
  number(since: Millis): number;
  /** Whether a hit of the part is in the window. */
  seen(part: number): boolean;
  values?(): readonly string[];
}

function tallyFor(correlation: Correlation): Tally {
  switch (correlation.type) {
    case 'event_count':
      return tallyOfEvents();
    case 'value_count':
      return tallyOfValues();
    case 'temporal':
      return tallyOfParts();
    case 'temporal_ordered':
      return tallyInOrder(correlation.parts.length);
    default:
      return tallyOfNumbers(correlation);
  }
}

function tallyOfEvents(): Tally {
  let events = 0;
  return {
    add: () => {
      events += 1;
    },
    remove: () => {
      events -= 1;
    },
    number: () => events,
    seen: () => false,
    values: () => [],
  };
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

function tallyOfNumbers({ type, percentile }: Correlation): Tally {
  const numbers: number[] = [];
  let sum = 0;
  return {
    add({ value }) {
      numbers.push(Number(value));
      sum += Number(value);
    },
    remove({ value }) {
      numbers.shift();
      sum -= Number(value);
    },
    number() {
      if (type === 'value_sum') return sum;
      return type === 'value_avg' ? sum / numbers.length : percentileOf(numbers, percentile);
    },
    seen: () => false,
    values: () => [],
  };
}

/** The smallest of the numbers that is not below so many hundredths of them (nearest rank). */
function percentileOf(numbers: readonly number[], percentile: number): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const rank = Math.max(1, Math.ceil((percentile / 100) * sorted.length));
  return sorted[rank - 1] ?? Number.NaN;
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
