import type { Log } from '../kernel/log.ts';
import { type Clock, type Millis, nextTurn, SECOND } from '../kernel/time.ts';

/** Work that goes on in the background until it is stopped. */
export interface Loop {
  /** There is something to do: do not wait any longer. */
  wake(): void;
  /** Resolves when no step is under way; true when none was. */
  rested(): Promise<boolean>;
  /** Resolves when the step under way has ended; no other begins. */
  stop(): Promise<void>;
}

/** Repeats `step`, which answers how long to rest after it (0 = go on). A step that fails is tried again. */
export function startLoop(name: string, step: () => Promise<Millis>, clock: Clock, log: Log): Loop {
  let stopped = false;
  let woken = false;
  let rest = new AbortController();
  let underWay: Promise<Millis> | undefined;

  async function once(): Promise<Millis> {
    try {
      return await step();
    } catch (error) {
      log.error({ error, loop: name }, 'a step failed and is tried again in a second');
      return SECOND;
    }
  }

  async function run(): Promise<void> {
    while (!stopped) {
      woken = false;
      underWay = once();
      const pause = await underWay;
      underWay = undefined;
      if (stopped) return;
      if (woken || pause <= 0) {
        await nextTurn();
        continue;
      }
      rest = new AbortController();
      await clock.sleep(pause, rest.signal);
    }
  }

  const running = run();
  return {
    wake() {
      woken = true;
      rest.abort();
    },
    async rested() {
      if (!underWay) return !woken;
      await underWay;
      return false;
    },
    async stop() {
      stopped = true;
      rest.abort();
      await running;
    },
  };
}
