import { sayError } from '../../kernel/problem.ts';
import type { Millis } from '../../kernel/time.ts';
import type { Call } from '../../questions/call.ts';
import type { Coverage } from '../../questions/coverage.ts';
import type { Period } from '../../questions/question.ts';
import type { StoredQuery } from '../../questions/stored-query.ts';
import { readCalls, searchable } from '../../store/calls.ts';
import type { Place } from '../cloud-history.ts';
import { createFound, MOST_CALLS } from './ask-found.ts';
import type { AskTools } from './ask-state.ts';

/** What the own store knows of a question. */
export interface OwnStore {
  /** Newest first, each once. */
  readonly calls: readonly Call[];
  readonly cover: Coverage['store'];
  readonly stored: number;
  readonly since: Millis | undefined;
}

/** Never rejects: a store that is missing or broken is said in the coverage. */
export async function askOwnStore(
  { sql, clock, log }: AskTools,
  queries: readonly StoredQuery[],
  keep: (call: Call) => boolean,
): Promise<OwnStore> {
  if (!sql) return without('there is no data folder here');
  const startedAt = clock.now();
  const found = createFound(keep);
  let truncated = false;
  try {
    for (const query of queries) {
      const calls = await readCalls(sql, query, MOST_CALLS + 1);
      truncated ||= calls.length > MOST_CALLS;
      found.add(calls);
    }
    const { stored, waiting, since } = await searchable(sql);
    const calls = found.calls();
    truncated ||= found.cutAt() !== undefined;
    const took = clock.now() - startedAt;
    return { calls, stored, since, cover: { since, events: calls.length, stored, waiting, truncated, took } };
  } catch (error) {
    log.error({ error }, 'the own store could not be asked');
    return without(unreadable(error).off);
  }
}

/** Fewer say nothing of how a question's calls are spread. */
const TELLING_CALLS = 20;

/**
 * The share of this question's calls in a place that lie before `at`, as the own store has them; `undefined` when
 * it does not have enough of them, or not of the whole period.
 */
export function shareBefore(
  { calls, cover, since }: OwnStore,
  period: Period,
  { account, region }: Place,
  at: Millis,
): number | undefined {
  if ('off' in cover || cover.truncated || since === undefined || since > period.from) return undefined;
  const there = calls.filter((call) => call.account === account && call.region === region);
  if (there.length < TELLING_CALLS) return undefined;
  return there.filter((call) => call.at < at).length / there.length;
}

function without(off: string): OwnStore {
  return { calls: [], cover: { off }, stored: 0, since: undefined };
}

/** What an answer says of a store that fails. */
export function unreadable(error: unknown): { readonly off: string } {
  return { off: `it could not be read (${sayError(error).slice(0, 200)})` };
}
