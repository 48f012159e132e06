import { type Clock, MINUTE, type Millis } from '../kernel/time.ts';
import type { Asked } from '../slack/desk.ts';

/** What was found for the latest questions, so that pages, exports and narrowing ask nothing again. */
export interface Memory {
  add(asked: Asked): void;
  get(id: string): Asked | undefined;
  /** Lets go of what is too old; `add` and `get` do so too. */
  prune(): void;
}

/** As long as Slack lets an answer be changed. */
const KEPT_FOR: Millis = 30 * MINUTE;
/** About 60 MB. */
const MOST_CALLS = 100_000;
const MOST_ANSWERS = 200;

/** Only a short cut: what it has forgotten is asked again. */
export function createMemory(clock: Clock): Memory {
  const kept = new Map<string, { readonly asked: Asked; readonly until: Millis }>();
  let calls = 0;

  function forget(id: string): void {
    calls -= kept.get(id)?.asked.material.calls.length ?? 0;
    kept.delete(id);
  }

  function prune(): void {
    for (const [id, { until }] of kept) if (until <= clock.now()) forget(id);
  }

  return {
    add(asked) {
      prune();
      kept.set(asked.id, { asked, until: clock.now() + KEPT_FOR });
      calls += asked.material.calls.length;
      for (const id of kept.keys()) {
        const over = calls > MOST_CALLS || kept.size > MOST_ANSWERS;
        if (over && id !== asked.id) forget(id);
      }
    },
    get(id) {
      prune();
      return kept.get(id)?.asked;
    },
    prune,
  };
}
