import type { Millis } from '../../kernel/time.ts';
import { type Coverage, endsBefore, wasAsked } from '../coverage.ts';
import { sayCount, sayNumber } from '../lines.ts';
import type { Material } from '../material.ts';
import { EVENT_HISTORY_DAYS } from '../question.ts';
import type { Asked } from './draft.ts';

/**
 * Why calls of the period may exist that were not found, each a clause: `2 of 17 regions were not read to the end`.
 * Nothing when everything that either source has was looked at.
 */
export function missingOf({ question, material, now }: Asked): string[] {
  const { coverage } = material;
  const { unreadable = 0 } = coverage;
  return [
    ...(coverage.cutAt === undefined ? [] : ['more calls were found than one answer holds']),
    ...missingPlaces(coverage.lookup, accountsOf(material)),
    ...missingBefore(coverage, question.scope.period.from, now),
    ...missingStored(coverage.store),
    ...(unreadable > 0 ? [`${sayCount(unreadable, 'event')} that AWS gave cannot be read`] : []),
  ];
}

/** Whether the own store has events from before the period. */
export function reachesBack({ store }: Coverage, from: Millis): boolean {
  return !('off' in store) && store.since !== undefined && store.since <= from;
}

/** Where the calls lie, and the key's own account; empty while nothing was found. */
function accountsOf({ calls, keyAccount }: Material): ReadonlySet<string> {
  const own = calls.length > 0 && keyAccount ? [keyAccount.account] : [];
  return new Set([...calls.map(({ account }) => account), ...own]);
}

/**
 * An account that may never be asked, and in which nothing of what was found lies, stands in the coverage: it is no
 * reason to doubt what the others say.
 */
function missingPlaces(lookup: Coverage['lookup'], accounts: ReadonlySet<string>): string[] {
  if ('off' in lookup) return [];
  if (lookup.places.length > 0 && !wasAsked(lookup)) return ['AWS could not be asked'];
  const matters = (account: string) => accounts.size === 0 || account === '*' || accounts.has(account);
  const missed = lookup.places.filter(
    ({ state, account }) => state !== 'done' && (state !== 'failed' || matters(account)),
  ).length;
  if (missed === 0) return [];
  const of = sayCount(lookup.places.length, 'region');
  return [`${sayNumber(missed)} of ${of} ${missed === 1 ? 'was' : 'were'} not read to the end`];
}

/** What lies before the reach of the own store is known to AWS alone, and to nobody after ninety days. */
function missingBefore(coverage: Coverage, from: Millis, now: Millis): string[] {
  if (reachesBack(coverage, from)) return [];
  if (endsBefore(from, now)) {
    return [
      `AWS has nothing older than ${EVENT_HISTORY_DAYS} days, and the own store does not reach back that far`,
    ];
  }
  return wasAsked(coverage.lookup) || 'off' in coverage.store
    ? []
    : ['the own store does not reach back to the beginning of the period'];
}

function missingStored(store: Coverage['store']): string[] {
  if ('off' in store) return [];
  return [
    ...(store.truncated ? ['the own store has more than was read'] : []),
    ...(store.waiting > 0 ? [`${sayCount(store.waiting, 'stored event')} cannot be searched yet`] : []),
  ];
}

/** Several clauses as one. */
export function sayClauses(clauses: readonly string[]): string {
  return clauses.join(', and ');
}
