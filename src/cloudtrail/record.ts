import type { JsonObject } from '../kernel/json.ts';
import type { Millis } from '../kernel/time.ts';
import type { Actor } from './actor.ts';

/**
 * One CloudTrail event, read and redacted.
 * Source: AWS CloudTrail user guide, "CloudTrail record contents" (eventVersion 1.00 to 1.11).
 */
export interface CloudTrailRecord {
  /** `account|region|eventID`: the same event, however often and by whichever way it arrives, has one key. */
  readonly key: string;
  readonly eventId: string;
  readonly eventTime: Millis;
  readonly eventName: string;
  readonly eventSource: string;
  /** The account whose trail has the event: `recipientAccountId`, else the envelope's, else the caller's. */
  readonly account: string;
  readonly region: string;
  readonly eventType: string | undefined;
  readonly sourceAddress: string | undefined;
  readonly userAgent: string | undefined;
  readonly errorCode: string | undefined;
  readonly errorMessage: string | undefined;
  readonly readOnly: boolean | undefined;
  readonly accessKeyId: string | undefined;
  readonly actor: Actor;
  /** The whole record without its live secrets: what rules match and what is stored. */
  readonly body: JsonObject;
}
