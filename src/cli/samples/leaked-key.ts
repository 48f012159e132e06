import type { JsonObject } from '../../kernel/json.ts';
import type { Random } from '../../kernel/random.ts';
import { MINUTE, type Millis, SECOND } from '../../kernel/time.ts';
import { everydayNoise } from './noise.ts';
import { ACCOUNT, type Call, HOME, iamUser, notAuthorized, responseTime, tell } from './scene.ts';

const CI_KEY = 'AKIAIOSFODNN7EXAMPLE';
const NEW_KEY = 'AKIAI44QH8DHBEXAMPLE';
const NEW_USER = 'backup-operator';
const TRAIL = `arn:aws:cloudtrail:${HOME}:${ACCOUNT}:trail/management-events`;
const BUCKET = 'example-corp-customer-exports';
const PYTHON = 'python-requests/2.32.3';
const CLI =
  'aws-cli/2.17.3 md/awscrt#0.20.11 ua/2.0 os/linux#6.8.0-kali md/arch#x86_64 lang/python#3.11.8 md/pyimpl#CPython md/prompt#off';
/** Anyone may send any user agent: this one must neither ping nor link anywhere. */
const HOSTILE_AGENT = '<!channel> <https://evil.example|AWS console>';

const CI = { who: iamUser('ci-deploy', CI_KEY, 'AIDACKCEVSQ6C2EXAMPLE'), from: '203.0.113.66', agent: CLI };
const INTRUDER = {
  who: iamUser(NEW_USER, NEW_KEY, 'AIDAJQABLZS4A3EXAMPLE'),
  from: '198.51.100.23',
  agent: CLI,
};

/**
 * The access key of a CI user leaks. Whoever found it tries it out, is denied here and there, makes a new
 * user with a key and full rights, and with that key stops the trail and opens a bucket to the world.
 */
export function leakedKey(now: Millis, random: Random): JsonObject[] {
  const story = [...tryOut(), ...discover(), ...persist(now), ...hide(), ...expose()];
  return tell([...everydayNoise(now), ...story], now, random);
}

function tryOut(): Call[] {
  const scan = { ...CI, agent: PYTHON };
  return [
    { ...scan, ago: 35 * MINUTE, service: 'sts', name: 'GetCallerIdentity' },
    { ...scan, ago: 34 * MINUTE + 48 * SECOND, ...deniedTo('organizations', 'DescribeOrganization') },
    { ...scan, ago: 34 * MINUTE + 41 * SECOND, ...deniedTo('secretsmanager', 'ListSecrets') },
    { ...scan, ago: 34 * MINUTE + 33 * SECOND, ...deniedTo('iam', 'GetAccountAuthorizationDetails') },
    {
      ...scan,
      ago: 34 * MINUTE + 20 * SECOND,
      service: 'ec2',
      name: 'DescribeInstances',
      request: { instancesSet: {}, filterSet: {} },
      denied: {
        code: 'Client.UnauthorizedOperation',
        message: `You are not authorized to perform this operation. ${notAuthorized(`arn:aws:iam::${ACCOUNT}:user/ci-deploy`, 'ec2:DescribeInstances')}`,
      },
    },
  ];
}

function deniedTo(service: string, action: string): Pick<Call, 'service' | 'name' | 'denied'> {
  return {
    service,
    name: action,
    denied: {
      code: service === 'secretsmanager' ? 'AccessDeniedException' : 'AccessDenied',
      message: notAuthorized(`arn:aws:iam::${ACCOUNT}:user/ci-deploy`, `${service}:${action}`),
    },
  };
}

function discover(): Call[] {
  return [
    {
      ...CI,
      ago: 30 * MINUTE,
      service: 's3',
      name: 'ListBuckets',
      agent: `[${CLI}]`,
      request: { Host: `s3.${HOME}.amazonaws.com` },
      record: { additionalEventData: S3_DATA },
    },
    { ...CI, ago: 29 * MINUTE, service: 'iam', name: 'ListUsers' },
    {
      ...CI,
      ago: 28 * MINUTE,
      service: 'iam',
      name: 'ListAttachedUserPolicies',
      request: { userName: 'ci-deploy' },
    },
    { ...CI, ago: 26 * MINUTE, service: 'iam', name: 'ListAccessKeys', request: { userName: 'ci-deploy' } },
  ];
}

function persist(now: Millis): Call[] {
  const iam = { ...CI, service: 'iam', writes: true } as const;
  return [
    {
      ...iam,
      ago: 21 * MINUTE,
      name: 'CreateUser',
      agent: HOSTILE_AGENT,
      request: { userName: NEW_USER },
      response: {
        user: {
          path: '/',
          userName: NEW_USER,
          userId: 'AIDAJQABLZS4A3EXAMPLE',
          arn: `arn:aws:iam::${ACCOUNT}:user/${NEW_USER}`,
          createDate: responseTime(now - 21 * MINUTE),
        },
      },
    },
    {
      ...iam,
      ago: 20 * MINUTE + 24 * SECOND,
      name: 'CreateAccessKey',
      request: { userName: NEW_USER },
      response: {
        accessKey: {
          userName: NEW_USER,
          accessKeyId: NEW_KEY,
          status: 'Active',
          createDate: responseTime(now - 20 * MINUTE - 24 * SECOND),
        },
      },
    },
    {
      ...iam,
      ago: 19 * MINUTE + 50 * SECOND,
      name: 'AttachUserPolicy',
      request: { userName: NEW_USER, policyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' },
    },
  ];
}

/** From here on it is the new user, from another address. */
function hide(): Call[] {
  return [
    { ...INTRUDER, ago: 12 * MINUTE, service: 'sts', name: 'GetCallerIdentity' },
    {
      ...INTRUDER,
      ago: 11 * MINUTE,
      service: 'cloudtrail',
      name: 'DescribeTrails',
      request: { includeShadowTrails: true, trailNameList: [] },
    },
    {
      ...INTRUDER,
      ago: 10 * MINUTE,
      service: 'cloudtrail',
      name: 'StopLogging',
      writes: true,
      request: { name: TRAIL },
    },
    {
      ...INTRUDER,
      ago: 9 * MINUTE,
      service: 'cloudtrail',
      name: 'DeleteTrail',
      writes: true,
      request: { name: TRAIL },
    },
  ];
}

const S3_DATA = {
  SignatureVersion: 'SigV4',
  CipherSuite: 'TLS_AES_128_GCM_SHA256',
  bytesTransferredIn: 0,
  AuthenticationMethod: 'AuthHeader',
  'x-amz-id-2': 'EXAMPLEid2Ab+cDeFgHiJkLmNoPqRsTuVwXyZ0123456789=',
  bytesTransferredOut: 0,
};

function expose(): Call[] {
  const bucket = {
    ...INTRUDER,
    service: 's3',
    agent: `[${CLI}]`,
    record: {
      additionalEventData: S3_DATA,
      resources: [{ accountId: ACCOUNT, type: 'AWS::S3::Bucket', ARN: `arn:aws:s3:::${BUCKET}` }],
    },
  };
  const request = { bucketName: BUCKET, Host: `${BUCKET}.s3.${HOME}.amazonaws.com` };
  return [
    { ...bucket, ago: 6 * MINUTE, name: 'GetBucketAcl', request: { ...request, acl: '' } },
    {
      ...bucket,
      ago: 3 * MINUTE,
      name: 'DeleteBucketPublicAccessBlock',
      writes: true,
      request: { ...request, publicAccessBlock: '' },
    },
    {
      ...bucket,
      ago: 90 * SECOND,
      name: 'PutBucketPolicy',
      writes: true,
      request: { ...request, policy: '', bucketPolicy: PUBLIC_POLICY },
    },
    {
      ...bucket,
      ago: 8 * SECOND,
      name: 'PutBucketAcl',
      writes: true,
      request: { ...request, acl: '', 'x-amz-acl': 'public-read' },
    },
  ];
}

const PUBLIC_POLICY = {
  Version: '2012-10-17',
  Statement: [
    {
      Sid: 'Share',
      Effect: 'Allow',
      Principal: '*',
      Action: ['s3:GetObject', 's3:ListBucket'],
      Resource: [`arn:aws:s3:::${BUCKET}`, `arn:aws:s3:::${BUCKET}/*`],
    },
  ],
};
