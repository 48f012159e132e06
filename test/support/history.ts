import type { JsonObject } from '../../src/kernel/json.ts';
import { DAY, HOUR, MINUTE, type Millis, SECOND, sayInstant } from '../../src/kernel/time.ts';
import { keyIdOf } from './aws/accounts.ts';
import { record, roleSession, user } from './records.ts';

/** Accounts of the history; the bot lives in the first and may read the second. */
export const PRODUCTION = '111122223333';
export const STAGING = '444455556666';

/** A key that was stolen, the key of the user behind the session, and the session's own. */
export const STOLEN = keyIdOf('AKIA', PRODUCTION, 41);
export const ALICES = keyIdOf('AKIA', PRODUCTION, 42);
export const SESSION = keyIdOf('ASIA', STAGING, 43);
/** A key with more events than two seconds allow to read. */
export const BUSY = keyIdOf('AKIA', PRODUCTION, 44);

export const SETTINGS = `
accounts:
  '${PRODUCTION}': { name: prod-core, environment: production }
  '${STAGING}': { name: staging, reader_role: TrailbotReader }
lists:
  office_network: [203.0.113.0/24]
`;

function at(instant: Millis): string {
  return `${sayInstant(instant).slice(0, 19)}Z`;
}

/** `ci-deploy` deploys from the office for a month; two hours ago somebody else tries to get in with its key. */
export function stolenKey(now: Millis): JsonObject[] {
  const owner = { ...user('ci-deploy', PRODUCTION), accessKeyId: STOLEN };
  const usual = Array.from({ length: 60 }, (_, day) =>
    record({
      userIdentity: owner,
      eventTime: at(now - 3 * HOUR - (day * DAY) / 2),
      eventSource: 'ec2.amazonaws.com',
      eventName: day % 3 === 0 ? 'DescribeInstances' : 'RunInstances',
      readOnly: day % 3 === 0,
      awsRegion: day % 2 === 0 ? 'eu-west-1' : 'us-east-1',
      sourceIPAddress: '203.0.113.10',
      userAgent: 'aws-cli/2.17.3 md/awscrt#0.20.11 exec-env/CodeBuild',
      requestParameters: { instancesSet: { items: [{ instanceId: 'i-0abc1234def567890' }] } },
      responseElements: null,
    }),
  );
  const tries = ['ListUsers', 'CreateUser', 'AttachUserPolicy', 'CreateAccessKey'].map((name, minute) =>
    record({
      userIdentity: owner,
      eventTime: at(now - 2 * HOUR + minute * MINUTE),
      eventName: name,
      readOnly: name === 'ListUsers',
      sourceIPAddress: '198.51.100.24',
      userAgent: 'python-requests/2.32 <!channel> <https://evil.example|AWS>',
      requestParameters: { userName: 'backdoor' },
      responseElements: null,
      ...(minute === 0
        ? {}
        : { errorCode: 'AccessDenied', errorMessage: `User: ci-deploy is not authorized: iam:${name}` }),
    }),
  );
  return [...usual, ...tries];
}

/** alice of production assumes a role in staging, where her session changes a function. Both accounts have a copy. */
export function sessionAcrossAccounts(now: Millis): JsonObject[] {
  const began = now - 3 * HOUR;
  const copy = (account: string, userIdentity: JsonObject) =>
    record({
      eventSource: 'sts.amazonaws.com',
      eventName: 'AssumeRole',
      eventTime: at(began),
      readOnly: true,
      awsRegion: 'eu-west-1',
      recipientAccountId: account,
      sharedEventID: '0c9a1f5e-8d0b-4f7e-9a53-2f3f6b1f0a11',
      userIdentity,
      sourceIPAddress: '203.0.113.10',
      requestParameters: {
        roleArn: `arn:aws:iam::${STAGING}:role/Deploy`,
        roleSessionName: 'alice',
        sourceIdentity: 'alice@example.com',
      },
      responseElements: {
        credentials: { accessKeyId: SESSION, expiration: at(began + HOUR) },
        assumedRoleUser: {
          assumedRoleId: 'AROACKCEVSQ6C2EXAMPLE:alice',
          arn: `arn:aws:sts::${STAGING}:assumed-role/Deploy/alice`,
        },
      },
    });
  const session = { ...roleSession('Deploy', 'alice', STAGING), accessKeyId: SESSION };
  const work = Array.from({ length: 14 }, (_, minute) =>
    record({
      recipientAccountId: STAGING,
      userIdentity: session,
      eventTime: at(began + minute * MINUTE + 5 * SECOND),
      awsRegion: 'eu-west-1',
      eventSource: 'lambda.amazonaws.com',
      eventName: minute % 2 === 0 ? 'GetFunction' : 'UpdateFunctionCode20150331v2',
      readOnly: minute % 2 === 0,
      sourceIPAddress: '203.0.113.10',
      requestParameters: { functionName: 'billing' },
      responseElements: null,
    }),
  );
  return [
    copy(STAGING, { type: 'AWSAccount', principalId: 'AIDACKCEVSQ6C2EXAMPLE', accountId: PRODUCTION }),
    copy(PRODUCTION, { ...user('alice', PRODUCTION), accessKeyId: ALICES }),
    ...work,
  ];
}

/** A key that works a lot: twenty seconds of reading at two requests a second. */
export function busyKey(now: Millis): JsonObject[] {
  return Array.from({ length: 2000 }, (_, second) =>
    record({
      userIdentity: { ...user('batch', PRODUCTION), accessKeyId: BUSY },
      eventTime: at(now - HOUR - second * SECOND),
      eventSource: 'ec2.amazonaws.com',
      eventName: 'DescribeInstances',
      readOnly: true,
      awsRegion: 'eu-west-1',
      requestParameters: null,
      responseElements: null,
    }),
  );
}
