import { ListRegionsCommand } from '@aws-sdk/client-account';
import {
  DescribeTrailsCommand,
  GetTrailStatusCommand,
  ListPublicKeysCommand,
} from '@aws-sdk/client-cloudtrail';
import {
  DescribeApiDestinationCommand,
  DescribeConnectionCommand,
  DescribeEventBusCommand,
  ListRulesCommand,
  ListTagsForResourceCommand,
  ListTargetsByRuleCommand,
} from '@aws-sdk/client-eventbridge';
import {
  GetAccessKeyLastUsedCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  ListAccountAliasesCommand,
} from '@aws-sdk/client-iam';
import { DescribeOrganizationCommand, ListAccountsCommand } from '@aws-sdk/client-organizations';
import { GetBucketLocationCommand, GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { GetQueueAttributesCommand, GetQueueUrlCommand, ListQueueTagsCommand } from '@aws-sdk/client-sqs';
import { GetAccessKeyInfoCommand } from '@aws-sdk/client-sts';
import { type Clock, dateOf, HOUR } from '../kernel/time.ts';
import type { Clients, CredentialSource } from './clients.ts';
import { POLICY } from './connect/roles.ts';
import { roleNames, type Site } from './connect/wanted.ts';
import { readQueueUrl } from './queue.ts';

/** Where permissions are tried, and by whom. */
export interface CallPlace {
  readonly site: Site;
  readonly credentials: CredentialSource;
  readonly clients: Clients;
  readonly clock: Clock;
  /** What all that "aws apply" makes is called. */
  readonly name: string;
  /** URL of the queue that is asked. */
  readonly queue: string;
  readonly bucket: string;
  /** Under which the files of the trail lie. */
  readonly prefix: string;
}

/** Calls AWS once, with what changes nothing and reads next to nothing. */
type HarmlessCall = (place: CallPlace, stop: { readonly abortSignal: AbortSignal }) => Promise<unknown>;

/** A name of ours, so that the policy speaks of it, that nothing has. */
const NOBODY = 'doctor';
/** From AWS's own examples. Source: IAM user guide, "Managing access keys". */
const NO_KEY = 'AKIAIOSFODNN7EXAMPLE';

const cloudTrail = ({ clients, site, credentials }: CallPlace) => clients.cloudTrail(site, credentials);
const events = ({ clients, site, credentials }: CallPlace) => clients.eventBridge(site, credentials);
const iam = ({ clients, site, credentials }: CallPlace) =>
  clients.iam(site.account, site.partition, credentials);
const organizations = ({ clients, site, credentials }: CallPlace) =>
  clients.organizations(site.account, site.partition, credentials);
const s3 = ({ clients, site, credentials }: CallPlace) => clients.s3(site, credentials);
const sqs = ({ clients, credentials, queue }: CallPlace) => clients.sqs(readQueueUrl(queue), credentials);

const ruleName = ({ name }: CallPlace): string => `${name}-${NOBODY}`;
const ruleArn = (place: CallPlace): string => {
  const { partition, region, account } = place.site;
  return `arn:${partition}:events:${region}:${account}:rule/${ruleName(place)}`;
};
const roleName = ({ name, site }: CallPlace): string => roleNames(name, site.region).forward;

/** By the action that each takes. What is not there is answered all the same, by "not found", when it is allowed. */
export const CALLS: Readonly<Record<string, HarmlessCall>> = {
  'account:ListRegions': ({ clients, site, credentials }, stop) =>
    clients
      .account(site.account, site.partition, credentials)
      .send(new ListRegionsCommand({ MaxResults: 1 }), stop),
  'cloudtrail:DescribeTrails': (place, stop) =>
    cloudTrail(place).send(new DescribeTrailsCommand({ includeShadowTrails: false }), stop),
  'cloudtrail:GetTrailStatus': (place, stop) => {
    const { partition, region, account } = place.site;
    const arn = `arn:${partition}:cloudtrail:${region}:${account}:trail/${ruleName(place)}`;
    return cloudTrail(place).send(new GetTrailStatusCommand({ Name: arn }), stop);
  },
  'cloudtrail:ListPublicKeys': (place, stop) => {
    const now = place.clock.now();
    const period = { StartTime: dateOf(now - HOUR), EndTime: dateOf(now) };
    return cloudTrail(place).send(new ListPublicKeysCommand(period), stop);
  },
  'events:DescribeApiDestination': (place, stop) =>
    events(place).send(new DescribeApiDestinationCommand({ Name: place.name }), stop),
  'events:DescribeConnection': (place, stop) =>
    events(place).send(new DescribeConnectionCommand({ Name: place.name }), stop),
  'events:DescribeEventBus': (place, stop) => events(place).send(new DescribeEventBusCommand({}), stop),
  'events:ListRules': (place, stop) =>
    events(place).send(new ListRulesCommand({ NamePrefix: ruleName(place), Limit: 1 }), stop),
  'events:ListTagsForResource': (place, stop) =>
    events(place).send(new ListTagsForResourceCommand({ ResourceARN: ruleArn(place) }), stop),
  'events:ListTargetsByRule': (place, stop) =>
    events(place).send(new ListTargetsByRuleCommand({ Rule: ruleName(place) }), stop),
  'iam:GetAccessKeyLastUsed': (place, stop) =>
    iam(place).send(new GetAccessKeyLastUsedCommand({ AccessKeyId: NO_KEY }), stop),
  'iam:GetRole': (place, stop) => iam(place).send(new GetRoleCommand({ RoleName: roleName(place) }), stop),
  'iam:GetRolePolicy': (place, stop) =>
    iam(place).send(new GetRolePolicyCommand({ RoleName: roleName(place), PolicyName: POLICY }), stop),
  'iam:ListAccountAliases': (place, stop) => iam(place).send(new ListAccountAliasesCommand({}), stop),
  'organizations:DescribeOrganization': (place, stop) =>
    organizations(place).send(new DescribeOrganizationCommand({}), stop),
  'organizations:ListAccounts': (place, stop) =>
    organizations(place).send(new ListAccountsCommand({ MaxResults: 1 }), stop),
  's3:GetBucketLocation': (place, stop) =>
    s3(place).send(new GetBucketLocationCommand({ Bucket: place.bucket }), stop),
  's3:GetObject': (place, stop) => {
    const key = `${place.prefix}AWSLogs/${ruleName(place)}`;
    return s3(place).send(new GetObjectCommand({ Bucket: place.bucket, Key: key }), stop);
  },
  's3:ListBucket': (place, stop) => {
    const files = { Bucket: place.bucket, Prefix: `${place.prefix}AWSLogs/`, MaxKeys: 1 };
    return s3(place).send(new ListObjectsV2Command(files), stop);
  },
  'sqs:GetQueueAttributes': (place, stop) =>
    sqs(place).send(
      new GetQueueAttributesCommand({ QueueUrl: place.queue, AttributeNames: ['QueueArn'] }),
      stop,
    ),
  'sqs:GetQueueUrl': (place, stop) => {
    const { name, account } = readQueueUrl(place.queue);
    return sqs(place).send(
      new GetQueueUrlCommand({ QueueName: name, QueueOwnerAWSAccountId: account }),
      stop,
    );
  },
  'sqs:ListQueueTags': (place, stop) =>
    sqs(place).send(new ListQueueTagsCommand({ QueueUrl: place.queue }), stop),
  'sts:GetAccessKeyInfo': async ({ clients, credentials }, stop) =>
    (await clients.sts(credentials)).send(new GetAccessKeyInfoCommand({ AccessKeyId: NO_KEY }), stop),
};

/** What only a change could try, with what shows it instead. */
export const NOT_TRIED: Readonly<Record<string, string>> = {
  'events:PutEvents': 'canaries show it',
  'kms:Decrypt': 'an encrypted file shows it',
  'sqs:ChangeMessageVisibility': 'reading the queue shows it',
  'sqs:DeleteMessage': 'reading the queue shows it',
  'sqs:ReceiveMessage': 'reading the queue shows it',
};
