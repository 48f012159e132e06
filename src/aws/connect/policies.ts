import { CANARY_SOURCE } from '../../cloudtrail/canary.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { documentOf } from './documents.ts';
import { roleNames } from './wanted.ts';

/** What the bot does, as far as it takes permissions. */
export interface Abilities {
  readonly partition: string;
  readonly name: string;
  readonly deliver: 'webhook' | 'queue';
  readonly setupRole: string | undefined;
  /** Questions and the sweep read the event history. */
  readonly history: boolean;
  /** ARNs of the roles by which other accounts are entered. */
  readonly readerRoles: readonly string[];
  readonly canary: boolean;
  /** URLs. */
  readonly queues: readonly string[];
  /** Digests of the trails are verified. */
  readonly trails: boolean;
  /** Names of accounts come from AWS Organizations. */
  readonly organization: boolean;
}

/** Stands where only the reader knows the name. */
export const TRAIL_BUCKET = 'YOUR-TRAIL-BUCKET';

/**
 * For who runs "trailbot aws apply" and "destroy". In the other accounts less is made, and nothing is assumed.
 * Source of the actions: EventBridge user guide, "Using identity-based policies"; Service Authorization Reference.
 */
export function setupPolicy(abilities: Abilities, where: 'home' | 'other'): JsonObject {
  const { partition, setupRole, deliver } = abilities;
  const home = where === 'home';
  return documentOf(
    allow('Look', ['account:ListRegions', 'events:DescribeEventBus', 'events:ListRules'], '*'),
    ...connectionStatements(abilities, home && deliver === 'webhook'),
    ...thingStatements(abilities),
    allow(
      'Bus',
      home ? ['events:PutPermission', 'events:RemovePermission'] : ['events:RemovePermission'],
      `arn:${partition}:events:*:*:event-bus/default`,
    ),
    ...(home && setupRole !== undefined
      ? [allow('OtherAccounts', ['sts:AssumeRole'], `arn:${partition}:iam::*:role/${setupRole}`)]
      : []),
  );
}

const RULE_ACTIONS = [
  'events:DeleteRule',
  'events:ListTagsForResource',
  'events:ListTargetsByRule',
  'events:PutRule',
  'events:PutTargets',
  'events:RemoveTargets',
  'events:TagResource',
];
const ROLE_ACTIONS = [
  'iam:CreateRole',
  'iam:DeleteRole',
  'iam:DeleteRolePolicy',
  'iam:GetRole',
  'iam:GetRolePolicy',
  'iam:PutRolePolicy',
  'iam:TagRole',
  'iam:UpdateAssumeRolePolicy',
];
const QUEUE_ACTIONS = [
  'sqs:CreateQueue',
  'sqs:DeleteQueue',
  'sqs:GetQueueAttributes',
  'sqs:GetQueueUrl',
  'sqs:ListQueueTags',
  'sqs:SetQueueAttributes',
  'sqs:TagQueue',
];

function thingStatements({ partition, name }: Abilities): JsonObject[] {
  const roles = roleArns(partition, name);
  return [
    allow('Rules', RULE_ACTIONS, `arn:${partition}:events:*:*:rule/${name}-*`),
    allow('Queues', QUEUE_ACTIONS, `arn:${partition}:sqs:*:*:${name}-*`),
    allow('Roles', ROLE_ACTIONS, roles),
    {
      ...allow('PassRoles', ['iam:PassRole'], roles),
      Condition: { StringEquals: { 'iam:PassedToService': 'events.amazonaws.com' } },
    },
  ];
}

/** Connections keep their secret in Secrets Manager, under names that EventBridge makes up. */
function connectionStatements({ partition, name }: Abilities, makes: boolean): JsonObject[] {
  const things = webhookArns(partition, name);
  const reads = ['events:DescribeApiDestination', 'events:DescribeConnection'];
  const removes = ['events:DeleteApiDestination', 'events:DeleteConnection'];
  const secrets = `arn:${partition}:secretsmanager:*:*:secret:events!*`;
  // One that is there from before is deleted with its secret.
  if (!makes) {
    return [
      allow('Webhook', [...removes, ...reads], things),
      allow('WebhookKey', ['secretsmanager:DeleteSecret', 'secretsmanager:GetSecretValue'], secrets),
    ];
  }
  const writes = ['CreateApiDestination', 'CreateConnection', 'UpdateApiDestination', 'UpdateConnection'];
  const linked = 'iam::*:role/aws-service-role/apidestinations.events.amazonaws.com/*';
  return [
    allow('Webhook', [...writes.map((action) => `events:${action}`), ...removes, ...reads], things),
    {
      ...allow('ServiceRole', ['iam:CreateServiceLinkedRole'], `arn:${partition}:${linked}`),
      Condition: { StringEquals: { 'iam:AWSServiceName': 'apidestinations.events.amazonaws.com' } },
    },
    allow(
      'WebhookKey',
      ['CreateSecret', 'DeleteSecret', 'GetSecretValue', 'PutSecretValue', 'UpdateSecret'].map(
        (action) => `secretsmanager:${action}`,
      ),
      secrets,
    ),
  ];
}

/** For the bot itself, in its own account. */
export function runPolicy(abilities: Abilities): JsonObject {
  const { partition, readerRoles, queues, organization, deliver, name } = abilities;
  const read = queues.map((url) => queueArnOf(url, partition));
  if (deliver === 'queue') read.push(`arn:${partition}:sqs:*:*:${name}-events`);
  return documentOf(
    ...readerStatements(abilities),
    ...(readerRoles.length > 0 ? [allow('OtherAccounts', ['sts:AssumeRole'], [...readerRoles])] : []),
    ...(read.length > 0
      ? [
          allow(
            'ReadQueues',
            [
              'ChangeMessageVisibility',
              'DeleteMessage',
              'GetQueueAttributes',
              'GetQueueUrl',
              'ReceiveMessage',
            ].map((action) => `sqs:${action}`),
            [...new Set(read)],
          ),
        ]
      : []),
    ...(abilities.trails || read.length > 0 ? trailFileStatements(abilities) : []),
    ...(organization || abilities.trails
      ? [allow('Organization', ['organizations:DescribeOrganization', 'organizations:ListAccounts'], '*')]
      : []),
  );
}

/** For the role by which the bot enters another account. */
export function readerPolicy(abilities: Abilities): JsonObject {
  return documentOf(...readerStatements(abilities));
}

function readerStatements({ partition, name, history, canary }: Abilities): JsonObject[] {
  const bus = `arn:${partition}:events:*:*:event-bus/default`;
  return [
    ...(history
      ? [
          allow(
            'EventHistory',
            ['cloudtrail:LookupEvents', 'iam:GetAccessKeyLastUsed', 'sts:GetAccessKeyInfo'],
            '*',
          ),
        ]
      : []),
    ...(canary
      ? [
          {
            ...allow('Canary', ['events:PutEvents'], bus),
            Condition: { 'ForAllValues:StringEquals': { 'events:source': CANARY_SOURCE } },
          },
        ]
      : []),
    allow(
      'LookAfter',
      [
        'account:ListRegions',
        'cloudtrail:DescribeTrails',
        'cloudtrail:GetTrailStatus',
        'events:DescribeEventBus',
        'events:ListRules',
        'iam:ListAccountAliases',
      ],
      '*',
    ),
    allow(
      'LookAfterRules',
      ['events:ListTagsForResource', 'events:ListTargetsByRule'],
      `arn:${partition}:events:*:*:rule/${name}-*`,
    ),
    allow(
      'LookAfterWebhook',
      ['events:DescribeApiDestination', 'events:DescribeConnection'],
      webhookArns(partition, name),
    ),
    allow(
      'LookAfterDeadLetters',
      ['sqs:GetQueueAttributes', 'sqs:GetQueueUrl', 'sqs:ListQueueTags'],
      `arn:${partition}:sqs:*:*:${name}-*`,
    ),
    allow('LookAfterRoles', ['iam:GetRole', 'iam:GetRolePolicy'], roleArns(partition, name)),
  ];
}

function trailFileStatements({ partition, trails }: Abilities): JsonObject[] {
  const bucket = `arn:${partition}:s3:::${TRAIL_BUCKET}`;
  return [
    allow('TrailFiles', ['s3:GetObject'], `${bucket}/*`),
    allow('TrailBucket', ['s3:GetBucketLocation', 's3:ListBucket'], bucket),
    ...(trails ? [allow('TrailKeys', ['cloudtrail:ListPublicKeys'], '*')] : []),
    {
      ...allow('DecryptTrailFiles', ['kms:Decrypt'], '*'),
      Condition: { StringLike: { 'kms:ViaService': 's3.*' } },
    },
  ];
}

/** Who may assume a role for set-up or for reading: the account that the bot is in. */
export function trustPolicy(partition: string, account: string): JsonObject {
  return documentOf({
    Effect: 'Allow',
    Principal: { AWS: `arn:${partition}:iam::${account}:root` },
    Action: 'sts:AssumeRole',
  });
}

/** AWS asks for permission by the name alone where it does not know the id yet. */
function webhookArns(partition: string, name: string): string[] {
  return ['connection', 'api-destination'].flatMap((kind) => [
    `arn:${partition}:events:*:*:${kind}/${name}`,
    `arn:${partition}:events:*:*:${kind}/${name}/*`,
  ]);
}

function roleArns(partition: string, name: string): string[] {
  const { deliver, forward } = roleNames(name, '*');
  return [deliver, forward].map((role) => `arn:${partition}:iam::*:role/${role}`);
}

function queueArnOf(url: string, partition: string): string {
  const [, region = '*'] = /\/\/sqs\.([\w-]+)\./.exec(url) ?? [];
  const [account = '*', name = '*'] = new URL(url).pathname.split('/').slice(1);
  return `arn:${partition}:sqs:${region}:${account}:${name}`;
}

function allow(sid: string, actions: readonly string[], resource: string | string[]): JsonObject {
  return { Sid: sid, Effect: 'Allow', Action: [...actions].sort(), Resource: resource };
}
