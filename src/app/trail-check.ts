import type { OwnEvent } from '../cloudtrail/own-event.ts';
import type { Config } from '../config/config.ts';
import type { Log } from '../kernel/log.ts';
import { type Clock, DAY, HOUR, MINUTE, type Millis } from '../kernel/time.ts';
import { LookupTrouble } from '../work/cloud-history.ts';
import { takeOwnEvent } from '../work/gaps/own-event.ts';
import type { createIntake } from '../work/intake.ts';
import { startLoop } from '../work/loop.ts';
import { countBreaks } from '../work/verify/report.ts';
import { breakEventsOf, type TellOptions } from '../work/verify/tell-breaks.ts';
import { nothingVerifiedEvent, unknownEventsOf } from '../work/verify/tell-unknown.ts';
import { type Verified, verifyTrails } from '../work/verify/verify-trails.ts';
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
  const { clock, log } = tools;
  const to = clock.now();
  const trails = await openTrails(config, tools);
  try {
    // Not only the accounts that are asked for their events: a trail is verified with all of its members.
    const found = await verifyTrails(
      { trails, signal, together: TOGETHER },
      { period: { from: to - LOOK_BACK, to } },
    );
    if (signal.aborted) return;
    const options = tellOptions(config, clock.now());
    const breaks = breakEventsOf(found, options);
    const unknown = unknownEventsOf(found, options);
    await tell(tools, [...breaks, ...unknown]);
    logFound(log, found, unknown);
  } catch (error) {
    if (!(error instanceof LookupTrouble)) throw error;
    if (signal.aborted) return;
    log.error({ trouble: error.trouble }, 'the digests of the trails could not be verified');
    await tell(tools, [nothingVerifiedEvent(error.trouble, tellOptions(config, clock.now()))]);
  } finally {
    trails.close();
  }
}

/** Of no account: the bot may not even have learnt which one is its own. */
const NOWHERE = '000000000000';

function tellOptions({ accounts, aws }: Config, at: Millis): TellOptions {
  const [known = NOWHERE] = [...(aws?.accounts ?? []), ...accounts.keys()];
  return {
    at,
    accountName: (account) => accounts.get(account)?.name ?? account,
    home: { account: known, region: aws?.region ?? 'us-east-1' },
  };
}

async function tell({ intake, clock }: CheckTools, events: readonly OwnEvent[]): Promise<void> {
  for (const event of events) await takeOwnEvent(intake, event, clock.now());
}

function logFound(log: Log, { chains, troubles }: Verified, unknown: readonly OwnEvent[]): void {
  const broken = chains.reduce((sum, chain) => sum + countBreaks(chain), 0);
  const about = { chains: chains.length, broken, troubles };
  if (unknown.length > 0) {
    const reasons = unknown.map(({ details }) => details.reason);
    log.warn({ ...about, reasons }, 'not all digests of the trails could be verified');
  } else {
    log[broken > 0 || troubles.length > 0 ? 'warn' : 'info'](
      about,
      'the digests of the trails were verified',
    );
  }
}
