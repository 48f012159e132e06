import type { Millis } from '../../kernel/time.ts';

/** A message of a queue, as one receipt brought it. */
export interface QueueMessage {
  readonly id: string;
  readonly body: string;
  /** Stands for this receipt: a later one makes it stale. */
  readonly receipt: string;
  /** How often it was received, this time among them. */
  readonly receives: number;
}

/**
 * A queue whose messages stay invisible for a while after each receipt, and come again unless they are removed.
 * Failures that a person must know of are thrown as `LookupTrouble`.
 */
export interface Queue {
  /** What people know it by. */
  readonly name: string;
  /** Up to `most` (10 at once), invisible for `hidden`. With `wait`, as soon as there is one, for up to 20 s. */
  receive(
    asked: { readonly most: number; readonly hidden: Millis; readonly wait: boolean },
    signal: AbortSignal,
  ): Promise<readonly QueueMessage[]>;
  /** Up to 10. Those that could not be removed come again. */
  remove(messages: readonly QueueMessage[]): Promise<void>;
  /** They come again after so long, from now on; 0 at once. Up to 10. */
  hide(messages: readonly QueueMessage[], hidden: Millis): Promise<void>;
}

/** The most messages that a queue hands out, removes or hides in one request. Source: SQS API reference. */
export const MOST_AT_ONCE = 10;
