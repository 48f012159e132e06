import type { Millis } from '../kernel/time.ts';

/**
 * What the work counts as it goes. The numbers only grow; whoever shows them (`/metrics`) implements this,
 * so that the work knows nothing of how they are shown.
 */
export interface Counters {
  /** Records that arrived by whichever way, duplicates among them, rejects not. */
  received(records: number): void;
  duplicate(records: number): void;
  rejected(pieces: number): void;
  /** An alert was opened. */
  alert(level: string): void;
  /** A notice was decided: what kind (`post`, `update`, `quiet` …) and the named reason. */
  notice(kind: string, reason: string): void;
  /** The first post of an alert's message: how long after the event, and after its receipt where that is known. */
  posted(sinceEvent: Millis, sinceReceipt: Millis | undefined): void;
  /** What became of a canary; `unknown` was sent by nobody, from elsewhere, or came before. */
  canary(outcome: 'sent' | 'unsent' | 'returned' | 'lost' | 'unknown'): void;
  /** How long one took that came back. */
  canaryTook(took: Millis): void;
}
