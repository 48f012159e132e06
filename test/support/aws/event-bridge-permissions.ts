import { isObject, type Json, type JsonObject, objectOf, parseJson } from '../../../src/kernel/json.ts';
import type { FakePlace, FakeTarget } from './event-bridge.ts';
import type { RoleState } from './iam-roles.ts';
import { Refusal } from './refusal.ts';
import type { FakeQueues } from './sqs.ts';

/* Who lets EventBridge in. What is refused has the error code of a dead letter. */

export interface Arn {
  readonly service: string;
  readonly region: string;
  readonly account: string;
  readonly resource: string;
}

export function parse(arn: string): Arn {
  const [, , service = '', region = '', account = '', ...resource] = arn.split(':');
  return { service, region, account, resource: resource.join(':') };
}

/** Why a queue does not take a message: its policy alone lets EventBridge in. */
export function refusedBy(queues: FakeQueues, arn: string, ruleArn: string): string | undefined {
  const policy = policyOf(queues, queueUrl(arn));
  if (policy === 'none there') return 'NO_RESOURCE';
  const statements = policy && Array.isArray(policy.Statement) ? policy.Statement : [];
  const letsIn = statements.some(
    (one) =>
      isObject(one) &&
      one.Effect === 'Allow' &&
      objectOf(one, 'Principal')?.Service === 'events.amazonaws.com' &&
      listOf(one.Action).includes('sqs:SendMessage') &&
      isFor(one, ruleArn),
  );
  return letsIn ? undefined : 'NO_PERMISSIONS';
}

/** Source: EventBridge user guide, "Dead-letter queues": the rule's ARN is what a policy asks about. */
function isFor({ Condition: condition }: JsonObject, ruleArn: string): boolean {
  if (!isObject(condition)) return true;
  return Object.values(condition)
    .map((asked) => (isObject(asked) ? asked['aws:SourceArn'] : undefined))
    .every((wanted) => wanted === undefined || listOf(wanted).some((one) => fits(String(one), ruleArn)));
}

export function queueUrl(arn: string): string {
  const { region, account, resource } = parse(arn);
  return `https://sqs.${region}.amazonaws.com/${account}/${resource}`;
}

function policyOf(queues: FakeQueues, url: string): JsonObject | undefined | 'none there' {
  try {
    const text = queues.attributes(url).get('Policy');
    const policy = text === undefined ? undefined : parseJson(text);
    return isObject(policy) ? policy : undefined;
  } catch (error) {
    if (error instanceof Refusal) return 'none there';
    throw error;
  }
}

/** Whether the bus's policy lets another account put events. */
export function isLetIn(bus: FakePlace, account: string, organization: string | undefined): boolean {
  return [...bus.policy.values()].some((statement) => {
    const { Principal: principal, Condition: condition } = statement;
    if (isObject(principal)) return principal.AWS === `arn:aws:iam::${account}:root`;
    const equals = isObject(condition) ? objectOf(condition, 'StringEquals') : undefined;
    return principal === '*' && (!equals || equals['aws:PrincipalOrgID'] === organization);
  });
}

/** Whether the target's role exists, trusts EventBridge and allows the action. */
export function roleRefused(
  roles: RoleState | undefined,
  target: FakeTarget,
  action: string,
  resource: string,
): string | undefined {
  if (!roles) return undefined;
  const role = roles.all().find(({ arn }) => arn === target.RoleArn);
  if (!role || !JSON.stringify(role.trust).includes('events.amazonaws.com')) {
    return 'FAILED_TO_ASSUME_ROLE';
  }
  const statements = [...role.policies.values()].flatMap(({ Statement }) => listOf(Statement));
  const allowed = statements.some(
    (one) =>
      isObject(one) &&
      one.Effect === 'Allow' &&
      listOf(one.Action).includes(action) &&
      listOf(one.Resource).some((pattern) => fits(String(pattern), resource)),
  );
  return allowed ? undefined : 'NO_PERMISSIONS';
}

function fits(pattern: string, text: string): boolean {
  const parts = pattern.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(text);
}

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : value === undefined ? [] : [value];
}
