import { schedule } from 'node-cron';
import type { Config } from '../config/config.ts';
import type { Log } from '../kernel/log.ts';
import type { Random } from '../kernel/random.ts';
import type { Clock } from '../kernel/time.ts';
import type { Database } from '../store/sql.ts';
import { type CanarySender, createCanaryStep } from '../work/canary.ts';
import type { Counters } from '../work/counters.ts';
import type { createIntake } from '../work/intake.ts';
import { startLoop } from '../work/loop.ts';
import type { AwsStandIn } from './cloud.ts';

interface CanaryOptions {
  readonly db: Database;
  readonly settings: () => Config;
  /** The same that the webhook stores with. */
  readonly intake: Pick<ReturnType<typeof createIntake>, 'accept'>;
  readonly counters: Counters;
  /** Jobs were written. */
  readonly deliver: () => void;
  readonly standIn: AwsStandIn | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** Canaries, for as long as the bot runs. */
interface Canaries {
  /** Resolves when nothing is under way; true when nothing was. */
  rested(): Promise<boolean>;
  stop(): Promise<void>;
}

const EVERY_QUARTER = '*/15 * * * *';

/** Sends canaries and waits for them. Nothing of AWS is loaded while none are wanted. */
export function startCanaries(options: CanaryOptions): Canaries {
  const { settings, clock, log } = options;
  const closing = new AbortController();
  const senders = createSenders(options);
  const step = createCanaryStep({
    ...options,
    sender: async () => {
      const { aws, watch } = settings();
      return aws && watch.canary ? senders.get(settings()) : undefined;
    },
    late: () => settings().watch.canaryLate,
    accountName: (account) => settings().accounts.get(account)?.name ?? account,
    homeRegion: () => settings().aws?.region ?? 'us-east-1',
    changed: options.deliver,
    closing: closing.signal,
  });
  const loop = startLoop('canary', step, clock, log);
  // What is due, the loop knows by itself; this wakes it on the minute.
  const cron = schedule(EVERY_QUARTER, loop.wake);
  return {
    rested: loop.rested,
    async stop() {
      await cron.stop();
      closing.abort();
      await loop.stop();
      await step.settled();
      await senders.close();
    },
  };
}

/** One for each configuration, since it remembers accounts, roles and regions. */
function createSenders({ standIn, clock, log }: CanaryOptions) {
  type Sender = CanarySender & { close(): void };
  let made: { readonly key: string; readonly sender: Promise<Sender> } | undefined;

  async function make(config: Config): Promise<Sender> {
    const { createCanarySender } = await import('../aws/canary.ts');
    const { aws, history } = config;
    const others = aws?.accounts ?? [...history.readerRoles.keys()];
    return createCanarySender({
      accounts: new Map(others.map((id) => [id, { readerRole: history.readerRoles.get(id) }])),
      only: aws?.accounts,
      regions: aws?.regions ?? 'enabled',
      homeRegion: aws?.region ?? 'us-east-1',
      clock,
      log,
      endpoint: standIn?.endpoint,
      credentials: standIn?.credentials,
    });
  }

  return {
    get(config: Config): Promise<Sender> {
      const key = JSON.stringify([config.aws, [...config.history.readerRoles]]);
      if (made?.key !== key) {
        void made?.sender.then((sender) => sender.close());
        made = { key, sender: make(config) };
      }
      return made.sender;
    },
    async close(): Promise<void> {
      (await made?.sender)?.close();
    },
  };
}
