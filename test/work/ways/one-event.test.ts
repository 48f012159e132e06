import { describe, expect, it } from 'vitest';
import { correctedKey } from '../../../src/cloudtrail/correction.ts';
import { readRecord } from '../../../src/cloudtrail/record.ts';
import type { JsonObject } from '../../../src/kernel/json.ts';
import { countRecords } from '../../../src/store/records.ts';
import { envelope, record, user } from '../../support/records.ts';
import { type QueueBed, s3Notification, startQueueBed, trailFile, trailKey } from '../../support/ways.ts';

const AT = Date.UTC(2026, 10, 20, 9, 20);
const ORGANIZATION = { root: 'org/AWSLogs/o-a1b2c3d4e5/', region: 'us-east-1' };
const ACCOUNT = { root: 'AWSLogs/', region: 'us-east-1' };

function without(body: JsonObject, ...members: string[]): JsonObject {
  return Object.fromEntries(Object.entries(body).filter(([member]) => !members.includes(member)));
}

/** How many events are stored when all of these have come, each in a message or a file of its own. */
async function storedOf(
  bed: QueueBed,
  messages: readonly JsonObject[],
  files: readonly (readonly [Parameters<typeof trailKey>[1], JsonObject])[],
): Promise<number> {
  for (const message of messages) bed.queues.send(bed.url, JSON.stringify(message));
  files.forEach(([where, body], index) => {
    const key = trailKey(AT, { ...where, name: `file${index}` });
    bed.files.set(`s3://acme-trail/${key}`, trailFile([body]));
    bed.queues.send(bed.url, s3Notification('acme-trail', key));
  });
  const reader = bed.read();
  await bed.until(() => reader.state().messages === messages.length + files.length);
  return (await countRecords(bed.db)).stored;
}

describe('one event', () => {
  it('seen by the trail of the organization and that of the account is one', async () => {
    const one = record();
    const bed = await startQueueBed();
    expect(
      await storedOf(
        bed,
        [],
        [
          [ORGANIZATION, one],
          [ACCOUNT, one],
        ],
      ),
    ).toBe(1);
  });

  it('that comes by EventBridge and in a file is one', async () => {
    const one = record();
    const bed = await startQueueBed();
    expect(await storedOf(bed, [envelope(one)], [[ACCOUNT, one]])).toBe(1);
  });

  it('that does not say which account it is for is told by envelope and file name', async () => {
    const caller = '444455556666';
    const one = without(record({ userIdentity: user('alice', caller) }), 'recipientAccountId');
    const bed = await startQueueBed();
    expect(
      await storedOf(
        bed,
        [envelope(one)],
        [
          [ACCOUNT, one],
          [ORGANIZATION, one],
        ],
      ),
    ).toBe(1);
    const [stored] = await bed.db.all<{ account: string }>('select account from records', []);
    expect(stored?.account).toBe('111122223333');
  });

  it('of IAM whose copies name several regions is one', async () => {
    const one = record();
    const copies = ['us-east-1', 'eu-west-1', 'us-west-2'].map(
      (awsRegion) =>
        [
          { ...ACCOUNT, region: awsRegion },
          { ...one, awsRegion },
        ] as const,
    );
    const bed = await startQueueBed();
    expect(await storedOf(bed, [envelope(one)], copies)).toBe(1);
  });

  it('of a sign-in that names no region is the same as the one that does', async () => {
    const one = record({ eventSource: 'signin.amazonaws.com', eventName: 'ConsoleLogin' });
    const bed = await startQueueBed();
    expect(await storedOf(bed, [envelope({ ...one, awsRegion: 'global' })], [[ACCOUNT, one]])).toBe(1);
  });
});

describe('two events', () => {
  const key = (overrides: JsonObject) => {
    const read = readRecord(record({ eventID: 'the-same', ...overrides }));
    return 'key' in read ? read.key : read.unreadable;
  };

  it('of a service with regions are two, though their ids were the same', () => {
    const regions = ['eu-west-1', 'us-east-1'];
    const keys = regions.map((awsRegion) => key({ eventSource: 'ec2.amazonaws.com', awsRegion }));
    expect(new Set(keys).size).toBe(2);
  });

  it('of two accounts are two: each account has its own copy of a call across accounts', () => {
    expect(key({ recipientAccountId: '444455556666' })).not.toBe(key({}));
  });

  it('of global services in other partitions have the region of the partition', () => {
    expect(key({ awsRegion: 'cn-northwest-1' })).toBe('111122223333|cn-north-1|the-same');
    expect(key({ awsRegion: 'us-gov-east-1' })).toBe('111122223333|us-gov-west-1|the-same');
  });

  it('are an event and its corrected copy, which still finds the event', () => {
    const addendum = { reason: 'UPDATED_DATA', originalEventID: 'first' };
    const copy = readRecord(record({ eventID: 'second', awsRegion: 'eu-west-1', addendum }));
    expect('key' in copy && correctedKey(copy)).toBe('111122223333|us-east-1|first');
  });
});
