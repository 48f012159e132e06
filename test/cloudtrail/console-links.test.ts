import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { globalRegionOf } from '../../src/cloudtrail/arn.ts';
import { consoleLinks } from '../../src/cloudtrail/console-links.ts';
import type { JsonObject } from '../../src/kernel/json.ts';
import { readable } from '../support/records.ts';

const PORTAL = { startUrl: 'https://acme.awsapps.com/start', role: 'ReadOnlyAccess' };

function thing(service: string, eventName: string, requestParameters: JsonObject, more: JsonObject = {}) {
  const eventSource = `${service}.amazonaws.com`;
  const record = {
    eventSource,
    eventName,
    awsRegion: 'eu-west-1',
    responseElements: null,
    requestParameters,
  };
  return consoleLinks(readable({ ...record, ...more }), undefined).thing;
}

const HOST = 'https://eu-west-1.console.aws.amazon.com';
const IAM = 'https://us-east-1.console.aws.amazon.com/iam/home?region=us-east-1#';
const KEY = '1234abcd-12ab-34cd-56ef-1234567890ab';
const STACK = 'arn:aws:cloudformation:eu-west-1:111122223333:stack/web/5f0e7c1a-0000-4000-8000-000000000001';

describe('the thing that an event is about has its own page', () => {
  it.each<[string, string, JsonObject, string, string]>([
    ['iam', 'CreateAccessKey', { userName: 'bob' }, 'user', `${IAM}/users/details/bob`],
    [
      'iam',
      'AttachRolePolicy',
      { roleName: 'web', policyArn: 'arn:aws:iam::aws:policy/X' },
      'role',
      `${IAM}/roles/details/web`,
    ],
    ['iam', 'DeleteRolePolicy', { roleName: 'a+b@c' }, 'role', `${IAM}/roles/details/a%2Bb%40c`],
    [
      'iam',
      'CreatePolicyVersion',
      { policyArn: 'arn:aws:iam::111122223333:policy/team/admin' },
      'policy',
      `${IAM}/policies/details/arn%3Aaws%3Aiam%3A%3A111122223333%3Apolicy%2Fteam%2Fadmin`,
    ],
    [
      'ec2',
      'ModifyInstanceAttribute',
      { instanceId: 'i-0abc1234def567890' },
      'instance',
      `${HOST}/ec2/home?region=eu-west-1#InstanceDetails:instanceId=i-0abc1234def567890`,
    ],
    [
      'ec2',
      'AuthorizeSecurityGroupIngress',
      { groupId: 'sg-0abc1234' },
      'security group',
      `${HOST}/ec2/home?region=eu-west-1#SecurityGroup:groupId=sg-0abc1234`,
    ],
    [
      'ec2',
      'AttachVolume',
      { instanceId: 'i-0abc1234', volumeId: 'vol-0abc1234' },
      'volume',
      `${HOST}/ec2/home?region=eu-west-1#VolumeDetails:volumeId=vol-0abc1234`,
    ],
    [
      'ec2',
      'ModifyImageAttribute',
      { imageId: 'ami-0abc1234' },
      'image',
      `${HOST}/ec2/home?region=eu-west-1#ImageDetails:imageId=ami-0abc1234`,
    ],
    [
      'ec2',
      'ModifySnapshotAttribute',
      { snapshotId: 'snap-0abc1234' },
      'snapshot',
      `${HOST}/ec2/home?region=eu-west-1#SnapshotDetails:snapshotId=snap-0abc1234`,
    ],
    [
      'ec2',
      'ModifyVpcAttribute',
      { vpcId: 'vpc-0abc1234' },
      'VPC',
      `${HOST}/vpcconsole/home?region=eu-west-1#VpcDetails:VpcId=vpc-0abc1234`,
    ],
    [
      'ec2',
      'ModifySubnetAttribute',
      { subnetId: 'subnet-0abc1234' },
      'subnet',
      `${HOST}/vpcconsole/home?region=eu-west-1#SubnetDetails:subnetId=subnet-0abc1234`,
    ],
    [
      's3',
      'PutBucketPolicy',
      { bucketName: 'acme-backups' },
      'bucket',
      'https://s3.console.aws.amazon.com/s3/buckets/acme-backups?region=eu-west-1',
    ],
    ['kms', 'DisableKey', { keyId: KEY }, 'KMS key', `${HOST}/kms/home?region=eu-west-1#/kms/keys/${KEY}`],
    [
      'lambda',
      'AddPermission20150331v2',
      { functionName: 'arn:aws:lambda:eu-west-1:111122223333:function:pay' },
      'function',
      `${HOST}/lambda/home?region=eu-west-1#/functions/pay`,
    ],
    [
      'rds',
      'ModifyDBInstance',
      { dBInstanceIdentifier: 'orders' },
      'database',
      `${HOST}/rds/home?region=eu-west-1#database:id=orders`,
    ],
    [
      'dynamodb',
      'UpdateTable',
      { tableName: 'orders' },
      'table',
      `${HOST}/dynamodbv2/home?region=eu-west-1#table?name=orders`,
    ],
    [
      'secretsmanager',
      'GetSecretValue',
      { secretId: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/db-AbCdEf' },
      'secret',
      `${HOST}/secretsmanager/home?region=eu-west-1#/secret?name=prod%2Fdb`,
    ],
    [
      'cloudformation',
      'UpdateStack',
      { stackName: STACK },
      'stack',
      `${HOST}/cloudformation/home?region=eu-west-1#/stacks/stackinfo?stackId=${encodeURIComponent(STACK)}`,
    ],
    [
      'cloudtrail',
      'StopLogging',
      { name: 'main' },
      'trail',
      `${HOST}/cloudtrailv2/home?region=eu-west-1#/trails/${encodeURIComponent('arn:aws:cloudtrail:eu-west-1:111122223333:trail/main')}`,
    ],
  ])('%s %s %j', (service, name, request, kind, url) => {
    expect(thing(service, name, request)).toEqual({ kind, url });
  });

  it('is found in the answer, too', () => {
    const responseElements = { instancesSet: { items: [{ instanceId: 'i-0abc1234' }] } };
    const request = { instancesSet: { items: [{ imageId: 'ami-0abc1234' }] } };
    expect(thing('ec2', 'RunInstances', request, { responseElements })?.kind).toBe('instance');
    const made = { responseElements: { imageId: 'ami-0abc1234' } };
    expect(thing('ec2', 'CreateImage', { instanceId: 'i-0abc1234' }, made)?.kind).toBe('image');
  });

  it.each<[string, string, JsonObject, JsonObject]>([
    ['ec2', 'TerminateInstances', { instancesSet: { items: [{ instanceId: 'i-0abc1234' }] } }, {}],
    ['s3', 'DeleteBucket', { bucketName: 'acme-backups' }, {}],
    ['iam', 'DeleteUser', { userName: 'bob' }, {}],
    ['glue', 'CreateJob', { name: 'x' }, {}],
    ['cloudformation', 'UpdateStack', { stackName: 'web' }, {}],
    ['kms', 'DisableKey', { keyId: 'alias/main' }, {}],
    ['iam', 'CreateAccessKey', { userName: 'bob' }, { awsRegion: 'us-iso-east-1' }],
    ['iam', 'CreateAccessKey', { userName: 'bob' }, { awsRegion: 'global' }],
    ['s3', 'PutBucketPolicy', { bucketName: '../../evil?x=' }, {}],
    ['ec2', 'RunInstances', { instanceId: 'i-0abc1234#/evil' }, {}],
  ])('not where it is gone, or where no page is known: %s %s %j %j', (service, name, request, more) => {
    expect(thing(service, name, request, more)).toBeUndefined();
  });

  it('that could not be taken away is still there', () => {
    expect(
      thing('s3', 'DeleteBucket', { bucketName: 'acme-backups' }, { errorCode: 'AccessDenied' })?.kind,
    ).toBe('bucket');
  });

  it.each([
    [
      'cn-northwest-1',
      'https://cn-north-1.console.amazonaws.cn/iam/home?region=cn-north-1#/users/details/bob',
      'https://cn-northwest-1.console.amazonaws.cn/s3/buckets/b-1?region=cn-northwest-1',
    ],
    [
      'us-gov-east-1',
      'https://us-gov-west-1.console.amazonaws-us-gov.com/iam/home?region=us-gov-west-1#/users/details/bob',
      'https://us-gov-east-1.console.amazonaws-us-gov.com/s3/buckets/b-1?region=us-gov-east-1',
    ],
  ])('in %s on that partition’s console', (awsRegion, user, bucket) => {
    expect(thing('iam', 'CreateAccessKey', { userName: 'bob' }, { awsRegion })?.url).toBe(user);
    expect(thing('s3', 'PutBucketPolicy', { bucketName: 'b-1' }, { awsRegion })?.url).toBe(bucket);
  });
});

describe('with IAM Identity Center every link goes through the access portal', () => {
  const direct = 'https://us-east-1.console.aws.amazon.com/cloudtrailv2/home?region=us-east-1#/events/e-1';
  const record = readable({ eventID: 'e-1' });

  it('into the account of the event, with the permission set', () => {
    const { event, thing: user } = consoleLinks(record, PORTAL);
    const start = 'https://acme.awsapps.com/start/#/console?account_id=111122223333&role_name=ReadOnlyAccess';
    expect(event).toBe(`${start}&destination=${encodeURIComponent(direct)}`);
    expect(user?.url).toBe(`${start}&destination=${encodeURIComponent(`${IAM}/users/details/bob`)}`);
  });

  it('without a role the portal asks', () => {
    expect(consoleLinks(record, { startUrl: PORTAL.startUrl }).event).toBe(
      `https://acme.awsapps.com/start/#/console?account_id=111122223333&destination=${encodeURIComponent(direct)}`,
    );
  });

  it.each([
    ['us-gov-west-1', 'https://start.us-gov-west-1.us-gov-home.awsapps.com/directory/acme'],
    ['us-gov-west-1', 'https://start.us-gov-home.awsapps.com/directory/acme'],
    ['cn-north-1', 'https://start.cn-north-1.home.awsapps.cn/directory/acme'],
    ['eu-west-1', 'https://ssoins-0123456789abcdef.portal.eu-west-1.app.aws'],
  ])('in %s through a portal of that partition: %s', (awsRegion, startUrl) => {
    const { event } = consoleLinks(readable({ awsRegion }), { startUrl });
    expect(event).toMatch(
      `${startUrl}/#/console?account_id=111122223333&destination=https%3A%2F%2F${awsRegion}.`,
    );
  });

  it('directly where the portal is of another partition, or the account is not known', () => {
    const china = consoleLinks(readable({ awsRegion: 'cn-north-1' }), PORTAL).event;
    expect(china).toMatch(/^https:\/\/cn-north-1\.console\.amazonaws\.cn\//);
    const nowhere = readable({ recipientAccountId: 'x&y', eventID: 'e-1' });
    expect(consoleLinks(nowhere, PORTAL).event).toBe(direct);
  });
});

it('no name in an event ends a link, adds to it or leads elsewhere', () => {
  const hostile = fc
    .array(fc.constantFrom(...'<>|`"\'&#?%/\\ \r\n\t:@*~_()!;=+$é', '\ud800', '\u202e', 'i-0abc1234', 'a'), {
      maxLength: 30,
    })
    .map((pieces) => pieces.join(''));
  const services = [
    'iam',
    'ec2',
    's3',
    'kms',
    'lambda',
    'rds',
    'dynamodb',
    'secretsmanager',
    'cloudformation',
    'cloudtrail',
  ];
  fc.assert(
    fc.property(fc.constantFrom(...services), hostile, hostile, fc.boolean(), (service, name, id, arn) => {
      const value = arn ? `arn:aws:${service}:eu-west-1:111122223333:${name}` : name;
      const names = [
        'userName',
        'policyArn',
        'instanceId',
        'bucketName',
        'keyId',
        'functionName',
        'tableName',
      ];
      const more = ['dBInstanceIdentifier', 'secretId', 'stackName', 'name'];
      const requestParameters = Object.fromEntries([...names, ...more].map((one) => [one, value]));
      const eventSource = `${service}.amazonaws.com`;
      const record = readable({ eventSource, requestParameters, responseElements: null, eventID: id || 'e' });
      for (const portal of [undefined, PORTAL]) {
        const { event, thing: found } = consoleLinks(record, portal);
        for (const url of [event, found?.url]) {
          if (url === undefined) continue;
          expect(url).toMatch(/^https:\/\/[\w.-]+\.(console\.aws\.amazon|awsapps)\.com\/[\w/?=&#:%.~-]+$/);
          expect(new URL(url).hostname).toMatch(
            portal ? /^acme\.awsapps\.com$/ : /^(us-east-1|eu-west-1|s3)\.console\.aws\.amazon\.com$/,
          );
        }
      }
    }),
  );
});

it.each([
  ['eu-west-1', 'us-east-1'],
  ['cn-northwest-1', 'cn-north-1'],
  ['us-gov-east-1', 'us-gov-west-1'],
  ['global', 'us-east-1'],
  [undefined, 'us-east-1'],
])('the global services of the partition of %s are in %s', (region, home) => {
  expect(globalRegionOf(region)).toBe(home);
});
