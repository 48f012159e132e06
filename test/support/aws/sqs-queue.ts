import { createHash, randomUUID } from 'node:crypto';
import { isObject, type JsonObject, objectOf, parseJson, textOf } from '../../../src/kernel/json.ts';
import { type Clock, type Millis, SECOND } from '../../../src/kernel/time.ts';
import { Refusal } from './refusal.ts';

/** A message as the queue holds it. */
export interface HeldMessage {
  readonly id: string;
  readonly body: string;
  /** As they were sent: `{ERROR_CODE: {DataType, StringValue}}`. */
  readonly attributes: JsonObject;
  readonly sentAt: Millis;
  visibleAt: Millis;
  receiveCount: number;
  firstReceivedAt: Millis | undefined;
  /** Of the latest receipt; those before it are stale. */
  handle: string | undefined;
  /** The queue that it was moved from. */
  from: string | undefined;
}

/** One queue; its times are those of the fake's clock. */
export interface HeldQueue {
  readonly name: string;
  readonly url: string;
  readonly arn: string;
  readonly createdAt: Millis;
  modifiedAt: Millis;
  readonly attributes: Map<string, string>;
  readonly tags: Map<string, string>;
  messages: HeldMessage[];
  purgedAt: Millis | undefined;
  /** Messages that the next receipts leave visible, so that they are delivered again. */
  duplicates: number;
  /** Called when something changes that those who wait should look at. */
  readonly waiting: Set<() => void>;
}

/** What a queue has unless said otherwise. Source: SQS API reference, `SetQueueAttributes`. */
const DEFAULTS: Readonly<Record<string, string>> = {
  DelaySeconds: '0',
  MaximumMessageSize: '1048576',
  MessageRetentionPeriod: '345600',
  ReceiveMessageWaitTimeSeconds: '0',
  VisibilityTimeout: '30',
  SqsManagedSseEnabled: 'true',
};
/** From and to, both included. */
const RANGES: Readonly<Record<string, readonly [number, number]>> = {
  DelaySeconds: [0, 900],
  MaximumMessageSize: [1024, 1_048_576],
  MessageRetentionPeriod: [60, 1_209_600],
  ReceiveMessageWaitTimeSeconds: [0, 20],
  VisibilityTimeout: [0, 43_200],
  KmsDataKeyReusePeriodSeconds: [60, 86_400],
};
const TEXTS = new Set([
  'Policy',
  'RedrivePolicy',
  'RedriveAllowPolicy',
  'KmsMasterKeyId',
  'SqsManagedSseEnabled',
]);

export function makeQueue(place: Pick<HeldQueue, 'name' | 'url' | 'arn'>, now: Millis): HeldQueue {
  return {
    ...place,
    createdAt: now,
    modifiedAt: now,
    attributes: new Map(Object.entries(DEFAULTS)),
    tags: new Map(),
    messages: [],
    purgedAt: undefined,
    duplicates: 0,
    waiting: new Set(),
  };
}

/** Throws what SQS says to attributes that it does not take. `dead` knows whether a dead-letter queue exists. */
export function checkAttributes(given: JsonObject, dead: (arn: string) => boolean): Map<string, string> {
  const checked = new Map<string, string>();
  for (const [name, value] of Object.entries(given)) {
    const range = RANGES[name];
    if (!range && !TEXTS.has(name)) {
      throw refusal('InvalidAttributeName', `Unknown Attribute ${name}.`);
    }
    if (typeof value !== 'string' || (range && !within(value, range)) || !takes(name, value, dead)) {
      throw refusal('InvalidAttributeValue', `Invalid value for the parameter ${name}.`);
    }
    checked.set(name, value);
  }
  return checked;
}

function within(value: string, [least, most]: readonly [number, number]): boolean {
  return /^\d+$/.test(value) && Number(value) >= least && Number(value) <= most;
}

function takes(name: string, value: string, dead: (arn: string) => boolean): boolean {
  if (value === '' || !/Policy$/.test(name)) return true;
  const policy = parseJson(value);
  if (!isObject(policy)) return false;
  return name !== 'RedrivePolicy' || dead(textOf(policy, 'deadLetterTargetArn') ?? '');
}

/** Where messages go that were received too often; `undefined` without a redrive policy. */
function redriveOf(queue: HeldQueue): { readonly arn: string; readonly most: number } | undefined {
  const policy = parseJson(queue.attributes.get('RedrivePolicy') || 'null');
  if (!isObject(policy)) return undefined;
  return { arn: textOf(policy, 'deadLetterTargetArn') ?? '', most: Number(policy.maxReceiveCount) };
}

/** Puts a message in, and wakes those who wait for one. Throws for one that is too long or says nothing. */
export function put(
  queue: HeldQueue,
  body: string,
  attributes: JsonObject,
  at: Millis,
  delay = 0,
): HeldMessage {
  const most = Number(queue.attributes.get('MaximumMessageSize'));
  if (body === '') throw refusal('MissingParameter', 'The request must contain the parameter MessageBody.');
  if (Buffer.byteLength(body) > most) {
    const message = `One or more parameters are invalid. Reason: Message must be shorter than ${most} bytes.`;
    throw refusal('InvalidParameterValue', message);
  }
  const message: HeldMessage = {
    id: randomUUID(),
    body,
    attributes,
    sentAt: at,
    visibleAt: at + (delay || Number(queue.attributes.get('DelaySeconds'))) * SECOND,
    receiveCount: 0,
    firstReceivedAt: undefined,
    handle: undefined,
    from: undefined,
  };
  queue.messages.push(message);
  wake(queue);
  return message;
}

export function wake(queue: HeldQueue): void {
  for (const one of [...queue.waiting]) one();
}

interface Receipt {
  readonly most: number;
  /** How long the messages stay invisible. */
  readonly invisible: Millis;
  /** How long to wait for one. */
  readonly wait: Millis;
  /** The one who asked is there no more. */
  readonly gone: AbortSignal;
}

/** Up to `most` messages, as soon as there is one; none when the wait is over. Source: SQS, "long polling". */
export async function receive(
  queue: HeldQueue,
  { most, invisible, wait, gone }: Receipt,
  clock: Clock,
  other: (arn: string) => HeldQueue | undefined,
): Promise<HeldMessage[]> {
  const until = clock.now() + wait;
  for (;;) {
    if (gone.aborted) return [];
    const found = take(queue, most, invisible, clock.now(), other);
    const left = until - clock.now();
    if (found.length > 0 || left <= 0) return found;
    await change(queue, left, clock, gone);
  }
}

function take(
  queue: HeldQueue,
  most: number,
  invisible: Millis,
  now: Millis,
  other: (arn: string) => HeldQueue | undefined,
): HeldMessage[] {
  forgetOld(queue, now);
  const redrive = redriveOf(queue);
  const found: HeldMessage[] = [];
  for (const message of queue.messages.filter(({ visibleAt }) => visibleAt <= now)) {
    if (found.length === most) break;
    const dead = redrive && message.receiveCount >= redrive.most ? other(redrive.arn) : undefined;
    if (dead) bury(queue, dead, message, now);
    else found.push(received(queue, message, invisible, now));
  }
  return found;
}

function received(queue: HeldQueue, message: HeldMessage, invisible: Millis, now: Millis): HeldMessage {
  message.receiveCount += 1;
  message.firstReceivedAt ??= now;
  message.handle = `${message.id}#${randomUUID()}`;
  if (queue.duplicates > 0) queue.duplicates -= 1;
  else message.visibleAt = now + invisible;
  return message;
}

function bury(queue: HeldQueue, dead: HeldQueue, message: HeldMessage, now: Millis): void {
  queue.messages = queue.messages.filter((one) => one !== message);
  dead.messages.push({ ...message, visibleAt: now, handle: undefined, from: queue.arn });
  wake(dead);
}

/** Messages that nobody fetched within the queue's retention are lost. */
function forgetOld(queue: HeldQueue, now: Millis): void {
  const kept = Number(queue.attributes.get('MessageRetentionPeriod')) * SECOND;
  queue.messages = queue.messages.filter(({ sentAt }) => now - sentAt < kept);
}

/** Resolves when a message may have become visible, at the latest after `left`. */
async function change(queue: HeldQueue, left: Millis, clock: Clock, gone: AbortSignal): Promise<void> {
  const next = queue.messages.map(({ visibleAt }) => visibleAt - clock.now()).filter((ms) => ms > 0);
  const over = new AbortController();
  const look = (): void => over.abort();
  queue.waiting.add(look);
  await clock.sleep(Math.min(left, ...next), AbortSignal.any([over.signal, gone]));
  queue.waiting.delete(look);
}

/** The message of a handle; `undefined` when a later receipt has made it stale, or the message is gone. */
export function byHandle(queue: HeldQueue, handle: string): HeldMessage | undefined {
  if (!/^[0-9a-f-]{36}#[0-9a-f-]{36}$/.test(handle)) {
    throw refusal(
      'ReceiptHandleIsInvalid',
      `The input receipt handle "${handle}" is not a valid receipt handle.`,
    );
  }
  return queue.messages.find((one) => one.handle === handle);
}

/** What GetQueueAttributes says, whatever of it was asked for. */
export function attributesOf(queue: HeldQueue, now: Millis): Record<string, string> {
  forgetOld(queue, now);
  const visible = queue.messages.filter(({ visibleAt }) => visibleAt <= now).length;
  const delayed = queue.messages.filter((one) => one.visibleAt > now && one.receiveCount === 0).length;
  return {
    ...Object.fromEntries(queue.attributes),
    QueueArn: queue.arn,
    CreatedTimestamp: String(Math.floor(queue.createdAt / SECOND)),
    LastModifiedTimestamp: String(Math.floor(queue.modifiedAt / SECOND)),
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesDelayed: String(delayed),
    ApproximateNumberOfMessagesNotVisible: String(queue.messages.length - visible - delayed),
  };
}

/** A message as ReceiveMessage answers it. */
export function shown(message: HeldMessage, wanted: (name: string) => boolean, custom: boolean): JsonObject {
  const system: Record<string, string | undefined> = {
    SenderId: 'AIDAQFAKEUSEROFTRAILB',
    SentTimestamp: String(message.sentAt),
    ApproximateReceiveCount: String(message.receiveCount),
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt ?? 0),
    DeadLetterQueueSourceArn: message.from,
  };
  const asked = Object.entries(system).flatMap(([name, value]) =>
    value !== undefined && wanted(name) ? [[name, value] as const] : [],
  );
  return {
    MessageId: message.id,
    ReceiptHandle: message.handle ?? '',
    MD5OfBody: md5(message.body),
    Body: message.body,
    ...(asked.length > 0 && { Attributes: Object.fromEntries(asked) }),
    ...(custom && Object.keys(message.attributes).length > 0 && { MessageAttributes: message.attributes }),
  };
}

export function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}

/** Codes that the services of before JSON spelt in another way, which the header still says. Source: SQS API reference. */
const QUERY_NAMES: Readonly<Record<string, string>> = {
  QueueDoesNotExist: 'AWS.SimpleQueueService.NonExistentQueue',
  QueueNameExists: 'QueueAlreadyExists',
  QueueDeletedRecently: 'AWS.SimpleQueueService.QueueDeletedRecently',
  PurgeQueueInProgress: 'AWS.SimpleQueueService.PurgeQueueInProgress',
  MessageNotInflight: 'AWS.SimpleQueueService.MessageNotInflight',
  EmptyBatchRequest: 'AWS.SimpleQueueService.EmptyBatchRequest',
  TooManyEntriesInBatchRequest: 'AWS.SimpleQueueService.TooManyEntriesInBatchRequest',
  BatchEntryIdsNotDistinct: 'AWS.SimpleQueueService.BatchEntryIdsNotDistinct',
  BatchRequestTooLong: 'AWS.SimpleQueueService.BatchRequestTooLong',
};

/** An error of SQS as it goes over the wire: the JSON name in the body, the old one in a header. */
export function refusal(code: string, message: string): Refusal {
  const type = `com.amazonaws.sqs#${code}`;
  return new Refusal(type, message, 400, { 'x-amzn-query-error': `${QUERY_NAMES[code] ?? code};Sender` });
}

/** The member as an object; an empty one when it is missing. */
export function objectIn(params: JsonObject, key: string): JsonObject {
  return objectOf(params, key) ?? {};
}
