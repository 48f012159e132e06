import { describe, expect, it } from 'vitest';
import { createLog } from '../../../src/kernel/log.ts';
import { HOUR, MINUTE, SECOND } from '../../../src/kernel/time.ts';
import { countRecords } from '../../../src/store/records.ts';
import { latestRejects } from '../../../src/store/rejects.ts';
import { LookupTrouble } from '../../../src/work/cloud-history.ts';
import { LargeTrailFile } from '../../../src/work/trail-files.ts';
import { envelope, record } from '../../support/records.ts';
import { type QueueBed, s3Notification, startQueueBed, trailFile, trailKey } from '../../support/ways.ts';

const LONG = 10 * MINUTE;
const event = (overrides = {}) => JSON.stringify(envelope(record(overrides)));
const emptyOf = (bed: QueueBed) => () => bed.queues.messages(bed.url).length === 0;
const stored = async (bed: QueueBed) => (await countRecords(bed.db)).stored;
const operations = (bed: QueueBed, name: string) =>
  bed.aws.requests.filter(({ operation }) => operation === name);

describe('a queue that is read', () => {
  it('hands its events to the store, and they are gone from it', async () => {
    const bed = await startQueueBed();
    const reader = bed.read();
    for (let i = 0; i < 3; i += 1) bed.queues.send(bed.url, event());
    await bed.until(emptyOf(bed));
    await bed.until(() => reader.state().messages === 3);
    expect(await stored(bed)).toBe(3);
    expect(reader.state()).toMatchObject({
      name: 'trailbot',
      failures: 0,
      trouble: undefined,
      lastMessageAt: expect.any(Number),
    });
  });

  it('is waited for, so that an event is taken at once', async () => {
    const bed = await startQueueBed();
    bed.read();
    await bed.clock.untilSleeping(2);
    const sentAt = bed.clock.now();
    bed.queues.send(bed.url, event());
    await bed.until(emptyOf(bed));
    expect(bed.clock.now() - sentAt).toBeLessThanOrEqual(SECOND);
  });

  it('is emptied with several requests at once when there are many, no more than so many messages under way', async () => {
    const bed = await startQueueBed();
    for (let i = 0; i < 300; i += 1) bed.queues.send(bed.url, event());
    bed.read();
    await bed.until(emptyOf(bed));
    expect(await stored(bed)).toBe(300);
    expect(operations(bed, 'DeleteMessageBatch').length).toBeLessThan(100);
  });

  it('keeps a message until its events are on disk', async () => {
    const bed = await startQueueBed();
    await bed.db.run(
      `create trigger full before insert on records begin select raise(abort, 'disk full'); end`,
    );
    for (let i = 0; i < 20; i += 1) bed.queues.send(bed.url, event());
    const reader = bed.read();
    await bed.until(() => reader.state().failures > 5);
    expect(bed.queues.messages(bed.url)).toHaveLength(20);
    expect(reader.state().left).toContain('disk full');
    await bed.db.run('drop trigger full');
    await bed.until(emptyOf(bed));
    expect(await stored(bed)).toBe(20);
    expect(reader.state().left).toBeUndefined();
  });

  it('lets one message try for all while nothing can be stored, so that the others are not received in vain', async () => {
    const bed = await startQueueBed();
    await bed.db.run(
      `create trigger full before insert on records begin select raise(abort, 'disk full'); end`,
    );
    for (let i = 0; i < 60; i += 1) bed.queues.send(bed.url, event());
    const reader = bed.read();
    const end = bed.clock.now() + HOUR;
    await bed.until(() => bed.clock.now() > end);
    const counts = bed.queues.messages(bed.url).map(({ receiveCount }) => receiveCount);
    expect(reader.state().failures).toBeLessThan(120);
    expect(Math.max(...counts)).toBeLessThanOrEqual(12);
  });

  it('keeps what it does not understand with the reason, and does not meet it again', async () => {
    const bed = await startQueueBed();
    const bodies = ['hello', '{"hello":"world"}', '{"Event":"s3:TestEvent","Service":"Amazon S3"}', '[]'];
    for (const body of bodies) bed.queues.send(bed.url, body);
    const reader = bed.read();
    await bed.until(emptyOf(bed));
    await bed.until(() => reader.state().messages === 4);
    const reasons = (await latestRejects(bed.db, 10)).map(({ reason }) => reason).sort();
    expect(reasons).toEqual([
      expect.stringMatching(/^A queue message that is no event\. The body is not JSON/),
      expect.stringMatching(/^Not a CloudTrail record/),
    ]);
  });
});

describe('what comes twice', () => {
  it('is one event', async () => {
    const bed = await startQueueBed();
    bed.queues.send(bed.url, event());
    bed.queues.duplicate(bed.url);
    bed.read();
    await bed.until(() => bed.counted.get('received') === 2);
    await bed.until(emptyOf(bed));
    expect(await stored(bed)).toBe(1);
    expect(bed.counted.get('duplicate')).toBe(1);
  });

  it('because the bot was killed between the commit and the removal is a duplicate, and then gone', async () => {
    const bed = await startQueueBed();
    bed.queues.send(bed.url, event());
    const killed = bed.read({ removesNothing: true });
    await bed.until(async () => (await stored(bed)) === 1);
    void killed.stop();
    expect(bed.queues.messages(bed.url)).toHaveLength(1);
    bed.read();
    await bed.until(emptyOf(bed));
    expect(await stored(bed)).toBe(1);
    expect(bed.counted.get('duplicate')).toBe(1);
  });
});

describe('trail files', () => {
  const bucket = 'acme-trail';
  const key = trailKey(Date.UTC(2026, 10, 20, 9, 20));

  it('that messages point to are read, and one that is named twice is read once', async () => {
    const bed = await startQueueBed();
    bed.files.set(`s3://${bucket}/${key}`, trailFile(Array.from({ length: 700 }, () => record())));
    bed.queues.send(bed.url, s3Notification(bucket, key));
    bed.queues.send(bed.url, JSON.stringify({ s3Bucket: bucket, s3ObjectKey: [key] }));
    const reader = bed.read();
    await bed.until(emptyOf(bed));
    await bed.until(() => reader.state().messages === 2);
    expect(await stored(bed)).toBe(700);
    expect(bed.fetched).toEqual([`s3://${bucket}/${key}`]);
    expect(reader.state().files).toBe(1);
    expect(bed.ways.get('file known')).toBe(1);
  });

  it('with the same events as came by EventBridge bring nothing new', async () => {
    const bed = await startQueueBed();
    const one = record();
    bed.files.set(`s3://${bucket}/${key}`, trailFile([one, record()]));
    bed.queues.send(bed.url, JSON.stringify(envelope(one)));
    bed.queues.send(bed.url, s3Notification(bucket, key));
    bed.read();
    await bed.until(emptyOf(bed));
    expect(await stored(bed)).toBe(2);
  });

  it('of digests and sums are no events, and are let be', async () => {
    const bed = await startQueueBed();
    const at = Date.UTC(2026, 10, 20, 9, 20);
    for (const folder of ['CloudTrail-Digest', 'CloudTrail-Aggregated']) {
      bed.queues.send(bed.url, s3Notification(bucket, trailKey(at, { folder })));
    }
    bed.read();
    await bed.until(emptyOf(bed));
    expect(bed.fetched).toEqual([]);
    expect(await latestRejects(bed.db, 5)).toEqual([]);
    expect(bed.ways.get('file without events')).toBe(2);
  });

  it('of Insights are read', async () => {
    const bed = await startQueueBed();
    const insight = trailKey(Date.UTC(2026, 10, 20, 9, 20), { folder: 'CloudTrail-Insight' });
    bed.files.set(`s3://${bucket}/${insight}`, trailFile([record()]));
    bed.queues.send(bed.url, s3Notification(bucket, insight));
    bed.read();
    await bed.until(emptyOf(bed));
    expect(await stored(bed)).toBe(1);
  });

  it('that are missing, damaged, cut or no trail’s are kept with the reason, after what could be read of them', async () => {
    const bed = await startQueueBed();
    const at = Date.UTC(2026, 10, 20, 9, 20);
    const keys = ['missing', 'damaged', 'cut', 'other', 'huge'].map((name) => trailKey(at, { name }));
    const whole = Buffer.from(JSON.stringify({ Records: [record(), record()] }));
    bed.files.set(
      `s3://${bucket}/${keys[1]}`,
      Buffer.concat([trailFile([record()]), Buffer.from('rubbish')]),
    );
    bed.files.set(`s3://${bucket}/${keys[2]}`, whole.subarray(0, -20));
    bed.files.set(`s3://${bucket}/${keys[3]}`, Buffer.from('{"hello":"world"}'));
    bed.files.set(`s3://${bucket}/${keys[4]}`, new LargeTrailFile({ bucket, key: keys[4] ?? '' }));
    for (const one of [...keys, 'photo.jpg']) bed.queues.send(bed.url, s3Notification(bucket, one));
    bed.read();
    await bed.until(emptyOf(bed));
    const reasons = (await latestRejects(bed.db, 10)).map(({ reason }) => reason).sort();
    expect(reasons).toEqual([
      'A notification points to a file whose name is none that a trail gives.',
      'A notification points to a trail file that is not there (any more).',
      'A trail file cannot be read to its end: it holds no list of records.',
      'A trail file cannot be read to its end: it is damaged.',
      'A trail file cannot be read to its end: it was cut short.',
      'A trail file cannot be read: it is larger than 268435456 bytes, which CloudTrail does not write.',
    ]);
    expect(await stored(bed)).toBe(1);
  });

  it('that may not be read make their message come again, later each time, and the log says why', async () => {
    const bed = await startQueueBed();
    const remedy = 'allow s3:GetObject';
    const trouble = { kind: 'denied', what: 'not allowed to call s3:GetObject', remedy } as const;
    bed.files.set(`s3://${bucket}/${key}`, new LookupTrouble(trouble));
    bed.queues.send(bed.url, s3Notification(bucket, key));
    const reader = bed.read();
    const times: number[] = [];
    for (const count of [1, 2, 3, 4]) {
      await bed.until(() => reader.state().failures === count);
      times.push(bed.clock.now());
    }
    const [a = 0, b = 0, c = 0, d = 0] = times;
    expect(reader.state().left).toBe('not allowed to call s3:GetObject; allow s3:GetObject');
    expect(b - a).toBeGreaterThanOrEqual(15 * SECOND);
    expect(d - c).toBeGreaterThan(b - a);
    bed.files.set(`s3://${bucket}/${key}`, trailFile([record()]));
    await bed.until(emptyOf(bed));
    expect(await stored(bed)).toBe(1);
  });

  it('that take long keep their message to themselves', async () => {
    const bed = await startQueueBed();
    const file = trailFile([record()]);
    bed.files.set(`s3://${bucket}/${key}`, async () => {
      await bed.clock.sleep(LONG);
      return file;
    });
    bed.queues.send(bed.url, s3Notification(bucket, key));
    bed.read();
    await bed.until(() => bed.ways.get('taken') === 1);
    expect(bed.fetched).toHaveLength(1);
    expect(bed.queues.messages(bed.url)).toEqual([]);
  });
});

describe('a stop', () => {
  it('lets a long file go, and its message is there for the next start', async () => {
    const bed = await startQueueBed();
    const key = trailKey(Date.UTC(2026, 10, 20, 9, 20));
    bed.files.set(`s3://b-1/${key}`, async (signal) => {
      await bed.clock.sleep(LONG, signal);
      signal.throwIfAborted();
      return trailFile([record()]);
    });
    bed.queues.send(bed.url, s3Notification('b-1', key));
    const first = bed.read();
    await bed.until(() => bed.fetched.length === 1);
    await first.stop();
    expect(bed.queues.messages(bed.url)).toMatchObject([{ visibleAt: bed.clock.now() + SECOND }]);
    bed.files.set(`s3://b-1/${key}`, trailFile([record()]));
    bed.read();
    await bed.until(emptyOf(bed));
    expect(await stored(bed)).toBe(1);
  });
});

describe('a queue that cannot be read', () => {
  it('is said once with the remedy, is tried again slowly, and is visible until it can be', async () => {
    const bed = await startQueueBed();
    const lines: { level: number; msg: string }[] = [];
    const log = createLog('info', { write: (line) => void lines.push(JSON.parse(line)) });
    const over = bed.aws.fault({ kind: 'deny', operation: 'ReceiveMessage' });
    const reader = bed.read({ log });
    const end = bed.clock.now() + 10 * MINUTE;
    await bed.until(() => bed.clock.now() >= end);
    expect(operations(bed, 'ReceiveMessage').length).toBeLessThanOrEqual(11);
    expect(reader.state().trouble).toMatchObject({
      kind: 'denied',
      what: 'not allowed to call sqs:ReceiveMessage',
      since: expect.any(Number),
    });
    over();
    await bed.until(() => reader.state().trouble === undefined);
    expect(lines.map(({ msg }) => msg)).toEqual([
      'cannot read the queue trailbot: not allowed to call sqs:ReceiveMessage; allow sqs:ReceiveMessage to the role or user that asks there',
      'the queue trailbot works again',
    ]);
  });

  it('may be read and not emptied: that is said once, too, and the events are there', async () => {
    const bed = await startQueueBed();
    const lines: { msg: string }[] = [];
    const log = createLog('info', { write: (line) => void lines.push(JSON.parse(line)) });
    bed.aws.fault({ kind: 'deny', operation: 'DeleteMessageBatch' });
    bed.queues.send(bed.url, event());
    const reader = bed.read({ log });
    await bed.until(() => (bed.counted.get('duplicate') ?? 0) >= 3);
    expect(await stored(bed)).toBe(1);
    expect(reader.state().trouble).toMatchObject({ what: 'not allowed to call sqs:DeleteMessageBatch' });
    expect(lines.map(({ msg }) => msg)).toEqual([
      expect.stringMatching(/^cannot remove what was taken from the queue trailbot: not allowed/),
    ]);
  });

  it('may be gone', async () => {
    const bed = await startQueueBed();
    const reader = bed.read();
    await bed.clock.untilSleeping(2);
    bed.queues.remove(bed.url);
    await bed.until(() => reader.state().trouble !== undefined);
    expect(reader.state().trouble).toMatchObject({ what: 'the queue does not exist' });
  });
});
