import { isObject, type Json, type JsonObject, parseJson } from '../../kernel/json.ts';
import { KEY_HEADER } from './connection.ts';
import { markedDescription, TAG } from './mark.ts';
import { statementOf } from './permissions.ts';
import { POLICY } from './roles.ts';
import {
  queueArn,
  RETRY,
  ROLE_DESCRIPTION,
  roleArn,
  type Site,
  type Spec,
  TARGET_ID,
  type WantedPermission,
  type WantedPlace,
  type WantedQueue,
  type WantedRole,
  type WantedRule,
  wantedHome,
  wantedSpoke,
} from './wanted.ts';

/*
 * The same things as a CloudFormation template. Where a text names an account, a region or a parameter, it does so
 * in CloudFormation's own way, ${…}, and becomes a function. Source: CloudFormation template reference.
 */

/** Where the stack is, as CloudFormation says it. */
const HERE: Site = {
  account: said('AWS::AccountId'),
  region: said('AWS::Region'),
  partition: said('AWS::Partition'),
};
const PARAMETER = { url: 'PublicUrl', key: 'WebhookKey', bus: 'HomeBusArn' } as const;
const TAGS = (name: string): JsonObject[] => [{ Key: TAG, Value: name }];

/** For a stack in the home account and region. `permissions`: for all other accounts. */
export function homeTemplate(spec: Spec, permissions: readonly WantedPermission[]): JsonObject {
  const wanted = wantedHome(HERE, { ...spec, endpoint: `${said(PARAMETER.url)}/events` }, permissions);
  const accounts = permissions.map(({ account }) => account).filter((account) => account !== undefined);
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Description:
      'Trailbot: sends events of CloudTrail in this account and region, and those that other places send here, to the bot.',
    ...(spec.deliver === 'webhook' && { Parameters: webhookParameters() }),
    // The account of the stack needs no permission for its own bus.
    ...(accounts.length > 0 && {
      Conditions: Object.fromEntries(
        accounts.map((account) => [
          otherThan(account),
          { 'Fn::Not': [{ 'Fn::Equals': [{ Ref: 'AWS::AccountId' }, account] }] },
        ]),
      ),
    }),
    Resources: resourcesOf(wanted, spec.name),
  };
}

/** For a stack set over all accounts and regions; the home place itself it leaves alone. */
export function spokeTemplate(spec: Spec): JsonObject {
  const wanted = wantedSpoke(HERE, spec, said(PARAMETER.bus));
  const resources = Object.entries(resourcesOf(wanted, spec.name));
  const here = `arn:${HERE.partition}:events:${HERE.region}:${HERE.account}:event-bus/default`;
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Description:
      'Trailbot: sends events of CloudTrail in this account and region to the home account and region.',
    Parameters: {
      [PARAMETER.bus]: {
        Type: 'String',
        Description: 'ARN of the default event bus in the home account and region.',
        AllowedPattern: '^arn:aws[a-z-]*:events:[a-z0-9-]+:[0-9]{12}:event-bus/default$',
      },
    },
    Conditions: { NotHome: { 'Fn::Not': [{ 'Fn::Equals': [{ 'Fn::Sub': here }, { Ref: PARAMETER.bus }] }] } },
    Resources: Object.fromEntries(
      resources.map(([id, resource]) => [id, { ...(resource as JsonObject), Condition: 'NotHome' }]),
    ),
  };
}

/** A name in a text, as `Fn::Sub` has it. */
function said(name: string): string {
  return `\${${name}}`;
}

function webhookParameters(): JsonObject {
  return {
    [PARAMETER.url]: {
      Type: 'String',
      Description:
        'How the outside reaches the bot: public_url of its configuration, without a slash at the end.',
      AllowedPattern: '^https://.*[^/]$',
    },
    [PARAMETER.key]: {
      Type: 'String',
      NoEcho: true,
      Description: 'The first of TRAILBOT_WEBHOOK_KEYS.',
      MinLength: 1,
      MaxLength: 512,
    },
  };
}

function otherThan(account: string): string {
  return `Other${account}`;
}

/** What a resource is called in the template: `trailbot-dead-letters` → `DeadLetters`. */
function idOf(thing: string, name: string): string {
  return thing
    .slice(name.length + 1)
    .replace(/\$\{.*\}/, '')
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}

function resourcesOf(wanted: WantedPlace, name: string): JsonObject {
  const { queues, role, destination, permissions, rules } = wanted;
  // Said by reference, so that CloudFormation makes things in the right order.
  const made = new Map<string, JsonObject>([
    ...queues.map((queue) => [queueArn(HERE, queue.name), arnOf(idOf(queue.name, name))] as const),
    ...(role ? [[roleArn(HERE, role.name), arnOf(`${idOf(role.name, name)}Role`)] as const] : []),
  ]);
  const all: [string, string, JsonObject, string?][] = [
    ...queues.flatMap((queue) => queueResources(queue, name)),
    ...(role ? [roleResource(role, name)] : []),
    ...(destination ? destinationResources(destination.endpoint, destination.rate, name) : []),
    ...permissions.map(permissionResource),
    ...rules.map((rule) => ruleResource(rule, name)),
  ];
  return Object.fromEntries(
    all.map(([id, type, properties, condition]) => [
      id,
      {
        Type: type,
        ...(condition !== undefined && { Condition: condition }),
        Properties: written(properties, made),
      },
    ]),
  );
}

function queueResources(queue: WantedQueue, name: string): [string, string, JsonObject][] {
  const id = idOf(queue.name, name);
  const settings = Object.entries(queue.settings).map(([setting, value]) => [setting, Number(value)]);
  const properties: JsonObject = {
    QueueName: queue.name,
    ...Object.fromEntries(settings),
    ...(queue.redrive && { RedrivePolicy: queue.redrive }),
    Tags: TAGS(name),
  };
  const made: [string, string, JsonObject] = [id, 'AWS::SQS::Queue', properties];
  if (!queue.policy) return [made];
  const policy = { PolicyDocument: queue.policy, Queues: [{ Ref: id }] };
  return [made, [`${id}Policy`, 'AWS::SQS::QueuePolicy', policy]];
}

function roleResource(role: WantedRole, name: string): [string, string, JsonObject] {
  const properties = {
    RoleName: role.name,
    Description: ROLE_DESCRIPTION,
    AssumeRolePolicyDocument: role.trust,
    Policies: [{ PolicyName: POLICY, PolicyDocument: role.policy }],
    Tags: TAGS(name),
  };
  return [`${idOf(role.name, name)}Role`, 'AWS::IAM::Role', properties];
}

function destinationResources(endpoint: string, rate: number, name: string): [string, string, JsonObject][] {
  const connection = {
    Name: name,
    Description: markedDescription(name),
    AuthorizationType: 'API_KEY',
    AuthParameters: {
      ApiKeyAuthParameters: { ApiKeyName: KEY_HEADER, ApiKeyValue: said(PARAMETER.key) },
    },
  };
  const destination = {
    Name: name,
    Description: markedDescription(name),
    ConnectionArn: arnOf('Connection'),
    InvocationEndpoint: endpoint,
    HttpMethod: 'POST',
    InvocationRateLimitPerSecond: rate,
  };
  return [
    ['Connection', 'AWS::Events::Connection', connection],
    ['Destination', 'AWS::Events::ApiDestination', destination],
  ];
}

function permissionResource(permission: WantedPermission): [string, string, JsonObject, string?] {
  const { statement, account } = permission;
  const { Sid: _sid, ...statementSaid } = statementOf(HERE, permission);
  // With a statement of its own the bus must be named, although the reference calls that optional.
  const properties = { EventBusName: 'default', StatementId: statement, Statement: statementSaid };
  const type = 'AWS::Events::EventBusPolicy';
  return account === undefined
    ? ['OrganizationPermission', type, properties]
    : [`Permission${account}`, type, properties, otherThan(account)];
}

function ruleResource(rule: WantedRule, name: string): [string, string, JsonObject] {
  const { arn, role, deadLetters } = rule.target;
  const properties: JsonObject = {
    Name: rule.name,
    Description: rule.description,
    EventPattern: parseJson(rule.pattern) ?? {},
    State: rule.state,
    Targets: [
      {
        Id: TARGET_ID,
        Arn: arn ?? arnOf('Destination'),
        ...(role !== undefined && { RoleArn: role }),
        DeadLetterConfig: { Arn: deadLetters },
        RetryPolicy: { ...RETRY },
      },
    ],
    Tags: TAGS(name),
  };
  return [idOf(rule.name, name), 'AWS::Events::Rule', properties];
}

function arnOf(id: string): JsonObject {
  return { 'Fn::GetAtt': [id, 'Arn'] };
}

/** Texts with `${…}` as functions. */
function written(value: Json, made: ReadonlyMap<string, JsonObject>): Json {
  if (Array.isArray(value)) return value.map((one) => written(one, made));
  if (isObject(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, written(one, made)]));
  }
  if (typeof value !== 'string' || !value.includes('${')) return value;
  const [, only] = /^\$\{([^}]+)\}$/.exec(value) ?? [];
  return made.get(value) ?? (only === undefined ? { 'Fn::Sub': value } : { Ref: only });
}
