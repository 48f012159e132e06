import { type Clock, type Millis, SECOND } from '../kernel/time.ts';

/** How many requests may start in any stretch of `per`. */
export interface Rate {
  readonly requests: number;
  readonly per: Millis;
}

/**
 * The turns at one place, never more than the rate allows. Questions take turns: next is the one that has waited
 * longest since it last had its turn, so that one which has just come need not wait for all pages of the others.
 */
export interface Pace {
  /**
   * Resolves to true when the request may start now; to false, at once, when `signal` aborts first. `by` is the
   * question that asks, the same object each time. What is `patient` has its turns when nobody else waits.
   */
  turn(signal: AbortSignal, by: object, patient?: boolean): Promise<boolean>;
  /** AWS turned a request away: nothing starts here for a while, longer each time in a row. */
  backOff(): void;
  /** AWS answered: the next pause is a short one again. */
  answered(): void;
}

/** Requests that leave evenly arrive unevenly: each stretch is taken to be a little longer. */
const MARGIN = 0.02;
const LONGEST_PAUSE = 40;

interface Waiter {
  readonly by: object;
  readonly patient: boolean;
  readonly go: () => void;
}

function createPace(clock: Clock, rate: Rate): Pace {
  const stretch = Math.ceil(rate.per * (1 + MARGIN));
  const waiting: Waiter[] = [];
  /** The number of the turn that each question had last. */
  const latest = new WeakMap<object, number>();
  let turns = 0;
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

  function next(): Waiter | undefined {
    const [waiter] = waiting.splice(indexOfNext(waiting, latest), 1);
    if (waiter) latest.set(waiter.by, ++turns);
    return waiter;
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
        next()?.go();
      }
    }
    sleeping = undefined;
    // Somebody may have come while the sleep for the one before was being cut short.
    if (waiting.length > 0) await serve();
  }

  return {
    turn(signal, by, patient = false) {
      if (signal.aborted) return Promise.resolve(false);
      return new Promise((resolve) => {
        const leave = (): void => {
          waiting.splice(waiting.indexOf(waiter), 1);
          if (waiting.length === 0) sleeping?.abort();
          resolve(false);
        };
        const waiter: Waiter = {
          by,
          patient,
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

/** The first that came of the question that was served least recently; the patient ones after all others. */
function indexOfNext(waiting: readonly Waiter[], latest: WeakMap<object, number>): number {
  const turnOf = ({ by }: Waiter): number => latest.get(by) ?? 0;
  const all = waiting.every(({ patient }) => patient);
  const least = Math.min(...waiting.filter(({ patient }) => all || !patient).map(turnOf));
  return waiting.findIndex((one) => (all || !one.patient) && turnOf(one) === least);
}

/** Source: AWS CloudTrail user guide, "Quotas in AWS CloudTrail": two a second, by account and region. */
const AWS_RATE: Rate = { requests: 2, per: SECOND };

/** The pace of an account in a region. */
export type Paces = (account: string, region: string) => Pace;

/** One pace for each account and region, whoever asks. */
export function createPaces(clock: Clock, rate: Rate = AWS_RATE): Paces {
  const paces = new Map<string, Pace>();
  return (account, region) => {
    const key = `${account}|${region}`;
    const pace = paces.get(key) ?? createPace(clock, rate);
    paces.set(key, pace);
    return pace;
  };
}
