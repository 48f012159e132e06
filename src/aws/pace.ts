import type { Clock, Millis } from '../kernel/time.ts';

/** How many requests may start in any stretch of `per`. */
export interface Rate {
  readonly requests: number;
  readonly per: Millis;
}

/** The turns at one place: in order of arrival, never more than the rate allows. */
export interface Pace {
  /** Resolves to true when the request may start now; to false, at once, when `signal` aborts first. */
  turn(signal: AbortSignal): Promise<boolean>;
  /** AWS turned a request away: nothing starts here for a while, longer each time in a row. */
  backOff(): void;
  /** AWS answered: the next pause is a short one again. */
  answered(): void;
}

/** Requests that leave evenly arrive unevenly: each stretch is taken to be a little longer. */
const MARGIN = 0.02;
const LONGEST_PAUSE = 40;

interface Waiter {
  readonly go: () => void;
}

function createPace(clock: Clock, rate: Rate): Pace {
  const stretch = Math.ceil(rate.per * (1 + MARGIN));
  const waiting: Waiter[] = [];
  /** Starts of the latest requests, oldest first, as many as a stretch may have. */
  const starts: Millis[] = [];
  let heldUntil: Millis = 0;
  let pause = rate.per / 2;
  let sleeping: AbortController | undefined;
  let cold = true;

  function freeAt(): Millis {
    const [first] = starts;
    const full = first !== undefined && starts.length >= rate.requests;
    return Math.max(heldUntil, full ? first + stretch : 0);
  }

  async function serve(): Promise<void> {
    if (sleeping) return;
    sleeping = new AbortController();
    const { signal } = sleeping;
    while (waiting.length > 0 && !signal.aborted) {
      const now = clock.now();
      const wait = freeAt() - now;
      if (wait > 0) {
        await clock.sleep(wait, signal);
      } else {
        starts.push(now);
        if (starts.length > rate.requests) starts.shift();
        waiting.shift()?.go();
      }
    }
    sleeping = undefined;
    // Somebody may have come while the sleep for the one before was being cut short.
    if (waiting.length > 0) await serve();
  }

  return {
    turn(signal) {
      if (signal.aborted) return Promise.resolve(false);
      return new Promise((resolve) => {
        const leave = (): void => {
          waiting.splice(waiting.indexOf(waiter), 1);
          if (waiting.length === 0) sleeping?.abort();
          resolve(false);
        };
        const waiter: Waiter = {
          go: () => {
            signal.removeEventListener('abort', leave);
            resolve(true);
          },
        };
        signal.addEventListener('abort', leave, { once: true });
        waiting.push(waiter);
        void serve();
      });
    },
    backOff() {
      const now = clock.now();
      // Two requests of one moment that are both turned away are one reason to slow down.
      if (now < heldUntil) return;
      heldUntil = now + pause;
      pause = Math.min(pause * 2, rate.per * LONGEST_PAUSE);
    },
    answered() {
      pause = rate.per / 2;
      // The first request opens a connection and arrives late: its stretch counts from what is sure.
      if (cold) starts.fill(clock.now());
      cold = false;
    },
  };
}

/** One pace for each account and region, whoever asks. */
export function createPaces(clock: Clock, rate: Rate): (account: string, region: string) => Pace {
  const paces = new Map<string, Pace>();
  return (account, region) => {
    const key = `${account}|${region}`;
    const pace = paces.get(key) ?? createPace(clock, rate);
    paces.set(key, pace);
    return pace;
  };
}
