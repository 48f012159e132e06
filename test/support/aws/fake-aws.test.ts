import { AccountClient, ListRegionsCommand } from '@aws-sdk/client-account';
import {
  CloudTrailClient,
  ListTrailsCommand,
  type LookupAttributeKey,
  LookupEventsCommand,
  type LookupEventsCommandInput,
  paginateLookupEvents,
} from '@aws-sdk/client-cloudtrail';
import { GetAccessKeyLastUsedCommand, IAMClient, ListUsersCommand } from '@aws-sdk/client-iam';
import {
  AssumeRoleCommand,
  GetAccessKeyInfoCommand,
  GetCallerIdentityCommand,
  GetSessionTokenCommand,
  STSClient,
} from '@aws-sdk/client-sts';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/kernel/json.ts';
import { DAY, HOUR, SECOND, sayInstant } from '../../../src/kernel/time.ts';
import { fakeClock } from '../clock.ts';
import { EVENT_TIME, record, roleSession, user } from '../records.ts';
import { type FakeAws, type FakeAwsOptions, startFakeAws } from './fake-aws.ts';

const HOME = '111122223333';
const OTHER = '444455556666';
const READER = `arn:aws:iam::${OTHER}:role/TrailbotReader`;
const KEY = 'AKIAIOSFODNN7EXAMPLE';

interface At {
  readonly region?: string;
  readonly credentials?: FakeAws['credentials'];
}

function settings(aws: FakeAws, { region = 'us-east-1', credentials = aws.credentials }: At) {
  return { endpoint: aws.url, region, credentials, maxAttempts: 1 };
}

/** Two accounts, time standing still, and no limit of requests unless a test asks for one. */
async function start(options: FakeAwsOptions = {}): Promise<FakeAws> {
  const accounts = { [HOME]: {}, [OTHER]: { readerRole: 'TrailbotReader' } };
  return startFakeAws({ accounts, now: fakeClock().now, rate: 'unlimited', ...options });
}

async function lookup(aws: FakeAws, input: LookupEventsCommandInput = {}, at: At = {}) {
  const client = new CloudTrailClient(settings(aws, at));
  try {
    return await client.send(new LookupEventsCommand(input));
  } finally {
    client.destroy();
  }
}

/** The ids of the events that have `value` as this attribute. */
async function found(aws: FakeAws, key: LookupAttributeKey | string, value: string): Promise<string[]> {
  const attribute = { AttributeKey: key as LookupAttributeKey, AttributeValue: value };
  const { Events: events = [] } = await lookup(aws, { LookupAttributes: [attribute] });
  return events.map((event) => event.EventId ?? '');
}

async function enter(aws: FakeAws, role = READER, seconds?: number): Promise<FakeAws['credentials']> {
  const client = new STSClient(settings(aws, {}));
  const request = { RoleArn: role, RoleSessionName: 'trailbot', DurationSeconds: seconds };
  const { Credentials: given } = await client.send(new AssumeRoleCommand(request));
  return {
    accessKeyId: given?.AccessKeyId ?? '',
    secretAccessKey: given?.SecretAccessKey ?? '',
    sessionToken: given?.SessionToken ?? '',
  };
}

/** Records one second apart, the last one newest. */
function series(count: number, overrides: JsonObject = {}): JsonObject[] {
  return Array.from({ length: count }, (_, i) =>
    record({ eventTime: sayInstant(EVENT_TIME - (count - i) * SECOND), ...overrides }),
  );
}

const idsOf = (records: readonly JsonObject[]): string[] => records.map((one) => String(one.eventID));

describe('what LookupEvents finds', () => {
  it('is newest first, each event with the record it was made from', async () => {
    const aws = await start();
    const records = series(3);
    aws.add(records.toReversed());
    aws.add(records);
    const { Events: events = [], NextToken: token } = await lookup(aws);
    expect(events.map((event) => event.EventId)).toEqual(idsOf(records).toReversed());
    expect(token).toBeUndefined();
    expect(events[0]).toMatchObject({
      EventName: 'CreateAccessKey',
      EventSource: 'iam.amazonaws.com',
      AccessKeyId: KEY,
      ReadOnly: 'false',
      Username: 'alice',
      EventTime: new Date(EVENT_TIME - SECOND),
    });
    expect(JSON.parse(events[0]?.CloudTrailEvent ?? '')).toEqual(records[2]);
  });

  it('lies in one account and one region', async () => {
    const aws = await start();
    const [here, elsewhere, theirs] = [
      record(),
      record({ awsRegion: 'eu-west-1' }),
      record({ recipientAccountId: OTHER }),
    ];
    aws.add([here, elsewhere, theirs]);
    const credentials = await enter(aws);
    const ids = async (at: At) => (await lookup(aws, {}, at)).Events?.map((event) => event.EventId);
    expect(await ids({})).toEqual([here.eventID]);
    expect(await ids({ region: 'eu-west-1' })).toEqual([elsewhere.eventID]);
    expect(await ids({ credentials })).toEqual([theirs.eventID]);
    expect(await ids({ credentials, region: 'eu-west-1' })).toEqual([]);
  });

  it.each([
    ['AccessKeyId', KEY],
    ['EventName', 'CreateAccessKey'],
    ['EventSource', 'iam.amazonaws.com'],
    ['ReadOnly', 'false'],
    ['ResourceName', 'AKIAI44QH8DHBEXAMPLE'],
    ['ResourceType', 'AWS::IAM::AccessKey'],
    ['Username', 'alice'],
  ])('has exactly this %s: %s', async (key, value) => {
    const aws = await start();
    const hit = record();
    const miss = record({
      userIdentity: { ...user('bob'), accessKeyId: 'AKIAI44QH8DHBEXAMPLE' },
      eventName: 'ListBuckets',
      eventSource: 's3.amazonaws.com',
      readOnly: true,
      requestParameters: null,
      responseElements: null,
    });
    aws.add([hit, miss]);
    expect(await found(aws, key, value)).toEqual([hit.eventID]);
    expect(await found(aws, key, value.slice(0, -1))).toEqual([]);
    expect(
      await found(aws, key, value.toUpperCase() === value ? value.toLowerCase() : value.toUpperCase()),
    ).toEqual([]);
  });

  it('is found by its own id', async () => {
    const aws = await start();
    const [one, other] = [record(), record()];
    aws.add([one, other]);
    expect(await found(aws, 'EventId', String(one.eventID))).toEqual([one.eventID]);
  });

  it('begins and ends with the given times, both inclusive', async () => {
    const aws = await start();
    const records = series(5);
    aws.add(records);
    const { Events: events = [] } = await lookup(aws, {
      StartTime: new Date(EVENT_TIME - 4 * SECOND),
      EndTime: new Date(EVENT_TIME - 2 * SECOND),
    });
    expect(events.map((event) => event.EventId)).toEqual(idsOf(records.slice(1, 4)).toReversed());
  });

  it('goes back 90 days by the clock of the fake', async () => {
    const clock = fakeClock();
    const aws = await start({ now: clock.now });
    const aged = (age: number) => record({ eventTime: sayInstant(clock.now() - age) });
    const [old, recent] = [aged(90 * DAY + SECOND), aged(90 * DAY)];
    aws.add([old, recent]);
    const { Events: events = [] } = await lookup(aws, { StartTime: new Date(clock.now() - 100 * DAY) });
    expect(events.map((event) => event.EventId)).toEqual([recent.eventID]);
  });

  it('are management events only; insights on request', async () => {
    const aws = await start();
    const insight = record({
      eventCategory: 'Insight',
      insightDetails: { state: 'Start', eventSource: 'iam.amazonaws.com', eventName: 'CreateAccessKey' },
    });
    const management = record();
    aws.add([
      record({ eventName: 'GetObject', eventCategory: 'Data', managementEvent: false }),
      record({ eventCategory: 'NetworkActivity' }),
      insight,
      management,
    ]);
    const { Events: events } = await lookup(aws);
    expect(events?.map((event) => event.EventId)).toEqual([management.eventID]);
    const { Events: insights } = await lookup(aws, { EventCategory: 'insight' });
    expect(insights?.map((event) => event.EventId)).toEqual([insight.eventID]);
  });
});

describe('names of an event', () => {
  const issued = record({
    eventSource: 'sts.amazonaws.com',
    eventName: 'AssumeRole',
    readOnly: true,
    requestParameters: { roleArn: `arn:aws:iam::${HOME}:role/ci/Deploy`, roleSessionName: 'build-7' },
    responseElements: {
      credentials: { accessKeyId: 'ASIAI44QH8DHBEXAMPLE', expiration: 'Nov 20, 2026, 10:15:02 AM' },
      assumedRoleUser: {
        assumedRoleId: 'AROACKCEVSQ6C2EXAMPLE:build-7',
        arn: `arn:aws:sts::${HOME}:assumed-role/Deploy/build-7`,
      },
    },
  });

  it('are of an AssumeRole the issued key, the session in three ways, and the role', async () => {
    const aws = await start();
    aws.add([issued]);
    const { Events: events = [] } = await lookup(aws);
    expect(events[0]?.Resources).toEqual([
      { ResourceType: 'AWS::IAM::AccessKey', ResourceName: 'ASIAI44QH8DHBEXAMPLE' },
      {
        ResourceType: 'AWS::STS::AssumedRole',
        ResourceName: `arn:aws:sts::${HOME}:assumed-role/Deploy/build-7`,
      },
      { ResourceType: 'AWS::STS::AssumedRole', ResourceName: 'AROACKCEVSQ6C2EXAMPLE:build-7' },
      { ResourceType: 'AWS::STS::AssumedRole', ResourceName: 'build-7' },
      { ResourceType: 'AWS::IAM::Role', ResourceName: `arn:aws:iam::${HOME}:role/ci/Deploy` },
    ]);
    for (const { ResourceName: name = '' } of events[0]?.Resources ?? []) {
      expect(await found(aws, 'ResourceName', name)).toEqual([issued.eventID]);
    }
    expect(await found(aws, 'AccessKeyId', 'ASIAI44QH8DHBEXAMPLE')).toEqual([]);
  });

  it.each<[string, JsonObject, string | undefined]>([
    ['an IAM user', user('alice'), 'alice'],
    ['root', { type: 'Root', accountId: HOME, arn: `arn:aws:iam::${HOME}:root`, userName: 'acme' }, 'root'],
    ['a session of a role', roleSession('Admin', 'alice@example.com'), 'alice@example.com'],
    [
      'a user of an identity provider',
      { type: 'SAMLUser', userName: 'alice@example.com' },
      'alice@example.com',
    ],
    ['a service', { type: 'AWSService', invokedBy: 'ec2.amazonaws.com' }, undefined],
    [
      'somebody of another account',
      { type: 'AWSAccount', accountId: OTHER, principalId: 'AIDA:x' },
      undefined,
    ],
  ])('has the user name of %s', async (_, userIdentity, name) => {
    const aws = await start();
    aws.add([record({ userIdentity })]);
    const { Events: events = [] } = await lookup(aws);
    expect(events[0]?.Username).toBe(name);
    if (name !== undefined) expect(await found(aws, 'Username', name)).toHaveLength(1);
  });

  it.each<[string, JsonObject, JsonObject]>([
    [
      'a bucket',
      { eventSource: 's3.amazonaws.com', requestParameters: { bucketName: 'acme-backups' } },
      { ResourceType: 'AWS::S3::Bucket', ResourceName: 'acme-backups' },
    ],
    [
      'an instance among others',
      {
        eventSource: 'ec2.amazonaws.com',
        requestParameters: { instancesSet: { items: [{ instanceId: 'i-0abcdef1234567890' }] } },
      },
      { ResourceType: 'AWS::EC2::Instance', ResourceName: 'i-0abcdef1234567890' },
    ],
    [
      'a trail',
      { eventSource: 'cloudtrail.amazonaws.com', requestParameters: { name: 'main' } },
      { ResourceType: 'AWS::CloudTrail::Trail', ResourceName: 'main' },
    ],
    [
      'what the record itself lists',
      {
        requestParameters: null,
        resources: [{ type: 'AWS::KMS::Key', ARN: `arn:aws:kms:us-east-1:${HOME}:key/1` }],
      },
      { ResourceType: 'AWS::KMS::Key', ResourceName: `arn:aws:kms:us-east-1:${HOME}:key/1` },
    ],
  ])('are of other calls %s', async (_, overrides, resource) => {
    const aws = await start();
    aws.add([record({ responseElements: null, ...overrides })]);
    const { Events: events = [] } = await lookup(aws);
    expect(events[0]?.Resources).toEqual([resource]);
  });
});

describe('pages', () => {
  it('of 50, or as many as asked for, miss and repeat nothing', async () => {
    const aws = await start();
    // Many events of one second: nothing but their order tells them apart.
    const records = series(120, { eventTime: sayInstant(EVENT_TIME) });
    aws.add(records);
    const sizes: number[] = [];
    const ids: string[] = [];
    const client = new CloudTrailClient(settings(aws, {}));
    for await (const page of paginateLookupEvents({ client }, {})) {
      sizes.push(page.Events?.length ?? 0);
      ids.push(...(page.Events ?? []).map((event) => event.EventId ?? ''));
    }
    expect(sizes).toEqual([50, 50, 20]);
    expect(ids.toSorted()).toEqual(idsOf(records).toSorted());
    const { Events: few } = await lookup(aws, { MaxResults: 7 });
    expect(few).toHaveLength(7);
  });

  it('go on where they were when new events arrive meanwhile', async () => {
    const aws = await start();
    const records = series(4);
    aws.add(records);
    const first = await lookup(aws, { MaxResults: 2 });
    aws.add([record()]);
    const second = await lookup(aws, { MaxResults: 2, NextToken: first.NextToken });
    expect(second.Events?.map((event) => event.EventId)).toEqual(idsOf(records.slice(0, 2)).toReversed());
    expect(second.NextToken).toBeUndefined();
  });

  it('may be empty and yet not the last', async () => {
    const aws = await start();
    aws.add(series(2));
    aws.fault({ kind: 'empty page', times: 1 });
    const first = await lookup(aws);
    expect(first.Events).toEqual([]);
    const second = await lookup(aws, { NextToken: first.NextToken });
    expect(second.Events).toHaveLength(2);
    expect(second.NextToken).toBeUndefined();
  });

  it('are continued with the same parameters at the same place, or not at all', async () => {
    const aws = await start();
    aws.add(series(3));
    aws.add(series(3, { awsRegion: 'eu-west-1' }));
    const asked = { MaxResults: 2, EndTime: new Date(EVENT_TIME) };
    const { NextToken } = await lookup(aws, asked);
    expect(NextToken).toBeDefined();
    const others: [LookupEventsCommandInput, At][] = [
      [{ NextToken }, {}],
      [{ ...asked, MaxResults: 1, NextToken }, {}],
      [{ ...asked, EndTime: new Date(EVENT_TIME + SECOND), NextToken }, {}],
      [
        { ...asked, LookupAttributes: [{ AttributeKey: 'ReadOnly', AttributeValue: 'false' }], NextToken },
        {},
      ],
      [{ ...asked, NextToken }, { region: 'eu-west-1' }],
      [{ ...asked, NextToken: 'bm90IGEgdG9rZW4=' }, {}],
    ];
    for (const [input, at] of others) {
      await expect(lookup(aws, input, at)).rejects.toMatchObject({ name: 'InvalidNextTokenException' });
    }
    // A token may be used again, as a client does whose answer was lost.
    expect((await lookup(aws, { ...asked, NextToken })).Events).toHaveLength(1);
    expect((await lookup(aws, { ...asked, NextToken })).Events).toHaveLength(1);
  });
});

describe('what LookupEvents refuses', () => {
  const attribute = (AttributeKey: string, AttributeValue: string) => ({
    LookupAttributes: [{ AttributeKey: AttributeKey as LookupAttributeKey, AttributeValue }],
  });

  it.each<[string, string, LookupEventsCommandInput]>([
    [
      'InvalidLookupAttributesException',
      'a second attribute',
      {
        LookupAttributes: [
          { AttributeKey: 'ReadOnly', AttributeValue: 'true' },
          { AttributeKey: 'Username', AttributeValue: 'alice' },
        ],
      },
    ],
    ['InvalidLookupAttributesException', 'a key in other letters', attribute('accessKeyId', KEY)],
    [
      'InvalidLookupAttributesException',
      'a key that there is not',
      attribute('SourceIPAddress', '192.0.2.1'),
    ],
    ['InvalidLookupAttributesException', 'no value', attribute('Username', '')],
    ['InvalidLookupAttributesException', 'a long value', attribute('Username', 'a'.repeat(2001))],
    [
      'InvalidLookupAttributesException',
      'a value that counts double',
      attribute('Username', '_'.repeat(1001)),
    ],
    [
      'InvalidLookupAttributesException',
      'a key that insights lack',
      { ...attribute('Username', 'alice'), EventCategory: 'insight' },
    ],
    [
      'InvalidTimeRangeException',
      'a start after the end',
      { StartTime: new Date(EVENT_TIME), EndTime: new Date(EVENT_TIME - SECOND) },
    ],
    ['InvalidMaxResultsException', 'no results', { MaxResults: 0 }],
    ['InvalidMaxResultsException', 'too many results', { MaxResults: 51 }],
    ['InvalidEventCategoryException', 'another category', { EventCategory: 'management' as 'insight' }],
  ])('%s: %s', async (name, _, input) => {
    const aws = await start();
    await expect(lookup(aws, input)).rejects.toMatchObject({ name, $metadata: { httpStatusCode: 400 } });
    expect(aws.requests.at(-1)?.outcome).toBe(name);
  });

  it('takes values as long as they may be', async () => {
    const aws = await start();
    expect(await found(aws, 'Username', 'a'.repeat(2000))).toEqual([]);
    expect(await found(aws, 'Username', '_'.repeat(1000))).toEqual([]);
  });
});

describe('the rate', () => {
  it('is two requests within any second, for each account and region', async () => {
    const clock = fakeClock();
    const aws = await start({ now: clock.now, rate: { requests: 2, per: SECOND } });
    const refused = {
      name: 'ThrottlingException',
      message: 'Rate exceeded',
      $metadata: { httpStatusCode: 400 },
    };
    await lookup(aws);
    await clock.advance(400);
    await lookup(aws);
    await expect(lookup(aws)).rejects.toMatchObject(refused);
    await lookup(aws, {}, { region: 'eu-west-1' });
    await lookup(aws, {}, { credentials: await enter(aws) });
    await clock.advance(599);
    await expect(lookup(aws)).rejects.toMatchObject(refused);
    await clock.advance(1);
    await lookup(aws);
    await expect(lookup(aws)).rejects.toMatchObject(refused);
    expect(aws.requests.filter((one) => one.outcome === 'ThrottlingException')).toHaveLength(3);
  });

  it('is two requests a second unless said otherwise', async () => {
    const clock = fakeClock();
    const aws = await startFakeAws({ now: clock.now });
    await lookup(aws);
    await lookup(aws);
    await expect(lookup(aws)).rejects.toMatchObject({ name: 'ThrottlingException' });
  });
});

describe('who may ask', () => {
  const refused = { name: 'UnrecognizedClientException', $metadata: { httpStatusCode: 400 } };

  it('nobody with an unknown key', async () => {
    const aws = await start();
    const credentials = { accessKeyId: KEY, secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' };
    await expect(lookup(aws, {}, { credentials })).rejects.toMatchObject(refused);
    const sts = new STSClient(settings(aws, { credentials }));
    await expect(sts.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({
      name: 'InvalidClientTokenId',
      $metadata: { httpStatusCode: 403 },
    });
  });

  it('nobody with the wrong secret', async () => {
    const aws = await start();
    const credentials = { ...aws.credentials, secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' };
    await expect(lookup(aws, {}, { credentials })).rejects.toMatchObject({
      name: 'InvalidSignatureException',
    });
    const sts = new STSClient(settings(aws, { credentials }));
    await expect(sts.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({
      name: 'SignatureDoesNotMatch',
    });
  });

  it('nobody in a region that the account has not enabled', async () => {
    const aws = await start({ accounts: { [HOME]: { regions: ['us-east-1', 'me-south-1'] } } });
    await lookup(aws, {}, { region: 'me-south-1' });
    await expect(lookup(aws, {}, { region: 'eu-west-1' })).rejects.toMatchObject(refused);
  });

  it('a session of the reader role, until it expires', async () => {
    const clock = fakeClock();
    const aws = await start({ now: clock.now });
    const credentials = await enter(aws, READER, 3600);
    const sts = new STSClient(settings(aws, { credentials }));
    expect(await sts.send(new GetCallerIdentityCommand({}))).toMatchObject({
      Account: OTHER,
      Arn: `arn:aws:sts::${OTHER}:assumed-role/TrailbotReader/trailbot`,
    });
    await clock.advance(HOUR - 1);
    await lookup(aws, {}, { credentials });
    const { sessionToken: _, ...halfOfThem } = credentials;
    await expect(lookup(aws, {}, { credentials: halfOfThem })).rejects.toMatchObject(refused);
    await clock.advance(1);
    await expect(lookup(aws, {}, { credentials })).rejects.toMatchObject({ name: 'ExpiredTokenException' });
    await expect(sts.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({
      name: 'ExpiredToken',
    });
  });

  it.each([
    ['another role of the account', `arn:aws:iam::${OTHER}:role/Admin`],
    ['a role of an account without reader role', `arn:aws:iam::${HOME}:role/TrailbotReader`],
    ['a role of an unknown account', 'arn:aws:iam::777788889999:role/TrailbotReader'],
  ])('nobody as %s', async (_, role) => {
    const aws = await start();
    await expect(enter(aws, role)).rejects.toMatchObject({
      name: 'AccessDenied',
      message: `User: arn:aws:iam::${HOME}:user/trailbot is not authorized to perform: sts:AssumeRole on resource: ${role}`,
      $metadata: { httpStatusCode: 403 },
    });
  });

  it.each([899, 43_201])('nobody for %i seconds', async (seconds) => {
    const aws = await start();
    await expect(enter(aws, READER, seconds)).rejects.toMatchObject({ name: 'ValidationError' });
  });
});

describe('keys', () => {
  const keys = {
    [KEY]: { userName: 'alice', lastUsed: { at: EVENT_TIME, service: 's3', region: 'eu-west-1' } },
  };

  it('have an owner and a last use', async () => {
    const aws = await start({ accounts: { [HOME]: { keys }, [OTHER]: { readerRole: READER } } });
    const iam = new IAMClient(settings(aws, {}));
    const lastUsed = (id: string) => iam.send(new GetAccessKeyLastUsedCommand({ AccessKeyId: id }));
    expect(await lastUsed(KEY)).toMatchObject({
      UserName: 'alice',
      AccessKeyLastUsed: { LastUsedDate: new Date(EVENT_TIME), ServiceName: 's3', Region: 'eu-west-1' },
    });
    const unused = await lastUsed(aws.credentials.accessKeyId);
    expect(unused.AccessKeyLastUsed).toEqual({ ServiceName: 'N/A', Region: 'N/A' });
    await expect(lastUsed('AKIAI44QH8DHBEXAMPLE')).rejects.toMatchObject({ name: 'NoSuchEntityException' });
    const theirs = new IAMClient(settings(aws, { credentials: await enter(aws) }));
    await expect(theirs.send(new GetAccessKeyLastUsedCommand({ AccessKeyId: KEY }))).rejects.toMatchObject({
      name: 'AccessDenied',
    });
  });

  it('belong to an account, whoever asks', async () => {
    const aws = await start({ accounts: { [HOME]: {}, [OTHER]: { readerRole: READER, keys } } });
    const sts = new STSClient(settings(aws, {}));
    const accountOf = async (id: string) => {
      const { Account } = await sts.send(new GetAccessKeyInfoCommand({ AccessKeyId: id }));
      return Account;
    };
    expect(await accountOf(KEY)).toBe(OTHER);
    expect(await accountOf(aws.credentials.accessKeyId)).toBe(HOME);
    expect(await accountOf((await enter(aws)).accessKeyId)).toBe(OTHER);
    // Published together with the account they encode.
    expect(await accountOf('ASIAQNZGKIQY56JQ7WML')).toBe('029608264753');
    expect(await accountOf('AKIASP2TPHJSQH3FJRUX')).toBe('171436882533');
    await expect(accountOf('AKIA-not-a-key-id')).rejects.toMatchObject({ name: 'ValidationError' });
  });
});

describe('regions', () => {
  const ENABLED = ['ENABLED', 'ENABLED_BY_DEFAULT'] as const;

  it('are 17 unless said otherwise', async () => {
    const aws = await start();
    const account = new AccountClient(settings(aws, {}));
    const { Regions: enabled = [] } = await account.send(
      new ListRegionsCommand({ RegionOptStatusContains: [...ENABLED] }),
    );
    expect(enabled).toHaveLength(17);
    const { Regions: all = [] } = await account.send(new ListRegionsCommand({}));
    expect(all).toContainEqual({ RegionName: 'us-east-1', RegionOptStatus: 'ENABLED_BY_DEFAULT' });
    expect(all).toContainEqual({ RegionName: 'me-south-1', RegionOptStatus: 'DISABLED' });
  });

  it('come in pages, and say which were opted into', async () => {
    const aws = await start({ accounts: { [HOME]: { regions: ['us-east-1', 'me-south-1', 'eu-west-1'] } } });
    const account = new AccountClient(settings(aws, {}));
    const ask = (NextToken?: string) =>
      account.send(
        new ListRegionsCommand({ RegionOptStatusContains: [...ENABLED], MaxResults: 2, NextToken }),
      );
    const first = await ask();
    expect(first.Regions?.map((one) => one.RegionName)).toEqual(['eu-west-1', 'me-south-1']);
    expect(first.Regions?.[1]?.RegionOptStatus).toBe('ENABLED');
    const second = await ask(first.NextToken);
    expect(second.Regions?.map((one) => one.RegionName)).toEqual(['us-east-1']);
    expect(second.NextToken).toBeUndefined();
  });
});

describe('what goes wrong on request', () => {
  it.each([
    [
      'deny',
      { name: 'AccessDeniedException', message: /not authorized to perform: cloudtrail:LookupEvents/ },
    ],
    ['throttle', { name: 'ThrottlingException', message: 'Rate exceeded' }],
    ['error', { name: 'InternalFailure', $metadata: { httpStatusCode: 500 } }],
    ['expired', { name: 'ExpiredTokenException' }],
    ['broken answer', { name: 'SyntaxError' }],
    ['reset', { code: 'ECONNRESET' }],
  ] as const)('%s, as often as said', async (kind, { message, ...error }: Record<string, unknown>) => {
    const aws = await start();
    aws.fault({ kind, times: 2 });
    const expected = message instanceof RegExp ? { message: expect.stringMatching(message) } : {};
    await expect(lookup(aws)).rejects.toMatchObject({ ...error, ...expected });
    await expect(lookup(aws)).rejects.toMatchObject(error);
    await lookup(aws);
    expect(aws.requests.map((one) => one.outcome === 'ok')).toEqual([false, false, true]);
  });

  it('no answer at all', async () => {
    const aws = await start();
    aws.fault({ kind: 'hang' });
    const client = new CloudTrailClient(settings(aws, {}));
    const stop = new AbortController();
    const asked = client.send(new LookupEventsCommand({}), { abortSignal: stop.signal });
    await aws.untilRequests(1);
    stop.abort();
    await expect(asked).rejects.toMatchObject({ name: 'AbortError' });
    expect(aws.requests[0]).toMatchObject({ operation: 'LookupEvents', outcome: 'hang' });
  });

  it('at one account, in one region, with one operation, and until it is lifted', async () => {
    const aws = await start();
    const credentials = await enter(aws);
    const lift = aws.fault({ kind: 'deny', account: OTHER, region: 'eu-west-1' });
    await lookup(aws, {}, { region: 'eu-west-1' });
    await lookup(aws, {}, { credentials });
    const denied = () => lookup(aws, {}, { credentials, region: 'eu-west-1' });
    await expect(denied()).rejects.toMatchObject({ name: 'AccessDeniedException' });
    lift();
    await denied();
    aws.fault({ kind: 'throttle', operation: 'AssumeRole', times: 1 });
    await lookup(aws);
    await expect(enter(aws)).rejects.toMatchObject({ name: 'Throttling' });
    aws.fault({ kind: 'deny', operation: '*' });
    const account = new AccountClient(settings(aws, {}));
    await expect(account.send(new ListRegionsCommand({}))).rejects.toMatchObject({
      name: 'AccessDeniedException',
      $metadata: { httpStatusCode: 403 },
    });
  });

  it('what it does not speak', async () => {
    const aws = await start();
    const trails = new CloudTrailClient(settings(aws, {}));
    await expect(trails.send(new ListTrailsCommand({}))).rejects.toMatchObject({
      name: 'UnknownOperationException',
    });
    const iam = new IAMClient(settings(aws, {}));
    await expect(iam.send(new ListUsersCommand({}))).rejects.toMatchObject({ name: 'InvalidAction' });
    const sts = new STSClient(settings(aws, {}));
    await expect(sts.send(new GetSessionTokenCommand({}))).rejects.toMatchObject({ name: 'InvalidAction' });
    const bare = await fetch(aws.url, { method: 'POST', body: '{}' });
    expect(await bare.json()).toMatchObject({ __type: 'MissingAuthenticationTokenException' });
    const huge = await fetch(aws.url, { method: 'POST', body: 'x'.repeat(2_000_000) });
    expect(huge.status).toBe(413);
  });
});

it('keeps a log of what was asked', async () => {
  const aws = await start();
  await lookup(aws, { MaxResults: 5 }, { region: 'eu-west-1' });
  await enter(aws);
  expect(aws.requests).toMatchObject([
    {
      service: 'cloudtrail',
      operation: 'LookupEvents',
      account: HOME,
      region: 'eu-west-1',
      keyId: aws.credentials.accessKeyId,
      params: { MaxResults: 5 },
      at: fakeClock().now(),
      outcome: 'ok',
    },
    { service: 'sts', operation: 'AssumeRole', params: { RoleArn: READER, RoleSessionName: 'trailbot' } },
  ]);
});

it('can take its time over an answer, by request', async () => {
  const asked: string[] = [];
  const aws = await start({
    delay: (request) => {
      asked.push(request.operation);
      return 1;
    },
  });
  await lookup(aws);
  expect(asked).toEqual(['LookupEvents']);
});
