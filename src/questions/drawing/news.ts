import { DAY, type Millis } from '../../kernel/time.ts';
import { type Call, sayAction } from '../call.ts';
import type { ActivityQuestion } from '../question.ts';
import { clientNamer } from './client-name.ts';
import type { Asked } from './draft.ts';
import { missingOf, reachesBack } from './missing.ts';
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
  /** Why older events may exist that were not read, so that what looks new may be old; each a clause. */
  readonly doubts: readonly string[];
}

/** Why nothing can be called new. */
export type NoNews = 'still reading' | 'nothing before' | { readonly unread: readonly string[] };

/** What is new for certain; nothing where older events may not have been read. */
export function certainNews(news: News | NoNews): News | undefined {
  return typeof news === 'string' || 'unread' in news || news.doubts.length > 0 ? undefined : news;
}

/**
 * The newest part is the last 24 hours or the last quarter of the period, whichever is shorter. While a lookup runs,
 * newest events first, nothing can be called new.
 */
export function findNews(asked: Asked<ActivityQuestion>): News | NoNews {
  const { question, material, now } = asked;
  if (material.unfinished) return 'still reading';
  const { from, to } = question.scope.period;
  const end = Math.max(from, Math.min(to, now));
  const since = end - Math.min(DAY, (end - from) / 4);
  const { calls } = material;
  const doubts = doubtsOf(asked);
  if (!calls.some(({ at }) => at < since)) return doubts.length > 0 ? { unread: doubts } : 'nothing before';
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
    doubts,
  };
}

/** AWS cannot be asked what sessions of a role did. */
function doubtsOf(asked: Asked<ActivityQuestion>): string[] {
  const { kind, scope } = asked.question;
  const { coverage } = asked.material;
  const missing = missingOf(asked);
  const sessions = (kind === 'role' || kind === 'anything') && !('off' in coverage.store);
  return missing.length > 0 || !sessions || reachesBack(coverage, scope.period.from)
    ? missing
    : [
        'what sessions of a role did is known to the own store only, and that does not reach back to the beginning of the period',
      ];
}
