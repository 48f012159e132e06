import { isObject, type JsonObject, textOf } from '../../../src/kernel/json.ts';
import { type Clock, MINUTE, type Millis, SECOND, systemClock } from '../../../src/kernel/time.ts';
import type { Call, FakeService, Operation } from './services.ts';
import {
  attributesOf,
  byHandle,
  checkAttributes,
  type HeldMessage,
  type HeldQueue,
  makeQueue,
  md5,
  objectIn,
  put,
  receive,
  refusal,
  shown,
  wake,
} from './sqs-queue.ts';

/** SQS, and what a test does to it without asking. */
export interface FakeQueues {
  readonly service: FakeService;
  /** Makes a queue in the home account unless it is there; returns its URL. */
  create(name: string, attributes?: Readonly<Record<string, string>>, at?: QueuePlace): string;
  /** Puts a message in, as a service of AWS does. */
  send(url: string, body: string, attributes?: JsonObject): void;
  /** What the queue holds now, visible or not. */
  messages(url: string): readonly Readonly<HeldMessage>[];
  /** The next so many messages received are delivered once more, at once. */
  duplicate(url: string, count?: number): void;
  arn(url: string): string;
  /** As they were set; Policy among them. */
  attributes(url: string): ReadonlyMap<string, string>;
  /** Deletes the queue. */
  remove(url: string): void;
}

interface QueuePlace {
  readonly account?: string;
  readonly region?: string;
}

/** The time in which a name cannot be used again, and a queue not be purged again. */
const GRACE: Millis = MINUTE;
const MOST_BATCH = 10;
const MOST_BYTES = 1_048_576;

/**
 * SQS as its JSON protocol speaks; standard queues alone. Messages wait, vanish and come back on `clock`.
 * Source: Amazon SQS API reference.
 */
export function fakeQueues({ clock = systemClock }: { readonly clock?: Clock } = {}): FakeQueues {
  const queues = new Map<string, HeldQueue>();
  const deleted = new Map<string, Millis>();
  const byArn = (arn: string): HeldQueue | undefined =>
    [...queues.values()].find((queue) => queue.arn === arn);

  function find(url: string): HeldQueue {
    const queue = queues.get(urlOf(url));
    if (!queue) throw refusal('QueueDoesNotExist', 'The specified queue does not exist.');
    return queue;
  }

  /** The queue that a request names; one of another account only when its policy lets somebody in. */
  function named({ caller, region, params }: Call): HeldQueue {
    const url = textOf(params, 'QueueUrl') ?? '';
    const [, account, name] = /\/(\d{12})\/([\w.-]+)$/.exec(url) ?? [];
    if (account === undefined)
      throw refusal('InvalidAddress', `The address ${url} is not valid for this endpoint.`);
    const queue = find(`https://sqs.${region}.amazonaws.com/${account}/${name}`);
    if (account !== caller.account && !queue.attributes.get('Policy')) {
      const message = `User: ${caller.arn} is not authorized to perform: sqs on resource: ${queue.arn}`;
      throw refusal('AccessDeniedException', message);
    }
    return queue;
  }

  function create(url: string, given: JsonObject, tags: JsonObject): HeldQueue {
    const attributes = checkAttributes(given, (arn) => byArn(arn) !== undefined);
    const [, region = '', account = '', name = ''] = /sqs\.([\w-]+)\.\w+\.com\/(\d+)\/(.+)$/.exec(url) ?? [];
    if (!/^[\w-]{1,80}$/.test(name)) {
      throw refusal(
        'InvalidParameterValue',
        'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length',
      );
    }
    const there = queues.get(url);
    if (there) return unlessOther(there, attributes);
    if (clock.now() - (deleted.get(url) ?? Number.NEGATIVE_INFINITY) < GRACE) {
      throw refusal(
        'QueueDeletedRecently',
        'You must wait 60 seconds after deleting a queue before you can create another with the same name.',
      );
    }
    const queue = makeQueue({ name, url, arn: `arn:aws:sqs:${region}:${account}:${name}` }, clock.now());
    for (const [attribute, value] of attributes) queue.attributes.set(attribute, value);
    for (const [key, value] of Object.entries(tags)) queue.tags.set(key, String(value));
    queues.set(url, queue);
    return queue;
  }

  function remove(queue: HeldQueue): void {
    queues.delete(queue.url);
    deleted.set(queue.url, clock.now());
    wake(queue);
  }

  const operations: Record<string, Operation> = {
    CreateQueue: ({ caller, region, params }) => {
      const url = `https://sqs.${region}.amazonaws.com/${caller.account}/${textOf(params, 'QueueName') ?? ''}`;
      return { QueueUrl: create(url, objectIn(params, 'Attributes'), objectIn(params, 'tags')).url };
    },
    GetQueueUrl: ({ caller, region, params }) => {
      const account = textOf(params, 'QueueOwnerAWSAccountId') ?? caller.account;
      return {
        QueueUrl: find(`https://sqs.${region}.amazonaws.com/${account}/${textOf(params, 'QueueName')}`).url,
      };
    },
    ListQueues: ({ caller, region, params }) => {
      const start = `https://sqs.${region}.amazonaws.com/${caller.account}/${textOf(params, 'QueueNamePrefix') ?? ''}`;
      const found = [...queues.keys()].filter((url) => url.startsWith(start)).sort();
      return found.length > 0 ? { QueueUrls: found } : {};
    },
    DeleteQueue: (call) => {
      remove(named(call));
      return {};
    },
    PurgeQueue: (call) => {
      const queue = named(call);
      if (clock.now() - (queue.purgedAt ?? Number.NEGATIVE_INFINITY) < GRACE) {
        throw refusal(
          'PurgeQueueInProgress',
          `Only one PurgeQueue operation on ${queue.name} is allowed every 60 seconds.`,
        );
      }
      queue.purgedAt = clock.now();
      queue.messages = [];
      return {};
    },
    GetQueueAttributes: (call) => {
      const asked = listOf(call.params.AttributeNames);
      const all = Object.entries(attributesOf(named(call), clock.now()));
      const wanted = all.filter(([name]) => asked.includes('All') || asked.includes(name));
      return wanted.length > 0 ? { Attributes: Object.fromEntries(wanted) } : {};
    },
    SetQueueAttributes: (call) => {
      const queue = named(call);
      const given = checkAttributes(objectIn(call.params, 'Attributes'), (arn) => byArn(arn) !== undefined);
      for (const [name, value] of given) {
        if (value === '') queue.attributes.delete(name);
        else queue.attributes.set(name, value);
      }
      queue.modifiedAt = clock.now();
      return {};
    },
    TagQueue: (call) => {
      for (const [key, value] of Object.entries(objectIn(call.params, 'Tags')))
        named(call).tags.set(key, String(value));
      return {};
    },
    UntagQueue: (call) => {
      for (const key of listOf(call.params.TagKeys)) named(call).tags.delete(key);
      return {};
    },
    ListQueueTags: (call) => {
      const { tags } = named(call);
      return tags.size > 0 ? { Tags: Object.fromEntries(tags) } : {};
    },
    ...messageOperations(named, clock, byArn),
  };

  return {
    service: { name: 'sqs', wire: 'json-1.0', operations },
    create: (name, attributes = {}, { account = '111122223333', region = 'us-east-1' } = {}) =>
      create(`https://sqs.${region}.amazonaws.com/${account}/${name}`, { ...attributes }, {}).url,
    send: (url, body, attributes = {}) => void put(find(url), body, attributes, clock.now()),
    messages: (url) => find(url).messages,
    attributes: (url) => find(url).attributes,
    duplicate: (url, count = 1) => {
      find(url).duplicates += count;
    },
    arn: (url) => find(url).arn,
    remove: (url) => remove(find(url)),
  };
}

function urlOf(url: string): string {
  return url.replace(/^http:/, 'https:');
}

/** A queue is made twice only with the same attributes. */
function unlessOther(queue: HeldQueue, given: ReadonlyMap<string, string>): HeldQueue {
  for (const [name, value] of given) {
    if (queue.attributes.get(name) !== value) {
      throw refusal(
        'QueueNameExists',
        `A queue already exists with the same name and a different value for attribute ${name}`,
      );
    }
  }
  return queue;
}

function messageOperations(
  named: (call: Call) => HeldQueue,
  clock: Clock,
  byArn: (arn: string) => HeldQueue | undefined,
): Record<string, Operation> {
  const send = (queue: HeldQueue, entry: JsonObject): JsonObject => {
    const body = textOf(entry, 'MessageBody') ?? '';
    const delay = Number(entry.DelaySeconds ?? 0);
    const message = put(queue, body, objectIn(entry, 'MessageAttributes'), clock.now(), delay);
    return { MessageId: message.id, MD5OfMessageBody: md5(body) };
  };
  const remove = (queue: HeldQueue, entry: JsonObject): JsonObject => {
    const message = byHandle(queue, textOf(entry, 'ReceiptHandle') ?? '');
    // With a stale handle the request succeeds, and the message stays.
    queue.messages = queue.messages.filter((one) => one !== message);
    return {};
  };
  const change = (queue: HeldQueue, entry: JsonObject): JsonObject => {
    const message = byHandle(queue, textOf(entry, 'ReceiptHandle') ?? '');
    const invisible = number(entry.VisibilityTimeout, 'VisibilityTimeout', 0, 43_200);
    if (!message) {
      const why = 'Message does not exist or is not available for visibility timeout change.';
      throw refusal('InvalidParameterValue', `Value for parameter ReceiptHandle is invalid. Reason: ${why}`);
    }
    if (message.visibleAt <= clock.now()) {
      throw refusal('MessageNotInflight', 'The specified message is not in flight.');
    }
    message.visibleAt = clock.now() + invisible * SECOND;
    wake(queue);
    return {};
  };
  return {
    SendMessage: (call) => send(named(call), call.params),
    SendMessageBatch: (call) => batch(named(call), call.params, send),
    DeleteMessage: (call) => remove(named(call), call.params),
    DeleteMessageBatch: (call) => batch(named(call), call.params, remove),
    ChangeMessageVisibility: (call) => change(named(call), call.params),
    ChangeMessageVisibilityBatch: (call) => batch(named(call), call.params, change),
    ReceiveMessage: async (call) => {
      const queue = named(call);
      const { params, gone } = call;
      const { VisibilityTimeout: invisible, WaitTimeSeconds: wait } = params;
      const receipt = {
        most: number(params.MaxNumberOfMessages ?? 1, 'MaxNumberOfMessages', 1, MOST_BATCH),
        invisible:
          number(invisible ?? queue.attributes.get('VisibilityTimeout'), 'VisibilityTimeout', 0, 43_200) *
          SECOND,
        wait:
          number(wait ?? queue.attributes.get('ReceiveMessageWaitTimeSeconds'), 'WaitTimeSeconds', 0, 20) *
          SECOND,
        gone,
      };
      const found = await receive(queue, receipt, clock, byArn);
      const asked = [...listOf(params.AttributeNames), ...listOf(params.MessageSystemAttributeNames)];
      const custom = listOf(params.MessageAttributeNames).length > 0;
      const wanted = (name: string): boolean => asked.includes('All') || asked.includes(name);
      return found.length > 0 ? { Messages: found.map((one) => shown(one, wanted, custom)) } : {};
    },
  };
}

/** Each entry for itself: what fails of them is said in a 200. */
function batch(
  queue: HeldQueue,
  params: JsonObject,
  perform: (queue: HeldQueue, entry: JsonObject) => JsonObject,
): JsonObject {
  const entries = (Array.isArray(params.Entries) ? params.Entries : []).filter(isObject);
  checkBatch(entries);
  const done: JsonObject[] = [];
  const failed: JsonObject[] = [];
  for (const entry of entries) {
    const id = { Id: textOf(entry, 'Id') ?? '' };
    try {
      done.push({ ...id, ...perform(queue, entry) });
    } catch (error) {
      const { code = 'InternalError', message } = error as Error & { code?: string };
      failed.push({ ...id, SenderFault: true, Code: code.replace(/^.*#/, ''), Message: message });
    }
  }
  return { Successful: done, ...(failed.length > 0 && { Failed: failed }) };
}

function checkBatch(entries: readonly JsonObject[]): void {
  if (entries.length === 0)
    throw refusal('EmptyBatchRequest', 'There should be at least one entry in the request.');
  if (entries.length > MOST_BATCH) {
    throw refusal('TooManyEntriesInBatchRequest', `Maximum number of entries per request are ${MOST_BATCH}.`);
  }
  if (new Set(entries.map(({ Id }) => Id)).size < entries.length) {
    throw refusal('BatchEntryIdsNotDistinct', 'Two or more batch entries have the same Id.');
  }
  const bytes = entries.reduce(
    (sum, entry) => sum + Buffer.byteLength(textOf(entry, 'MessageBody') ?? ''),
    0,
  );
  if (bytes > MOST_BYTES) {
    throw refusal('BatchRequestTooLong', `Batch requests cannot be longer than ${MOST_BYTES} bytes.`);
  }
}

function listOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}

function number(value: unknown, name: string, least: number, most: number): number {
  const found = Number(value);
  if (Number.isInteger(found) && found >= least && found <= most) return found;
  const reason = `Must be between ${least} and ${most}, if provided.`;
  throw refusal(
    'InvalidParameterValue',
    `Value ${String(value)} for parameter ${name} is invalid. Reason: ${reason}`,
  );
}
