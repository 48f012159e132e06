import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Delivery, readDelivery } from '../../src/cloudtrail/delivery.ts';
import { readAddress } from '../../src/cloudtrail/pointer.ts';
import type { Json, JsonObject } from '../../src/kernel/json.ts';
import { record } from '../support/records.ts';
import { s3Notification } from '../support/ways.ts';

const BUCKET = 'acme-trail';
const KEY = 'AWSLogs/111122223333/CloudTrail/eu-west-1/2026/11/20/x y+z=ü.json.gz';
const FILE = { bucket: BUCKET, key: KEY };

function read(value: Json | string): Delivery {
  const delivery = readDelivery(typeof value === 'string' ? value : JSON.stringify(value));
  if ('notJson' in delivery) throw new Error(delivery.notJson);
  return delivery;
}

const sns = (message: string): JsonObject => ({
  Type: 'Notification',
  TopicArn: 'arn:aws:sns:eu-west-1:111122223333:trail',
  Message: message,
});
const objectCreated = (detailType = 'Object Created'): JsonObject => ({
  version: '0',
  id: '17793124-05d4-b198-2fde-7ededc63b103',
  'detail-type': detailType,
  source: 'aws.s3',
  account: '111122223333',
  region: 'eu-west-1',
  detail: { version: '0', bucket: { name: BUCKET }, object: { key: KEY, size: 5 }, reason: 'PutObject' },
});

describe('where a message points to', () => {
  const cloudTrail = JSON.stringify({ s3Bucket: BUCKET, s3ObjectKey: [KEY] });
  it.each<[string, Json | string]>([
    ['a notification of S3', s3Notification(BUCKET, KEY)],
    ['an event of S3 by EventBridge', objectCreated()],
    ['a notification of CloudTrail', cloudTrail],
    ['S3 by SNS', sns(s3Notification(BUCKET, KEY))],
    ['CloudTrail by SNS', sns(cloudTrail)],
    ['EventBridge by SNS', sns(JSON.stringify(objectCreated()))],
    [
      'S3 by SNS by SQS',
      { Records: [{ messageId: '1', body: JSON.stringify(sns(s3Notification(BUCKET, KEY))) }] },
    ],
    ['EventBridge by SQS', { Messages: [{ Body: JSON.stringify(objectCreated()) }] }],
  ])('%s is read, with the key as it is', (_, value) => {
    const delivery = read(value);
    expect(delivery.files).toEqual([FILE]);
    expect(delivery.rejects).toMatchObject([
      { reason: expect.stringContaining('only points to a'), pointer: true },
    ]);
  });

  it('several files in one message are all found', () => {
    const keys = ['a.json.gz', 'b.json.gz'];
    const both = keys.map((key) => ({ bucket: BUCKET, key }));
    expect(read(s3Notification(BUCKET, ...keys)).files).toEqual(both);
    expect(read({ s3Bucket: BUCKET, s3ObjectKey: keys }).files).toEqual(both);
  });

  it('files and records in one message are both found', () => {
    const delivery = read([record(), objectCreated()]);
    expect(delivery.records).toHaveLength(1);
    expect(delivery.files).toEqual([FILE]);
  });

  it('the test message of S3 points to nothing, and nothing is wrong with it', () => {
    const delivery = read({ Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: BUCKET });
    expect(delivery.files).toBeUndefined();
    expect(delivery.rejects).toMatchObject([{ pointer: true }]);
  });

  it.each<[string, Json]>([
    ['an object that was deleted', objectCreated('Object Deleted')],
    ['a deletion', { Records: [{ ...first(), eventName: 'ObjectRemoved:Delete' }] }],
    [
      'a key that cannot be decoded',
      { Records: [{ ...first(), s3: { bucket: { name: BUCKET }, object: { key: '%E0%A4' } } }] },
    ],
    ['no key', { s3Bucket: BUCKET, s3ObjectKey: [] }],
    ['no bucket', { s3Bucket: '', s3ObjectKey: [KEY] }],
  ])('%s is kept with the reason', (_, value) => {
    const delivery = read(value);
    expect(delivery.files).toBeUndefined();
    expect(delivery.rejects).toHaveLength(1);
    expect(delivery.rejects[0]?.pointer).toBeUndefined();
  });

  it('every key comes back as it was', () => {
    const key = fc.string({ minLength: 1, unit: 'grapheme' });
    fc.assert(
      fc.property(key, (one) => {
        expect(read(s3Notification(BUCKET, one)).files).toEqual([{ bucket: BUCKET, key: one }]);
      }),
      { numRuns: 200 },
    );
  });
});

function first(): JsonObject {
  const { Records: records } = JSON.parse(s3Notification(BUCKET, KEY)) as { Records: JsonObject[] };
  return records[0] ?? {};
}

describe('an address', () => {
  it.each([
    ['s3://acme-trail/AWSLogs/', { bucket: 'acme-trail', key: 'AWSLogs/' }],
    ['s3://acme-trail', { bucket: 'acme-trail', key: '' }],
    ['s3://a/b', undefined],
    ['https://acme-trail/AWSLogs/', undefined],
  ])('%s', (text, expected) => {
    expect(readAddress(text)).toEqual(expected);
  });
});
