import type { JsonObject } from '../kernel/json.ts';
import { type Millis, sayInstant } from '../kernel/time.ts';

/** The event source of what the bot itself has noticed: no service of AWS has such a name. */
export const OWN_SOURCE = 'trailbot.internal';

/** What the bot notices about its own sight. The rules in `rules/watch/` make alerts of them. */
type OwnEventName =
  | 'CanaryLost'
  | 'CanaryReturned'
  | 'SourceSilent'
  | 'SourceReturned'
  | 'GapFound'
  | 'LogIntegrityBroken'
  | 'DeliveriesParked'
  | 'ConnectionChanged'
  | 'CalendarUnreachable';

/** Something noticed, in the form of a CloudTrail record, so that rules, routes and questions treat it as one. */
export interface OwnEvent {
  readonly name: OwnEventName;
  /** The same for what must be noticed only once. */
  readonly id: string;
  readonly at: Millis;
  /** Twelve digits: which account it is about; the bot's own when about none. */
  readonly account: string;
  readonly region: string;
  /** What the rule's summary says, in words and numbers: `{serviceEventDetails.…}`. */
  readonly details: JsonObject;
}

/** The record, unread, for an intake. Members as in AWS CloudTrail user guide, "CloudTrail record contents". */
export function ownEventBody({ name, id, at, account, region, details }: OwnEvent): JsonObject {
  return {
    eventVersion: '1.11',
    userIdentity: { type: 'AWSService', invokedBy: 'Trailbot' },
    eventTime: sayInstant(at),
    eventSource: OWN_SOURCE,
    eventName: name,
    awsRegion: region,
    sourceIPAddress: 'Trailbot',
    requestParameters: null,
    responseElements: null,
    serviceEventDetails: details,
    eventID: `trailbot-${name}-${id}`,
    readOnly: false,
    eventType: 'AwsServiceEvent',
    managementEvent: false,
    recipientAccountId: account,
    eventCategory: 'Trailbot',
  };
}
