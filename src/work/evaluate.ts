import { sayError } from '../kernel/problem.ts';
import type { Clock, Millis } from '../kernel/time.ts';
import type { Match } from '../rules/rule.ts';
import type { Ruleset } from '../rules/ruleset.ts';
import { addDue } from '../store/calls-due.ts';
import { markEvaluated, type PendingRecord, pendingRecords } from '../store/records.ts';
import { insertReject } from '../store/rejects.ts';
import { type Database, type Sql, StorageTrouble } from '../store/sql.ts';
import { insertSuppression } from '../store/suppressions.ts';
import { type Correlations, indexCorrelations } from './correlate.ts';
import { raiseCorrelated, tidyCorrelations } from './correlate-alerts.ts';
import type { Counters } from './counters.ts';
import { admitFirstSeen } from './first-seen.ts';
import { type Judged, type JudgeTools, judge, rejected } from './judge.ts';
import { type RaiseTools, raise } from './raise.ts';

/** What evaluation needs; rules and configuration are asked for each batch, so that a reload takes effect. */
export interface EvaluateTools extends JudgeTools, RaiseTools {
  readonly db: Database;
  readonly ruleset: () => Ruleset;
  readonly counters: Counters;
  readonly clock: Clock;
}

/** So much text is judged at once; a single larger record still is. */
const MOST_TEXT = 4_000_000;

/**
 * Takes the oldest records that no rule has seen: match, group, route, silence; then one transaction writes
 * alerts, history and jobs, marks the records evaluated and notes that questions are to find them. A crash
 * repeats the batch or finds it done. Returns how many records it took.
 */
export async function evaluatePending(tools: EvaluateTools, limit: number): Promise<number> {
  const batch = boundedText(await pendingRecords(tools.db, limit));
  const ruleset = tools.ruleset();
  if (batch.length === 0) {
    await tidyCorrelations(tools.db, ruleset.correlations);
    return 0;
  }
  const judged: Judged[] = [];
  for (const pending of batch) judged.push(await judge(tools, ruleset, pending));
  try {
    await commit(tools, judged);
  } catch (error) {
    if (error instanceof StorageTrouble) throw error;
    tools.log.error({ error }, 'a batch of records could not be evaluated; trying each by itself');
    for (const one of judged) await commitAlone(tools, one);
  }
  return batch.length;
}

async function commit(tools: EvaluateTools, judged: readonly Judged[]): Promise<void> {
  const now = tools.clock.now();
  const opened = await tools.db.tx(async (sql) => {
    const levels: string[] = [];
    const evaluated: PendingRecord[] = [];
    const correlations = indexCorrelations(tools.ruleset().correlations);
    for (const one of judged) {
      if (!(await markEvaluated(sql, one.pending))) continue;
      evaluated.push(one.pending);
      if (one.reject) await insertReject(sql, one.reject, now);
      for (const match of one.matches) levels.push(...(await apply(sql, tools, correlations, match, now)));
    }
    await addDue(sql, evaluated);
    return levels;
  });
  for (const level of opened) tools.counters.alert(level);
}

/** One record that breaks evaluation must not hold up the rest: it is kept as rejected, with the reason. */
async function commitAlone(tools: EvaluateTools, judged: Judged): Promise<void> {
  try {
    await commit(tools, [judged]);
  } catch (error) {
    if (error instanceof StorageTrouble) throw error;
    const { pending } = judged;
    tools.log.error({ error, record: pending.key }, 'a record could not be evaluated; kept as rejected');
    await commit(tools, [await rejected(tools, pending, `evaluation failed on it: ${sayError(error)}`)]);
  }
}

function boundedText(waiting: readonly PendingRecord[]): PendingRecord[] {
  let text = 0;
  return waiting.filter(({ size }, index) => {
    text += size;
    return index === 0 || text <= MOST_TEXT;
  });
}

/** One match: counted in the correlations of its rule, and an alert by itself unless these took the rule over. */
async function apply(
  sql: Sql,
  tools: EvaluateTools,
  correlations: Correlations,
  match: Match,
  now: Millis,
): Promise<string[]> {
  const known = await admitFirstSeen(sql, match, now);
  if (known) {
    await insertSuppression(sql, known, now);
    return [];
  }
  const levels = await raiseCorrelated(sql, tools, correlations, match, now);
  if (!match.rule.correlated) levels.push(...(await raise(sql, tools, match, now)));
  return levels;
}
