import { type Clock, MINUTE, type Millis } from '../kernel/time.ts';

/** A value with the instant until which it may be used. */
export interface Lasting<T> {
  readonly value: T;
  readonly until: Millis;
}

/** What AWS said, by key. Whoever asks while the question is under way gets the same answer. */
export interface Memory<T> {
  /** Rejects as `fetch` did; a failure is remembered for a minute, so that it is not asked for over and over. */
  get(key: string): Promise<T>;
  forget(key: string): void;
}

const FAILURE_LASTS: Millis = MINUTE;

export function remember<T>(clock: Clock, fetch: (key: string) => Promise<Lasting<T>>): Memory<T> {
  const entries = new Map<string, { answer: Promise<T>; until: Millis }>();

  function ask(key: string): Promise<T> {
    const asked = fetch(key);
    const entry = { answer: asked.then(({ value }) => value), until: Number.POSITIVE_INFINITY };
    asked.then(
      ({ until }) => {
        entry.until = until;
      },
      () => {
        entry.until = clock.now() + FAILURE_LASTS;
      },
    );
    entries.set(key, entry);
    return entry.answer;
  }

  return {
    get(key) {
      const known = entries.get(key);
      return known && clock.now() < known.until ? known.answer : ask(key);
    },
    forget(key) {
      entries.delete(key);
    },
  };
}
