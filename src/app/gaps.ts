import type { Config } from '../config/config.ts';
import type { Log } from '../kernel/log.ts';
import type { Random } from '../kernel/random.ts';
import { type Clock, MINUTE, type Millis, SECOND } from '../kernel/time.ts';
import { deliveredBy } from '../rules/pattern/delivers.ts';
import { patternsOf } from '../rules/pattern/plan.ts';
import type { Ruleset } from '../rules/ruleset.ts';
import { allSources } from '../store/silence.ts';
import type { Database } from '../store/sql.ts';
import type { CloudHistory } from '../work/cloud-history.ts';
import { learnHabits } from '../work/gaps/habit.ts';
import { noticeSilence } from '../work/gaps/silence.ts';
import type { SweepTools } from '../work/gaps/sweep-place.ts';
import { type SweepPlan, sweepPlaces } from '../work/gaps/sweep-places.ts';
import { startLoop } from '../work/loop.ts';
import type { Cloud } from './cloud.ts';

export interface GapTools {
  readonly db: Database;
  readonly settings: () => Config;
  readonly ruleset: () => Ruleset;
  readonly cloud: Cloud;
  readonly intake: SweepTools['intake'];
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** The watch for what does not arrive: one loop compares with AWS's event history, one listens for silence. */
export interface Gaps {
  /** Resolves when no look is under way; true when none was. */
  rested(): Promise<boolean>;
  stop(): Promise<void>;
}

/** Five minutes of the two requests a second that AWS allows: 30,000 events at one place in one run. */
const REQUESTS = 600;
const LISTEN: Millis = 10 * MINUTE;
/** Without `aws` nothing is connected; a reload may change that. */
const LOOK_AGAIN: Millis = MINUTE;

export function startGaps(tools: GapTools): Gaps {
  const { clock, log } = tools;
  const closing = new AbortController();
  const sweep = startLoop('sweep', () => sweepOnce(tools, closing.signal), clock, log);
  const silence = startLoop('silence', () => listenOnce(tools, closing.signal), clock, log);
  return {
    async rested() {
      const both = [await sweep.rested(), await silence.rested()];
      return both.every(Boolean);
    },
    async stop() {
      closing.abort();
      await Promise.all([sweep.stop(), silence.stop()]);
    },
  };
}

/** Answers how long to rest. A run that is under way when a test or the bot stops ends with its request. */
async function sweepOnce(tools: GapTools, signal: AbortSignal): Promise<Millis> {
  const config = tools.settings();
  if (!config.aws || !config.watch.sweep) return LOOK_AGAIN;
  const history = await tools.cloud.history(config);
  if ('off' in history) return LOOK_AGAIN;
  const { db, intake, ruleset, clock, log } = tools;
  const keep = () => tools.settings().history.records;
  const startedAt = clock.now();
  await sweepPlaces(
    { db, intake, ruleset, keep, clock, log },
    planOf(config, tools.ruleset(), history, signal),
  );
  return Math.max(SECOND, config.watch.sweepEvery - (clock.now() - startedAt));
}

/** What is missed is what EventBridge was asked to deliver. */
function planOf(config: Config, ruleset: Ruleset, history: CloudHistory, signal: AbortSignal): SweepPlan {
  const patterns = patternsOf(ruleset.compiled);
  return {
    history,
    accounts: config.aws?.accounts,
    regions: config.aws?.regions ?? 'enabled',
    expected: deliveredBy(patterns),
    kinds: patterns.reads.length > 0 ? ['changes', 'reads'] : ['changes'],
    budget: REQUESTS,
    signal,
  };
}

async function listenOnce(tools: GapTools, signal: AbortSignal): Promise<Millis> {
  const { db, clock } = tools;
  const { aws, watch } = tools.settings();
  if (!aws || !watch.silence) return LOOK_AGAIN;
  if (!(await learnHabits(db, clock.now()))) return 0;
  const watches = ({ account, region }: { account: string; region: string }): boolean =>
    (account === '*' || (aws.accounts?.includes(account) ?? true)) &&
    (region === '*' || aws.regions === 'enabled' || aws.regions.includes(region));
  const home = (await homeOf(tools, signal)) ?? (await anyAccount(db));
  if (home !== undefined) await noticeSilence({ ...tools, home, watches }, clock.now());
  return LISTEN;
}

/** The account of the bot's own credentials, where AWS may be asked. */
async function homeOf({ cloud, settings }: GapTools, signal: AbortSignal): Promise<string | undefined> {
  const history = await cloud.history(settings());
  return 'off' in history ? undefined : (await history.reach(signal)).home;
}

/** One that was heard. */
async function anyAccount(db: Database): Promise<string | undefined> {
  return (await allSources(db)).find(({ account }) => account !== '*')?.account;
}
