import { type Clock, type Millis, SECOND } from '../kernel/time.ts';
import { LookupTrouble } from '../work/cloud-history.ts';
import { type Asked, classify } from './classify.ts';

/** How often a call is made before a passing failure counts as one to tell. */
export const MOST_TRIES = 3;
const FIRST_PAUSE: Millis = SECOND / 2;

/** Calls AWS, again after a failure that may pass. Throws LookupTrouble. */
export async function patiently<T>(
  clock: Clock,
  asked: Asked,
  signal: AbortSignal,
  call: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await call(signal);
    } catch (error) {
      const { trouble, again } = classify(error, asked);
      const passing = again === 'slower' || again === 'soon';
      if (!passing || tries >= MOST_TRIES || signal.aborted) throw new LookupTrouble(trouble, error);
      await clock.sleep(FIRST_PAUSE * 2 ** (tries - 1), signal);
    }
  }
}

const STOPPED = new LookupTrouble({ kind: 'cancelled', what: 'stopped before AWS answered', remedy: '' });

/** What `work` comes to; rejects at once when `signal` aborts, while the work goes on for others who wait for it. */
export async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  work.catch(() => undefined);
  const { promise: stopped, reject } = Promise.withResolvers<never>();
  const stop = (): void => reject(STOPPED);
  if (signal.aborted) throw STOPPED;
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([work, stopped]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
