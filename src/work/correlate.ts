import { correctedKey } from '../cloudtrail/correction.ts';
import type { CloudTrailRecord } from '../cloudtrail/record.ts';
import { type Millis, sayDuration } from '../kernel/time.ts';
import { type Correlation, mostKept, type Use, usesOf } from '../rules/correlation/correlation.ts';
import { bucketOf, type Inherited, shareOf } from '../rules/correlation/group.ts';
import type { Fulfilled, Hit } from '../rules/correlation/window.ts';
import type { Match } from '../rules/rule.ts';
import {
  type Counted,
  countedBy,
  countHits,
  deleteHitsUpTo,
  firstHitAfter,
  hasHit,
  hitsUpTo,
  insertHit,
  keepNewest,
  markFired,
  moveNewest,
  type PlacedHit,
  pruneHits,
  signatureOfCounted,
} from '../store/correlation-hits.ts';
import { addToSums, pruneSums } from '../store/correlation-sums.ts';
import {
  deleteWindow,
  dueWindows,
  type OpenWindow,
  pruneWindows,
  saveWindow,
  windowOf,
} from '../store/correlation-windows.ts';
import type { Sql } from '../store/sql.ts';
import type { Suppression } from '../store/suppressions.ts';
import { endOf, enoughFor, judged, windowsCompleted } from './correlate-windows.ts';

/** The correlations in force, by what looks them up. */
export interface Correlations {
  readonly uses: ReadonlyMap<string, readonly Use[]>;
  readonly bySignature: ReadonlyMap<string, Correlation>;
}

export function indexCorrelations(correlations: readonly Correlation[]): Correlations {
  return {
    uses: usesOf(correlations),
    bySignature: new Map(correlations.map((one) => [one.signature, one])),
  };
}

export interface CorrelateTools {
  readonly sql: Sql;
  readonly correlations: Correlations;
  /** A record that was counted before; `undefined` when it is gone. */
  readonly recordOf: (key: string) => Promise<CloudTrailRecord | undefined>;
  /** When the record is looked at; never decides what fires, only what is remembered and for how long. */
  readonly now: Millis;
}

/** What came of one match, or of windows that were over. */
export interface Correlated {
  /** Correlations that were completed, those among them whose rule is `correlated` for other correlations only. */
  readonly firings: Match[];
  /** What came too late to count. */
  readonly late: Suppression[];
}

/** A record that counts towards a correlation, with the place that it takes in time. */
interface Arrival {
  readonly record: CloudTrailRecord;
  readonly at: Millis;
  readonly key: string;
  readonly inherited: Inherited | undefined;
}

const MOST_RECORDS = 200;
/** What an alert says of a count goes no further. */
const MOST_SAID = 1000;
const PRUNE_STEP = 50;
const WINDOWS_AT_ONCE = 100;

/**
 * Counts a match in the correlations of its rule, and what those complete in the correlations of theirs. Depends on
 * event times and on what is stored, not on the order in which events come, as long as they are not later than the
 * correlation allows; the same record counts once. Runs in the transaction that marks the record evaluated.
 */
export async function correlate(tools: CorrelateTools, match: Match): Promise<Correlated> {
  const found: Correlated = { firings: [], late: [] };
  const { record } = match;
  const arrival = { record, at: record.eventTime, key: record.key, inherited: undefined };
  await countFor(tools, match.rule.id, arrival, found);
  return found;
}

/** Judges windows that are over by `upTo`, some of them; call it until there are none. */
export async function closeWindows(
  tools: CorrelateTools,
  upTo: Millis,
): Promise<Correlated & { readonly closed: number }> {
  const found: Correlated = { firings: [], late: [] };
  const due = await dueWindows(tools.sql, upTo, WINDOWS_AT_ONCE);
  for (const window of due) await closeWindow(tools, window, found);
  return { ...found, closed: due.length };
}

async function countFor(
  tools: CorrelateTools,
  ruleId: string,
  arrival: Arrival,
  found: Correlated,
): Promise<void> {
  for (const use of tools.correlations.uses.get(ruleId) ?? []) await count(tools, use, arrival, found);
}

async function count(
  tools: CorrelateTools,
  { correlation, part }: Use,
  arrival: Arrival,
  found: Correlated,
): Promise<void> {
  const { sql, now } = tools;
  const { record, at, key, inherited } = arrival;
  const share = shareOf(correlation, part, record, inherited);
  if (!share) return;
  const counted = await countedBy(sql, correlation.signature);
  const original = correctedKey(record);
  if (original !== undefined && (await hasHit(sql, counted.id, at, original))) return;

  const bucket = bucketOf(correlation, share.group);
  const window = correlation.closes ? await windowOf(sql, bucket) : undefined;
  if (at < horizonOf(correlation, counted.newest) || (window && at <= window.closedUntil)) {
    found.late.push(tooLate(correlation, key, counted.newest - at));
    return;
  }
  // Where it does not matter which rule saw a record, it counts once, whatever rules see it.
  const seenBy = correlation.type.startsWith('temporal') ? part : 0;
  const hit = { correlation: counted.id, bucket, at, key, part: seenBy, value: share.value };
  if (!(await insertHit(sql, hit))) return;
  if (addsUp(correlation)) await addToSums(sql, hit, Number(hit.value));
  await keepSmall(sql, correlation, counted, hit, now);
  if (correlation.closes) await touchWindow(sql, correlation, window, hit, share.group, now);
  else await fire(tools, correlation, hit, arrival, share.group, found);
}

/** Nothing before this is needed any more. */
export function horizonOf({ timespan, lateness }: Correlation, newest: Millis): Millis {
  return newest - timespan - lateness;
}

function tooLate({ rule }: Correlation, recordKey: string, by: Millis): Suppression {
  const reason = `came too late to be counted by the correlation: ${sayDuration(by)} after newer events`;
  return { recordKey, ruleId: rule.id, kind: 'late', reason };
}

/** An event from the future moves nothing: it must not make the present look late. */
async function keepSmall(
  sql: Sql,
  correlation: Correlation,
  { id, newest: before }: Counted,
  { at, key, bucket }: PlacedHit,
  now: Millis,
): Promise<void> {
  const most = mostKept(correlation);
  // Looking each time would cost more than it saves: a group may be larger for a while.
  if (most !== undefined && key.endsWith('0')) await keepNewest(sql, bucket, most);
  const newest = Math.min(at, now);
  if (newest <= before) return;
  await moveNewest(sql, id, newest);
  const horizon = horizonOf(correlation, newest);
  // What waits for its window to be judged goes with that window.
  if (correlation.closes) await pruneWindows(sql, id, horizon, PRUNE_STEP);
  else await pruneHits(sql, id, horizon, PRUNE_STEP);
  if (addsUp(correlation)) await pruneSums(sql, id, horizon, PRUNE_STEP);
}

/** Whether sums are kept as events come, so that each of them can be judged at once. */
function addsUp({ type, closes }: Correlation): boolean {
  return type === 'value_sum' && !closes;
}

async function fire(
  tools: CorrelateTools,
  correlation: Correlation,
  hit: PlacedHit,
  arrival: Arrival,
  group: readonly string[],
  found: Correlated,
): Promise<void> {
  const { sql } = tools;
  const { timespan, type } = correlation;
  const { bucket } = hit;
  for (const window of await windowsCompleted(sql, correlation, hit)) {
    const { last } = window;
    const since = last.at - timespan;
    const most = Math.min(enoughFor(correlation), MOST_RECORDS);
    const inside = window.inside ?? (await hitsUpTo(sql, bucket, last, since, most));
    await markFired(sql, bucket, last);
    const record =
      last.key === hit.key ? arrival.record : ((await tools.recordOf(last.key)) ?? arrival.record);
    const count =
      type === 'event_count' ? await countHits(sql, bucket, last, since, MOST_SAID) : window.count;
    await completed(tools, correlation, { ...window, count }, inside, record, group, found);
  }
}

/** `inside`: hits of the window in their order, the newest. */
async function completed(
  tools: CorrelateTools,
  correlation: Correlation,
  window: Fulfilled,
  inside: readonly Hit[],
  record: CloudTrailRecord,
  group: readonly string[],
  found: Correlated,
): Promise<void> {
  const { rule, groupBy } = correlation;
  const records = [...new Set(inside.map(({ key }) => key).reverse())];
  const lastFired = inside.findLast(({ fired }) => fired)?.key;
  const fresh = lastFired === undefined ? records.length : records.indexOf(lastFired);
  const named = groupBy.map((field, index) => [field, group[index] ?? ''] as const);
  const { last, count: number, values } = window;
  const shown = records.slice(0, MOST_RECORDS);
  found.firings.push({
    rule,
    record,
    firing: { group: named, count: number, values, records: shown, fresh },
  });
  const arrival = { record, at: last.at, key: last.key, inherited: new Map(named) };
  await countFor(tools, rule.id, arrival, found);
}

/** A window begins with the first event after the last that was judged, in whatever order they come. */
async function touchWindow(
  sql: Sql,
  { timespan, lateness }: Correlation,
  window: OpenWindow | undefined,
  { bucket, correlation, at }: PlacedHit,
  group: readonly string[],
  now: Millis,
): Promise<void> {
  const begins = window?.beginsAt;
  const known = window ?? {
    bucket,
    correlation,
    group,
    closedUntil: 0,
    beginsAt: undefined,
    dueAt: undefined,
  };
  if (begins === undefined || at < begins) {
    const dueAt = Math.max(at + timespan, now) + lateness;
    await saveWindow(sql, { ...known, beginsAt: at, touchedAt: now, dueAt });
  } else {
    const dueAt = at <= begins + timespan ? Math.max(known.dueAt ?? 0, now + lateness) : known.dueAt;
    await saveWindow(sql, { ...known, touchedAt: now, dueAt });
  }
}

async function closeWindow(tools: CorrelateTools, window: OpenWindow, found: Correlated): Promise<void> {
  const { sql } = tools;
  const { bucket, group, beginsAt, touchedAt } = window;
  const signature = await signatureOfCounted(sql, window.correlation);
  const correlation = tools.correlations.bySignature.get(signature ?? '');
  if (!correlation || beginsAt === undefined) {
    await deleteWindow(sql, bucket);
    return;
  }
  const { timespan, lateness } = correlation;
  const end = beginsAt + timespan;
  const stretch = { bucket, from: beginsAt, to: end };
  const fulfilled = await judged(sql, correlation, stretch);
  const inside = fulfilled ? await hitsUpTo(sql, bucket, endOf(stretch), beginsAt, MOST_RECORDS) : [];
  await deleteHitsUpTo(sql, bucket, end);
  const next = await firstHitAfter(sql, bucket, end);
  const dueAt = next === undefined ? undefined : Math.max(next + timespan, touchedAt) + lateness;
  await saveWindow(sql, { ...window, beginsAt: next, closedUntil: end, dueAt });

  if (!fulfilled) return;
  const { last } = fulfilled;
  const record = await tools.recordOf(last.key);
  if (record) await completed(tools, correlation, fulfilled, inside, record, group, found);
  else found.late.push(gone(correlation, last.key));
}

function gone({ rule }: Correlation, recordKey: string): Suppression {
  const reason =
    'the correlation was fulfilled when its window was over, but the records were deleted before';
  return { recordKey, ruleId: rule.id, kind: 'late', reason };
}
