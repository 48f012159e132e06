import { CANARY_DETAIL_TYPE, CANARY_SOURCE } from '../../cloudtrail/canary.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { Place } from '../../work/cloud-history.ts';
import { forwardPolicy, invokePolicy, queuePolicy, roleTrust } from './documents.ts';

/** An account in a region of a partition. */
export interface Site extends Place {
  readonly partition: string;
}

export interface WantedQueue {
  readonly name: string;
  /** Attributes that are plain texts. Source: SQS API, `SetQueueAttributes`. */
  readonly settings: Readonly<Record<string, string>>;
  readonly policy: JsonObject | undefined;
  readonly redrive: { readonly deadLetterTargetArn: string; readonly maxReceiveCount: number } | undefined;
}

export interface WantedRole {
  readonly name: string;
  readonly trust: JsonObject;
  readonly policy: JsonObject;
}

export interface WantedDestination {
  /** The connection has the same. */
  readonly name: string;
  readonly endpoint: string;
  /** Requests a second. */
  readonly rate: number;
}

/** Who may put events on the bus. */
export interface WantedPermission {
  readonly statement: string;
  /** Twelve digits. */
  readonly account: string | undefined;
  readonly organization: string | undefined;
}

export interface WantedRule {
  readonly name: string;
  readonly description: string;
  /** As text. */
  readonly pattern: string;
  readonly state: 'ENABLED' | 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS';
  readonly target: WantedTarget;
}

export interface WantedTarget {
  /** `undefined`: that of the API destination, which AWS makes up. */
  readonly arn: string | undefined;
  readonly role: string | undefined;
  readonly deadLetters: string;
}

/** What should be in one place. */
export interface WantedPlace {
  readonly queues: readonly WantedQueue[];
  readonly role: WantedRole | undefined;
  readonly destination: WantedDestination | undefined;
  readonly permissions: readonly WantedPermission[];
  readonly rules: readonly WantedRule[];
}

/** What is made from the same configuration everywhere. */
export interface Spec {
  readonly name: string;
  readonly deliver: 'webhook' | 'queue';
  /** Events a second. */
  readonly rate: number;
  /** Where events are posted to; with `deliver: webhook` only. */
  readonly endpoint: string;
  /** Events patterns as text, each for a rule of its own. */
  readonly patterns: { readonly changes: readonly string[]; readonly reads: readonly string[] };
}

export const NOTHING: WantedPlace = {
  queues: [],
  role: undefined,
  destination: undefined,
  permissions: [],
  rules: [],
};

export const ROLE_DESCRIPTION = 'Lets EventBridge pass events on to Trailbot.';
export const TARGET_ID = 'trailbot';
/** How long and how often EventBridge tries: the most it takes. Source: EventBridge API, `RetryPolicy`. */
export const RETRY = { MaximumRetryAttempts: 185, MaximumEventAgeInSeconds: 86_400 } as const;
/** What the bot sends itself to see whether events arrive. */
export const CANARY_PATTERN = JSON.stringify({
  source: [CANARY_SOURCE],
  'detail-type': [CANARY_DETAIL_TYPE],
});

const FORTNIGHT = '1209600';
/** The largest event of EventBridge fits. */
const LARGEST = '1048576';
const LONG_POLL = '20';
const VISIBILITY = '120';
/**
 * As often as a bot that fails again and again, or whose database is locked, may fetch a message and not take it: good
 * ones must not be parked for that. With the pauses between, it is about five hours; ten were one.
 */
const MOST_RECEIPTS = 30;

function deadLettersName(name: string): string {
  return `${name}-dead-letters`;
}

export function eventsQueueName(name: string): string {
  return `${name}-events`;
}

/** Every queue that may be there by one configuration or another. */
export function queueNames(name: string): string[] {
  return [deadLettersName(name), `${eventsQueueName(name)}-dead-letters`, eventsQueueName(name)];
}

/** IAM knows no regions, so the name of a role has its region in it. */
export function roleNames(name: string, region: string): { deliver: string; forward: string } {
  return { deliver: `${name}-deliver-${region}`, forward: `${name}-forward-${region}` };
}

export function busArn({ partition, region, account }: Site): string {
  return `arn:${partition}:events:${region}:${account}:event-bus/default`;
}

export function queueArn({ partition, region, account }: Site, name: string): string {
  return `arn:${partition}:sqs:${region}:${account}:${name}`;
}

export function eventsQueueUrl(site: Site, name: string): string {
  return queueUrl(site, eventsQueueName(name));
}

export function deadLettersUrl(site: Site, name: string): string {
  return queueUrl(site, deadLettersName(name));
}

/** Source: AWS General Reference, "Amazon SQS endpoints". */
function queueUrl({ partition, region, account }: Site, queue: string): string {
  const domain = partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
  return `https://sqs.${region}.${domain}/${account}/${queue}`;
}

export function roleArn({ partition, account }: Site, name: string): string {
  return `arn:${partition}:iam::${account}:role/${name}`;
}

/** The place from which events go to the bot, and the permissions for all others to send them here. */
export function wantedHome(site: Site, spec: Spec, permissions: readonly WantedPermission[]): WantedPlace {
  const deadLetters = queueArn(site, deadLettersName(spec.name));
  if (spec.deliver === 'queue') {
    const target = { arn: queueArn(site, eventsQueueName(spec.name)), role: undefined, deadLetters };
    const queues = [deadLetterQueue(site, spec.name), ...eventQueues(site, spec.name)];
    return { ...NOTHING, queues, permissions, rules: rulesTo(target, spec) };
  }
  const role = roleNames(spec.name, site.region).deliver;
  return {
    queues: [deadLetterQueue(site, spec.name)],
    role: {
      name: role,
      trust: roleTrust(site, spec.name),
      policy: invokePolicy(site, spec.name),
    },
    destination: { name: spec.name, endpoint: spec.endpoint, rate: spec.rate },
    permissions,
    rules: rulesTo({ arn: undefined, role: roleArn(site, role), deadLetters }, spec),
  };
}

/** A place from which events go to the home place's bus straight away: they cross no second border. */
export function wantedSpoke(site: Site, spec: Spec, homeBus: string): WantedPlace {
  const role = roleNames(spec.name, site.region).forward;
  const deadLetters = queueArn(site, deadLettersName(spec.name));
  return {
    ...NOTHING,
    queues: [deadLetterQueue(site, spec.name)],
    role: { name: role, trust: roleTrust(site, spec.name), policy: forwardPolicy(homeBus) },
    rules: rulesTo({ arn: homeBus, role: roleArn(site, role), deadLetters }, spec),
  };
}

/** For an organization one statement lets all of its accounts in. */
export function wantedPermissions(
  name: string,
  organization: string | undefined,
  accounts: readonly string[],
): WantedPermission[] {
  if (organization !== undefined) {
    return [{ statement: `${name}-${organization}`, account: undefined, organization }];
  }
  return accounts.map((account) => ({ statement: `${name}-${account}`, account, organization: undefined }));
}

function rulesTo(target: WantedTarget, { name, patterns }: Spec): WantedRule[] {
  const changes = patterns.changes.map((pattern, i) => ({
    name: `${name}-changes-${i + 1}`,
    description: 'What the rules of Trailbot look at.',
    pattern,
    state: 'ENABLED' as const,
    target,
  }));
  const reads = patterns.reads.map((pattern, i) => ({
    name: `${name}-reads-${i + 1}`,
    description: 'Calls that only read, as far as rules of Trailbot look at them.',
    pattern,
    state: 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS' as const,
    target,
  }));
  const canary = {
    name: `${name}-canary`,
    description: 'Events with which Trailbot sees whether it is connected.',
    pattern: CANARY_PATTERN,
    state: 'ENABLED' as const,
    target,
  };
  return [...changes, ...reads, canary];
}

/** For what EventBridge could not deliver; it must be in the region of the rules. */
function deadLetterQueue(site: Site, name: string): WantedQueue {
  const queue = deadLettersName(name);
  return {
    name: queue,
    settings: { MessageRetentionPeriod: FORTNIGHT, MaximumMessageSize: LARGEST },
    policy: queuePolicy(site, name, queueArn(site, queue)),
    redrive: undefined,
  };
}

/** Events for the bot to fetch, and what it could not take after many tries. */
function eventQueues(site: Site, name: string): WantedQueue[] {
  const events = eventsQueueName(name);
  const failed = `${events}-dead-letters`;
  const settings = { MessageRetentionPeriod: FORTNIGHT, MaximumMessageSize: LARGEST };
  return [
    { name: failed, settings, policy: undefined, redrive: undefined },
    {
      name: events,
      settings: { ...settings, VisibilityTimeout: VISIBILITY, ReceiveMessageWaitTimeSeconds: LONG_POLL },
      policy: queuePolicy(site, name, queueArn(site, events)),
      redrive: { deadLetterTargetArn: queueArn(site, failed), maxReceiveCount: MOST_RECEIPTS },
    },
  ];
}
