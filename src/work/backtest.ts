import type { CloudTrailRecord } from '../cloudtrail/record.ts';
import type { Log } from '../kernel/log.ts';
import { type Clock, type Millis, nextTurn } from '../kernel/time.ts';
import type { Rule } from '../rules/rule.ts';
import type { Ruleset } from '../rules/ruleset.ts';
import { indexSilence, resolveSilent } from '../store/backtest.ts';
import { nextWindowDue } from '../store/correlation-windows.ts';
import { insertRecord, pendingRecords } from '../store/records.ts';
import { type Database, StorageTrouble } from '../store/sql.ts';
import { type BacktestOutcome, outcomeOf } from './backtest-outcome.ts';
import { closeDueWindows } from './correlate-alerts.ts';
import type { Counters } from './counters.ts';
import { type EvaluateTools, evaluatePending } from './evaluate.ts';
import { learningFrom, type Stretch } from './event-days.ts';
import { stateOf } from './first-seen.ts';
import { createFresh } from './fresh.ts';
import type { RaiseTools } from './raise.ts';

export interface BacktestTools extends RaiseTools {
  /** Empty, and of nobody else. */
  readonly db: Database;
  readonly ruleset: Ruleset;
  readonly log: Log;
  /** Nobody is there to resolve an alert: it counts as resolved when its group was silent for so long. */
  readonly resolveAfter: Millis;
  /** First-seen rules do not learn: whatever is seen for the first time is new. */
  readonly learnt: boolean;
}

/** A record with the rules that are true for it. */
export interface Matched {
  readonly record: CloudTrailRecord;
  readonly rules: readonly Rule[];
}

/** What a bot that was there would have made of events: the bot's own decisions, on the time of the events. */
export interface Backtest {
  /** Takes what matched, in any order; records that are there already count once. */
  add(matched: readonly Matched[]): Promise<void>;
  /**
   * Evaluates all that was added, in the order in which it happened, none of it before the first stretch. First-seen
   * rules learn in the stretches alone. Ends early when `goOn` says false, and returns the time up to which all is
   * decided.
   */
  run(
    stretches: readonly Stretch[],
    goOn: (done: number, of: number) => boolean,
  ): Promise<Millis | undefined>;
  outcome(): Promise<BacktestOutcome>;
}

const AT_ONCE = 500;

export async function startBacktest(tools: BacktestTools): Promise<Backtest> {
  const { db, ruleset } = tools;
  await indexSilence(db);
  const matches = new Map<string, number>();
  let stored = 0;
  let duplicates = 0;
  return {
    async add(matched) {
      const fresh = await db.tx(async (sql) => {
        const kept: Matched[] = [];
        // Received when it happened: that is the order in which records wait.
        for (const one of matched) {
          if ((await insertRecord(sql, one.record, one.record.eventTime)) > 0) kept.push(one);
        }
        return kept;
      });
      stored += fresh.length;
      duplicates += matched.length - fresh.length;
      for (const { id } of fresh.flatMap(({ rules }) => rules)) matches.set(id, (matches.get(id) ?? 0) + 1);
    },
    async run(stretches, goOn) {
      await beginLearning(tools, stretches);
      return replay(tools, stretches[0]?.from ?? 0, (done) => goOn(done, stored));
    },
    outcome: async () => ({
      ...(await outcomeOf(db, ruleset, matches, tools.settings().accounts)),
      stored,
      duplicates,
    }),
  };
}

async function beginLearning(
  { db, ruleset, learnt }: BacktestTools,
  stretches: readonly Stretch[],
): Promise<void> {
  await db.tx(async (sql) => {
    for (const rule of ruleset.rules) {
      if (!rule.firstSeen) continue;
      const { learn } = rule.firstSeen;
      const from = learnt ? (stretches[0]?.from ?? 0) - learn : learningFrom(stretches, learn);
      await stateOf(sql, rule, rule.firstSeen, from);
    }
  });
}

/** The time at which the evaluation believes to be. */
interface Time {
  now: Millis;
}

async function replay(
  tools: BacktestTools,
  from: Millis,
  goOn: (done: number) => boolean,
): Promise<Millis | undefined> {
  const time = { now: from };
  let done = 0;
  for (;;) {
    const waiting = await pendingRecords(tools.db, AT_ONCE);
    if (waiting.length === 0) break;
    await together(tools, time, async (evaluation, isBroken) => {
      for (const { receivedAt } of waiting) {
        await passTime(tools, evaluation, time, receivedAt);
        time.now = receivedAt;
        await resolveSilent(evaluation.db, tools.resolveAfter, time.now);
        await evaluatePending(evaluation, 1);
        if (isBroken()) return;
      }
    });
    done += waiting.length;
    if (!goOn(done)) return time.now;
    await nextTurn();
  }
  await together(tools, time, (evaluation) => passTime(tools, evaluation, time, Number.POSITIVE_INFINITY));
  return undefined;
}

/**
 * The bot commits what belongs together, and sets aside a record that breaks it. Here some hundred records are one
 * transaction, which is twice as fast; when one of them breaks, they are done again in the way of the bot.
 */
async function together(
  tools: BacktestTools,
  time: Time,
  work: (evaluation: EvaluateTools, isBroken: () => boolean) => Promise<void>,
): Promise<void> {
  const { now } = time;
  let broken = false;
  try {
    await tools.db.tx(async (sql) => {
      const within: Database = {
        ...sql,
        async tx(inner) {
          try {
            return await inner(sql);
          } catch (error) {
            broken = true;
            throw error;
          }
        },
        close: async () => {},
      };
      await work(evaluationOn(tools, within, time), () => broken);
      if (broken) throw new Error('a record cannot be evaluated');
    });
  } catch (error) {
    if (!broken || error instanceof StorageTrouble) throw error;
    time.now = now;
    await work(evaluationOn(tools, tools.db, time), () => false);
  }
}

/** Windows of correlations are judged when they are over, each at its time. */
async function passTime(
  { ruleset, resolveAfter }: BacktestTools,
  evaluation: EvaluateTools,
  time: Time,
  until: Millis,
): Promise<void> {
  if (!ruleset.correlations.some(({ closes }) => closes)) return;
  for (;;) {
    const due = await nextWindowDue(evaluation.db);
    if (due === undefined || due > until) return;
    time.now = Math.max(time.now, due);
    await resolveSilent(evaluation.db, resolveAfter, time.now);
    await closeDueWindows(evaluation);
  }
}

function evaluationOn(tools: BacktestTools, db: Database, time: Readonly<Time>): EvaluateTools {
  const { ruleset } = tools;
  const clock: Clock = { now: () => time.now, sleep: async () => {} };
  return { ...tools, db, clock, ruleset: () => ruleset, fresh: createFresh(), counters: NOTHING_COUNTED };
}

const NOTHING_COUNTED: Counters = {
  received: () => {},
  duplicate: () => {},
  rejected: () => {},
  alert: () => {},
  notice: () => {},
  posted: () => {},
  canary: () => {},
  canaryTook: () => {},
};
