import { createHash } from 'node:crypto';
import { isObject, type Json, type JsonObject, objectOf } from '../kernel/json.ts';
import { type Millis, parseInstant } from '../kernel/time.ts';
import { type Actor, readActor } from './actor.ts';
import { said, saidAccount } from './identity.ts';
import { mostInvolved } from './insight.ts';
import { keyOf } from './record-key.ts';
import { redact } from './redact.ts';
import { sayKind, sayMissing } from './unreadable.ts';

/**
 * One CloudTrail event, read and redacted.
 * Source: AWS CloudTrail user guide, "CloudTrail record contents" (eventVersion 1.00 to 1.11).
 */
export interface CloudTrailRecord {
  /** `account|region|eventID` (`record-key`): the same event, however often and by whichever way it arrives, has one. */
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

/** What the wrapper around a record says about it. */
export interface RecordHints {
  readonly account?: string | undefined;
  readonly region?: string | undefined;
}

/**
 * One CloudTrail record, whatever its version and category, redacted; or the reason, for people, why it is
 * none. Never throws.
 */
export function readRecord(value: unknown, hints: RecordHints = {}): CloudTrailRecord | Unreadable {
  if (!isObject(value)) {
    return { unreadable: `Not a CloudTrail record: ${sayKind(value)} where an object should be.` };
  }
  const refusal = refuse(value);
  if (refusal !== undefined) return { unreadable: refusal };
  const body = redact(value);
  // An Insight has no call of its own: what it is about stands in its details.
  const insight = objectOf(body, 'insightDetails');
  const eventName = said(body, 'eventName') ?? (insight && said(insight, 'eventName'));
  const eventSource = said(body, 'eventSource') ?? (insight && said(insight, 'eventSource'));
  const time = readTime(body.eventTime);
  if (eventName === undefined || eventSource === undefined || time === 'missing') {
    const missing = [
      ...(time === 'missing' ? ['eventTime'] : []),
      ...(eventSource === undefined ? ['eventSource'] : []),
      ...(eventName === undefined ? ['eventName'] : []),
    ];
    return { unreadable: sayMissing(body, missing) };
  }
  if (typeof time === 'string') return { unreadable: time };
  return build(body, hints, { eventName, eventSource, eventTime: time });
}

interface Unreadable {
  readonly unreadable: string;
}

/** Records that are understood well enough to know that they must not be read like the others. */
function refuse(value: JsonObject): string | undefined {
  if (value.eventType === 'AwsAggregatedEvent' || value.eventCategory === 'Aggregated') {
    return 'An aggregated CloudTrail event: a summary of calls in five minutes. Trailbot reads the single events; leave the CloudTrail-Aggregated folder out.';
  }
  const version = said(value, 'eventVersion');
  if (version === undefined) return undefined;
  const major = /^(\d+)(?:\.\d+)?$/.exec(version)?.[1];
  return Number(major) === 1
    ? undefined
    : `eventVersion is "${version.slice(0, 40)}": only CloudTrail records of version 1 are understood.`;
}

/** The instant, or `missing`, or what is wrong with it. */
function readTime(value: Json | undefined): Millis | string {
  if (value === undefined || value === null || value === '') return 'missing';
  const at = typeof value === 'string' ? parseInstant(value) : undefined;
  if (at !== undefined) return at;
  const shown = typeof value === 'string' ? `"${value.slice(0, 40)}"` : sayKind(value);
  return `eventTime is ${shown}, not a time as CloudTrail writes it (2026-11-20T09:15:02Z).`;
}

function build(
  body: JsonObject,
  hints: RecordHints,
  call: { readonly eventName: string; readonly eventSource: string; readonly eventTime: Millis },
): CloudTrailRecord {
  const identity = objectOf(body, 'userIdentity');
  const actor = readActor(identity ?? mostInvolved(body), body);
  const account = saidAccount(body, 'recipientAccountId') ?? hints.account ?? actor.account ?? 'unknown';
  const region = said(body, 'awsRegion') ?? hints.region ?? 'unknown';
  const eventId = said(body, 'eventID') ?? `sha256:${sha256(canonical(body))}`;
  return {
    key: keyOf(account, region, call.eventSource, eventId),
    eventId,
    ...call,
    account,
    region,
    eventType: said(body, 'eventType'),
    sourceAddress: said(body, 'sourceIPAddress'),
    userAgent: said(body, 'userAgent'),
    errorCode: said(body, 'errorCode'),
    errorMessage: said(body, 'errorMessage'),
    readOnly: readFlag(body.readOnly),
    accessKeyId: identity && said(identity, 'accessKeyId'),
    actor,
    body,
  };
}

function readFlag(value: Json | undefined): boolean | undefined {
  if (typeof value === 'boolean') return value;
  return value === 'true' ? true : value === 'false' ? false : undefined;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** JSON with its members in order, so that equal records give equal text. */
function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const members = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonical(value[key] ?? null)}`);
  return `{${members.join(',')}}`;
}
