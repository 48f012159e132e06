import type { Millis } from '../../kernel/time.ts';
import type { Call } from '../../questions/call.ts';

/** The calls of one answer from all its sources: each once, the newest when there are too many. */
export interface Found {
  /** Takes those that belong to the answer; returns how many were new to it. */
  add(calls: readonly Call[]): number;
  /** Newest first. */
  calls(): readonly Call[];
  /** Calls before this were left out when it was last cut; `undefined` when it was not. */
  cutAt(): Millis | undefined;
}

/** More than this helps nobody to read and much to fill the memory. */
export const MOST_CALLS = 20_000;
/** Cutting only now and then keeps adding cheap. */
const SLACK = 5_000;

export function createFound(keep: (call: Call) => boolean, most: number = MOST_CALLS): Found {
  const kept = new Map<string, Call>();
  let sorted: readonly Call[] | undefined;
  let cutAt: Millis | undefined;

  function cut(): readonly Call[] {
    const calls = [...kept.values()].sort(newestFirst);
    for (const call of calls.splice(most)) kept.delete(call.key);
    cutAt = calls.at(-1)?.at;
    return calls;
  }

  function calls(): readonly Call[] {
    sorted ??= kept.size > most ? cut() : [...kept.values()].sort(newestFirst);
    return sorted;
  }

  return {
    add(more) {
      const before = kept.size;
      for (const call of more) {
        if ((cutAt !== undefined && call.at < cutAt) || kept.has(call.key) || !keep(call)) continue;
        kept.set(call.key, call);
      }
      const added = kept.size - before;
      if (added > 0) sorted = undefined;
      if (kept.size > most + SLACK) sorted = cut();
      return added;
    },
    calls,
    cutAt: () => cutAt,
  };
}

function newestFirst(a: Call, b: Call): number {
  return b.at - a.at || (a.key < b.key ? -1 : 1);
}
