import type { Alert } from '../alerts/alert.ts';
import type { Millis } from '../kernel/time.ts';

/** One line of the table that a burst shows: what was called how often, from where. */
export interface Sample {
  /** `iam:ListUsers`. */
  readonly call: string;
  readonly count: number;
  /** An address, or `3 addresses`. */
  readonly from: string;
}

/** Everything a message about an alert is drawn from. */
export interface Card {
  readonly alert: Alert;
  /** The most frequent calls, largest first; at most four, then `N others`. Empty while count is 1. */
  readonly samples: readonly Sample[];
  /** Names of the lists of people shown as plain text where a mention is not possible: user id → name. */
  readonly names: ReadonlyMap<string, string>;
}

/** Proof that Slack took a message. */
export interface Receipt {
  readonly channel: string;
  readonly ts: string;
}

/**
 * Where messages go. Every failure is thrown as a Fault: `later` with the time to wait, `never` when a new
 * try is useless, `uncertain` when Slack may have taken the message although no answer came.
 */
export interface Notifier {
  /** `intent` is a fresh id, stored before the call and carried as message metadata. */
  post(card: Card, intent: string): Promise<Receipt>;
  update(card: Card, receipt: Receipt): Promise<void>;
  /** The message that carries `intent`, if Slack has it: asked after a crash or a lost answer. */
  find(channel: string, intent: string, since: Millis): Promise<Receipt | undefined>;
}
