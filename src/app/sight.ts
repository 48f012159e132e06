import type { Config } from '../config/config.ts';
import type { Log } from '../kernel/log.ts';
import type { Random } from '../kernel/random.ts';
import type { Clock } from '../kernel/time.ts';
import type { Ruleset } from '../rules/ruleset.ts';
import type { Database } from '../store/sql.ts';
import type { Counters } from '../work/counters.ts';
import type { createIntake } from '../work/intake.ts';
import type { Status } from '../work/status.ts';
import type { WayCounters } from '../work/ways/message-work.ts';
import type { QueueState } from '../work/ways/queue-state.ts';
import { startCanaries } from './canary.ts';
import type { AwsStandIn, Cloud } from './cloud.ts';
import { startGaps } from './gaps.ts';
import type { OrganizationNames } from './names.ts';
import { startRounds } from './rounds.ts';
import { startTrailCheck } from './trail-check.ts';
import { startWays } from './ways.ts';

export interface SightTools {
  readonly db: Database;
  readonly settings: () => Config;
  readonly ruleset: () => Ruleset;
  readonly cloud: Cloud;
  readonly names: Pick<OrganizationNames, 'state'>;
  /** The same that the webhook stores with. */
  readonly intake: ReturnType<typeof createIntake>;
  readonly counters: Counters & WayCounters;
  /** Jobs were written. */
  readonly deliver: () => void;
  readonly standIn: AwsStandIn | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** What brings events besides the webhook, and what notices that they do not come. */
export interface Sight {
  queues(): readonly QueueState[];
  /** What the doctor found on its last round. */
  found(): Status['doctor'];
  /** Resolves when no look is under way; true when none was. */
  rested(): Promise<boolean>;
  /** The configuration may be another. */
  follow(): Promise<void>;
  stop(): Promise<void>;
}

export async function startSight(tools: SightTools): Promise<Sight> {
  const ways = await startWays(tools);
  const rounds = startRounds(tools);
  const watches = [startCanaries(tools), startGaps(tools), startTrailCheck(tools), rounds];
  return {
    queues: ways.states,
    found: rounds.found,
    async rested() {
      const all: boolean[] = [];
      for (const watch of watches) all.push(await watch.rested());
      return all.every(Boolean);
    },
    follow: ways.follow,
    async stop() {
      await ways.stop();
      await Promise.all(watches.map((watch) => watch.stop()));
    },
  };
}
