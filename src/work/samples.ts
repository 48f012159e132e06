import type { CallCount } from '../store/memberships.ts';

/** One line of the table that a burst shows: what was called how often, from where. */
export interface Sample {
  /** `iam:ListUsers`. */
  readonly call: string;
  readonly count: number;
  /** An address, or `3 addresses`. */
  readonly from: string;
}

const SHOWN = 4;

/** The most frequent calls, and the rest as one line. */
export function samplesOf(calls: readonly CallCount[]): Sample[] {
  const shown = calls.length <= SHOWN + 1 ? calls : calls.slice(0, SHOWN);
  const rest = calls.slice(shown.length);
  const lines = shown.map((call) => ({
    call: `${call.eventSource.replace(/\.amazonaws\.com(\.cn)?$/, '')}:${call.eventName}`,
    count: call.count,
    from: call.addresses === 1 ? (call.anAddress ?? 'unknown') : `${call.addresses} addresses`,
  }));
  if (rest.length > 0) {
    lines.push({
      call: `${rest.length} others`,
      count: rest.reduce((sum, call) => sum + call.count, 0),
      from: '',
    });
  }
  return lines;
}
