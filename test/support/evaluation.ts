import { readDelivery } from '../../src/cloudtrail/delivery.ts';
import { readConfig } from '../../src/config/config.ts';
import type { JsonObject } from '../../src/kernel/json.ts';
import { createLog } from '../../src/kernel/log.ts';
import { systemRandom } from '../../src/kernel/random.ts';
import type { Millis } from '../../src/kernel/time.ts';
import { loadRules } from '../../src/rules/load.ts';
import type { Database } from '../../src/store/sql.ts';
import type { Counters } from '../../src/work/counters.ts';
import { type EvaluateTools, evaluatePending } from '../../src/work/evaluate.ts';
import { createFresh } from '../../src/work/fresh.ts';
import { createIntake } from '../../src/work/intake.ts';
import { makeSearchable } from '../../src/work/searchable.ts';
import { type FakeClock, fakeClock } from './clock.ts';
import { temporaryStore } from './store.ts';

/** Counts by name, for tests to look at. */
export function tally(): Counters & { readonly seen: Map<string, number> } {
  const seen = new Map<string, number>();
  const add = (name: string, by: number) => seen.set(name, (seen.get(name) ?? 0) + by);
  return {
    seen,
    received: (records) => add('received', records),
    duplicate: (records) => add('duplicate', records),
    rejected: (pieces) => add('rejected', pieces),
    alert: (level) => add(`alert ${level}`, 1),
    notice: (kind, reason) => add(`notice ${kind} ${reason}`, 1),
    posted: (sinceEvent) => add('posted after', sinceEvent),
    canary: (outcome) => add(`canary ${outcome}`, 1),
    canaryTook: (took) => add('canary took', took),
  };
}

/** Store, rules and routing of a bot without its edges. */
export interface Evaluation {
  readonly db: Database;
  readonly clock: FakeClock;
  readonly counters: ReturnType<typeof tally>;
  readonly tools: EvaluateTools;
  /** Stores the records, lets the rules see them, and makes them findable by questions. */
  take(records: readonly JsonObject[], receivedAt?: Millis): Promise<void>;
}

export async function startEvaluation(rules: string, yaml?: string): Promise<Evaluation> {
  const db = await temporaryStore();
  const clock = fakeClock();
  const counters = tally();
  const { ruleset, problems } = loadRules([{ path: 'test.yml', text: rules }]);
  const read = readConfig({ text: yaml, file: 'trailbot.yaml', env: {} });
  if ('problems' in read) problems.push(...read.problems);
  if ('problems' in read || problems.length > 0) throw new Error(problems.map(({ what }) => what).join('\n'));
  const tools: EvaluateTools = {
    db,
    ruleset: () => ruleset,
    settings: () => read.config,
    fresh: createFresh(),
    counters,
    clock,
    random: systemRandom,
    log: createLog('silent'),
  };
  const intake = createIntake(db, counters, tools.fresh, () => {});
  return {
    db,
    clock,
    counters,
    tools,
    async take(records, receivedAt = clock.now()) {
      const delivery = readDelivery(JSON.stringify({ Records: records }));
      if ('notJson' in delivery) throw new Error(delivery.notJson);
      await intake.accept(delivery, receivedAt);
      while ((await evaluatePending(tools, 50)) > 0);
      while ((await makeSearchable(tools, 50)) > 0);
    },
  };
}
