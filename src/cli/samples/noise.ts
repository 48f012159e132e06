import type { JsonObject } from '../../kernel/json.ts';
import { MINUTE, type Millis, SECOND } from '../../kernel/time.ts';
import { ACCOUNT, type Call, HOME, session } from './scene.ts';

const TERRAFORM =
  'APN/1.0 HashiCorp/1.0 Terraform/1.9.8 (+https://www.terraform.io) terraform-provider-aws/5.76.0 (+https://registry.terraform.io/providers/hashicorp/aws) aws-sdk-go-v2/1.32.4 os/linux lang/go#1.23.3 md/GOOS#linux md/GOARCH#amd64 api/iam#1.38.1';
const BROWSER =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36';
const OFFICE = '192.0.2.44';
const KEY = `arn:aws:kms:${HOME}:${ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;

/** What goes on in any account all day, and must alert on nothing. */
export function everydayNoise(now: Millis): Call[] {
  return [...services(now), ...terraform(now), ...engineer(now)];
}

/** Lambda, EC2, autoscaling and the applications on them. */
function services(now: Millis): Call[] {
  const lambda = session('thumbnailer', 'thumbnailer', now);
  const scaling = session('AWSServiceRoleForAutoScaling', 'AutoScaling', now, 'aws-service-role/');
  return [
    assumedBy('lambda.amazonaws.com', 'thumbnailer', 'thumbnailer', 39 * MINUTE),
    assumedBy('ec2.amazonaws.com', 'web', 'i-0f1e2d3c4b5a69788', 27 * MINUTE),
    {
      ago: 38 * MINUTE,
      service: 'logs',
      name: 'CreateLogStream',
      who: lambda,
      from: '198.51.100.10',
      agent: 'awslambda-worker/1.0 rusoto/0.48.0 rust/1.80.0 linux',
      writes: true,
      request: {
        logGroupName: '/aws/lambda/thumbnailer',
        logStreamName: '[$LATEST]5d41402abc4b2a76b9719d911017c592',
      },
    },
    decrypt(lambda, 36 * MINUTE),
    decrypt(lambda, 14 * MINUTE),
    {
      ago: 22 * MINUTE,
      service: 'ec2',
      name: 'DescribeInstances',
      who: { ...scaling, invokedBy: 'autoscaling.amazonaws.com' },
      from: 'autoscaling.amazonaws.com',
      agent: 'autoscaling.amazonaws.com',
      request: { instancesSet: { items: [{ instanceId: 'i-0f1e2d3c4b5a69788' }] }, filterSet: {} },
    },
    {
      ago: 7 * MINUTE,
      service: 'elasticloadbalancing',
      name: 'DescribeTargetHealth',
      who: { ...scaling, invokedBy: 'autoscaling.amazonaws.com' },
      from: 'autoscaling.amazonaws.com',
      agent: 'autoscaling.amazonaws.com',
      request: {
        targetGroupArn: `arn:aws:elasticloadbalancing:${HOME}:${ACCOUNT}:targetgroup/web/73e2d6bc24d8a067`,
      },
    },
  ];
}

/** An AWS service takes up the role that it was given. */
function assumedBy(service: string, role: string, name: string, ago: Millis): Call {
  const arn = `arn:aws:iam::${ACCOUNT}:role/${role}`;
  return {
    ago,
    service: 'sts',
    name: 'AssumeRole',
    who: { type: 'AWSService', invokedBy: service },
    from: service,
    agent: service,
    request: { roleArn: arn, roleSessionName: name },
    response: {
      assumedRoleUser: {
        assumedRoleId: `AROACKCEVSQ6C2EXAMPLE:${name}`,
        arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${role}/${name}`,
      },
      credentials: {
        accessKeyId: 'ASIAIOSFODNN7EXAMPLE',
        sessionToken: 'EXAMPLE-session-token-that-never-worked',
        expiration: 'Jan 1, 2027, 12:00:00 AM',
      },
    },
    record: { resources: [{ accountId: ACCOUNT, type: 'AWS::IAM::Role', ARN: arn }] },
  };
}

function decrypt(who: JsonObject, ago: Millis): Call {
  return {
    ago,
    service: 'kms',
    name: 'Decrypt',
    who,
    from: '198.51.100.10',
    agent: 'aws-sdk-nodejs/3.600.0 linux/v22.9.0 exec-env/AWS_Lambda_nodejs22.x',
    request: {
      encryptionContext: {
        'aws:lambda:FunctionArn': `arn:aws:lambda:${HOME}:${ACCOUNT}:function:thumbnailer`,
      },
      encryptionAlgorithm: 'SYMMETRIC_DEFAULT',
    },
    record: { resources: [{ accountId: ACCOUNT, type: 'AWS::KMS::Key', ARN: KEY }] },
  };
}

/** A Terraform plan reads roles. */
function terraform(now: Millis): Call[] {
  const who = session('terraform-plan', 'infrastructure-plan', now);
  const read = (ago: Millis, name: string, request: JsonObject): Call => ({
    ago,
    service: 'iam',
    name,
    who,
    from: '192.0.2.80',
    agent: TERRAFORM,
    request,
  });
  return [
    read(31 * MINUTE, 'GetRole', { roleName: 'web' }),
    read(31 * MINUTE - 2 * SECOND, 'ListRolePolicies', { roleName: 'web' }),
    read(31 * MINUTE - 3 * SECOND, 'ListAttachedRolePolicies', { roleName: 'web' }),
  ];
}

/** An engineer comes in through Identity Center, with MFA there, and looks at the instances. */
function engineer(now: Millis): Call[] {
  const role = 'AWSReservedSSO_PowerUserAccess_0123456789abcdef';
  const path = `aws-reserved/sso.amazonaws.com/${HOME}/`;
  const who = session(role, 'dana@example.com', now, path);
  const user = {
    type: 'IdentityCenterUser',
    accountId: ACCOUNT,
    onBehalfOf: {
      userId: '544894e8-80c1-707f-60e3-3ba6510dfac1',
      identityStoreArn: `arn:aws:identitystore::${ACCOUNT}:identitystore/d-9067example`,
    },
    credentialId: '45f2a8c1-6b0d-4e3a-9c57-1f2e3d4c5b6a',
  };
  return [
    {
      ago: 19 * MINUTE,
      service: 'signin',
      name: 'UserAuthentication',
      who: user,
      from: OFFICE,
      agent: BROWSER,
      writes: true,
      response: { UserAuthentication: 'Success' },
      detailType: 'AWS Service Event via CloudTrail',
      record: {
        eventType: 'AwsServiceEvent',
        awsRegion: HOME,
        additionalEventData: { UserName: 'dana@example.com', CredentialType: 'WEBAUTHN' },
        serviceEventDetails: { UserAuthentication: 'Success' },
      },
    },
    {
      ago: 19 * MINUTE - 6 * SECOND,
      service: 'signin',
      name: 'ConsoleLogin',
      who,
      from: OFFICE,
      agent: BROWSER,
      writes: true,
      response: { ConsoleLogin: 'Success' },
      detailType: 'AWS Console Sign In via CloudTrail',
      record: {
        eventType: 'AwsConsoleSignIn',
        additionalEventData: {
          LoginTo: `https://${HOME}.console.aws.amazon.com/console/home?region=${HOME}`,
          MobileVersion: 'No',
          MFAUsed: 'No',
          SamlProviderArn: `arn:aws:iam::${ACCOUNT}:saml-provider/AWSSSO_0123456789abcdef_DO_NOT_DELETE`,
        },
      },
    },
    {
      ago: 18 * MINUTE,
      service: 'ec2',
      name: 'DescribeInstances',
      who,
      from: OFFICE,
      agent: BROWSER,
      request: { maxResults: 50, instancesSet: {}, filterSet: {} },
      record: { sessionCredentialFromConsole: 'true' },
    },
  ];
}
