import { isObject, type Json, type JsonObject } from '../../kernel/json.ts';

/** As `Site`, which imports from here. */
interface Where {
  readonly account: string;
  readonly region: string;
  readonly partition: string;
}

export function documentOf(...statements: JsonObject[]): JsonObject {
  return { Version: '2012-10-17', Statement: statements };
}

function rulesArn({ partition, region, account }: Where, name: string): string {
  return `arn:${partition}:events:${region}:${account}:rule/${name}-*`;
}

/** EventBridge alone may assume the role, and only for the rules of this name. */
export function roleTrust(where: Where, name: string): JsonObject {
  return documentOf({
    Effect: 'Allow',
    Principal: { Service: 'events.amazonaws.com' },
    Action: 'sts:AssumeRole',
    Condition: {
      StringEquals: { 'aws:SourceAccount': where.account },
      ArnLike: { 'aws:SourceArn': rulesArn(where, name) },
    },
  });
}

/** Source: EventBridge user guide, "Using IAM roles to grant EventBridge access to resources". */
export function invokePolicy({ partition, region, account }: Where, name: string): JsonObject {
  return documentOf({
    Effect: 'Allow',
    Action: 'events:InvokeApiDestination',
    Resource: `arn:${partition}:events:${region}:${account}:api-destination/${name}/*`,
  });
}

export function forwardPolicy(homeBus: string | string[]): JsonObject {
  return documentOf({ Effect: 'Allow', Action: 'events:PutEvents', Resource: homeBus });
}

/** Source: EventBridge user guide, "Dead-letter queues", permissions. */
export function queuePolicy(where: Where, name: string, queueArn: string): JsonObject {
  return documentOf({
    Sid: 'EventBridge',
    Effect: 'Allow',
    Principal: { Service: 'events.amazonaws.com' },
    Action: 'sqs:SendMessage',
    Resource: queueArn,
    Condition: { ArnLike: { 'aws:SourceArn': rulesArn(where, name) } },
  });
}

/** Whether two documents say the same: AWS changes the order of members, and writes a list of one as one. */
export function sameDocument(one: Json | undefined, other: Json | undefined): boolean {
  return canonical(one) === canonical(other);
}

function canonical(value: Json | undefined): string {
  if (value === undefined) return '';
  if (Array.isArray(value)) {
    const [only] = value;
    return value.length === 1 ? canonical(only) : `[${value.map(canonical).join(',')}]`;
  }
  if (!isObject(value)) return JSON.stringify(value);
  const members = Object.keys(value).sort();
  return `{${members.map((member) => `${JSON.stringify(member)}:${canonical(value[member])}`).join(',')}}`;
}
