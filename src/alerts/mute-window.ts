import type { Millis } from '../kernel/time.ts';
import { type Labels, type Matcher, matches } from './matcher.ts';
import { holdsAt, type TimeInterval } from './time-interval.ts';

/** Matches that alert nobody during hours and days of a calendar. */
export interface MuteWindow {
  readonly match: readonly Matcher[];
  readonly intervals: readonly { readonly name: string; readonly parts: readonly TimeInterval[] }[];
  readonly reason: string;
}

/** The first window that is open at `now` and has these labels, with the name of the interval that holds. */
export function windowAt(
  windows: readonly MuteWindow[],
  labels: Labels,
  now: Millis,
): { readonly window: MuteWindow; readonly interval: string } | undefined {
  for (const window of windows) {
    if (!matches(window.match, labels)) continue;
    const open = window.intervals.find(({ parts }) => holdsAt(parts, now));
    if (open) return { window, interval: open.name };
  }
  return undefined;
}
