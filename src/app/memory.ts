import { type Clock, MINUTE, type Millis } from '../kernel/time.ts';
import type { Asked } from '../slack/desk.ts';

/** What was found for the latest questions, so that pages, exports and narrowing ask nothing again. */
export interface Memory {
  add(asked: Asked, userId: string): void;
  get(id: string): Asked | undefined;
  /** The Slack user who asked; empty when it is forgotten. */
  askerOf(id: string): string;
}

/** As long as Slack lets an answer be changed. */
const KEPT_FOR: Millis = 30 * MINUTE;
/** About 60 MB. */
const MOST_CALLS = 100_000;
const MOST_ANSWERS = 200;

/** Only a short cut: what it has forgotten is asked again. */
export function createMemory(clock: Clock): Memory {
  const kept = new Map<string, { readonly asked: Asked; readonly userId: string; readonly until: Millis }>();
  let calls = 0;

  function forget(id: string): void {
    calls -= kept.get(id)?.asked.material.calls.length ?? 0;
    kept.delete(id);
  }

  return {
    add(asked, userId) {
      kept.set(asked.id, { asked, userId, until: clock.now() + KEPT_FOR });
      calls += asked.material.calls.length;
      for (const [id, { until }] of kept) {
        const over = calls > MOST_CALLS || kept.size > MOST_ANSWERS;
        if ((over && id !== asked.id) || until <= clock.now()) forget(id);
      }
    },
    get(id) {
      const found = kept.get(id);
      return found && found.until > clock.now() ? found.asked : undefined;
    },
    askerOf: (id) => kept.get(id)?.userId ?? '',
  };
}
