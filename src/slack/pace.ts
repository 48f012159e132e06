import { type Clock, MINUTE, type Millis } from '../kernel/time.ts';

/** Keeps calls apart. It never sleeps: it says how long to wait, and the caller comes back. */
export interface Pace {
  /** 0: go ahead, the turn is taken. Otherwise how long to wait; several who wait get turns in a row. */
  take(key: string): Millis;
  /** Nothing goes for `ms`: what Slack's Retry-After says. */
  hold(key: string, ms: Millis): void;
}

interface Lane {
  /** When the next call would be exactly on time. */
  due: Millis;
  heldUntil: Millis;
  /** The last turn that somebody was told to come back at. */
  promised: Millis;
}

/** One call an `interval` for each key, after `burst` that may go at once. */
export function createPace(clock: Clock, interval: Millis, burst: number): Pace {
  const lanes = new Map<string, Lane>();

  function laneOf(key: string): Lane {
    const lane = lanes.get(key) ?? { due: 0, heldUntil: 0, promised: 0 };
    lanes.set(key, lane);
    return lane;
  }

  return {
    take(key) {
      const now = clock.now();
      const lane = laneOf(key);
      const free = Math.max(lane.heldUntil, lane.due - (burst - 1) * interval);
      if (now >= free) {
        lane.due = Math.max(now, lane.due) + interval;
        return 0;
      }
      // Turns in a row, so that a hundred waiting messages do not all come back at the same moment.
      lane.promised = Math.min(Math.max(free, lane.promised + interval), Math.max(free, now + MINUTE));
      return lane.promised - now;
    },
    hold(key, ms) {
      const lane = laneOf(key);
      lane.heldUntil = Math.max(lane.heldUntil, clock.now() + ms);
    },
  };
}
