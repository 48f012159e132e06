import type { JsonObject } from '../src/kernel/json.ts';
import { type Call, COMMON_CALLS, RARE_CALLS } from './calls.ts';
import { type Dice, dice } from './seeded.ts';

/** How often a call is one of those that are seldom seen. */
const RARE = 0.04;
const FIRST = Date.UTC(2026, 10, 1);
/** Between two records. */
const STEP = 12;

const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));

export const ACCOUNTS = times(60, (index) => String(100_000_000_000 + index * 1_010_107));
export const USERS = times(
  120,
  (index) => `${['anna', 'ben', 'carla', 'deploy', 'svc-backup'][index % 5]}.${index}`,
);
export const ROLES = times(
  300,
  (index) => `${['app', 'admin', 'ci-runner', 'data-pipeline', 'OrganizationAccess'][index % 5]}-${index}`,
);
export const AGENTS = [
  'aws-sdk-go-v2/1.30.3 os/linux lang/go#1.22.5 md/GOOS#linux md/GOARCH#amd64 api/service#1.173.0',
  'Boto3/1.34.106 md/Botocore#1.34.106 ua/2.0 os/linux#5.10.217 md/arch#x86_64 lang/python#3.11.9 cfg/retry-mode#legacy',
  'aws-sdk-java/2.25.60 Linux/5.10.216 OpenJDK_64-Bit_Server_VM/17.0.11+9-LTS Java/17.0.11 vendor/Amazon.com_Inc.',
  'aws-cli/2.17.3 md/awscrt#0.20.11 ua/2.0 os/linux#6.1.0 md/arch#x86_64 lang/python#3.11.8 md/prompt#off',
  'AWS Internal',
  'autoscaling.amazonaws.com',
  'APN/1.0 HashiCorp/1.0 Terraform/1.8.5 (+https://www.terraform.io) terraform-provider-aws/5.52.0 aws-sdk-go-v2/1.27.0',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36',
  '[S3Console/0.4, aws-internal/3 aws-sdk-java/1.12.710 Linux/5.10.216 OpenJDK_64-Bit_Server_VM/25.412-b09]',
  'kube2iam/0.10.11',
] as const;
export const BUCKETS = times(
  80,
  (index) => `${['logs', 'assets', 'backup', 'data'][index % 4]}-acme-${index}`,
);
export const ERRORS = [
  ['AccessDenied', 'is not authorized to perform the operation because no identity-based policy allows it'],
  ['Client.UnauthorizedOperation', 'You are not authorized to perform this operation.'],
  ['ThrottlingException', 'Rate exceeded'],
  ['NoSuchKey', 'The specified key does not exist.'],
  ['ResourceNotFoundException', 'The resource that was requested could not be found.'],
  ['Client.DryRunOperation', 'Request would have succeeded, but DryRun flag is set.'],
] as const;
const REGIONS = ['us-east-1', 'eu-central-1', 'eu-west-1', 'us-west-2', 'ap-southeast-2'] as const;

/** CloudTrail records as trails hold them, each with an id, time, address, account and user of its own. */
export function* records(count: number, seed = 1): Generator<JsonObject> {
  const chance = dice(seed);
  for (let index = 0; index < count; index += 1) yield record(chance, index);
}

function record(chance: Dice, index: number): JsonObject {
  const call = chance.chance(RARE) ? chance.pick(RARE_CALLS) : chance.pickSkewed(COMMON_CALLS);
  const account = chance.pickSkewed(ACCOUNTS);
  const time = sayTime(FIRST + index * STEP);
  const failed = chance.chance(0.07) ? chance.pickSkewed(ERRORS) : undefined;
  const reads = /^(?:Get|List|Describe|Head|Lookup|Filter|Query|Batch(?:Get|Check)|Assume|Decrypt)/.test(
    call.name,
  );
  const identity = who(chance, account, time);
  return {
    eventVersion: chance.chance(0.7) ? '1.11' : '1.08',
    userIdentity: identity,
    eventTime: time,
    eventSource: call.source,
    eventName: call.name,
    awsRegion: chance.pickSkewed(REGIONS),
    sourceIPAddress: identity.type === 'AWSService' ? String(identity.invokedBy) : address(chance),
    userAgent: identity.type === 'AWSService' ? String(identity.invokedBy) : chance.pickSkewed(AGENTS),
    ...(failed && { errorCode: failed[0], errorMessage: failed[1] }),
    requestParameters: request(chance, call, account),
    responseElements: failed || reads ? null : response(chance, account),
    ...(call.name === 'ConsoleLogin' && {
      additionalEventData: { MobileVersion: 'No', MFAUsed: chance.chance(0.8) ? 'Yes' : 'No' },
    }),
    requestID: chance.uuid(),
    eventID: chance.uuid(),
    readOnly: reads,
    eventType: call.name === 'ConsoleLogin' ? 'AwsConsoleSignIn' : 'AwsApiCall',
    managementEvent: true,
    ...(chance.chance(0.5) && { vpcEndpointId: `vpce-0${chance.hex(16)}`, vpcEndpointAccountId: account }),
    recipientAccountId: account,
    eventCategory: 'Management',
    ...(chance.chance(0.8) && {
      tlsDetails: {
        tlsVersion: 'TLSv1.3',
        cipherSuite: 'TLS_AES_128_GCM_SHA256',
        clientProvidedHostHeader: `${call.source.split('.')[0]}.us-east-1.amazonaws.com`,
      },
    }),
  };
}

function sayTime(at: number): string {
  return new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');
}

function address(chance: Dice): string {
  const net = chance.pickSkewed(['10.0', '198.51', '203.0', '192.0', '172.16', '100.64']);
  return `${net}.${chance.below(256)}.${1 + chance.below(254)}`;
}

function who(chance: Dice, account: string, time: string): JsonObject {
  const kind = chance.below(100);
  if (kind < 12) {
    return {
      type: 'AWSService',
      invokedBy: chance.pick(['autoscaling.amazonaws.com', 'config.amazonaws.com']),
    };
  }
  if (kind < 13) {
    const arn = `arn:aws:iam::${account}:root`;
    return { type: 'Root', principalId: account, arn, accountId: account, accessKeyId: key('ASIA', chance) };
  }
  const user = chance.pickSkewed(USERS);
  if (kind < 27) {
    return {
      type: 'IAMUser',
      principalId: `AIDA${chance.hex(17).toUpperCase()}`,
      arn: `arn:aws:iam::${account}:user/${user}`,
      accountId: account,
      accessKeyId: key('AKIA', chance),
      userName: user,
    };
  }
  const role = chance.pickSkewed(ROLES);
  const id = `AROA${chance.hex(17).toUpperCase()}`;
  const session = chance.chance(0.5) ? `i-0${chance.hex(16)}` : user;
  return {
    type: 'AssumedRole',
    principalId: `${id}:${session}`,
    arn: `arn:aws:sts::${account}:assumed-role/${role}/${session}`,
    accountId: account,
    accessKeyId: key('ASIA', chance),
    sessionContext: {
      sessionIssuer: {
        type: 'Role',
        principalId: id,
        arn: `arn:aws:iam::${account}:role/${role}`,
        accountId: account,
        userName: role,
      },
      attributes: { creationDate: time, mfaAuthenticated: chance.chance(0.1) ? 'true' : 'false' },
    },
  };
}

function key(kind: string, chance: Dice): string {
  return kind + chance.hex(16).toUpperCase();
}

function request(chance: Dice, { source, name }: Call, account: string): JsonObject | null {
  switch (source.split('.')[0]) {
    case 's3':
      return {
        bucketName: chance.pickSkewed(BUCKETS),
        Host: 's3.us-east-1.amazonaws.com',
        key: `year=2026/month=11/part-${chance.hex(8)}.parquet`,
      };
    case 'sts':
      return {
        roleArn: `arn:aws:iam::${account}:role/${chance.pickSkewed(ROLES)}`,
        roleSessionName: `i-0${chance.hex(16)}`,
        durationSeconds: 3600,
      };
    case 'kms':
      return {
        encryptionAlgorithm: 'SYMMETRIC_DEFAULT',
        encryptionContext: { 'aws:s3:arn': `arn:aws:s3:::${chance.pickSkewed(BUCKETS)}/${chance.hex(6)}` },
      };
    case 'ec2':
      return name.startsWith('Describe')
        ? {
            maxResults: 100,
            filterSet: {
              items: [{ name: 'vpc-id', valueSet: { items: [{ value: `vpc-0${chance.hex(8)}` }] } }],
            },
          }
        : { instancesSet: { items: [{ instanceId: `i-0${chance.hex(16)}` }] }, instanceType: 'm6i.large' };
    case 'iam':
      return { roleName: chance.pickSkewed(ROLES), userName: chance.pickSkewed(USERS) };
    case 'signin':
    case 'tagging':
      return null;
    default:
      return {
        resourceName: `${source.split('.')[0]}-${chance.pickSkewed(BUCKETS)}`,
        resourceArn: `arn:aws:${source.split('.')[0]}:us-east-1:${account}:item/${chance.hex(12)}`,
        limit: chance.below(1000),
      };
  }
}

function response(chance: Dice, account: string): JsonObject {
  return {
    requestId: chance.uuid(),
    _return: true,
    item: { id: chance.hex(17), ownerId: account, state: { code: 16, name: 'running' } },
  };
}
