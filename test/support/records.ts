import { type CloudTrailRecord, readRecord } from '../../src/cloudtrail/record.ts';
import type { JsonObject } from '../../src/kernel/json.ts';
import { sayInstant } from '../../src/kernel/time.ts';

/** When the records of the tests happened, unless a test says otherwise. */
export const EVENT_TIME = Date.UTC(2026, 10, 20, 9, 15, 2);

let made = 0;

/** A fresh event id of the right form, the same in every run. */
function nextEventId(): string {
  made += 1;
  return `5f0e7c1a-0000-4000-8000-${String(made).padStart(12, '0')}`;
}

/**
 * A successful `iam:CreateAccessKey` of user alice as CloudTrail logs it; overrides replace whole top-level
 * fields. Each call makes another event (its own `eventID`).
 */
export function record(overrides: JsonObject = {}): JsonObject {
  return {
    eventVersion: '1.11',
    userIdentity: user('alice'),
    eventTime: sayInstant(EVENT_TIME).replace('.000Z', 'Z'),
    eventSource: 'iam.amazonaws.com',
    eventName: 'CreateAccessKey',
    awsRegion: 'us-east-1',
    sourceIPAddress: '203.0.113.5',
    userAgent:
      'aws-cli/2.17.3 md/awscrt#0.20.11 ua/2.0 os/linux#6.1.0 lang/python#3.11.8 cmd/iam.create-access-key',
    requestParameters: { userName: 'bob' },
    responseElements: {
      accessKey: {
        userName: 'bob',
        accessKeyId: 'AKIAI44QH8DHBEXAMPLE',
        status: 'Active',
        createDate: 'Nov 20, 2026, 9:15:02 AM',
      },
    },
    requestID: 'c3d2a0b4-51f1-4c8e-9a57-0d2f6d0e1b11',
    eventID: nextEventId(),
    readOnly: false,
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: '111122223333',
    eventCategory: 'Management',
    tlsDetails: {
      tlsVersion: 'TLSv1.3',
      cipherSuite: 'TLS_AES_128_GCM_SHA256',
      clientProvidedHostHeader: 'iam.amazonaws.com',
    },
    ...overrides,
  };
}

/** The `userIdentity` of an IAM user with a long-term key. */
export function user(name: string, account = '111122223333'): JsonObject {
  return {
    type: 'IAMUser',
    principalId: 'AIDACKCEVSQ6C2EXAMPLE',
    arn: `arn:aws:iam::${account}:user/${name}`,
    accountId: account,
    accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
    userName: name,
  };
}

/** The `userIdentity` of a session of a role. */
export function roleSession(role: string, session: string, account = '111122223333'): JsonObject {
  return {
    type: 'AssumedRole',
    principalId: `AROACKCEVSQ6C2EXAMPLE:${session}`,
    arn: `arn:aws:sts::${account}:assumed-role/${role}/${session}`,
    accountId: account,
    accessKeyId: 'ASIAIOSFODNN7EXAMPLE',
    sessionContext: {
      sessionIssuer: {
        type: 'Role',
        principalId: 'AROACKCEVSQ6C2EXAMPLE',
        arn: `arn:aws:iam::${account}:role/${role}`,
        accountId: account,
        userName: role,
      },
      webIdFederationData: {},
      attributes: { creationDate: '2026-11-20T08:00:00Z', mfaAuthenticated: 'false' },
    },
  };
}

/** The EventBridge event that carries `detail`, as an API destination posts it. */
export function envelope(detail: JsonObject, overrides: JsonObject = {}): JsonObject {
  const text = (value: unknown, otherwise: string) => (typeof value === 'string' ? value : otherwise);
  const service = text(detail.eventSource, 'cloudtrail').split('.')[0];
  return {
    version: '0',
    id: '36eb8523-97d0-4518-b33d-ee3579ff19f0',
    'detail-type': 'AWS API Call via CloudTrail',
    source: `aws.${service}`,
    account: text(detail.recipientAccountId, '111122223333'),
    time: text(detail.eventTime, '2026-11-20T09:15:02Z'),
    region: text(detail.awsRegion, 'us-east-1'),
    resources: [],
    detail,
    ...overrides,
  };
}

/** The same record after reading; throws where it is not readable. */
export function readable(overrides: JsonObject = {}): CloudTrailRecord {
  const read = readRecord(record(overrides));
  if ('unreadable' in read) throw new Error(read.unreadable);
  return read;
}
