import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  type Abilities,
  readerPolicy,
  runPolicy,
  setupPolicy,
  trustPolicy,
} from '../../../src/aws/connect/policies.ts';
import type { JsonObject } from '../../../src/kernel/json.ts';
import { startCloud } from './cloud.ts';

const AWS = join(import.meta.dirname, '../../../src/aws');
const ALL: Abilities = {
  partition: 'aws',
  name: 'trailbot',
  deliver: 'webhook',
  setupRole: 'TrailbotSetup',
  history: true,
  readerRoles: ['arn:aws:iam::444455556666:role/TrailbotReader'],
  canary: true,
  queues: ['https://sqs.eu-west-1.amazonaws.com/111122223333/trails'],
  trails: true,
  organization: true,
};
const LITTLE: Abilities = {
  ...ALL,
  history: false,
  readerRoles: [],
  canary: false,
  queues: [],
  trails: false,
  organization: false,
};

interface Statement {
  readonly Sid: string;
  readonly Action: readonly string[];
  readonly Resource: string | readonly string[];
}

function statements(policy: JsonObject): readonly Statement[] {
  return policy.Statement as unknown as Statement[];
}

function actionsIn(policy: JsonObject): string[] {
  return statements(policy).flatMap(({ Action: actions }) => actions);
}

const SERVICES: Readonly<Record<string, string>> = { eventbridge: 'events' };
/** Operations whose permission is called otherwise, or that take none. Source: Service Authorization Reference. */
const OTHERWISE: Readonly<Record<string, string | undefined>> = {
  's3:HeadObject': 's3:GetObject',
  's3:ListObjectsV2': 's3:ListBucket',
  'sqs:ChangeMessageVisibilityBatch': 'sqs:ChangeMessageVisibility',
  'sqs:DeleteMessageBatch': 'sqs:DeleteMessage',
  'sts:GetCallerIdentity': undefined,
};

/** What the code calls, as permissions: `events:PutRule`. */
function calledIn(folder: string): string[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  const found = files.flatMap((file) => {
    const text = readFileSync(join(folder, file), 'utf8');
    return [...text.matchAll(/import \{([^}]+)\} from '@aws-sdk\/client-([\w-]+)'/g)].flatMap(
      ([, names = '', service = '']) =>
        [...names.matchAll(/(\w+)Command\b/g)].map(([, name]) => `${SERVICES[service] ?? service}:${name}`),
    );
  });
  const permissions = found.map((called) => (called in OTHERWISE ? OTHERWISE[called] : called));
  return [...new Set(permissions.filter((one) => one !== undefined))].sort();
}

describe('the policies', () => {
  it('allow everything that the code calls, and together hardly anything else', () => {
    const allowed = [setupPolicy(ALL, 'home'), runPolicy(ALL)].flatMap(actionsIn);
    const called = calledIn(AWS);
    expect(called).toContain('events:PutRule');
    expect(called.filter((action) => !allowed.includes(action))).toEqual([]);
    expect([...new Set(allowed)].filter((action) => !called.includes(action)).sort()).toEqual([
      // What EventBridge does in the name of who makes a connection or sets a target.
      'events:TagResource',
      'iam:CreateServiceLinkedRole',
      'iam:PassRole',
      'iam:TagRole',
      'kms:Decrypt',
      'secretsmanager:CreateSecret',
      'secretsmanager:DeleteSecret',
      'secretsmanager:GetSecretValue',
      'secretsmanager:PutSecretValue',
      'secretsmanager:UpdateSecret',
      'sqs:TagQueue',
    ]);
  });

  it('let set-up do each call that it made, in each account', async () => {
    const cloud = await startCloud();
    await cloud.apply();
    await cloud.destroy();
    const services = { events: 'events', sqs: 'sqs', iam: 'iam', account: 'account' };
    for (const [where, account] of [
      ['home', '111122223333'],
      ['other', '444455556666'],
    ] as const) {
      const allowed = actionsIn(setupPolicy(ALL, where));
      const called = cloud.aws.requests
        .filter((request) => request.account === account && request.service in services)
        .map(({ service, operation }) => `${service}:${operation}`);
      expect([...new Set(called)].filter((action) => !allowed.includes(action))).toEqual([]);
    }
  });

  it('change and delete only what is called as ours is', () => {
    for (const policy of [setupPolicy(ALL, 'home'), setupPolicy(ALL, 'other'), runPolicy(ALL)]) {
      for (const { Sid, Action: actions, Resource: resource } of statements(policy)) {
        const changes = actions.some((action) => !/:(Get|List|Describe|Lookup|Decrypt)/.test(action));
        if (changes) expect([resource].flat(), Sid).not.toContain('*');
      }
    }
  });

  it('leave out what is not configured', () => {
    expect(
      actionsIn(runPolicy(LITTLE)).filter((action) =>
        /^(s3|kms|organizations|sts|cloudtrail:Lookup)/.test(action),
      ),
    ).toEqual([]);
    expect(actionsIn(runPolicy(LITTLE))).not.toContain('events:PutEvents');
    expect(actionsIn(setupPolicy({ ...ALL, deliver: 'queue' }, 'home'))).not.toContain(
      'events:CreateConnection',
    );
    expect(actionsIn(readerPolicy(ALL))).not.toContain('sts:AssumeRole');
  });

  it('let a connection of before be deleted with its secret, where none is made any more', () => {
    for (const policy of [setupPolicy({ ...ALL, deliver: 'queue' }, 'home'), setupPolicy(ALL, 'other')]) {
      expect(actionsIn(policy)).toContain('events:DeleteConnection');
      expect(actionsIn(policy)).toContain('secretsmanager:DeleteSecret');
      expect(actionsIn(policy)).not.toContain('secretsmanager:CreateSecret');
    }
  });

  it('name queues by their ARN, and the roles to assume', () => {
    const run = statements(runPolicy({ ...ALL, deliver: 'queue' }));
    expect(run.find(({ Sid }) => Sid === 'ReadQueues')?.Resource).toEqual([
      'arn:aws:sqs:eu-west-1:111122223333:trails',
      'arn:aws:sqs:*:*:trailbot-events',
    ]);
    expect(run.find(({ Sid }) => Sid === 'OtherAccounts')?.Resource).toEqual(ALL.readerRoles);
    expect(trustPolicy('aws-cn', '111122223333')).toMatchObject({
      Statement: [{ Principal: { AWS: 'arn:aws-cn:iam::111122223333:root' }, Action: 'sts:AssumeRole' }],
    });
  });
});
