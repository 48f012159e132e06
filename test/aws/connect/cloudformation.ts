import { isObject, type Json, type JsonObject } from '../../../src/kernel/json.ts';

/*
 * As much of CloudFormation as the templates use, from its template reference: which properties a type has and what
 * kind of value each takes, and what its functions come to.
 */

type Kind = 'text' | 'number' | 'flag' | 'document' | 'tags' | { list: Kind } | Shape;

interface Shape {
  readonly members: Readonly<Record<string, Kind>>;
  readonly required: readonly string[];
}

interface ResourceType extends Shape {
  /** What `Fn::GetAtt` can ask for. */
  readonly attributes: readonly string[];
}

const TARGET: Shape = {
  required: ['Arn', 'Id'],
  members: {
    Arn: 'text',
    Id: 'text',
    RoleArn: 'text',
    Input: 'text',
    DeadLetterConfig: { required: [], members: { Arn: 'text' } },
    RetryPolicy: {
      required: [],
      members: { MaximumEventAgeInSeconds: 'number', MaximumRetryAttempts: 'number' },
    },
  },
};

const API_KEY: Shape = {
  required: ['ApiKeyName', 'ApiKeyValue'],
  members: { ApiKeyName: 'text', ApiKeyValue: 'text' },
};

const INLINE_POLICY: Shape = {
  required: ['PolicyDocument', 'PolicyName'],
  members: { PolicyDocument: 'document', PolicyName: 'text' },
};

/** Source: AWS CloudFormation template reference, as of 2026. */
const TYPES: Readonly<Record<string, ResourceType>> = {
  'AWS::Events::Rule': {
    attributes: ['Arn'],
    required: [],
    members: {
      Description: 'text',
      EventBusName: 'text',
      EventPattern: 'document',
      Name: 'text',
      RoleArn: 'text',
      ScheduleExpression: 'text',
      State: 'text',
      Tags: 'tags',
      Targets: { list: TARGET },
    },
  },
  'AWS::Events::Connection': {
    attributes: ['Arn', 'SecretArn', 'ArnForPolicy'],
    required: [],
    members: {
      AuthorizationType: 'text',
      AuthParameters: { required: [], members: { ApiKeyAuthParameters: API_KEY } },
      Description: 'text',
      KmsKeyIdentifier: 'text',
      Name: 'text',
    },
  },
  'AWS::Events::ApiDestination': {
    attributes: ['Arn', 'ArnForPolicy'],
    required: ['ConnectionArn', 'HttpMethod', 'InvocationEndpoint'],
    members: {
      ConnectionArn: 'text',
      Description: 'text',
      HttpMethod: 'text',
      InvocationEndpoint: 'text',
      InvocationRateLimitPerSecond: 'number',
      Name: 'text',
    },
  },
  'AWS::Events::EventBusPolicy': {
    attributes: [],
    required: ['StatementId'],
    members: {
      Action: 'text',
      Condition: 'document',
      EventBusName: 'text',
      Principal: 'text',
      Statement: 'document',
      StatementId: 'text',
    },
  },
  'AWS::SQS::Queue': {
    attributes: ['Arn', 'QueueName', 'QueueUrl'],
    required: [],
    members: {
      DelaySeconds: 'number',
      KmsMasterKeyId: 'text',
      MaximumMessageSize: 'number',
      MessageRetentionPeriod: 'number',
      QueueName: 'text',
      ReceiveMessageWaitTimeSeconds: 'number',
      RedrivePolicy: 'document',
      SqsManagedSseEnabled: 'flag',
      Tags: 'tags',
      VisibilityTimeout: 'number',
    },
  },
  'AWS::SQS::QueuePolicy': {
    attributes: ['Id'],
    required: ['PolicyDocument', 'Queues'],
    members: { PolicyDocument: 'document', Queues: { list: 'text' } },
  },
  'AWS::IAM::Role': {
    attributes: ['Arn', 'RoleId'],
    required: ['AssumeRolePolicyDocument'],
    members: {
      AssumeRolePolicyDocument: 'document',
      Description: 'text',
      ManagedPolicyArns: { list: 'text' },
      MaxSessionDuration: 'number',
      Path: 'text',
      PermissionsBoundary: 'text',
      Policies: { list: INLINE_POLICY },
      RoleName: 'text',
      Tags: 'tags',
    },
  },
};

const PSEUDO = ['AWS::AccountId', 'AWS::Region', 'AWS::Partition'];
const SECTIONS = ['AWSTemplateFormatVersion', 'Description', 'Parameters', 'Conditions', 'Resources'];
const LONGEST = 51_200;

function member(object: Json | undefined, key: string): JsonObject {
  const value = isObject(object) ? object[key] : undefined;
  return isObject(value) ? value : {};
}

/** Everything that CloudFormation would refuse. `text`: the template as it is given to it. */
export function mistakesIn(template: JsonObject, text: string): string[] {
  const resources = member(template, 'Resources');
  const conditions = Object.keys(member(template, 'Conditions'));
  const mistakes: string[] = [];
  if (Buffer.byteLength(text) > LONGEST) mistakes.push(`the template is longer than ${LONGEST} bytes`);
  mistakes.push(...Object.keys(template).filter((key) => !SECTIONS.includes(key)));
  if (String(template.Description ?? '').length > 1024) mistakes.push('the description is too long');
  for (const [id, resource] of Object.entries(resources)) {
    const { Type: name, Properties: properties, Condition: condition, ...rest } = resource as JsonObject;
    const type = TYPES[String(name)];
    if (!/^[A-Za-z0-9]+$/.test(id)) mistakes.push(`${id}: an id has letters and digits only`);
    if (!type) mistakes.push(`${id}: no type ${String(name)}`);
    else mistakes.push(...misshapen(properties ?? null, type, id));
    mistakes.push(...Object.keys(rest).map((key) => `${id}: ${key}`));
    if (condition !== undefined && !conditions.includes(String(condition)))
      mistakes.push(`${id}: no condition`);
  }
  mistakes.push(...danglingIn(template), ...circlesIn(resources));
  const unused = Object.keys(member(template, 'Parameters')).filter(
    (name) => !JSON.stringify(template).match(new RegExp(`"Ref":"${name}"|\\$\\{${name}\\}`)),
  );
  return [...mistakes, ...unused.map((name) => `parameter ${name} is not used`)];
}

function isFunction(value: Json): boolean {
  return isObject(value) && Object.keys(value).every((key) => key === 'Ref' || key.startsWith('Fn::'));
}

function misshapen(value: Json, kind: Kind, at: string): string[] {
  const wrong = (is: boolean): string[] => (is ? [] : [`${at} is no ${JSON.stringify(kind)}`]);
  if (kind === 'document') return wrong(isObject(value));
  if (kind === 'tags') {
    return misshapen(
      value,
      { list: { required: ['Key', 'Value'], members: { Key: 'text', Value: 'text' } } },
      at,
    );
  }
  if (typeof kind === 'string' && isFunction(value)) return [];
  if (kind === 'text') return wrong(typeof value === 'string');
  if (kind === 'number') return wrong(typeof value === 'number');
  if (kind === 'flag') return wrong(typeof value === 'boolean');
  if ('list' in kind) {
    return Array.isArray(value)
      ? value.flatMap((one, i) => misshapen(one, kind.list, `${at}[${i}]`))
      : wrong(false);
  }
  if (!isObject(value)) return wrong(false);
  const missing = kind.required.filter((key) => !(key in value)).map((key) => `${at}.${key} is missing`);
  const found = Object.entries(value).flatMap(([key, one]) => {
    const inner = kind.members[key];
    return inner === undefined ? [`${at}.${key} is not known`] : misshapen(one, inner, `${at}.${key}`);
  });
  return [...missing, ...found];
}

/** What a value refers to, as `id` or `id.attribute`. */
function references(value: Json): string[] {
  if (Array.isArray(value)) return value.flatMap(references);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, one]) => {
    if (key === 'Ref') return [String(one)];
    if (key === 'Fn::GetAtt' && Array.isArray(one)) return [one.join('.')];
    if (key === 'Fn::Sub') return [...String(one).matchAll(/\$\{([^}]+)\}/g)].map(([, name]) => name ?? '');
    return references(one);
  });
}

function danglingIn(template: JsonObject): string[] {
  const resources = member(template, 'Resources');
  const parameters = Object.keys(member(template, 'Parameters'));
  return references(template).filter((reference) => {
    const [id = '', attribute] = reference.split('.');
    if (attribute === undefined) {
      return !PSEUDO.includes(id) && !parameters.includes(id) && !(id in resources);
    }
    const type = String(member(resources, id).Type);
    return TYPES[type]?.attributes.includes(attribute) !== true;
  });
}

function circlesIn(resources: JsonObject): string[] {
  const circles: string[] = [];
  const visit = (id: string, trail: readonly string[]): void => {
    if (trail.includes(id)) {
      circles.push([...trail, id].join(' → '));
      return;
    }
    const next = new Set(references(resources[id] ?? null).map((one) => one.split('.')[0] ?? ''));
    for (const one of next) if (one in resources) visit(one, [...trail, id]);
  };
  for (const id of Object.keys(resources)) visit(id, []);
  return circles;
}

/** What the stack would have of each type, with all functions worked out; `known`: parameters and pseudo parameters. */
export function evaluated(
  template: JsonObject,
  known: Readonly<Record<string, string>>,
  arnOf: (type: string, properties: JsonObject) => string,
): { type: string; properties: JsonObject }[] {
  const resources = member(template, 'Resources');
  const conditions = member(template, 'Conditions');
  const worth = (value: Json): Json => {
    if (Array.isArray(value)) return value.map(worth);
    if (!isObject(value)) return value;
    if (typeof value.Ref === 'string') return known[value.Ref] ?? `ref:${value.Ref}`;
    if (typeof value['Fn::Sub'] === 'string') {
      return value['Fn::Sub'].replace(/\$\{([^}]+)\}/g, (_, name) => known[name] ?? '?');
    }
    const { 'Fn::GetAtt': asked, 'Fn::Not': not, 'Fn::Equals': equals } = value;
    if (Array.isArray(asked)) return arn(String(asked[0]));
    if (Array.isArray(not)) return !worth(not[0] ?? null);
    if (Array.isArray(equals)) return worth(equals[0] ?? null) === worth(equals[1] ?? null);
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, worth(one)]));
  };
  const propertiesOf = (id: string): JsonObject =>
    worth(member(member(resources, id), 'Properties')) as JsonObject;
  const arn = (id: string): string => arnOf(String(member(resources, id).Type), propertiesOf(id));
  return Object.entries(resources)
    .filter(([, resource]) => {
      const { Condition: condition } = resource as JsonObject;
      return condition === undefined || worth(conditions[String(condition)] ?? null) === true;
    })
    .map(([id, resource]) => ({ type: String((resource as JsonObject).Type), properties: propertiesOf(id) }));
}
