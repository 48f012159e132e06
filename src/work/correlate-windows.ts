import { type Correlation, HITS_OF_A_KIND, lowestOf, MOST_HITS } from '../rules/correlation/correlation.ts';
import {
  type Fulfilled,
  fulfilledTotals,
  fulfilledWindows,
  type Hit,
  inOrder,
  judgeWindow,
  MOST_VALUES,
  percentileRank,
  redundantHits,
  type Seen,
} from '../rules/correlation/window.ts';
import {
  countHits,
  deleteHit,
  hitsAfter,
  hitsBetween,
  hitsUpTo,
  type PlacedHit,
  type Position,
} from '../store/correlation-hits.ts';
import {
  averageIn,
  differentValuesIn,
  hitsIn,
  numberAt,
  partsIn,
  type Stretch,
  sumIn,
  valuesIn,
} from '../store/correlation-measures.ts';
import { sumUpTo } from '../store/correlation-sums.ts';
import type { Sql } from '../store/sql.ts';

/** So many events of a group are searched for an order, the newest. */
const MOST_IN_ORDER = 1000;

/** The windows that a new hit completes. */
export async function windowsCompleted(
  sql: Sql,
  correlation: Correlation,
  hit: PlacedHit,
): Promise<Fulfilled[]> {
  const { type } = correlation;
  if (type === 'event_count' || type === 'value_sum') return totalsCompleted(sql, correlation, hit);
  return fulfilledWindows(correlation, await hitsAround(sql, correlation, hit), hit);
}

/** What adds up is added up by the store: hits are read only where later ones are there already. */
async function totalsCompleted(sql: Sql, correlation: Correlation, hit: PlacedHit): Promise<Fulfilled[]> {
  const { bucket } = hit;
  const { timespan, type } = correlation;
  const since = hit.at - timespan;
  const later = await hitsAfter(sql, bucket, hit, hit.at + timespan, MOST_HITS);
  const last = later.at(-1);
  const leaving = last ? await hitsBetween(sql, bucket, since, last.at - timespan) : [];
  const total =
    type === 'value_sum'
      ? await sumUpTo(sql, bucket, hit, since)
      : await countHits(sql, bucket, hit, since, enoughFor(correlation) + leaving.length);
  return fulfilledTotals(correlation, total, [{ ...hit, fired: false }, ...later], leaving);
}

/** The hits that decide about the windows which a new one is in; those that no window needs are deleted. */
async function hitsAround(sql: Sql, correlation: Correlation, hit: PlacedHit): Promise<Hit[]> {
  const { timespan } = correlation;
  const needed = neededOf(correlation);
  for (;;) {
    const before = await hitsUpTo(sql, hit.bucket, hit, hit.at - timespan, needed);
    const after = await hitsAfter(sql, hit.bucket, hit, hit.at + timespan, MOST_HITS);
    const hits = [...before, ...after];
    const redundant = redundantHits(correlation, hits).filter(({ key }) => key !== hit.key);
    if (redundant.length === 0) return hits;
    for (const one of redundant) await deleteHit(sql, hit.bucket, one);
  }
}

/** So many hits up to the new one decide, the newest: those of enough values or rules (`redundantHits`). */
function neededOf(correlation: Correlation): number {
  const { type, parts } = correlation;
  if (type === 'temporal') return HITS_OF_A_KIND * parts.length + 1;
  return type === 'temporal_ordered' ? MOST_IN_ORDER : HITS_OF_A_KIND * enoughFor(correlation) + 1;
}

/** With so many a count has passed its bounds, however many there are. */
export function enoughFor({ condition, type }: Correlation): number {
  if (condition.kind !== 'bounds' || type === 'value_sum') return MOST_HITS;
  return Math.floor(Math.max(1, ...condition.bounds.map(lowestOf))) + 1;
}

/** What a window that is over comes to; `undefined` when it does not fulfil the condition. */
export async function judged(
  sql: Sql,
  correlation: Correlation,
  stretch: Stretch,
): Promise<Fulfilled | undefined> {
  const { bucket, from } = stretch;
  const [last] = await hitsUpTo(sql, bucket, endOf(stretch), from, 1);
  return last && judgeWindow(correlation, await seenIn(sql, correlation, stretch), from, last);
}

/** No hit of the stretch is after it. */
export function endOf({ to }: Stretch): Position {
  return { at: to + 1, key: '' };
}

async function seenIn(sql: Sql, correlation: Correlation, stretch: Stretch): Promise<Seen> {
  switch (correlation.type) {
    case 'event_count':
      return ofNumber(await hitsIn(sql, stretch));
    case 'value_sum':
      return ofNumber(await sumIn(sql, stretch));
    case 'value_avg':
      return ofNumber(await averageIn(sql, stretch));
    case 'value_percentile': {
      const rank = percentileRank(correlation.percentile, await hitsIn(sql, stretch));
      return ofNumber(await numberAt(sql, stretch, rank));
    }
    case 'value_count': {
      const values = await valuesIn(sql, stretch, MOST_VALUES);
      return { ...ofNumber(await differentValuesIn(sql, stretch)), values: () => values };
    }
    case 'temporal': {
      const parts = await partsIn(sql, stretch);
      return { number: () => parts.size, seen: (part) => parts.has(part) };
    }
    case 'temporal_ordered':
      return inOrder(correlation, await hitsBetween(sql, stretch.bucket, stretch.from, stretch.to + 1));
  }
}

function ofNumber(number: number): Seen {
  return { number: () => number, seen: () => false, values: () => [] };
}
