import { readInsight } from '../cloudtrail/insight.ts';
import { sayRates } from '../cloudtrail/insight-words.ts';
import type { ActorKind } from '../cloudtrail/naming.ts';
import type { CloudTrailRecord } from '../cloudtrail/record.ts';
import { isDataEvent, isNetworkActivity } from '../cloudtrail/telling.ts';
import { touchedThing } from '../cloudtrail/touched-thing.ts';
import { textOf } from '../kernel/json.ts';
import type { Millis } from '../kernel/time.ts';
import { type Naming, namesIn, targetOf } from './names.ts';
import { canonicalAddress } from './networks.ts';

/**
 * One API call, as far as counting, listing and exporting need it: the few columns of a record. Both sources of an
 * answer (the own store and LookupEvents) give these.
 */
export interface Call {
  /** `account|region|eventID`, which both sources share: what they both have counts once. */
  readonly key: string;
  readonly eventId: string;
  readonly at: Millis;
  /** `iam.amazonaws.com`. */
  readonly source: string;
  /** `CreateAccessKey`; of an Insight, which is no call, `RunInstances Insight`. */
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly actor: {
    /** The same for all sessions of a role. */
    readonly id: string;
    readonly label: string;
    readonly kind: ActorKind;
    /** Session of the role, else the name. */
    readonly name: string;
  };
  readonly keyId: string | undefined;
  /** IPv4, IPv6 in its canonical form, or the name of a service. */
  readonly address: string | undefined;
  /** The user agent, whole. */
  readonly client: string | undefined;
  readonly errorCode: string | undefined;
  /** `undefined` when the record does not say. */
  readonly readOnly: boolean | undefined;
  /** The thing it was done to, in its shortest telling form; of an Insight, how unusual the rate is. */
  readonly target: string | undefined;
  /** Whether the session or sign-in had MFA; absent or `undefined` when the record does not say. */
  readonly mfa?: boolean | undefined;
  /** The same in all copies of a call that several accounts recorded. Source: CloudTrail, `sharedEventID`. */
  readonly sharedId?: string | undefined;
  /** Further accounts that recorded this call, where their copies are counted as one. */
  readonly alsoIn?: readonly string[] | undefined;
}

export function callOf(record: CloudTrailRecord, names: readonly Naming[] = namesIn(record)): Call {
  const { actor } = record;
  return {
    key: record.key,
    eventId: record.eventId,
    at: record.eventTime,
    source: record.eventSource,
    name: readInsight(record.body) ? record.eventName + INSIGHT : record.eventName,
    account: record.account,
    region: record.region,
    actor: { id: actor.id, label: actor.label, kind: actor.kind, name: actor.session ?? actor.name },
    keyId: record.accessKeyId,
    address: record.sourceAddress && canonicalAddress(record.sourceAddress),
    client: record.userAgent,
    errorCode: errorOf(record),
    readOnly: record.readOnly,
    target: toldTarget(record) ?? targetOf(names),
    mfa: actor.mfa,
    sharedId: textOf(record.body, 'sharedEventID'),
  };
}

/** What events that are no management call are about, where it is not the first name in them. */
function toldTarget(record: CloudTrailRecord): string | undefined {
  const insight = readInsight(record.body);
  if (insight) return sayRates(insight);
  if (isDataEvent(record)) return touchedThing(record);
  return isNetworkActivity(record) ? textOf(record.body, 'vpcEndpointId') : undefined;
}

/** A failed sign-in has a message and no code. */
function errorOf(record: CloudTrailRecord): string | undefined {
  return record.errorCode ?? (record.errorMessage === undefined ? undefined : 'Failed');
}

/** Activity that CloudTrail found unusual: an event with an actor, and no call. */
export function isInsight({ name }: Pick<Call, 'name'>): boolean {
  return name.endsWith(INSIGHT);
}

/** No call has a space in its name. */
const INSIGHT = ' Insight';

/** `iam:CreateAccessKey`. */
export function sayAction(call: Pick<Call, 'source' | 'name'>): string {
  return `${call.source.replace(/\.amazonaws\.com(\.cn)?$/, '')}:${call.name}`;
}

/**
 * Whether AWS said no, as opposed to any other failure (not found, invalid, throttled).
 * Source: error codes of 310 real records, CIS benchmark 4.1, and the services' own references.
 */
export function isDenied(errorCode: string | undefined): boolean {
  return (
    errorCode !== undefined &&
    /AccessDenied|Unauthorized(Operation|Access|Exception)?|NotAuthorized|Authorization(Error|Failure)|AuthFailure|Forbidden/i.test(
      errorCode,
    )
  );
}
