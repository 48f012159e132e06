import type { Alert, AlertState } from '../alerts/alert.ts';
import type { CloudTrailRecord } from '../cloudtrail/record.ts';
import type { Millis } from '../kernel/time.ts';
import type { Rule } from '../rules/rule.ts';
import type { Outcome, Press } from '../work/operate.ts';
import type { Status } from '../work/status.ts';

/** One line of an alert's history, in words. */
export interface HistoryLine {
  readonly at: Millis;
  readonly text: string;
}

/** A stored record with what the bot did about it. */
export interface StoredEvent {
  readonly record: CloudTrailRecord;
  readonly receivedAt: Millis;
  /** Ids of the alerts it belongs to. */
  readonly alertIds: readonly string[];
  /** Rules that matched without an alert, and why. */
  readonly suppressed: readonly { readonly ruleId: string; readonly reason: string }[];
}

/** What people in Slack can ask of the bot. Built in app.ts from work/; Slack's listeners know nothing else. */
export interface Desk {
  operate(press: Press): Promise<Outcome>;
  alert(id: string): Promise<Alert | undefined>;
  /** Newest first, at most `limit`; `mine` = acknowledged by this Slack user. */
  alerts(filter: { states: readonly AlertState[]; mine?: string; limit: number }): Promise<Alert[]>;
  history(alertId: string): Promise<HistoryLine[]>;
  /** Same event recorded in several accounts or regions gives several. */
  events(eventId: string): Promise<StoredEvent[]>;
  rules(): readonly Rule[];
  status(): Promise<Status>;
  /** False when this delivery (signature, press, command) was seen before: the caller then does nothing. */
  firstTime(deliveryId: string): Promise<boolean>;
  /** Looks again whether the alert's message shows how it stands, and draws it anew where it does not. */
  refresh(alertId: string): Promise<void>;
  /** `undefined` when this person may act on alerts, else one sentence with whom to ask. */
  mayRespond(userId: string): string | undefined;
  /** `undefined` when this person may use `/trail`, else one sentence with whom to ask. */
  mayAsk(userId: string): string | undefined;
  /** Writes who asked what to the audit log. */
  asked(operator: { userId: string; teamId: string }, question: string): Promise<void>;
}
