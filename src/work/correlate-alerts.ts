import { type CloudTrailRecord, readRecord } from '../cloudtrail/record.ts';
import type { Millis } from '../kernel/time.ts';
import type { Correlation } from '../rules/correlation/correlation.ts';
import type { Match } from '../rules/rule.ts';
import type { Ruleset } from '../rules/ruleset.ts';
import { correlationsBut, countedBy, deleteCounted, pruneHits } from '../store/correlation-hits.ts';
import { pruneSums } from '../store/correlation-sums.ts';
import { nextWindowDue, pruneWindows } from '../store/correlation-windows.ts';
import { enqueue } from '../store/jobs.ts';
import { pendingRecords, recordByKey } from '../store/records.ts';
import type { Database, Sql } from '../store/sql.ts';
import { insertSuppression } from '../store/suppressions.ts';
import {
  type Correlated,
  type CorrelateTools,
  type Correlations,
  closeWindows,
  correlate,
  horizonOf,
  indexCorrelations,
} from './correlate.ts';
import type { Counters } from './counters.ts';
import { type RaiseTools, raise } from './raise.ts';
import type { Result } from './worker.ts';

const JOB = 'correlate';
const SUBJECT = 'windows';
const TIDY_STEP = 500;

/** Counts a match and makes alerts of what it completes. Returns the levels of the alerts that were opened. */
export async function raiseCorrelated(
  sql: Sql,
  tools: RaiseTools,
  correlations: Correlations,
  match: Match,
  now: Millis,
): Promise<string[]> {
  const uses = correlations.uses.get(match.rule.id);
  if (!uses) return [];
  const levels = await raiseAll(sql, tools, await correlate(toolsFor(sql, correlations, now), match), now);
  await wakeForWindows(sql, correlations);
  return levels;
}

/** The job that judges windows which are over; it knows when the next one will be. */
export async function closeDueWindows(
  tools: RaiseTools & {
    readonly db: Database;
    readonly ruleset: () => Ruleset;
    readonly counters: Counters;
    readonly clock: { now(): Millis };
  },
): Promise<Result> {
  const correlations = indexCorrelations(tools.ruleset().correlations);
  for (;;) {
    const now = tools.clock.now();
    const { closed, levels } = await tools.db.tx(async (sql) => {
      const found = await closeWindows(toolsFor(sql, correlations, now), await judgedUpTo(sql, now));
      return { closed: found.closed, levels: await raiseAll(sql, tools, found, now) };
    });
    for (const level of levels) tools.counters.alert(level);
    if (closed === 0) break;
  }
  const due = await nextWindowDue(tools.db);
  return due === undefined ? 'done' : { again: Math.max(due, tools.clock.now() + SOON) };
}

/** Windows that are due wait for records that came in before and were not looked at yet. */
const SOON: Millis = 1000;

async function judgedUpTo(sql: Sql, now: Millis): Promise<Millis> {
  const [pending] = await pendingRecords(sql, 1);
  return pending ? Math.min(now, pending.receivedAt) : now;
}

/** Deletes some of what no correlation in force needs. */
export async function tidyCorrelations(sql: Sql, correlations: readonly Correlation[]): Promise<void> {
  for (const correlation of correlations) {
    const { id, newest } = await countedBy(sql, correlation.signature);
    const horizon = horizonOf(correlation, newest);
    if (correlation.closes) await pruneWindows(sql, id, horizon, TIDY_STEP);
    else await pruneHits(sql, id, horizon, TIDY_STEP);
    await pruneSums(sql, id, horizon, TIDY_STEP);
  }
  for (const id of await correlationsBut(sql, new Set(correlations.map(({ signature }) => signature)))) {
    const hits = await pruneHits(sql, id, Number.MAX_SAFE_INTEGER, TIDY_STEP);
    const windows = await pruneWindows(sql, id, Number.MAX_SAFE_INTEGER, TIDY_STEP);
    const sums = await pruneSums(sql, id, Number.MAX_SAFE_INTEGER, TIDY_STEP);
    if (hits + windows + sums === 0) await deleteCounted(sql, id);
  }
}

async function raiseAll(sql: Sql, tools: RaiseTools, found: Correlated, now: Millis): Promise<string[]> {
  for (const late of found.late) await insertSuppression(sql, late, now);
  const levels: string[] = [];
  for (const firing of found.firings) {
    if (!firing.rule.correlated) levels.push(...(await raise(sql, tools, firing, now)));
  }
  return levels;
}

async function wakeForWindows(sql: Sql, { bySignature }: Correlations): Promise<void> {
  if (!Array.from(bySignature.values()).some(({ closes }) => closes)) return;
  const due = await nextWindowDue(sql);
  if (due !== undefined) await enqueue(sql, JOB, SUBJECT, due);
}

function toolsFor(sql: Sql, correlations: Correlations, now: Millis): CorrelateTools {
  return { sql, correlations, now, recordOf: (key) => storedRecord(sql, key) };
}

async function storedRecord(sql: Sql, key: string): Promise<CloudTrailRecord | undefined> {
  const stored = await recordByKey(sql, key);
  if (!stored) return undefined;
  const record = readRecord(JSON.parse(stored.body), stored);
  return 'unreadable' in record ? undefined : record;
}
