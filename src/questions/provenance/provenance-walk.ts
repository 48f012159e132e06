import type { CloudTrailRecord } from '../../cloudtrail/record.ts';
import type { Millis } from '../../kernel/time.ts';
import type { Hop, Origin } from '../trace.ts';
import type { Found, Search, Steps } from './provenance-search.ts';

export const MOST_HOPS = 10;

/** What a walk has gathered on its way. */
export interface Walk {
  readonly now: Millis;
  readonly hops: Hop[];
  readonly caveats: Set<string>;
  /** Keys and calls that it came through: none a second time. */
  readonly passed: Set<string>;
  stopped: Found['stopped'];
}

/** `The walk was stopped` or the like: completed by `before …`. */
export function sayStopped(why: NonNullable<Found['stopped']>): string {
  return why === 'cancelled' ? 'the walk was stopped' : 'the walk ran out of lookups';
}

/** Looks for something; what could not be looked at is remembered when nothing was found. */
export function* look(walk: Walk, search: Search): Steps<Found> {
  const found = yield search;
  if (found.records.length === 0) for (const gap of found.gaps) walk.caveats.add(gap);
  walk.stopped ??= found.stopped;
  return found;
}

/** The found call that lies nearest to an instant. */
export function nearest(
  records: readonly CloudTrailRecord[],
  at: Millis | undefined,
): CloudTrailRecord | undefined {
  if (at === undefined) return records[0];
  const apart = (record: CloudTrailRecord): Millis => Math.abs(record.eventTime - at);
  return [...records].sort((a, b) => apart(a) - apart(b))[0];
}

/** Adds a call to the way; the end of the walk when it was there already. */
export function pass(walk: Walk, id: string): Origin | undefined {
  if (walk.passed.has(id)) {
    return {
      kind: 'stopped',
      said: 'The walk came back to a session that it had passed already: these records form a circle and lead to nobody.',
    };
  }
  walk.passed.add(id);
  return undefined;
}
