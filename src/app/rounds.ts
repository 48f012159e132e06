import type { Config } from '../config/config.ts';
import type { Log } from '../kernel/log.ts';
import { type Clock, HOUR, MINUTE, type Millis } from '../kernel/time.ts';
import type { Ruleset } from '../rules/ruleset.ts';
import type { Database } from '../store/sql.ts';
import { type Diagnosis, examine } from '../work/doctor/checkup.ts';
import { startLoop } from '../work/loop.ts';
import type { Status } from '../work/status.ts';
import type { AwsStandIn, Cloud } from './cloud.ts';
import { checkupsFor } from './doctor.ts';
import type { OrganizationNames } from './names.ts';

interface CheckupTools {
  readonly db: Database;
  readonly settings: () => Config;
  readonly ruleset: () => Ruleset;
  readonly standIn: AwsStandIn | undefined;
  readonly cloud: Cloud;
  readonly names: Pick<OrganizationNames, 'state'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** The doctor on its rounds, for as long as the bot runs. */
export interface Rounds {
  /** What it found last. */
  found(): Status['doctor'];
  /** Resolves when no look is under way; true when none was. */
  rested(): Promise<boolean>;
  stop(): Promise<void>;
}

/** After the first canary and the first requests of Slack. */
const FIRST: Millis = 2 * MINUTE;
const EVERY: Millis = HOUR;

export function startRounds({ db, settings, ruleset, ...tools }: CheckupTools): Rounds {
  const { clock, log } = tools;
  const closing = new AbortController();
  const startedAt = clock.now();
  let last: Status['doctor'];

  async function look(): Promise<Millis> {
    const wait = startedAt + FIRST - clock.now();
    if (wait > 0) return wait;
    const config = settings();
    const { compiled } = ruleset();
    const checkups = await checkupsFor({ ...tools, config, compiled, sql: db, signal: closing.signal });
    const found: Diagnosis[] = [];
    try {
      for await (const one of examine(checkups.all, clock)) if (one.verdict !== 'fine') found.push(one);
    } finally {
      checkups.close();
    }
    if (!closing.signal.aborted) last = { at: clock.now(), found };
    return EVERY;
  }

  const loop = startLoop('doctor', look, clock, log);
  return {
    found: () => last,
    rested: loop.rested,
    async stop() {
      closing.abort();
      await loop.stop();
    },
  };
}
