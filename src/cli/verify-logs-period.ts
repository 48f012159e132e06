import { Misuse } from '../kernel/problem.ts';
import { DAY, type Millis, parseDuration, parseInstant } from '../kernel/time.ts';
import type { Period } from '../work/verify/trails.ts';
import { onOneLine } from './columns.ts';

export interface PeriodOptions {
  /** A length back from now, an instant, or a day. */
  readonly since?: string;
  readonly until?: string;
}

/** Digests are written each hour: a day holds enough of them to tell. */
const DEFAULT_LENGTH: Millis = DAY;

/** Throws Misuse. */
export function readPeriod({ since, until }: PeriodOptions, now: Millis): Period {
  const to = Math.min(now, until === undefined ? now : timeIn('until', until, now));
  const from = since === undefined ? to - DEFAULT_LENGTH : timeIn('since', since, now);
  if (from < to) return { from, to };
  throw new Misuse('--since must be before --until, and in the past.');
}

function timeIn(option: 'since' | 'until', text: string, now: Millis): Millis {
  const length = parseDuration(text);
  if (length !== undefined) return now - length;
  const at = parseInstant(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00Z` : text);
  if (at !== undefined) return at;
  throw new Misuse(
    `--${option} takes a length of time back from now such as 12h or 7d, a day such as 2026-11-01, or an instant such as 2026-11-01T09:00:00Z; not ${onOneLine(text)}.`,
  );
}
