import { describe, expect, it } from 'vitest';
import { unwrap } from '../../src/cloudtrail/envelope.ts';
import type { Json, JsonObject } from '../../src/kernel/json.ts';
import { envelope, record } from '../support/records.ts';

/** SNS as it posts, or as it stands in an SQS body. */
function sns(message: Json): JsonObject {
  return {
    Type: 'Notification',
    MessageId: 'c0d1',
    TopicArn: 'arn:aws:sns:eu-west-1:111122223333:events',
    Message: typeof message === 'string' ? message : JSON.stringify(message),
    Timestamp: '2026-11-20T09:15:03.000Z',
  };
}

function received(...bodies: Json[]): JsonObject {
  return {
    Messages: bodies.map((body) => ({ MessageId: 'm', ReceiptHandle: 'r', Body: JSON.stringify(body) })),
  };
}

function lambda(...bodies: Json[]): JsonObject {
  return {
    Records: bodies.map((body) => ({ messageId: 'm', eventSource: 'aws:sqs', body: JSON.stringify(body) })),
  };
}

function lookup(...records: JsonObject[]): JsonObject {
  return {
    Events: records.map((body) => ({
      EventId: body.eventID ?? '',
      EventName: body.eventName ?? '',
      CloudTrailEvent: JSON.stringify(body),
    })),
    NextToken: 'next',
  };
}

function reasonOf(value: Json): string {
  const [item, ...more] = unwrap(value);
  expect(more).toEqual([]);
  return item && 'reason' in item ? item.reason : 'a record';
}

const a = record();
const b = record();
const CALL = 'AWS API Call via CloudTrail';

describe('every shape gives its records', () => {
  it.each<[string, Json, JsonObject[]]>([
    ['a single record', a, [a]],
    ['Records of a log file', { Records: [a, b] }, [a, b]],
    ['an array', [a, b], [a, b]],
    ['an array of envelopes', [envelope(a), envelope(b)], [a, b]],
    ['LookupEvents output', lookup(a, b), [a, b]],
    ['one event of LookupEvents', lookup(a).Events as Json, [a]],
    ['SNS', sns(envelope(a)), [a]],
    ['SNS to Lambda', { Records: [{ EventSource: 'aws:sns', Sns: sns(envelope(a)) }] }, [a]],
    ['SQS ReceiveMessage', received(envelope(a), b), [a, b]],
    ['SQS to Lambda', lambda(envelope(a), envelope(b)), [a, b]],
    ['one SQS message', { Body: JSON.stringify({ Records: [a, b] }) }, [a, b]],
    ['SNS in SQS', received(sns(envelope(a))), [a]],
    ['LookupEvents in SNS in SQS in Lambda', lambda(sns(lookup(a, b))), [a, b]],
    ['JSON inside a JSON text', JSON.stringify(envelope(a)), [a]],
    ['nothing', { Records: [] }, []],
  ])('%s', (_, value, records) => {
    expect(unwrap(value).map((item) => ('record' in item ? item.record : item.reason))).toEqual(records);
  });

  it.each([
    CALL,
    'AWS Console Sign In via CloudTrail',
    'AWS Console Signin via CloudTrail',
    'AWS Console Action via CloudTrail',
    'AWS Service Event via CloudTrail',
    'AWS Insight via CloudTrail',
    'AWS Network Activity Event via CloudTrail',
    'aws console SIGN  IN via cloudtrail',
  ])('EventBridge: %s', (detailType) => {
    expect(unwrap(envelope(a, { 'detail-type': detailType }))).toEqual([
      { record: a, account: '111122223333', region: 'us-east-1' },
    ]);
  });

  it('account and region of the envelope go along, through further wrappers too', () => {
    const [item] = unwrap(received(sns(envelope(a, { account: '444455556666', region: 'eu-north-1' }))));
    expect(item).toEqual({ record: a, account: '444455556666', region: 'eu-north-1' });
  });
});

describe('what holds no record says why', () => {
  it.each<[string, Json, RegExp]>([
    [
      'another EventBridge event',
      envelope(a, { 'detail-type': 'EC2 Instance State-change Notification', source: 'aws.ec2' }),
      /"EC2 Instance State-change Notification" from aws\.ec2, not one of CloudTrail: narrow the EventBridge rule/,
    ],
    [
      'S3 through EventBridge',
      envelope(a, { 'detail-type': 'Object Created', source: 'aws.s3' }),
      /only points to a file/,
    ],
    ['an envelope without detail', { 'detail-type': CALL, source: 'aws.iam' }, /whose detail is null/],
    ['an envelope with a text', envelope(a, { detail: 'x' }), /whose detail is a text/],
    [
      'an S3 notification',
      {
        Records: [
          {
            eventVersion: '2.1',
            eventSource: 'aws:s3',
            eventName: 'ObjectCreated:Put',
            s3: { bucket: { name: 'b' }, object: { key: 'AWSLogs/x.json.gz' } },
          },
        ],
      },
      /^An S3 notification only points to a log file/,
    ],
    [
      'a CloudTrail notification',
      sns({ s3Bucket: 'b', s3ObjectKey: ['AWSLogs/x.json.gz'] }),
      /^A CloudTrail notification only points to a log file/,
    ],
    [
      'the test message of S3',
      { Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: 'b' },
      /test message .* nothing is wrong/,
    ],
    [
      'a subscription to confirm',
      { ...sns('You have chosen …'), Type: 'SubscriptionConfirmation' },
      /SubscribeURL/,
    ],
    ['SNS with plain text', sns('CloudTrail validation message.'), /^The text of an SNS message is not JSON/],
    ['SQS with plain text', { Body: 'hello' }, /^The text of an SQS message is not JSON/],
    [
      'LookupEvents with a cut record',
      { Events: [{ CloudTrailEvent: '{"eventName":' }] },
      /^The text of a CloudTrailEvent member is not JSON/,
    ],
    ['a number', 7, /a number where an object should be/],
    ['null in Records', { Records: [null] }, /null where an object should be/],
    ['a plain text', 'hello', /^A text where a CloudTrail record should be is not JSON/],
  ])('%s', (_, value, reason) => {
    expect(reasonOf(value)).toMatch(reason);
  });

  it('wrappers without end are given up', () => {
    let value: Json = a;
    for (let depth = 0; depth < 100_000; depth += 1) value = [value];
    expect(reasonOf(value)).toBe('Wrapped more than 12 times.');
  });
});
