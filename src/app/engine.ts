import type { Config } from '../config/config.ts';
import { createLoadMeter } from '../kernel/load.ts';
import type { Log } from '../kernel/log.ts';
import type { Random } from '../kernel/random.ts';
import { type Clock, type Millis, nextTurn, SECOND } from '../kernel/time.ts';
import type { Ruleset } from '../rules/ruleset.ts';
import { releaseLeases, unparkJobs } from '../store/jobs.ts';
import type { Database } from '../store/sql.ts';
import { closeDueWindows } from '../work/correlate-alerts.ts';
import type { Counters } from '../work/counters.ts';
import { evaluatePending } from '../work/evaluate.ts';
import { firstSeenStep, tendFirstSeen } from '../work/first-seen-tend.ts';
import type { Fresh } from '../work/fresh.ts';
import { startLoop } from '../work/loop.ts';
import { type Notifier, notifyAlert } from '../work/notify.ts';
import { type PostTools, type Speaker, sayPost } from '../work/posting.ts';
import { remindOf } from '../work/remind.ts';
import { rerouteUndelivered } from '../work/reroute.ts';
import { makeSearchable, searchableStep } from '../work/searchable.ts';
import { type Handler, runDue, untilDue } from '../work/worker.ts';
import { afterRefusal, operationHandlers } from './operations.ts';

export interface EngineTools {
  readonly db: Database;
  readonly ruleset: () => Ruleset;
  readonly settings: () => Config;
  readonly notifier: Notifier;
  readonly speaker: Speaker;
  /** Work of other parts, by its kind. */
  readonly handlers?: ReadonlyMap<string, Handler>;
  /** Slack will never take a post. */
  readonly onRefused?: PostTools['onRefused'];
  readonly counters: Counters;
  readonly fresh: Fresh;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/**
 * The background loops: one evaluates, one delivers, one makes records findable by questions. A slow Slack never
 * holds up the rules, and questions wait for both.
 */
export interface Engine {
  /** Records were stored. */
  evaluate(): void;
  /** Jobs were written. */
  deliver(): void;
  /** The rules may be others: begins what new ones need, and gives work that was given up a new chance. */
  retry(): Promise<void>;
  /** Does all that is due now; resolves when nothing more is. */
  settle(): Promise<void>;
  stop(): Promise<void>;
}

const AT_ONCE = 200;
/** Nothing should be missed without a wake-up; this is for what only the store knows, such as a lease run out. */
const LOOK_AGAIN: Millis = 30 * SECOND;

export async function startEngine(tools: EngineTools): Promise<Engine> {
  await releaseLeases(tools.db);
  await rerouteUndelivered(tools);
  await unparkJobs(tools.db, tools.clock.now());
  const { db, clock, random, log } = tools;
  const handlers = new Map<string, Handler>([
    ['notify', (alertId) => notifyAlert(tools, alertId)],
    ['correlate', () => closeDueWindows(tools)],
    ['post', (id) => sayPost({ ...tools, onRefused: afterRefusal(tools.onRefused) }, id)],
    ['remind', (subject) => remindOf(tools, subject)],
    ...operationHandlers({ db, clock, random, acknowledgement: () => tools.settings().acknowledgement }),
    ...(tools.handlers ?? []),
  ]);
  const worker = { db, clock, random, log, handlers };
  const evaluateOnce = () => evaluatePending(tools, AT_ONCE);

  const deliver = startLoop(
    'deliver',
    async () => {
      if ((await runDue(worker)) > 0) return 0;
      return Math.min((await untilDue(worker)) ?? LOOK_AGAIN, LOOK_AGAIN);
    },
    clock,
    log,
  );
  const evaluate = startLoop(
    'evaluate',
    async () => {
      if ((await evaluateOnce()) === 0) return LOOK_AGAIN;
      deliver.wake();
      return 0;
    },
    clock,
    log,
  );
  const { ruleset } = tools;
  const firstSeen = { db, ruleset, clock, log, load: createLoadMeter() };
  const remember = startLoop('first seen', firstSeenStep(firstSeen), clock, log);
  const search = startLoop('search', searchableStep({ db, clock, log, load: createLoadMeter() }), clock, log);

  return {
    evaluate: evaluate.wake,
    deliver: deliver.wake,
    async retry() {
      remember.wake();
      await rerouteUndelivered(tools);
      if ((await unparkJobs(db, clock.now())) > 0) deliver.wake();
    },
    async settle() {
      for (;;) {
        const rested = [
          await evaluate.rested(),
          await deliver.rested(),
          await search.rested(),
          await remember.rested(),
        ];
        const done =
          (await evaluateOnce()) +
          (await runDue(worker)) +
          (await makeSearchable(tools, AT_ONCE)) +
          (await tendFirstSeen(tools, AT_ONCE));
        if (done === 0 && rested.every(Boolean)) return;
        await nextTurn();
      }
    },
    async stop() {
      await Promise.all([evaluate.stop(), deliver.stop(), search.stop(), remember.stop()]);
    },
  };
}
