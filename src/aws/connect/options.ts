import { partitionOf } from '../../cloudtrail/arn.ts';
import { eventsQueueUrl, type Site, type Spec } from './wanted.ts';

/** What is to be set up, as the configuration has it. */
export interface ConnectOptions {
  /** What all that is made is called. */
  readonly name: string;
  /** The home region. */
  readonly region: string;
  readonly regions: 'enabled' | readonly string[];
  /** Twelve digits each. The account of the credentials is the home account, whether it is among them or not. */
  readonly accounts: readonly string[];
  /** The home account's other regions are connected, too, when it is not among them. */
  readonly ownToo: boolean;
  /** Whose accounts may all send events; the others one by one where there is none. */
  readonly organization: string | undefined;
  /** Name of the role by which the other accounts are entered, with its path. */
  readonly setupRole: string | undefined;
  readonly deliver: 'webhook' | 'queue';
  /** Events a second. */
  readonly rate: number;
  /** How the outside reaches the bot, without a slash at the end. */
  readonly publicUrl: string | undefined;
  /** The webhook's keys: the first is given to the connection. */
  readonly keys: readonly string[];
  readonly patterns: Spec['patterns'];
  /** URLs of the queues that the bot reads. */
  readonly queues: readonly string[];
}

/** Something that cannot be set up as it is configured. */
export interface Objection {
  readonly what: string;
  readonly remedy: string;
}

/** Where API destinations are not offered. Source: EventBridge user guide, "API destinations", regions; as of 2026. */
const WITHOUT_DESTINATIONS = new Set([
  'ap-southeast-4',
  'ca-west-1',
  'il-central-1',
  'mx-central-1',
  'us-gov-east-1',
  'us-gov-west-1',
]);

/** Where each partition has the events of IAM and of other services that know no regions. */
const GLOBAL_EVENTS: Readonly<Record<string, string>> = {
  aws: 'us-east-1',
  'aws-cn': 'cn-north-1',
  'aws-us-gov': 'us-gov-west-1',
};

/** Of a key in a connection. Source: EventBridge API, `CreateConnectionApiKeyAuthRequestParameters`. */
const KEY_PATTERN = /^[^\p{Cc}:]{1,512}$/u;

/** What EventBridge will not take, before anything is asked of it. */
export function objectionsTo(options: ConnectOptions): Objection[] {
  const { patterns } = options;
  const nothing = patterns.changes.length + patterns.reads.length === 0;
  return [
    ...(nothing
      ? [{ what: 'no rule needs an event of AWS', remedy: 'enable rules in the configuration' }]
      : []),
    ...(options.deliver === 'webhook' ? objectionsToWebhook(options) : []),
  ];
}

function objectionsToWebhook({ region, publicUrl, keys }: ConnectOptions): Objection[] {
  const objections: Objection[] = [];
  if (WITHOUT_DESTINATIONS.has(region)) {
    objections.push({
      what: `EventBridge has no API destinations in ${region}, so events cannot be posted from there`,
      remedy: 'choose another home region (aws.region), or set aws.deliver to queue',
    });
  }
  if (!/^https:\/\//.test(publicUrl ?? '')) {
    objections.push({
      what: `EventBridge posts to https addresses only, and public_url is ${publicUrl ?? 'not set'}`,
      remedy: 'set public_url to the address at which the outside reaches the bot, or aws.deliver to queue',
    });
  }
  const [key] = keys;
  if (key === undefined) {
    objections.push({
      what: 'there is no key that EventBridge could show to the webhook',
      remedy: 'set TRAILBOT_WEBHOOK_KEYS as it is set for the bot',
    });
  } else if (!KEY_PATTERN.test(key)) {
    objections.push({
      what: 'EventBridge does not take the first of TRAILBOT_WEBHOOK_KEYS',
      remedy: 'use up to 512 characters without colons and control characters',
    });
  }
  return objections;
}

/** What is probably not meant, and may be. */
export function hintsFor({ name, region, regions, deliver, queues }: ConnectOptions, home: Site): string[] {
  const partition = partitionOf(region) ?? 'aws';
  const global = GLOBAL_EVENTS[partition];
  const all = regions === 'enabled' ? undefined : new Set([region, ...regions]);
  const hints: string[] = [];
  if (all && global !== undefined && !all.has(global)) {
    hints.push(
      `${global} is not among aws.regions: the events of IAM, of root and of other global services are there.`,
    );
  }
  if (partition === 'aws-cn' && (all?.size ?? 2) > 1) {
    hints.push(
      'In China, EventBridge may not forward events to another region: see that a canary arrives from each.',
    );
  }
  const url = eventsQueueUrl(home, name);
  if (deliver === 'queue' && !queues.includes(url)) {
    hints.push(`the bot does not read the queue with the events yet: add { url: ${url} } to queues.`);
  }
  return hints;
}

/** The parts that every place is made from. */
export function specOf({ name, deliver, rate, publicUrl, patterns }: ConnectOptions): Spec {
  return { name, deliver, rate, endpoint: `${publicUrl ?? ''}/events`, patterns };
}
