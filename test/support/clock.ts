import { type Clock, type Millis, nextTurn, SECOND } from '../../src/kernel/time.ts';

/** A clock that stands still until a test moves it. */
export interface FakeClock extends Clock {
  /**
   * Moves time on; everything that sleeps until then wakes in order, each before time goes further. Time stands still
   * until `done` resolves as well, for what goes over the wire and would be late otherwise.
   */
  advance(ms: Millis, done?: () => Promise<unknown>): Promise<void>;
  /** How many are asleep. */
  readonly asleep: number;
  /** Resolves when at least `count` are asleep: what a test advances over has begun to wait. */
  untilSleeping(count?: number): Promise<void>;
}

interface Sleeper {
  readonly due: Millis;
  wake(): void;
}

/** Stands at `start` (epoch milliseconds; 2026-11-20 09:15 UTC unless a test says otherwise). */
export function fakeClock(start: Millis = Date.UTC(2026, 10, 20, 9, 15)): FakeClock {
  let now = start;
  let sleepers: Sleeper[] = [];
  let watchers: { count: number; seen: () => void }[] = [];

  const fallAsleep = (sleeper: Sleeper): void => {
    sleepers.push(sleeper);
    for (const watcher of watchers.filter((one) => one.count <= sleepers.length)) watcher.seen();
    watchers = watchers.filter((one) => one.count > sleepers.length);
  };

  return {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted || ms <= 0) return resolve();
        const wake = () => {
          sleepers = sleepers.filter((one) => one !== sleeper);
          signal?.removeEventListener('abort', wake);
          resolve();
        };
        const sleeper: Sleeper = { due: now + ms, wake };
        signal?.addEventListener('abort', wake);
        fallAsleep(sleeper);
      }),
    async advance(ms, done) {
      const end = now + ms;
      for (;;) {
        await nextTurn();
        await done?.();
        const next = sleepers.filter((one) => one.due <= end).sort((a, b) => a.due - b.due)[0];
        if (!next) break;
        now = Math.max(now, next.due);
        next.wake();
      }
      now = end;
      await nextTurn();
    },
    get asleep() {
      return sleepers.length;
    },
    untilSleeping: (count = 1) =>
      new Promise((resolve) => {
        if (sleepers.length >= count) resolve();
        else watchers.push({ count, seen: resolve });
      }),
  };
}

/** Time goes on by itself whenever somebody waits for it, save for those who only fear that an answer is late. */
export function hurriedClock(start: Millis = Date.UTC(2026, 10, 20, 9, 15)): Clock {
  let now = start;
  return {
    now: () => now,
    sleep: (ms, signal) => {
      if (ms === 5 * SECOND)
        return new Promise((resolve) => signal?.addEventListener('abort', () => resolve()));
      now += ms;
      return Promise.resolve();
    },
  };
}
