import { isObject, type Json, type JsonObject, objectOf, parseJson, textOf } from '../kernel/json.ts';
import { type Canary, isCanary, readCanary } from './canary.ts';
import { said, saidAccount } from './identity.ts';
import { type FilePointer, readObjectEvent, readPointer } from './pointer.ts';
import type { RecordHints } from './record.ts';
import { sayKind } from './unreadable.ts';

/** One thing found inside wrappers: what should be a record, or something that cannot be one, and why. */
export type Item =
  | { readonly record: JsonObject; readonly account?: string; readonly region?: string }
  | {
      readonly reason: string;
      readonly value: Json;
      /** No record, and nothing wrong either: the bot's own mark. */
      readonly canary?: Canary;
      /** Files that it points to: no event for us, and no mistake for whoever reads files. */
      readonly files?: readonly FilePointer[];
    };

/** A record in an array in an SNS message in an SQS message in a Lambda event is seven deep. */
const MAX_WRAPPERS = 12;

/** EventBridge's six detail-types, without case and spaces: AWS itself spells "Sign In" in two ways. */
const DETAIL_TYPES: ReadonlySet<string> = new Set([
  'awsapicallviacloudtrail',
  'awsconsolesigninviacloudtrail',
  'awsconsoleactionviacloudtrail',
  'awsserviceeventviacloudtrail',
  'awsinsightviacloudtrail',
  'awsnetworkactivityeventviacloudtrail',
]);

/**
 * Takes every wrapper off: EventBridge envelope, `{"Records":[…]}`, array, LookupEvents output, SNS and SQS
 * messages, in any combination, told apart by content. An object that is no wrapper is taken for a record.
 */
export function unwrap(value: Json, hints: RecordHints = {}): Item[] {
  return [...open(value, hints, 0)];
}

function* open(value: Json, hints: RecordHints, depth: number): Generator<Item> {
  if (depth > MAX_WRAPPERS) {
    yield { reason: `Wrapped more than ${MAX_WRAPPERS} times.`, value };
  } else if (Array.isArray(value)) {
    for (const element of value) yield* open(element, hints, depth + 1);
  } else if (isObject(value)) {
    yield* openObject(value, hints, depth);
  } else if (typeof value === 'string') {
    yield* openText(value, 'A text where a CloudTrail record should be', value, hints, depth);
  } else {
    yield { reason: `Not a CloudTrail record: ${sayKind(value)} where an object should be.`, value };
  }
}

function* openObject(object: JsonObject, hints: RecordHints, depth: number): Generator<Item> {
  const contents = takeOff(object);
  if (contents === undefined) {
    const { account, region } = hints;
    yield { record: object, ...(account && { account }), ...(region && { region }) };
  } else if ('reason' in contents) {
    yield { value: object, ...contents };
  } else if ('text' in contents) {
    yield* openText(contents.text, `The text of ${contents.wrapper}`, object, hints, depth);
  } else {
    for (const inner of contents.inside) yield* open(inner, contents.hints ?? hints, depth + 1);
  }
}

function* openText(
  text: string,
  what: string,
  whole: Json,
  hints: RecordHints,
  depth: number,
): Generator<Item> {
  const inner = parseJson(text);
  if (inner === undefined) yield { reason: `${what} is not JSON.`, value: whole };
  else yield* open(inner, hints, depth + 1);
}

/** What a wrapper holds, to be opened in turn; or the reason why there is nothing in it for us. */
type Contents =
  | { readonly inside: readonly Json[]; readonly hints?: RecordHints }
  | { readonly text: string; readonly wrapper: string }
  | { readonly reason: string; readonly canary?: Canary; readonly files?: readonly FilePointer[] };

/** Each knows one wrapper; `undefined` from all of them means that the object is none. */
const WRAPPERS: readonly ((object: JsonObject) => Contents | undefined)[] = [
  eventBridge,
  recordList,
  lookupEvents,
  snsMessage,
  sqsMessage,
  readPointer,
];

function takeOff(object: JsonObject): Contents | undefined {
  // Every record has both and no wrapper does, not even the records of S3 notifications.
  if (textOf(object, 'eventID') !== undefined && textOf(object, 'eventVersion') !== undefined)
    return undefined;
  for (const wrapper of WRAPPERS) {
    const contents = wrapper(object);
    if (contents !== undefined) return contents;
  }
  return undefined;
}

function eventBridge(object: JsonObject): Contents | undefined {
  const detailType = textOf(object, 'detail-type');
  if (detailType === undefined) return undefined;
  const detail = objectOf(object, 'detail');
  const source = textOf(object, 'source') ?? 'an unnamed source';
  if (isCanary(object)) return canaryIn(object);
  if (!DETAIL_TYPES.has(detailType.toLowerCase().replaceAll(/\s/g, ''))) {
    if (detailType.startsWith('Object ') && source === 'aws.s3') return readObjectEvent(detailType, detail);
    return {
      reason: `An EventBridge event "${detailType}" from ${source}, not one of CloudTrail: narrow the EventBridge rule to detail-types that end in "via CloudTrail".`,
    };
  }
  if (detail === undefined) {
    return { reason: `An EventBridge event "${detailType}" whose detail is ${sayKind(object.detail)}.` };
  }
  const hints = { account: saidAccount(object, 'account'), region: said(object, 'region') };
  return { inside: [detail], hints };
}

function canaryIn(object: JsonObject): Contents {
  const canary = readCanary(object);
  return canary
    ? { reason: 'A canary: Trailbot sent it to see whether events arrive.', canary }
    : {
        reason: 'What looks like a canary and does not say, or contradicts, which one it is and from where.',
      };
}

function recordList(object: JsonObject): Contents | undefined {
  const list = object.Records ?? object.Messages;
  return Array.isArray(list) ? { inside: list } : undefined;
}

/** The answer of LookupEvents, or one event of it: the record is JSON in a text. */
function lookupEvents(object: JsonObject): Contents | undefined {
  const text = textOf(object, 'CloudTrailEvent');
  if (text !== undefined) return { text, wrapper: 'a CloudTrailEvent member' };
  return Array.isArray(object.Events) ? { inside: object.Events } : undefined;
}

function snsMessage(object: JsonObject): Contents | undefined {
  const lambda = objectOf(object, 'Sns');
  if (lambda) return { inside: [lambda] };
  const text = textOf(object, 'Message');
  if (text === undefined || !('TopicArn' in object || 'Type' in object)) return undefined;
  if (object.Type === 'SubscriptionConfirmation' || object.Type === 'UnsubscribeConfirmation') {
    return {
      reason: `SNS asks to confirm a subscription change (${object.Type}): open its SubscribeURL, or subscribe an SQS queue instead.`,
    };
  }
  return { text, wrapper: 'an SNS message' };
}

function sqsMessage(object: JsonObject): Contents | undefined {
  if ('eventVersion' in object) return undefined;
  const text = textOf(object, 'Body') ?? textOf(object, 'body');
  return text === undefined ? undefined : { text, wrapper: 'an SQS message' };
}
