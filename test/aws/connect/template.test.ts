import { describe, expect, it } from 'vitest';
import { specOf } from '../../../src/aws/connect/options.ts';
import { homeTemplate, spokeTemplate } from '../../../src/aws/connect/template.ts';
import { wantedPermissions } from '../../../src/aws/connect/wanted.ts';
import { isObject, type Json, type JsonObject } from '../../../src/kernel/json.ts';
import { HOME, KEY, OPTIONS, OTHER, startCloud } from './cloud.ts';
import { evaluated, mistakesIn } from './cloudformation.ts';

const PLACE = { 'AWS::AccountId': HOME, 'AWS::Region': 'eu-west-1', 'AWS::Partition': 'aws' };
const URL = { PublicUrl: 'https://trailbot.example.com', WebhookKey: KEY };
const BUS = `arn:aws:events:eu-west-1:${HOME}:event-bus/default`;
const QUEUE = { ...OPTIONS, deliver: 'queue' as const };
const templates = {
  home: homeTemplate(specOf(OPTIONS), wantedPermissions('trailbot', undefined, [HOME, OTHER])),
  organization: homeTemplate(specOf(OPTIONS), wantedPermissions('trailbot', 'o-a1b2c3d4e5', [OTHER])),
  queue: homeTemplate(specOf(QUEUE), []),
  spoke: spokeTemplate(specOf(OPTIONS)),
};

describe('the CloudFormation template', () => {
  it.each(Object.entries(templates))('is what CloudFormation takes: %s', (_, template) => {
    expect(mistakesIn(template, JSON.stringify(template))).toEqual([]);
  });

  it('is judged by a check that finds mistakes', () => {
    const rule = { Type: 'AWS::Events::Rule', Properties: { Nam: 'a', State: 5, Targets: [{ Id: 'a' }] } };
    const circle = (id: string) => ({
      Type: 'AWS::SQS::Queue',
      Properties: { QueueName: { 'Fn::GetAtt': [id, 'Arn'] } },
    });
    const template = {
      Parameters: { Unused: { Type: 'String' } },
      Resources: { Rule: rule, A: circle('B'), B: circle('A'), C: circle('D') },
    };
    expect(mistakesIn(template, '')).toEqual([
      'Rule.Nam is not known',
      'Rule.State is no "text"',
      'Rule.Targets[0].Arn is missing',
      'D.Arn',
      'A → B → A',
      'B → A → B',
      'parameter Unused is not used',
    ]);
  });

  it('never has the key in it', () => {
    expect(JSON.stringify(templates)).not.toContain(KEY);
    expect(templates.home.Parameters).toMatchObject({ WebhookKey: { NoEcho: true } });
  });

  it.each([
    ['home', templates.home, { ...PLACE, ...URL }, {}],
    ['with an organization', templates.organization, { ...PLACE, ...URL }, { organization: 'o-a1b2c3d4e5' }],
    ['with a queue', templates.queue, PLACE, { deliver: 'queue' as const, accounts: [] }],
    ['another region', templates.spoke, { ...PLACE, 'AWS::Region': 'us-east-1', HomeBusArn: BUS }, {}],
    ['another account', templates.spoke, { ...PLACE, 'AWS::AccountId': OTHER, HomeBusArn: BUS }, {}],
  ])('makes what "aws apply" makes: %s', async (_, template, known, options) => {
    const cloud = await startCloud();
    await cloud.apply(options);
    const { 'AWS::AccountId': account, 'AWS::Region': region } = known;
    const made = at(await cloud.everything(), account, region);
    expect(Object.keys(made).length).toBeGreaterThan(4);
    expect(inStack(template, known)).toEqual(made);
  });

  it('makes nothing in the home place when a stack set comes there, too', () => {
    expect(evaluated(templates.spoke, { ...PLACE, HomeBusArn: BUS }, () => '')).toEqual([]);
  });
});

/** By type and name, of one place; ARNs that AWS makes up end in UUID. */
type Things = Record<string, Json>;

function inStack(template: JsonObject, known: Record<string, string>): Things {
  const { 'AWS::AccountId': account, 'AWS::Region': region } = known;
  const arnOf = (type: string, { QueueName: queue, RoleName: role }: JsonObject): string => {
    if (type === 'AWS::SQS::Queue') return `arn:aws:sqs:${region}:${account}:${String(queue)}`;
    if (type === 'AWS::IAM::Role') return `arn:aws:iam::${account}:role/${String(role)}`;
    const kind = type === 'AWS::Events::Connection' ? 'connection' : 'api-destination';
    return `arn:aws:events:${region}:${account}:${kind}/trailbot/UUID`;
  };
  const things: Things = {};
  const all = evaluated(template, known, arnOf);
  for (const { type, properties } of all) {
    if (type === 'AWS::SQS::QueuePolicy') continue;
    const { Name, QueueName, RoleName, StatementId } = properties;
    things[`${type} ${String(Name ?? QueueName ?? RoleName ?? StatementId)}`] = properties;
  }
  for (const { type, properties } of all) {
    if (type !== 'AWS::SQS::QueuePolicy') continue;
    const [queue] = properties.Queues as string[];
    const id = queue?.replace('ref:', '') === 'DeadLetters' ? 'trailbot-dead-letters' : 'trailbot-events';
    things[`AWS::SQS::Queue ${id}`] = {
      ...(things[`AWS::SQS::Queue ${id}`] as JsonObject),
      Policy: properties.PolicyDocument ?? null,
    };
  }
  return things;
}

/** What the stand-in has at a place, as CloudFormation would write it. */
function at(everything: JsonObject, account: string, region: string): Things {
  const things: Things = {};
  for (const [title, thing] of Object.entries(everything)) {
    const [, kind = '', name = ''] = new RegExp(`^${account} (?:${region} )?(\\w+) (.+)$`).exec(title) ?? [];
    if (!isObject(thing) || (kind === 'role' && !name.endsWith(region))) continue;
    const write = WRITTEN[kind];
    if (write) Object.assign(things, write(name, thing));
  }
  return things;
}

const tagged = (tags: Json | undefined): JsonObject => ({
  Tags: (tags as [string, string][]).map(([Key, Value]) => ({ Key, Value })),
});

const WRITTEN: Readonly<Record<string, (name: string, thing: JsonObject) => Things>> = {
  rule: (name, { description = '', pattern, state = '', targets = [], tags }) => ({
    [`AWS::Events::Rule ${name}`]: {
      Name: name,
      Description: description,
      EventPattern: JSON.parse(String(pattern)) as Json,
      State: state,
      Targets: targets,
      ...tagged(tags),
    },
  }),
  connection: (name, { description = '', header }) => ({
    [`AWS::Events::Connection ${name}`]: {
      Name: name,
      Description: description,
      AuthorizationType: 'API_KEY',
      AuthParameters: {
        ApiKeyAuthParameters: {
          ApiKeyName: (header as JsonObject).name ?? '',
          ApiKeyValue: (header as JsonObject).value ?? '',
        },
      },
    },
  }),
  destination: (name, { description = '', connectionArn = '', endpoint = '', method = '', rate = 0 }) => ({
    [`AWS::Events::ApiDestination ${name}`]: {
      Name: name,
      Description: description,
      ConnectionArn: connectionArn,
      InvocationEndpoint: endpoint,
      HttpMethod: method,
      InvocationRateLimitPerSecond: rate,
    },
  }),
  statement: (name, { Sid: _sid, ...statement }) => ({
    [`AWS::Events::EventBusPolicy ${name}`]: {
      EventBusName: 'default',
      StatementId: name,
      Statement: statement,
    },
  }),
  role: (name, { trust = '', policies, tags }) => ({
    [`AWS::IAM::Role ${name}`]: {
      RoleName: name,
      Description: 'Lets EventBridge pass events on to Trailbot.',
      AssumeRolePolicyDocument: trust,
      Policies: (policies as [string, Json][]).map(([PolicyName, PolicyDocument]) => ({
        PolicyName,
        PolicyDocument,
      })),
      ...tagged(tags),
    },
  }),
  queue: (name, { Policy, RedrivePolicy, MessageRetentionPeriod, MaximumMessageSize, Tags, ...rest }) => ({
    [`AWS::SQS::Queue ${name}`]: {
      QueueName: name,
      MessageRetentionPeriod: Number(MessageRetentionPeriod),
      MaximumMessageSize: Number(MaximumMessageSize),
      ...(name === 'trailbot-events' && {
        VisibilityTimeout: Number(rest.VisibilityTimeout),
        ReceiveMessageWaitTimeSeconds: Number(rest.ReceiveMessageWaitTimeSeconds),
      }),
      ...(Policy !== undefined && { Policy: JSON.parse(String(Policy)) as Json }),
      ...(RedrivePolicy !== undefined && { RedrivePolicy: JSON.parse(String(RedrivePolicy)) as Json }),
      ...tagged(Object.entries(Tags as JsonObject) as Json),
    },
  }),
};
