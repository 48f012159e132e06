import type { Millis } from '../../kernel/time.ts';
import type { Line } from '../answer.ts';
import { type Call, isDenied } from '../call.ts';
import { code, joined, sayNumber, text } from '../lines.ts';

/** The calls that share something, counted. */
export interface Tally {
  /** What they share. */
  readonly key: string;
  readonly calls: readonly Call[];
  readonly denied: number;
  /** Failed for any reason, denied included. */
  readonly failed: number;
  readonly first: Millis;
  readonly last: Millis;
}

/** Most calls first, then the most recent; calls without a key are left out. One pass over the calls. */
export function tally(calls: readonly Call[], keyOf: (call: Call) => string | undefined): Tally[] {
  const groups = new Map<string, Call[]>();
  for (const call of calls) {
    const key = keyOf(call);
    if (key === undefined) continue;
    const group = groups.get(key);
    if (group) group.push(call);
    else groups.set(key, [call]);
  }
  return [...groups]
    .map(([key, group]) => sum(key, group))
    .sort((one, other) => other.calls.length - one.calls.length || other.last - one.last);
}

/** The sums of some calls, at least one. */
export function sum(key: string, calls: readonly Call[]): Tally {
  let [denied, failed, first, last] = [0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { errorCode, at } of calls) {
    if (errorCode !== undefined) failed += 1;
    if (isDenied(errorCode)) denied += 1;
    first = Math.min(first, at);
    last = Math.max(last, at);
  }
  return { key, calls, denied, failed, first, last };
}

/** `eu-west-1 × 1,181 · us-east-1 × 23 · 2 more`; a single one without its count. */
export function sayTallies(tallies: readonly Tally[], most = 5, name = codeName): Line {
  if (tallies.length === 1 && tallies[0]) return name(tallies[0].key);
  const shown = tallies
    .slice(0, most)
    .map(
      (one): Line => [
        ...name(one.key),
        text(` × ${sayNumber(one.calls.length)}`),
        ...(one.denied > 0 ? [text(` (${sayDenied(one)})`)] : []),
      ],
    );
  const rest = tallies.length - shown.length;
  return joined(rest > 0 ? [...shown, [text(`${sayNumber(rest)} more`)]] : shown);
}

function codeName(key: string): Line {
  return [code(key)];
}

/** `all denied`, `3 denied`. */
export function sayDenied({ denied, calls }: Tally): string {
  return denied === calls.length ? (denied === 1 ? 'denied' : 'all denied') : `${sayNumber(denied)} denied`;
}
