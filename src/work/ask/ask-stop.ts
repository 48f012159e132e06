import { type Clock, type Millis, nextTurn, sayDuration } from '../../kernel/time.ts';
import type { Trouble } from '../../questions/coverage.ts';

/** When a question ends before all has been read: cancelled, out of time, or because nothing more is needed. */
export interface Stop {
  readonly signal: AbortSignal;
  /** Aborted with the end of the question, however it ends: what only waits must not outlive it. */
  readonly over: AbortSignal;
  /** Why reading stopped early; `undefined` when it did not, or when all was found. */
  trouble(): Trouble | undefined;
  /** Everything was found: no more reading. */
  enough(): void;
  /** What `work` gives, or `undefined` as soon as the question stops; its failure after that is nobody's. */
  before<T>(work: Promise<T>): Promise<T | undefined>;
  /** The same, but `work` that ends by itself when `signal` aborts is waited for. */
  orSoonAfter<T>(work: Promise<T>): Promise<T | undefined>;
  /** How long until the deadline. */
  left(): Millis;
  /** The question has ended: lets go of its timers and of everything that is still under way. */
  end(): void;
}

/** `deadline` is a length of time. */
export function createStop(clock: Clock, options: { signal: AbortSignal; deadline: Millis }): Stop {
  const stop = new AbortController();
  const over = new AbortController();
  const until = clock.now() + options.deadline;
  let why: Trouble | undefined;
  const stopFor = (trouble: Trouble | undefined): void => {
    if (stop.signal.aborted) return;
    why = trouble;
    stop.abort();
  };
  const cancel = () => stopFor({ kind: 'cancelled', what: 'cancelled', remedy: '' });
  const stopped = new Promise<undefined>((resolve) => {
    stop.signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
  if (options.signal.aborted) cancel();
  else options.signal.addEventListener('abort', cancel, { once: true });
  void clock.sleep(options.deadline, over.signal).then(() => {
    if (!over.signal.aborted) stopFor(outOfTime(options.deadline));
  });

  return {
    signal: stop.signal,
    over: over.signal,
    trouble: () => why,
    enough: () => stopFor(undefined),
    before: (work) => Promise.race([work, stopped]),
    async orSoonAfter(work) {
      const done = await Promise.race([work.then((value) => ({ value })), stopped]);
      if (done) return done.value;
      return Promise.race([work, someTurns()]);
    },
    left: () => Math.max(0, until - clock.now()),
    end() {
      over.abort();
      options.signal.removeEventListener('abort', cancel);
      stopFor(why);
    },
  };
}

/** Long enough to put what is there together, and too short to ask anybody. */
async function someTurns(): Promise<undefined> {
  for (let turns = 0; turns < 20; turns += 1) await nextTurn();
  return undefined;
}

function outOfTime(after: Millis): Trouble {
  return {
    kind: 'out of time',
    what: `out of time after ${sayDuration(after)}`,
    remedy: 'ask for less time, or with "in ACCOUNT" or "region REGION"',
  };
}
