import type { Log } from '../../kernel/log.ts';
import type { Clock, Millis } from '../../kernel/time.ts';

/** No more often than anybody can read. */
const EVERY: Millis = 250;

/**
 * Calls `tell` at once when something has changed, then at most every 250 ms while more changes, until `over`
 * aborts. A listener that fails does not end the question.
 */
export function createTeller(tools: { clock: Clock; log: Log }, over: AbortSignal, tell: () => void) {
  let resting = false;
  let missed = false;

  function changed(): void {
    if (over.aborted) return;
    missed = resting;
    if (resting) return;
    resting = true;
    try {
      tell();
    } catch (error) {
      tools.log.error({ error }, 'the progress of a question could not be shown');
    }
    void tools.clock.sleep(EVERY, over).then(() => {
      resting = false;
      if (missed) changed();
    });
  }

  return changed;
}
