import { createHash } from 'node:crypto';
import type { Question } from '../../questions/question.ts';

/** Offers of several questions that are remembered, for their buttons. */
const MOST_OFFERS = 500;

/** What people are waiting for, and what they were offered to ask. Forgotten with the process. */
export interface Running {
  /** Starts one; `end` must be called in the end. */
  begin(runId: string, userId: string): { readonly signal: AbortSignal; end(): void };
  /** Only who asked may cancel; `over` when there is nothing to cancel any more. */
  cancel(runId: string, userId: string): 'cancelled' | 'not yours' | 'over';
  /** Ends every one early. */
  cancelAll(): void;
  /** Remembers what the buttons of a message stand for. */
  offer(id: string, questions: readonly Question[]): void;
  offered(id: string, at: number): Question | undefined;
}

export function createRunning(): Running {
  const runs = new Map<string, { userId: string; abort: AbortController }>();
  const offers = new Map<string, readonly Question[]>();
  return {
    begin(runId, userId) {
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
  };
}

/** A name for what one delivery (a command, a press, an event) has set off: 16 hexadecimal digits. */
export function runIdOf(delivery: string): string {
  return createHash('sha256').update(delivery).digest('hex').slice(0, 16);
}
