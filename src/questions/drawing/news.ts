import { DAY, type Millis } from '../../kernel/time.ts';
import { type Call, sayAction } from '../call.ts';
import type { Coverage } from '../coverage.ts';
import type { ActivityQuestion } from '../question.ts';
import { clientNamer } from './client-name.ts';
import type { Asked } from './draft.ts';
import { type Tally, tally } from './tally.ts';

/** What occurs only in the newest part of the period although there were calls before. */
export interface News {
  /** Where the newest part begins. */
  readonly since: Millis;
  readonly addresses: readonly Tally[];
  readonly actors: readonly Tally[];
  readonly clients: readonly Tally[];
  readonly actions: readonly Tally[];
  readonly regions: readonly Tally[];
  /** Some older events could not be read, so that what looks new may be older. */
  readonly doubtful: boolean;
}

/** Why nothing can be called new. */
export type NoNews = 'still reading' | 'nothing before';

/**
 * The newest part is the last 24 hours or the last quarter of the period, whichever is shorter. While a lookup runs,
 * newest events first, nothing can be called new.
 */
export function findNews({ question, material, now }: Asked<ActivityQuestion>): News | NoNews {
  if (material.unfinished) return 'still reading';
  const { from, to } = question.scope.period;
  const end = Math.max(from, Math.min(to, now));
  const since = end - Math.min(DAY, (end - from) / 4);
  const { calls, coverage } = material;
  if (!calls.some(({ at }) => at < since)) return 'nothing before';
  const nameOf = clientNamer();
  const fresh = (keyOf: (call: Call) => string | undefined): Tally[] =>
    tally(calls, keyOf).filter(({ first }) => first >= since);
  return {
    since,
    addresses: fresh(({ address }) => address),
    actors: fresh(({ actor }) => actor.label),
    clients: fresh((call) => (call.client === undefined ? undefined : nameOf(call))),
    actions: fresh(sayAction),
    regions: fresh(({ region }) => region),
    doubtful: missesOlder(coverage, from),
  };
}

/** Whether events of the period before the newest may exist that were not read. */
function missesOlder({ store, lookup }: Coverage, from: Millis): boolean {
  if (!('off' in store) && store.truncated) return true;
  if ('off' in lookup) return !('off' in store) && (store.since ?? Number.POSITIVE_INFINITY) > from;
  return lookup.places.some(({ state }) => state !== 'done');
}
