import type { Delivery } from '../../cloudtrail/delivery.ts';
import type { Log } from '../../kernel/log.ts';
import { sayError } from '../../kernel/problem.ts';
import type { Random } from '../../kernel/random.ts';
import { type Clock, MINUTE, type Millis, SECOND } from '../../kernel/time.ts';
import type { TrailFiles } from '../trail-files.ts';
import { MOST_AT_ONCE, type Queue, type QueueMessage } from './queue.ts';
import type { QueueHealth } from './queue-state.ts';
import { createRemovals } from './removals.ts';
import { StorageTrouble, takeMessage } from './take-message.ts';
import { createFileReader, type FileOutcome } from './trail-file.ts';

/** Where deliveries go. Resolves when all of it is safe on disk; rejects when storage is in trouble. */
export interface Intake {
  accept(delivery: Delivery, receivedAt: Millis): Promise<unknown>;
}

/** What is counted, for `/metrics`. */
export interface WayCounters {
  /** A message was taken and is removed, or it was left to come again. */
  queueMessage(queue: string, outcome: 'taken' | 'left'): void;
  /** What became of a file that a message points to. */
  trailFile(outcome: FileOutcome): void;
}

export interface WorkTools {
  readonly queue: Queue;
  readonly files: TrailFiles;
  readonly intake: Intake;
  readonly counters: WayCounters;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** The messages that are being worked on. */
export interface MessageWork {
  begin(message: QueueMessage): void;
  readonly size: number;
  /** Resolves when fewer than `most` are under way. */
  roomFor(most: number): Promise<void>;
  /** In a row until now: how often something could not be stored. */
  storageFailures(): number;
  /** Keeps those that take long from coming again, until `signal` aborts. */
  keep(): Promise<void>;
}

/** How long a message is nobody else's; renewed before that while it is worked on. */
export const HIDDEN: Millis = MINUTE;
const RENEW_EVERY: Millis = 20 * SECOND;
/** The first wait for a message that could not be taken; doubled with each receipt. */
const FIRST_WAIT: Millis = 30 * SECOND;
const LONGEST_WAIT: Millis = 15 * MINUTE;
/** A request for messages that was broken off may still be open at AWS, and would swallow what is visible at once. */
const AFTER_STOP: Millis = SECOND;

/** When `signal` aborts, files are let go, and their messages come again in a second. */
export function createMessageWork(tools: WorkTools, health: QueueHealth, signal: AbortSignal): MessageWork {
  const { queue, counters, clock, random, log } = tools;
  const underWay = new Map<QueueMessage, { readonly work: Promise<void>; readonly since: Millis }>();
  let storageFailures = 0;
  const remove = createRemovals(queue, {
    went: () => health.healed('remove'),
    failed: (error) => health.complain('remove', error),
  });
  const reader = createFileReader({ files: tools.files, accept });

  async function accept(delivery: Delivery): Promise<void> {
    try {
      await tools.intake.accept(delivery, clock.now());
      storageFailures = 0;
    } catch (error) {
      storageFailures += 1;
      throw new StorageTrouble(`it could not be stored: ${sayError(error)}`, { cause: error });
    }
  }

  async function take(message: QueueMessage): Promise<void> {
    try {
      const files = await takeMessage(accept, reader, message.body, signal);
      for (const outcome of files) counters.trailFile(outcome);
      await remove(message);
      health.taken(files.filter((outcome) => outcome === 'read').length);
      counters.queueMessage(queue.name, 'taken');
    } catch (error) {
      await leave(message, error);
    }
  }

  /** Whatever becomes of that: the message comes again at the time that its receipt said. */
  async function leave(message: QueueMessage, error: unknown): Promise<void> {
    const wait = signal.aborted ? AFTER_STOP : waitOf(message, random);
    if (!signal.aborted) {
      health.left(error);
      counters.queueMessage(queue.name, 'left');
      const about = { queue: queue.name, message: message.id, receives: message.receives, error };
      log.warn(about, `a message could not be taken and comes again in ${Math.round(wait / SECOND)} s`);
    }
    await queue.hide([message], wait).catch(() => undefined);
  }

  return {
    begin(message) {
      const work = take(message).finally(() => underWay.delete(message));
      underWay.set(message, { work, since: clock.now() });
    },
    get size() {
      return underWay.size;
    },
    async roomFor(most) {
      while (underWay.size >= most) await Promise.race([...underWay.values()].map(({ work }) => work));
    },
    storageFailures: () => storageFailures,
    async keep() {
      while (!signal.aborted) {
        await clock.sleep(RENEW_EVERY, signal);
        const long = [...underWay].filter(([, { since }]) => clock.now() - since >= RENEW_EVERY);
        for (let at = 0; at < long.length && !signal.aborted; at += MOST_AT_ONCE) {
          const messages = long.slice(at, at + MOST_AT_ONCE).map(([message]) => message);
          await queue.hide(messages, HIDDEN).then(
            () => health.healed('keep'),
            (error) => health.complain('keep', error),
          );
        }
      }
    },
  };
}

/** Between half of it and all, so that messages that failed together do not come back together. */
function waitOf({ receives }: QueueMessage, random: Random): Millis {
  const full = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** Math.min(receives - 1, 10));
  return Math.round(full * (0.5 + random.fraction() / 2));
}
