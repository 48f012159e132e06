import { sayError } from '../../kernel/problem.ts';
import type { Millis } from '../../kernel/time.ts';
import type { Call } from '../../questions/call.ts';
import type { Coverage } from '../../questions/coverage.ts';
import type { StoredQuery } from '../../questions/stored-query.ts';
import { readCalls, searchable } from '../../store/calls.ts';
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

function without(off: string): OwnStore {
  return { calls: [], cover: { off }, stored: 0, since: undefined };
}

/** What an answer says of a store that fails. */
export function unreadable(error: unknown): { readonly off: string } {
  return { off: `it could not be read (${sayError(error).slice(0, 200)})` };
}
