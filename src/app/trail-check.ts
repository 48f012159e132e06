import type { Config } from '../config/config.ts';
import type { Log } from '../kernel/log.ts';
import { type Clock, DAY, HOUR, MINUTE, type Millis } from '../kernel/time.ts';
import { LookupTrouble } from '../work/cloud-history.ts';
import { takeOwnEvent } from '../work/gaps/own-event.ts';
import type { createIntake } from '../work/intake.ts';
import { startLoop } from '../work/loop.ts';
import { countBreaks } from '../work/verify/report.ts';
import { ownEventsOf } from '../work/verify/tell-breaks.ts';
import { verifyTrails } from '../work/verify/verify-trails.ts';
import type { AwsStandIn } from './cloud.ts';
import { openTrails } from './trails.ts';

interface CheckTools {
  readonly settings: () => Config;
  /** The same that the webhook stores with. */
  readonly intake: Pick<ReturnType<typeof createIntake>, 'accept'>;
  readonly standIn?: AwsStandIn | undefined;
  readonly clock: Clock;
  readonly log: Log;
}

/** The daily check of the trails' digests, for as long as the bot runs. */
interface TrailCheck {
  /** Resolves when no check is under way; true when none was. */
  rested(): Promise<boolean>;
  stop(): Promise<void>;
}

/** Each day at 03:41 UTC, away from what everybody does on the hour. */
const TIME_OF_DAY: Millis = 3 * HOUR + 41 * MINUTE;
/** A check that was missed is made up for by the next, and what was too young to tell is looked at again. */
const LOOK_BACK: Millis = 2 * DAY;
/** Fewer than the command reads at the same time: nobody waits, and questions go on. */
const TOGETHER = 8;

export function startTrailCheck(tools: CheckTools): TrailCheck {
  const { clock, log, settings } = tools;
  const closing = new AbortController();
  let due = nextTime(clock.now());
  const loop = startLoop(
    'trails',
    async () => {
      if (clock.now() >= due) {
        due = nextTime(clock.now());
        const config = settings();
        if (config.aws && config.watch.trails) await check(tools, config, closing.signal);
      }
      return Math.max(0, due - clock.now());
    },
    clock,
    log,
  );
  return {
    rested: loop.rested,
    async stop() {
      closing.abort();
      await loop.stop();
    },
  };
}

function nextTime(now: Millis): Millis {
  return now + DAY - ((now - TIME_OF_DAY) % DAY);
}

async function check(tools: CheckTools, config: Config, signal: AbortSignal): Promise<void> {
  const { clock, log, intake } = tools;
  const to = clock.now();
  const trails = await openTrails(config, tools);
  try {
    const found = await verifyTrails(
      { trails, signal, together: TOGETHER },
      { period: { from: to - LOOK_BACK, to }, accounts: config.aws?.accounts },
    );
    if (signal.aborted) return;
    const accountName = (account: string): string => config.accounts.get(account)?.name ?? account;
    for (const event of ownEventsOf(found, { at: clock.now(), accountName })) {
      await takeOwnEvent(intake, event, clock.now());
    }
    const broken = found.chains.reduce((sum, chain) => sum + countBreaks(chain), 0);
    const { troubles } = found;
    log[broken > 0 || troubles.length > 0 ? 'warn' : 'info'](
      { chains: found.chains.length, broken, troubles },
      'the digests of the trails were verified',
    );
  } catch (error) {
    if (!(error instanceof LookupTrouble)) throw error;
    if (!signal.aborted)
      log.error({ trouble: error.trouble }, 'the digests of the trails could not be verified');
  } finally {
    trails.close();
  }
}
