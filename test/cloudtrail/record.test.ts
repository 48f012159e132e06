import { describe, expect, it } from 'vitest';
import { type CloudTrailRecord, readRecord } from '../../src/cloudtrail/record.ts';
import type { Json, JsonObject } from '../../src/kernel/json.ts';
import { EVENT_TIME, readable, record, roleSession } from '../support/records.ts';

function reasonOf(value: unknown): string {
  const read = readRecord(value);
  return 'unreadable' in read ? read.unreadable : 'readable';
}

function read(value: JsonObject, hints = {}): CloudTrailRecord {
  const result = readRecord(value, hints);
  if ('unreadable' in result) throw new Error(result.unreadable);
  return result;
}

it('reads a record of today', () => {
  const body = record({ eventID: 'e-1' });
  expect(readRecord(body)).toMatchObject({
    key: '111122223333|us-east-1|e-1',
    eventId: 'e-1',
    eventTime: EVENT_TIME,
    eventName: 'CreateAccessKey',
    eventSource: 'iam.amazonaws.com',
    account: '111122223333',
    region: 'us-east-1',
    eventType: 'AwsApiCall',
    sourceAddress: '203.0.113.5',
    errorCode: undefined,
    readOnly: false,
    accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
    actor: { label: 'user alice' },
    body,
  });
});

describe('every version of CloudTrail is read', () => {
  const versions = [
    '1.0',
    ...Array.from({ length: 12 }, (_, minor) => `1.${String(minor).padStart(2, '0')}`),
    '1.42',
  ];
  it.each(versions)('%s', (eventVersion) => {
    expect(readable({ eventVersion }).eventName).toBe('CreateAccessKey');
  });

  it('but not another major version', () => {
    expect(reasonOf(record({ eventVersion: '2.0' }))).toMatch(/eventVersion is "2\.0": only .* version 1/);
    expect(reasonOf(record({ eventVersion: '11.0' }))).toMatch(/version 1/);
  });

  it('a record of 2013, with no more than it had then', () => {
    const old = read({
      eventVersion: '1.0',
      userIdentity: { type: 'IAMUser', userName: 'Alice', accountId: '111122223333' },
      eventTime: '2013-11-06T21:22:54Z',
      eventSource: 'ec2.amazonaws.com',
      eventName: 'StartInstances',
      awsRegion: 'us-east-2',
      sourceIPAddress: '198.51.100.2',
      requestParameters: { instancesSet: { items: [{ instanceId: 'i-0abc' }] } },
      responseElements: null,
    });
    expect(old.key).toMatch(/^111122223333\|us-east-2\|sha256:[0-9a-f]{64}$/);
    expect(old.readOnly).toBeUndefined();
  });
});

describe('missing and odd fields', () => {
  it('null everywhere but in what makes an event is fine', () => {
    const { eventTime, eventName, eventSource, ...rest } = record();
    const nulls = Object.fromEntries(Object.keys(rest).map((key) => [key, null]));
    const bare = read({
      ...nulls,
      eventTime: eventTime ?? null,
      eventName: eventName ?? null,
      eventSource: eventSource ?? null,
    });
    expect(bare).toMatchObject({ account: 'unknown', region: 'unknown', actor: { kind: 'unknown' } });
  });

  it('account and region come from the wrapper where the record has none', () => {
    const eventSource = 'ec2.amazonaws.com';
    const body = record({ eventSource, recipientAccountId: null, awsRegion: null, eventID: 'e-2' });
    expect(read(body, { account: '444455556666', region: 'eu-north-1' }).key).toBe(
      '444455556666|eu-north-1|e-2',
    );
    expect(read(body).key).toBe('111122223333|unknown|e-2');
  });

  it('the record outranks the wrapper', () => {
    expect(read(record({ eventID: 'e-3' }), { account: '4', region: 'x' }).key).toBe(
      '111122223333|us-east-1|e-3',
    );
  });

  it('a sign-in may be in the region "global", and is the same as its copy that names the region', () => {
    expect(readable({ awsRegion: 'global', eventID: 'e-4' }).key).toBe('111122223333|us-east-1|e-4');
  });

  it.each<[Json]>([['text'], [['a', 1]], [7], [null]])('requestParameters %j', (requestParameters) => {
    expect(readable({ requestParameters }).body.requestParameters).toEqual(requestParameters);
  });

  it('empty texts count as absent, "true" as true', () => {
    const odd = readable({ errorCode: '', userAgent: '', readOnly: 'true' });
    expect(odd).toMatchObject({ errorCode: undefined, userAgent: undefined, readOnly: true });
  });

  it('without an eventID, equal records have one key, whatever the order of their members', () => {
    const { eventID: _, ...body } = record();
    const turned = Object.fromEntries(Object.entries(body).reverse());
    expect(read(turned).key).toBe(read(body).key);
    expect(read({ ...body, eventName: 'DeleteAccessKey' }).key).not.toBe(read(body).key);
  });
});

describe('categories', () => {
  it('a service event has no type of identity and may capitalise its parameters', () => {
    const event = readable({
      userIdentity: { accountId: '111122223333', invokedBy: 'AWS Internal' },
      eventSource: 'ec2.amazonaws.com',
      eventName: 'BidEvictedEvent',
      eventType: 'AwsServiceEvent',
      RequestParameters: null,
      serviceEventDetails: { instanceIdSet: ['i-0abc'] },
    });
    expect(event).toMatchObject({
      actor: { kind: 'service', name: 'AWS Internal' },
      eventType: 'AwsServiceEvent',
    });
  });

  it('an Insight takes its call and its actor from its details', () => {
    const arn = 'arn:aws:sts::111122223333:assumed-role/web/i-0abc';
    const insight = read({
      eventVersion: '1.07',
      eventTime: '2026-11-20T09:15:00Z',
      awsRegion: 'us-east-1',
      eventID: 'e-5',
      eventType: 'AwsCloudTrailInsight',
      recipientAccountId: '111122223333',
      eventCategory: 'Insight',
      insightDetails: {
        state: 'Start',
        eventSource: 'ssm.amazonaws.com',
        eventName: 'UpdateInstanceInformation',
        insightType: 'ApiCallRateInsight',
        insightContext: {
          attributions: [
            { attribute: 'userAgent', insight: [{ value: 'x', average: 1 }] },
            { attribute: 'userIdentityArn', insight: [{ value: arn, average: 9 }] },
          ],
        },
      },
    });
    expect(insight).toMatchObject({
      eventName: 'UpdateInstanceInformation',
      eventSource: 'ssm.amazonaws.com',
      actor: { label: 'i-0abc (role web)' },
      sourceAddress: undefined,
    });
  });

  it('a network activity event', () => {
    const event = readable({
      userIdentity: { type: 'AWSAccount', principalId: 'AROAX:s', accountId: '444455556666' },
      eventType: 'AwsVpceEvent',
      eventCategory: 'NetworkActivity',
      errorCode: 'VpceAccessDenied',
      vpcEndpointId: 'vpce-0abc',
    });
    expect(event).toMatchObject({ errorCode: 'VpceAccessDenied', actor: { kind: 'account' } });
  });

  it('an aggregated event is refused, with what to do', () => {
    const aggregated = { eventCategory: 'Aggregated', eventType: 'AwsAggregatedEvent', summary: {} };
    expect(reasonOf(aggregated)).toMatch(/aggregated .* leave the CloudTrail-Aggregated folder out/);
  });
});

describe('what is no record says what is missing and what it probably is', () => {
  it.each([
    [null, 'Not a CloudTrail record: null where an object should be.'],
    [[1], 'Not a CloudTrail record: a list where an object should be.'],
    [{}, 'An empty object, not a CloudTrail record.'],
    [{ hello: 1 }, 'Not a CloudTrail record: it has no eventTime, eventSource, and eventName.'],
    [
      { digestStartTime: 'x', logFiles: [] },
      'Not a CloudTrail record (no eventTime, eventSource, and eventName): this is probably a CloudTrail digest file, which lists log files and holds no events.',
    ],
    [
      { eventVersion: '1.08', eventTime: '2026-11-20T09:15:02Z', eventSource: 'iam.amazonaws.com' },
      'Not a CloudTrail record: it has no eventName; probably a CloudTrail record that was cut or changed on its way.',
    ],
    [
      { eventTime: 'yesterday', eventSource: 'a', eventName: 'b' },
      'eventTime is "yesterday", not a time as CloudTrail writes it (2026-11-20T09:15:02Z).',
    ],
    [
      { eventTime: {}, eventSource: 'a', eventName: 'b' },
      'eventTime is an object, not a time as CloudTrail writes it (2026-11-20T09:15:02Z).',
    ],
  ])('%j', (value, reason) => {
    expect(reasonOf(value)).toBe(reason);
  });
});

it('holds no session token, in its body or anywhere else', () => {
  const token = `IQoJb3JpZ2luX2Vj${'A'.repeat(300)}`;
  const event = readable({
    eventSource: 'sts.amazonaws.com',
    eventName: 'AssumeRole',
    userAgent: `curl ${token}`,
    userIdentity: roleSession('web', token.slice(0, 64)),
    responseElements: { credentials: { accessKeyId: 'ASIAIOSFODNN7EXAMPLE', sessionToken: token } },
  });
  expect(JSON.stringify(event)).not.toContain(token.slice(0, 40));
  expect(event.body.responseElements).toEqual({
    credentials: { accessKeyId: 'ASIAIOSFODNN7EXAMPLE', sessionToken: '[redacted]' },
  });
});

it('reading what was stored gives the same record again', () => {
  const { eventID: _, ...body } = record({ responseElements: { password: 'hunter2' } });
  const first = read(body, { region: 'us-east-1' });
  expect(read(first.body, { account: first.account, region: first.region })).toEqual(first);
});

it('reads a record of a megabyte', () => {
  const big = readable({
    requestParameters: {
      items: Array.from({ length: 20_000 }, (_, i) => `arn:aws:s3:::bucket/${'k'.repeat(30)}${i}`),
    },
  });
  expect(JSON.stringify(big.body).length).toBeGreaterThan(1_000_000);
});
