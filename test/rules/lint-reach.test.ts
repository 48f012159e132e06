import { describe, expect, it, test } from 'vitest';
import type { Sources } from '../../src/rules/lint/arrival.ts';
import { lintSelection, lintTexts, ruleWith, UNSAID } from './lint-support.ts';

const WRITES: Partial<Sources> = { management: 'writes' };
const NO_DATA: Partial<Sources> = { data: [] };
const EUROPE: Partial<Sources> = { regions: ['eu-west-1', 'eu-central-1'] };

function reasonFor(selection: unknown, sources: Partial<Sources>): string | undefined {
  const [line] = lintSelection(selection, { ...UNSAID, ...sources });
  return line?.replace('unreachable: "A rule" can never fire: ', '').replace(/;.*/, '');
}

describe('a rule can never fire', () => {
  test.each<[says: string, selection: unknown, sources: Partial<Sources>, reason: string]>([
    [
      'on calls that only read, when only writes come',
      { eventName: ['ListBuckets', 'GetCallerIdentity'] },
      WRITES,
      'ListBuckets only reads, and sources.management is writes',
    ],
    [
      'on AssumeRole, when only writes come',
      { eventName: 'AssumeRole' },
      WRITES,
      'AssumeRole only reads, and sources.management is writes',
    ],
    [
      'on names that begin with a reading verb',
      { 'eventName|startswith': ['Describe', 'ListUser'] },
      WRITES,
      'calls that begin with describe only read, and sources.management is writes',
    ],
    [
      'on reading, when neither reads nor data events come',
      { readOnly: true },
      { ...WRITES, ...NO_DATA },
      'it asks for reading, sources.management is writes, and sources.data is empty',
    ],
    [
      'on data events that no trail records',
      { eventSource: 's3.amazonaws.com', eventName: ['GetObject', 'PutObject'] },
      { data: ['lambda.amazonaws.com'] },
      'GetObject is a data event of s3.amazonaws.com, which is not under sources.data',
    ],
    [
      'in a region from which nothing comes',
      { eventName: 'RunInstances', awsRegion: ['us-west-2', 'sa-east-1'] },
      EUROPE,
      'us-west-2, sa-east-1 are not under sources.regions',
    ],
    [
      'on a global service without its region',
      { eventSource: 'iam.amazonaws.com', eventName: 'CreateUser' },
      EUROPE,
      'iam.amazonaws.com logs in us-east-1, which is not under sources.regions',
    ],
    [
      'on sign-ins of root without their region',
      { eventSource: 'signin.amazonaws.com', 'userIdentity.type': 'Root' },
      EUROPE,
      'signin.amazonaws.com logs in us-east-1, which is not under sources.regions',
    ],
    [
      'on Insights that do not come',
      { eventType: 'AwsCloudTrailInsight' },
      { insights: false },
      'sources.insights is false',
    ],
    [
      'on network activity that does not come',
      { eventSource: 'ec2.amazonaws.com', eventCategory: 'NetworkActivity' },
      { network: ['kms.amazonaws.com'] },
      'its network activity events are not under sources.network',
    ],
    [
      'when each of its ways is shut, by one thing or another',
      [{ eventName: 'ListUsers' }, { eventName: 'GetObject', eventSource: 's3.amazonaws.com' }],
      { ...WRITES, ...NO_DATA },
      'GetObject is a data event of s3.amazonaws.com, which is not under sources.data',
    ],
  ])('%s', (_, selection, sources, reason) => {
    expect(reasonFor(selection, sources)).toBe(reason);
  });
});

describe('a rule may fire', () => {
  test.each<[says: string, selection: unknown, sources: Partial<Sources>]>([
    ['when nothing is said', { eventName: 'GetObject', awsRegion: 'us-west-2' }, {}],
    ['when all management events come', { eventName: 'ListBuckets' }, { management: 'all' }],
    ['on tokens, which are writes', { eventName: ['GetSessionToken', 'GetFederationToken'] }, WRITES],
    ['on a prefix that also fits a write', { 'eventName|startswith': 'Get' }, WRITES],
    ['on a write among reads', { eventName: ['ListUsers', 'CreateUser'] }, WRITES],
    ['on reads among data events that come', { readOnly: true }, { ...WRITES, data: ['s3.amazonaws.com'] }],
    [
      'on data events that come',
      { eventSource: 's3.amazonaws.com', eventName: 'GetObject' },
      { ...WRITES, data: ['s3.amazonaws.com'] },
    ],
    ['on data events of a source that it does not name', { eventName: 'ExecuteStatement' }, NO_DATA],
    ['in one of the regions', { awsRegion: ['us-west-2', 'eu-west-1'] }, EUROPE],
    [
      'on a global service in another partition',
      { eventSource: 'iam.amazonaws.com' },
      { regions: ['cn-north-1'] },
    ],
    [
      'on a global service that may log in another region',
      { eventSource: 'iam.amazonaws.com' },
      { regions: ['eu-west-1', 'us-west-2'] },
    ],
    ['on sign-ins of users, which regions log too', { eventSource: 'signin.amazonaws.com' }, EUROPE],
    ['on STS, which every region logs', { eventSource: 'sts.amazonaws.com' }, EUROPE],
    ['when one of its ways is open', [{ eventName: 'ListUsers' }, { errorCode: 'AccessDenied' }], WRITES],
  ])('%s', (_, selection, sources) => {
    expect(reasonFor(selection, sources)).toBeUndefined();
  });

  it('where what shuts it stands under not', () => {
    const rule = ruleWith({
      sel: { eventSource: 's3.amazonaws.com' },
      reads: { eventName: 'GetObject' },
      condition: 'sel and not reads',
    });
    expect(lintTexts([rule], { ...UNSAID, ...NO_DATA, ...WRITES })).toEqual([]);
  });
});
