import { createHash } from 'node:crypto';
import { MINUTE, type Millis } from '../../kernel/time.ts';
import type { Question } from '../../questions/question.ts';

/** Offers of several questions that are remembered, for their buttons. */
const MOST_OFFERS = 500;
/** Questions of one person at the same time: the requests that AWS allows in a second are everybody's. */
export const MOST_AT_ONCE = 3;
/** Whoever shares an answer again after this long means it. */
const CLAIMED_FOR: Millis = MINUTE;

/** What people are waiting for, and what they were offered to ask. Forgotten with the process. */
export interface Running {
  /** Starts one; `end` must be called in the end. `undefined` when this person has `MOST_AT_ONCE` already. */
  begin(runId: string, userId: string): { readonly signal: AbortSignal; end(): void } | undefined;
  /** Only who asked may cancel; `over` when there is nothing to cancel any more. */
  cancel(runId: string, userId: string): 'cancelled' | 'not yours' | 'over';
  /** Ends every one early. */
  cancelAll(): void;
  /** Remembers what the buttons of a message stand for. */
  offer(id: string, questions: readonly Question[]): void;
  offered(id: string, at: number): Question | undefined;
  /** True once within a minute for what must not be done twice; `release` when it was not done after all. */
  claim(what: string, now: Millis): boolean;
  release(what: string): void;
}

export function createRunning(): Running {
  const runs = new Map<string, { userId: string; abort: AbortController }>();
  const offers = new Map<string, readonly Question[]>();
  const claims = new Map<string, Millis>();
  return {
    begin(runId, userId) {
      const own = [...runs.values()].filter((run) => run.userId === userId);
      if (own.length >= MOST_AT_ONCE) return undefined;
      const abort = new AbortController();
      runs.set(runId, { userId, abort });
      return { signal: abort.signal, end: () => void runs.delete(runId) };
    },
    cancel(runId, userId) {
      const run = runs.get(runId);
      if (!run) return 'over';
      if (run.userId !== userId) return 'not yours';
      run.abort.abort();
      return 'cancelled';
    },
    cancelAll() {
      for (const { abort } of runs.values()) abort.abort();
    },
    offer(id, questions) {
      const [oldest] = offers.keys();
      if (offers.size >= MOST_OFFERS && oldest !== undefined) offers.delete(oldest);
      offers.set(id, questions);
    },
    offered: (id, at) => offers.get(id)?.[at],
    claim(what, now) {
      for (const [other, at] of claims) if (at + CLAIMED_FOR <= now) claims.delete(other);
      if (claims.has(what)) return false;
      claims.set(what, now);
      return true;
    },
    release: (what) => void claims.delete(what),
  };
}

/** A name for what one delivery (a command, a press, an event) has set off: 16 hexadecimal digits. */
export function runIdOf(delivery: string): string {
  return createHash('sha256').update(delivery).digest('hex').slice(0, 16);
}
