import { type Clock, type Millis, SECOND, sayDuration } from '../kernel/time.ts';
import { LookupTrouble } from '../work/cloud-history.ts';
import { type Asked, classify } from './classify.ts';

/** How often a call is made before a passing failure counts as one to tell. */
export const MOST_TRIES = 3;
const FIRST_PAUSE: Millis = SECOND / 2;

/** Calls AWS, at most `most` times as long as the failure may pass. Throws LookupTrouble. */
export async function patiently<T>(
  clock: Clock,
  asked: Asked,
  signal: AbortSignal,
  call: (signal: AbortSignal) => Promise<T>,
  most = MOST_TRIES,
): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await call(signal);
    } catch (error) {
      const { trouble, again } = classify(error, asked);
      const passing = again === 'slower' || again === 'soon';
      if (!passing || tries >= most || signal.aborted) throw new LookupTrouble(trouble, error);
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

/**
 * What `work` comes to, if that takes no longer than `limit`. Its signal aborts when nobody waits for it any more.
 * Throws LookupTrouble.
 */
export async function within<T>(
  clock: Clock,
  limit: Millis,
  asked: Asked,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const late = new AbortController();
  const over = new AbortController();
  void clock.sleep(limit, AbortSignal.any([over.signal, signal])).then(() => {
    if (!over.signal.aborted && !signal.aborted) late.abort();
  });
  const either = AbortSignal.any([signal, late.signal]);
  try {
    return await unlessAborted(work(either), either);
  } catch (error) {
    if (!late.signal.aborted) throw error;
    const what = `AWS did not answer ${asked.action} within ${sayDuration(limit)}`;
    const remedy = 'ask again in a minute, and check any proxy between this machine and AWS';
    throw new LookupTrouble({ kind: 'unreachable', what, remedy }, error);
  } finally {
    over.abort();
  }
}
