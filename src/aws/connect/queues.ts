import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListQueueTagsCommand,
  SetQueueAttributesCommand,
} from '@aws-sdk/client-sqs';
import { isObject, type Json, parseJson } from '../../kernel/json.ts';
import { LookupTrouble } from '../../work/cloud-history.ts';
import { type Control, call, queuesAt, unlessMissing } from './control.ts';
import { sameDocument } from './documents.ts';
import { TAG, whyNotOurs } from './mark.ts';
import type { Differences, Step } from './step.ts';
import { queueNames, type Site, type WantedQueue } from './wanted.ts';

export interface FoundQueue {
  readonly name: string;
  readonly url: string;
  /** All that AWS tells. Source: SQS API, `GetQueueAttributes`. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly tags: ReadonlyMap<string, string>;
}

/** The queues of this name that are there. Throws LookupTrouble. */
export async function readQueues(control: Control, site: Site, name: string): Promise<FoundQueue[]> {
  const found = await Promise.all(queueNames(name).map((queue) => readQueue(control, site, queue)));
  return found.filter((queue) => queue !== undefined);
}

async function readQueue(control: Control, site: Site, name: string): Promise<FoundQueue | undefined> {
  const client = queuesAt(control, site);
  return unlessMissing(
    (async () => {
      const { QueueUrl: url = '' } = await call(control, site, 'sqs:GetQueueUrl', (abortSignal) =>
        client.send(new GetQueueUrlCommand({ QueueName: name }), { abortSignal }),
      );
      const [attributes, { Tags: tags = {} }] = await Promise.all([
        readAttributes(control, site, url),
        call(control, site, 'sqs:ListQueueTags', (abortSignal) =>
          client.send(new ListQueueTagsCommand({ QueueUrl: url }), { abortSignal }),
        ),
      ]);
      return { name, url, attributes, tags: new Map(Object.entries(tags)) };
    })(),
  );
}

async function readAttributes(control: Control, site: Site, url: string): Promise<Record<string, string>> {
  const asked = new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] });
  const { Attributes: attributes = {} } = await call(control, site, 'sqs:GetQueueAttributes', (abortSignal) =>
    queuesAt(control, site).send(asked, { abortSignal }),
  );
  return attributes;
}

/** `keepFull`: a queue that still has messages is not taken away. */
export function compareQueues(
  site: Site,
  name: string,
  wanted: readonly WantedQueue[],
  found: readonly FoundQueue[],
  keepFull: boolean,
): Differences {
  const foreign = found.flatMap((queue) => {
    const why = whyNotOurs(queue.tags, name);
    return why === undefined ? [] : [{ site, what: `queue ${queue.name}`, why }];
  });
  const ours = found.filter((queue) => whyNotOurs(queue.tags, name) === undefined);
  const makes = wanted.flatMap((queue) => {
    const there = found.find((one) => one.name === queue.name);
    return there ? changeOf(site, queue, there) : [creation(site, name, queue)];
  });
  const removes = ours
    .filter((queue) => !wanted.some((one) => one.name === queue.name))
    .reverse()
    .map((queue) => removal(site, queue, keepFull));
  return { makes, removes, foreign };
}

function creation(site: Site, name: string, queue: WantedQueue): Step {
  return {
    site,
    verb: 'create',
    what: `queue ${queue.name}`,
    why: [],
    async take(control) {
      const request = new CreateQueueCommand({
        QueueName: queue.name,
        Attributes: attributesOf(queue),
        tags: { [TAG]: name },
      });
      await call(control, site, 'sqs:CreateQueue', (abortSignal) =>
        queuesAt(control, site).send(request, { abortSignal }),
      );
    },
  };
}

function changeOf(site: Site, queue: WantedQueue, found: FoundQueue): Step[] {
  const why = differencesOf(queue, found.attributes);
  if (why.length === 0) return [];
  const request = new SetQueueAttributesCommand({ QueueUrl: found.url, Attributes: attributesOf(queue) });
  return [
    {
      site,
      verb: 'change',
      what: `queue ${queue.name}`,
      why,
      async take(control) {
        await call(control, site, 'sqs:SetQueueAttributes', (abortSignal) =>
          queuesAt(control, site).send(request, { abortSignal }),
        );
      },
    },
  ];
}

function removal(site: Site, { name, url, attributes }: FoundQueue, keepFull: boolean): Step {
  const waiting = messagesIn(attributes);
  const lost = keepFull ? `only when it is empty: it has ${waiting} now` : `${waiting} in it are lost`;
  return {
    site,
    verb: 'remove',
    what: `queue ${name}`,
    why: waiting === '0 messages' ? [] : [lost],
    async take(control) {
      const now = messagesIn(await readAttributes(control, site, url));
      if (keepFull && now !== '0 messages') throw stillFull(name, now);
      await unlessMissing(
        call(control, site, 'sqs:DeleteQueue', (abortSignal) =>
          queuesAt(control, site).send(new DeleteQueueCommand({ QueueUrl: url }), { abortSignal }),
        ),
      );
    },
  };
}

function stillFull(name: string, messages: string): LookupTrouble {
  const what = `the queue ${name} still has ${messages}`;
  const remedy = 'let the bot read them (queues in the configuration), then run "trailbot aws apply" again';
  return new LookupTrouble({ kind: 'refused', what, remedy });
}

const COUNTS = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
];

function messagesIn(attributes: Readonly<Record<string, string>>): string {
  const count = COUNTS.reduce((sum, attribute) => sum + Number(attributes[attribute] ?? 0), 0);
  return `${count} message${count === 1 ? '' : 's'}`;
}

function attributesOf({ settings, policy, redrive }: WantedQueue): Record<string, string> {
  return {
    ...settings,
    ...(policy && { Policy: JSON.stringify(policy) }),
    ...(redrive && { RedrivePolicy: JSON.stringify(redrive) }),
  };
}

function differencesOf(
  { settings, policy, redrive }: WantedQueue,
  attributes: Readonly<Record<string, string>>,
): string[] {
  const plain = Object.entries(settings)
    .filter(([attribute, value]) => attributes[attribute] !== value)
    .map(([attribute, value]) => `its ${attribute} is ${attributes[attribute]}, not ${value}`);
  const said = (attribute: string) => parseJson(attributes[attribute] ?? 'null') ?? null;
  const otherPolicy = policy !== undefined && !sameDocument(policy, said('Policy'));
  return [
    ...plain,
    ...(otherPolicy ? ['its policy is another'] : []),
    ...(redrive === undefined ? [] : redriveDifferences(redrive, said('RedrivePolicy'))),
  ];
}

/** SQS tells the count as text or as a number, as it was given. */
function redriveDifferences(wanted: NonNullable<WantedQueue['redrive']>, found: Json): string[] {
  const { deadLetterTargetArn: arn, maxReceiveCount: count } = isObject(found) ? found : {};
  if (arn !== wanted.deadLetterTargetArn) return ['its dead-letter queue is another'];
  const { maxReceiveCount: most } = wanted;
  return Number(count) === most ? [] : [`a message is given up after ${String(count)} tries, not ${most}`];
}
