import { type Millis, sayDuration, systemClock } from '../kernel/time.ts';
import type { Changes } from './changes.ts';

/**
 * Resolves with what `look` finds, as soon as it finds it: it looks now and after every change. The limit is
 * real time, whatever clock the workspace runs on, because what is waited for comes over real connections.
 */
export async function waitForChange<Found>(
  changes: Changes,
  look: () => Found | undefined | null | false,
  timeout: Millis,
  describe: () => string,
): Promise<Found> {
  const over = new AbortController();
  const { promise, resolve, reject } = Promise.withResolvers<Found>();
  const tryNow = () => {
    try {
      const found = look();
      if (found !== undefined && found !== null && found !== false) resolve(found);
    } catch (error) {
      reject(error);
    }
  };
  const unsubscribe = changes.subscribe(tryNow);
  tryNow();
  const late = systemClock.sleep(timeout, over.signal).then(() => {
    reject(
      new Error(
        `The workspace did not come to what was waited for in ${sayDuration(timeout)}. ${describe()}`,
      ),
    );
  });
  try {
    return await promise;
  } finally {
    unsubscribe();
    over.abort();
    await late;
  }
}
