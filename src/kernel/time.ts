import { setTimeout as wait } from 'node:timers/promises';

/** Milliseconds: since the epoch for an instant, or as a length of time. */
export type Millis = number;

/** The one source of time. Everything that needs "now" is given a Clock or a plain `now: Millis`. */
export interface Clock {
  now(): Millis;
  /** Resolves after `ms`, or at once (without error) when `signal` is aborted. */
  sleep(ms: Millis, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  async sleep(ms, signal) {
    try {
      await wait(ms, undefined, signal ? { signal } : {});
    } catch (error) {
      if (!signal?.aborted) throw error;
    }
  },
};

export const SECOND: Millis = 1000;
export const MINUTE: Millis = 60 * SECOND;
export const HOUR: Millis = 60 * MINUTE;
export const DAY: Millis = 24 * HOUR;

const UNITS: Readonly<Record<string, Millis>> = { s: SECOND, m: MINUTE, h: HOUR, d: DAY, w: 7 * DAY };

/** `90s`, `30m`, `2h`, `7d`, `1w`, or several in a row (`1h30m`). `undefined` when it is none of these. */
export function parseDuration(text: string): Millis | undefined {
  if (!/^(\d+[smhdw])+$/.test(text)) return undefined;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+)([smhdw])/g)) {
    total += Number(amount) * (UNITS[unit ?? ''] ?? 0);
  }
  return total;
}

/** The two largest units, as people say it: `2 d 3 h`, `12 min`, `45 s`. */
export function sayDuration(ms: Millis): string {
  const seconds = Math.max(0, Math.round(ms / SECOND));
  const parts: [number, string][] = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ];
  const first = parts.findIndex(([amount]) => amount > 0);
  if (first < 0) return '0 s';
  return parts
    .slice(first, first + 2)
    .filter(([amount]) => amount > 0)
    .map(([amount, unit]) => `${amount} ${unit}`)
    .join(' ');
}

/** RFC 3339 with a zone (as CloudTrail writes it) to epoch milliseconds; `undefined` when it is not one. */
export function parseInstant(text: string): Millis | undefined {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)$/.test(text)) return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : at;
}

/** A time as HTTP headers write it; `undefined` when it is none. Source: RFC 9110, "Date/Time Formats". */
export function parseHttpDate(text: string): Millis | undefined {
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : at;
}

/** `2026-11-20T09:15:02.123Z`. */
export function sayInstant(at: Millis): string {
  return new Date(at).toISOString();
}

/** For libraries that take nothing else. */
export function dateOf(at: Millis): Date {
  return new Date(at);
}

/** `2026-11-20 09:15:02 UTC`, for people. */
export function sayUtc(at: Millis): string {
  return `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** Resolves when everything that this turn of the event loop has brought in was handled. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
