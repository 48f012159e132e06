import type { AwsWays } from '../aws/ways.ts';
import type { Config } from '../config/config.ts';
import type { Log } from '../kernel/log.ts';
import type { Random } from '../kernel/random.ts';
import type { Clock } from '../kernel/time.ts';
import type { Intake, WayCounters } from '../work/ways/message-work.ts';
import type { QueueState } from '../work/ways/queue-state.ts';
import { type QueueReader, startQueueReader } from '../work/ways/reader.ts';
import type { AwsStandIn } from './cloud.ts';

interface WayOptions {
  readonly settings: () => Config;
  /** The same that the webhook stores with. */
  readonly intake: Intake;
  readonly counters: WayCounters;
  readonly standIn: AwsStandIn | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** The queues that are read, for as long as the bot runs. */
export interface Ways {
  /** One for each queue of the configuration, in its order. */
  states(): readonly QueueState[];
  /** The configuration may be another: begins with queues that are new, and stops those that are gone. */
  follow(): Promise<void>;
  /** Finishes what is under way. */
  stop(): Promise<void>;
}

/** Nothing of AWS is loaded while there is no queue. */
export async function startWays(options: WayOptions): Promise<Ways> {
  let readers: ReadonlyMap<string, QueueReader> = new Map();
  let aws: AwsWays | undefined;
  let roles = '';

  /** What is known of accounts changes with the configuration; then all queues are begun anew. */
  async function awsFor(config: Config): Promise<AwsWays> {
    aws ??= await openAws(config.history.readerRoles, options);
    roles = rolesOf(config);
    return aws;
  }

  async function change(): Promise<void> {
    const config = options.settings();
    if (aws && roles !== rolesOf(config)) await end();
    const gone = [...readers.keys()].filter((url) => !config.queues.includes(url));
    await Promise.all(gone.map((url) => readers.get(url)?.stop()));
    const { length } = config.queues;
    const ways = length > 0 ? await awsFor(config) : undefined;
    const begin = (url: string, from: AwsWays): QueueReader =>
      readers.get(url) ?? startQueueReader({ ...options, queue: from.queue(url), files: from.filesFor(url) });
    readers = new Map(ways && config.queues.map((url) => [url, begin(url, ways)]));
  }

  async function end(): Promise<void> {
    await Promise.all([...readers.values()].map((reader) => reader.stop()));
    readers = new Map();
    aws?.close();
    aws = undefined;
  }

  /** One change after another, so that no queue is begun twice. */
  let latest: Promise<void> = Promise.resolve();
  const next = (step: () => Promise<void>): Promise<void> => {
    const done = latest.then(step);
    latest = done.catch(() => undefined);
    return done;
  };

  await next(change);
  return {
    states: () => [...readers.values()].map((reader) => reader.state()),
    follow: () => next(change),
    stop: () => next(end),
  };
}

function rolesOf({ history }: Config): string {
  return JSON.stringify([...history.readerRoles]);
}

/** Queues and trail files with the accounts of the configuration. */
export async function openAws(
  readerRoles: Config['history']['readerRoles'],
  { clock, log, standIn }: Pick<WayOptions, 'clock' | 'log' | 'standIn'>,
): Promise<AwsWays> {
  const { createAwsWays } = await import('../aws/ways.ts');
  const roles = [...readerRoles];
  return createAwsWays({
    accounts: new Map(roles.map(([id, readerRole]) => [id, { readerRole }])),
    endpoint: standIn?.endpoint,
    credentials: standIn?.credentials,
    clock,
    log,
  });
}
