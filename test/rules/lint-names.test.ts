import { describe, expect, it, test } from 'vitest';
import { lintSelection, lintTexts, ruleWith } from './lint-support.ts';

const IAM = 'iam.amazonaws.com';

describe('a doubtful event name is reported', () => {
  test.each<[says: string, selection: object, doubt: string]>([
    [
      'a letter is missing',
      { eventSource: IAM, eventName: 'CreatUser' },
      'event-name: iam.amazonaws.com has no event CreatUser; did you mean CreateUser?',
    ],
    [
      'it belongs to another source',
      { eventSource: IAM, eventName: ['CreateUser', 'StopLogging'] },
      'event-name: iam.amazonaws.com has no event StopLogging; did you mean eventSource: cloudtrail.amazonaws.com?',
    ],
    [
      'many are one, in a service whose names are all known',
      { eventSource: IAM, eventName: 'DeleteUsers' },
      'event-name: iam.amazonaws.com has no event DeleteUsers; did you mean DeleteUser?',
    ],
    [
      'two letters are swapped, and no source is given',
      { eventName: 'ConsoelLogin' },
      'event-name: CloudTrail knows no event ConsoelLogin; did you mean ConsoleLogin?',
    ],
    [
      'Lambda writes a date behind it',
      { eventSource: 'lambda.amazonaws.com', eventName: 'UpdateFunctionCode' },
      'event-name: events of UpdateFunctionCode have the date of the API behind the name; write eventName|startswith: UpdateFunctionCode20',
    ],
    [
      'in a filter as well',
      { eventSource: IAM, 'eventName|neq': 'CreateUsr' },
      'event-name: iam.amazonaws.com has no event CreateUsr; did you mean CreateUser?',
    ],
  ])('%s', (_, selection, doubt) => {
    expect(lintSelection(selection)).toEqual([doubt]);
  });

  it('with the source that another selection gives', () => {
    const rule = ruleWith({
      source: { eventSource: 'kms.amazonaws.com' },
      names: { eventName: 'DisableKeys' },
      condition: 'source and names',
    });
    expect(lintTexts([rule])).toEqual([
      'event-name: kms.amazonaws.com has no event DisableKeys; did you mean DisableKey?',
    ]);
  });
});

describe('a name is not doubted', () => {
  test.each<[says: string, selection: object]>([
    ['that is merely unknown', { eventSource: IAM, eventName: 'CreateQuantumUser' }],
    [
      'that another service, unknown here, may have',
      { eventSource: 'glue.amazonaws.com', eventName: 'GetTables' },
    ],
    ['that differs in its verb', { eventSource: 's3.amazonaws.com', eventName: 'SetBucketPolicy' }],
    [
      'that one of the sources has',
      { eventSource: [IAM, 'sso.amazonaws.com'], eventName: 'CreatePermissionSet' },
    ],
    ['with a date behind it', { eventSource: 'lambda.amazonaws.com', eventName: 'AddPermission20150331v2' }],
    [
      'beside the same with its date',
      {
        eventSource: 'lambda.amazonaws.com',
        eventName: ['UpdateFunctionCode', 'UpdateFunctionCode20150331v2'],
      },
    ],
    ['in another case', { eventSource: IAM, eventName: 'createuser' }],
    [
      'with a source that is a pattern',
      { 'eventSource|endswith': '.amazonaws.com', eventName: 'CreateUser' },
    ],
    ['without a source, where any service has it', { eventName: ['StopLogging', 'CreateUser'] }],
  ])('%s', (_, selection) => {
    expect(lintSelection(selection)).toEqual([]);
  });
});

test('a doubtful event source is reported, an unknown one is not', () => {
  const written = ['cloudwatch.amazonaws.com', 'secretmanager.amazonaws.com', 'iam', 'partner.example.com'];
  expect(lintSelection({ eventSource: written })).toEqual([
    'event-source: CloudTrail knows no event source cloudwatch.amazonaws.com; did you mean monitoring.amazonaws.com?',
    'event-source: CloudTrail knows no event source secretmanager.amazonaws.com; did you mean secretsmanager.amazonaws.com?',
    'event-source: CloudTrail knows no event source iam; did you mean iam.amazonaws.com?',
  ]);
});

test.each([
  ['iam.amazonaws.co', 'iam'],
  ['iam.amazonaws', 'iam'],
  ['iam.amazonwas.com', 'iam'],
  ['signin.aws.amazon.com', 'signin'],
  ['ssm.amazon.com', 'ssm'],
  ['aws.iam', 'iam'],
  ['aws.cloudwatch', 'monitoring'],
  ['iamm.amazonaws.com', 'iam'],
  ['organisations.amazonaws.com', 'organizations'],
])('the event source %s is %s', (written, meant) => {
  expect(lintSelection({ eventSource: written })).toEqual([
    `event-source: CloudTrail knows no event source ${written}; did you mean ${meant}.amazonaws.com?`,
  ]);
});

test.each(['iam.amazonaws.com', 'quantum.amazonaws.com', 'iam.amazonaws.com.cn', 'iam.example.com', 'ima'])(
  'the event source %s is not doubted',
  (written) => {
    expect(lintSelection({ eventSource: written })).toEqual([]);
  },
);
