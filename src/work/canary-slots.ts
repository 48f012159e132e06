import { MINUTE, type Millis, SECOND } from '../kernel/time.ts';

/** Things that come one after another, each at its time, so that many do not come at once. */
export interface Slots<T> {
  readonly empty: boolean;
  /** Those whose time has come, at most so many; they are gone from then on. */
  take(now: Millis, most: number): T[];
  /** `undefined` when none is left. */
  untilNext(now: Millis): Millis | undefined;
}

/** The last of them comes no later than this after the first. */
const WITHIN: Millis = MINUTE;
const LONGEST_GAP: Millis = SECOND;

export function createSlots<T>(things: readonly T[], start: Millis): Slots<T> {
  const gap = Math.min(LONGEST_GAP, WITHIN / Math.max(1, things.length));
  let next = 0;
  const timeOf = (index: number): Millis => start + Math.floor(index * gap);
  return {
    get empty() {
      return next >= things.length;
    },
    take(now, most) {
      const from = next;
      while (next < things.length && next - from < most && timeOf(next) <= now) next += 1;
      return things.slice(from, next);
    },
    untilNext: (now) => (next < things.length ? Math.max(0, timeOf(next) - now) : undefined),
  };
}
