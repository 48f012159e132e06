import { MINUTE, type Millis, SECOND } from '../../kernel/time.ts';
import { createMessageWork, HIDDEN, type WorkTools } from './message-work.ts';
import { MOST_AT_ONCE } from './queue.ts';
import { createQueueHealth, isPassing, type QueueState } from './queue-state.ts';

/** A queue that is being read. */
export interface QueueReader {
  state(): QueueState;
  /** Lets go of what takes long, finishes the rest. What was let go comes again in a second. */
  stop(): Promise<void>;
}

/** Messages under way; each may have 1 MiB. */
const MOST_UNDER_WAY = 40;
/** Requests for messages at the same time, while there are many. */
const MOST_ASKING = 4;
const LONGEST_PAUSE: Millis = MINUTE;
const FINISH_WITHIN: Millis = 5 * SECOND;

/**
 * Reads a queue until it is stopped. A message is removed only when all it holds is on disk; one that cannot be taken
 * now is left to come again, later each time. A queue that cannot be read is tried again, at least once a minute.
 */
export function startQueueReader(tools: WorkTools): QueueReader {
  const { queue, clock, log } = tools;
  const stopping = new AbortController();
  const { signal } = stopping;
  const health = createQueueHealth(queue.name, clock, log);
  const work = createMessageWork(tools, health, signal);
  const asking = new Set<Promise<void>>();

  /** One request; returns how many came. While storage fails, one message tries for all. Throws LookupTrouble. */
  async function ask(wait: boolean): Promise<number> {
    const most = work.storageFailures() > 0 ? 1 : MOST_UNDER_WAY;
    await work.roomFor(most);
    if (signal.aborted) return 0;
    const room = Math.min(MOST_AT_ONCE, most - work.size);
    const messages = await queue.receive({ most: room, hidden: HIDDEN, wait }, signal);
    health.answered(messages.length);
    for (const message of messages) work.begin(message);
    if (messages.length === MOST_AT_ONCE && asking.size < MOST_ASKING - 1) askMore();
    return messages.length;
  }

  /** There are many: asks beside the others until a request brings none. */
  function askMore(): void {
    const more = (async () => {
      while (!signal.aborted && work.storageFailures() === 0 && (await ask(false)) > 0);
    })()
      .catch(failed)
      .finally(() => asking.delete(more));
    asking.add(more);
  }

  function failed(error: unknown): void {
    if (!signal.aborted) health.complain('read', error);
  }

  async function readOn(): Promise<void> {
    for (let failures = 0; !signal.aborted; ) {
      if (work.storageFailures() > 0) await clock.sleep(pauseAfter(work.storageFailures()), signal);
      try {
        await ask(true);
        failures = 0;
      } catch (error) {
        failed(error);
        failures += 1;
        await clock.sleep(isPassing(error) ? pauseAfter(failures) : LONGEST_PAUSE, signal);
      }
    }
  }

  const loops = [readOn(), work.keep()];
  return {
    state: health.state,
    async stop() {
      stopping.abort();
      const finished = new AbortController();
      const all = Promise.all([...loops, ...asking]).then(() => work.roomFor(1));
      await Promise.race([all, clock.sleep(FINISH_WITHIN, finished.signal)]);
      finished.abort();
    },
  };
}

/** 1 s, 2 s, 4 s … up to a minute. */
function pauseAfter(failures: number): Millis {
  return Math.min(LONGEST_PAUSE, SECOND * 2 ** Math.min(failures - 1, 10));
}
