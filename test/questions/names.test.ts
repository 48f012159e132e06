import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/kernel/json.ts';
import { namesIn, partsOf, targetOf } from '../../src/questions/names.ts';
import { readable } from '../support/records.ts';

const quiet = { requestParameters: null, responseElements: null };
const named = (overrides: JsonObject): string[] =>
  namesIn(readable({ ...quiet, ...overrides })).map(({ name }) => name);

describe('the names in a record', () => {
  const CASES: readonly [string, JsonObject, readonly string[]][] = [
    [
      'a bucket and an object in it',
      {
        requestParameters: {
          bucketName: 'acme-backups',
          Host: 'acme-backups.s3.amazonaws.com',
          key: 'db/1.dump',
        },
        resources: [{ type: 'AWS::S3::Object', ARN: 'arn:aws:s3:::acme-backups/db/1.dump' }],
      },
      ['acme-backups', 'db/1.dump', 'arn:aws:s3:::acme-backups/db/1.dump'],
    ],
    [
      'instances, however deep',
      {
        requestParameters: {
          instancesSet: { items: [{ instanceId: 'i-0f1e2d3c4b5a69788' }, { instanceId: 'i-1a2b3c4d' }] },
        },
      },
      ['i-0f1e2d3c4b5a69788', 'i-1a2b3c4d'],
    ],
    [
      'the key that a user was given',
      {
        requestParameters: { userName: 'bob' },
        responseElements: {
          accessKey: { userName: 'bob', accessKeyId: 'AKIAI44QH8DHBEXAMPLE', status: 'Active' },
        },
      },
      ['bob', 'AKIAI44QH8DHBEXAMPLE'],
    ],
    [
      'a role, its session by every name, and the key of the session',
      {
        requestParameters: {
          roleArn: 'arn:aws:iam::111122223333:role/path/Admin',
          roleSessionName: 'alice',
          durationSeconds: 3600,
        },
        responseElements: {
          credentials: {
            accessKeyId: 'ASIAI44QH8DHBEXAMPLE',
            sessionToken: 'secret',
            expiration: 'Nov 20, 2026, 9:15:02 AM',
          },
          assumedRoleUser: {
            assumedRoleId: 'AROACKCEVSQ6C2EXAMPLE:alice',
            arn: 'arn:aws:sts::111122223333:assumed-role/Admin/alice',
          },
        },
      },
      [
        'ASIAI44QH8DHBEXAMPLE',
        'arn:aws:iam::111122223333:role/path/Admin',
        'Admin',
        'alice',
        'AROACKCEVSQ6C2EXAMPLE:alice',
        'arn:aws:sts::111122223333:assumed-role/Admin/alice',
      ],
    ],
    [
      'a security group, not the addresses that it lets in',
      {
        requestParameters: {
          groupId: 'sg-0a1b2c3d4e5f60718',
          ipPermissions: {
            items: [{ ipProtocol: 'tcp', fromPort: 22, ipRanges: { items: [{ cidrIp: '0.0.0.0/0' }] } }],
          },
        },
      },
      ['sg-0a1b2c3d4e5f60718'],
    ],
    [
      'a secret by its ARN and by its name',
      {
        requestParameters: {
          secretId: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/db-AbC1d2',
        },
      },
      ['arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/db-AbC1d2', 'prod/db', 'prod/db-AbC1d2'],
    ],
    [
      'a function',
      {
        requestParameters: {
          functionName: 'arn:aws:lambda:eu-west-1:111122223333:function:thumbnailer:live',
        },
      },
      ['arn:aws:lambda:eu-west-1:111122223333:function:thumbnailer:live', 'thumbnailer'],
    ],
    [
      'who a role was switched from',
      {
        additionalEventData: {
          SwitchFrom: 'arn:aws:iam::111122223333:user/alice',
          RedirectTo: 'https://console.aws.amazon.com',
        },
      },
      ['arn:aws:iam::111122223333:user/alice', 'alice'],
    ],
    [
      'an id that tells what it is in a member that does not',
      { requestParameters: { target: 'vol-0abc123def4567890' } },
      ['vol-0abc123def4567890'],
    ],
  ];
  it.each(CASES)('are %s', (_, overrides, expected) => {
    expect(named(overrides)).toEqual(expected);
  });

  it.each<[string, JsonObject]>([
    [
      'accounts',
      { accountId: '111122223333', ownerId: '111122223333', recipientAccountIds: ['444455556666'] },
    ],
    ['regions', { regionName: 'eu-central-1', name: 'us-gov-west-1' }],
    [
      'tokens and ids of requests',
      { clientRequestToken: 'a1b2', nextToken: 'x', requestId: 'c3d2a0b4', clientToken: 'z', tokenId: 'q' },
    ],
    ['services', { principalId: 'lambda.amazonaws.com', serviceName: 'ec2.amazonaws.com' }],
    ['what was masked', { userName: 'HIDDEN_DUE_TO_SECURITY_REASONS', secretId: '***', name: '' }],
    [
      'tags and filters',
      { tagSet: { items: [{ key: 'Name', value: 'web' }] }, filterSet: { items: [{ name: 'vpc-id' }] } },
    ],
    [
      'policies and prose',
      { role: '{"Version":"2012-10-17"}', groupName: 'two words', userIds: '2026-11-20T09:15:02Z' },
    ],
  ])('are not %s', (_, requestParameters) => {
    expect(named({ requestParameters })).toEqual([]);
  });

  it('say what the request was about in its shortest form', () => {
    const about = (requestParameters: JsonObject) =>
      targetOf(namesIn(readable({ requestParameters, responseElements: { instanceId: 'i-1a2b3c4d' } })));
    expect(about({ roleArn: 'arn:aws:iam::111122223333:role/path/Admin' })).toBe('Admin');
    expect(about({ bucketName: 'acme-backups', key: 'x' })).toBe('acme-backups');
    expect(about({})).toBe('i-1a2b3c4d');
    expect(targetOf([])).toBeUndefined();
  });

  it('are bounded and come from any JSON', () => {
    const many = Array.from({ length: 5000 }, (_, index) => ({ userName: `user-${index}` }));
    expect(named({ requestParameters: { items: many } })).toHaveLength(64);
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (request, response) => {
        const overrides = { requestParameters: request, responseElements: response } as JsonObject;
        for (const name of named(overrides)) expect(name).toMatch(/^\S{1,512}$/);
      }),
    );
  });
});

describe('the parts of a long name', () => {
  it.each([
    ['arn:aws:iam::111122223333:user/path/alice', ['alice']],
    ['arn:aws:sts::111122223333:assumed-role/Admin/a@b/c', ['Admin', 'a@b/c']],
    ['arn:aws:s3:::acme', ['acme']],
    ['arn:aws:s3:::acme/a/b', ['acme']],
    ['arn:aws:s3:eu-west-1:111122223333:accesspoint/mine', ['mine']],
    ['arn:aws:logs:eu-west-1:111122223333:log-group:/aws/lambda/x:*', ['/aws/lambda/x']],
    ['arn:aws:sns:eu-west-1:111122223333:alarms:5f0e7c1a-0000-4000-8000-000000000000', ['alarms']],
    ['arn:aws:dynamodb:eu-west-1:111122223333:table/Orders/index/by-day', ['Orders']],
    ['arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/web/50dc6c495c0c9188', ['web']],
    ['arn:aws:ecr:eu-west-1:111122223333:repository/team/app', ['team/app']],
    ['arn:aws:ssm:eu-west-1:111122223333:parameter/prod/db', ['/prod/db']],
    ['arn:aws:ssm:eu-west-1:111122223333:parameter/single', ['single']],
    [
      'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab',
      ['1234abcd-12ab-34cd-56ef-1234567890ab'],
    ],
    ['https://sqs.eu-west-1.amazonaws.com/111122223333/jobs', ['jobs']],
    ['/hostedzone/Z0123456789', ['Z0123456789']],
    ['alias/backup', ['backup']],
    ['alice', []],
  ])('%s', (name, parts) => {
    expect(partsOf(name)).toEqual(parts);
  });
});
