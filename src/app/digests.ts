import { schedule } from 'node-cron';
import type { Config } from '../config/config.ts';
import type { Log } from '../kernel/log.ts';
import type { Clock } from '../kernel/time.ts';
import type { Database } from '../store/sql.ts';
import { createDigestStep } from '../work/digest/step.ts';
import { type Loop, startLoop } from '../work/loop.ts';
import type { LinkTo } from '../work/on-call/open-alerts.ts';

export interface DigestOptions {
  readonly db: Database;
  readonly settings: () => Config;
  readonly linkTo: LinkTo;
  /** Posts were written. */
  readonly deliver: () => void;
  readonly clock: Clock;
  readonly log: Log;
}

const EVERY_MINUTE = '* * * * *';

/** Sums up for every channel, for as long as the bot runs. */
export function startDigests(options: DigestOptions): Loop {
  const { settings, clock, log } = options;
  const step = createDigestStep({
    ...options,
    times: () => settings().digests,
    usualChannel: () => settings().routes.channel,
    changed: options.deliver,
  });
  const loop = startLoop('digests', step, clock, log);
  // What is due, the loop knows by itself; this wakes it on the minute, also after a change of the configuration.
  const cron = schedule(EVERY_MINUTE, loop.wake);
  return {
    ...loop,
    async stop() {
      await cron.stop();
      await loop.stop();
    },
  };
}
