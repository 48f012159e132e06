import type { Clock, Millis } from '../kernel/time.ts';

/** One wait that may come to an end by itself, or too late. */
interface Wait {
  readonly due: Millis;
  readonly onLate: () => void;
}

/**
 * The same deadline for many waits, with one timer for all of them: they fall due in the order in which they
 * began. While nothing waits, no timer runs.
 */
export interface Deadlines {
  /** Calls `onLate` once when `within` has passed, unless the wait was ended before. */
  begin(onLate: () => void): Wait;
  end(wait: Wait): void;
}

export function createDeadlines(clock: Clock, within: Millis): Deadlines {
  const waits = new Set<Wait>();
  let idle: AbortController | undefined;

  async function watch(stop: AbortController): Promise<void> {
    for (const wait of waits) {
      while (waits.has(wait) && clock.now() < wait.due)
        await clock.sleep(wait.due - clock.now(), stop.signal);
      if (stop.signal.aborted) return;
      if (waits.delete(wait)) wait.onLate();
    }
    if (idle === stop) idle = undefined;
  }

  return {
    begin(onLate) {
      const wait = { due: clock.now() + within, onLate };
      waits.add(wait);
      if (!idle) {
        idle = new AbortController();
        void watch(idle);
      }
      return wait;
    },
    end(wait) {
      waits.delete(wait);
      if (waits.size > 0) return;
      idle?.abort();
      idle = undefined;
    },
  };
}
