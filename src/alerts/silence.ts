import type { Millis } from '../kernel/time.ts';
import { type Labels, type Matcher, matches } from './matcher.ts';

/** Matches that are recorded but alert nobody, as the configuration says. */
export interface Silence {
  readonly match: readonly Matcher[];
  readonly reason: string;
  /** From this instant on it is over; `undefined` = it stays. */
  readonly until: Millis | undefined;
}

/** The first silence that holds at `now`. */
export function silencedBy(silences: readonly Silence[], labels: Labels, now: Millis): Silence | undefined {
  return silences.find(
    (silence) => (silence.until === undefined || now < silence.until) && matches(silence.match, labels),
  );
}
