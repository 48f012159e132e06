import { describe, expect, it } from 'vitest';
import { inParallel } from '../../../src/aws/connect/in-parallel.ts';
import { hasKeyMark, keyMark, markedDescription } from '../../../src/aws/connect/mark.ts';
import { hintsFor, objectionsTo } from '../../../src/aws/connect/options.ts';
import { sayRotation } from '../../../src/aws/connect/rotation.ts';
import { HOME, KEY, OPTIONS } from './cloud.ts';

const hints = (options: object): string[] => {
  const all = { ...OPTIONS, ...options };
  return hintsFor(all, { account: HOME, region: all.region, partition: 'aws' });
};
const what = (options: object): string[] => objectionsTo({ ...OPTIONS, ...options }).map((one) => one.what);

describe('what cannot be set up', () => {
  it('is a home region without API destinations, unless events go into a queue', () => {
    for (const region of ['us-gov-west-1', 'il-central-1', 'ca-west-1']) {
      expect(what({ region })).toEqual([
        `EventBridge has no API destinations in ${region}, so events cannot be posted from there`,
      ]);
      expect(what({ region, deliver: 'queue' })).toEqual([]);
    }
  });

  it('is an address that EventBridge does not post to, and a key that it does not take', () => {
    expect(what({})).toEqual([]);
    expect(what({ publicUrl: undefined })).toHaveLength(1);
    expect(what({ publicUrl: 'http://trailbot.example.com' })).toHaveLength(1);
    expect(what({ keys: [] })).toHaveLength(1);
    expect(what({ keys: ['with:colon'] })).toHaveLength(1);
    expect(what({ keys: ['k'.repeat(513)] })).toHaveLength(1);
    expect(what({ patterns: { changes: [], reads: [] } })).toEqual(['no rule needs an event of AWS']);
  });
});

describe('what is probably not meant', () => {
  it('is to leave out the region with the events of global services', () => {
    expect(hints({ regions: ['eu-west-1'] })).toEqual([
      expect.stringContaining('us-east-1 is not among aws.regions'),
    ]);
    expect(hints({ regions: ['cn-northwest-1'], region: 'cn-northwest-1' })[0]).toContain('cn-north-1');
    expect(hints({ regions: 'enabled' })).toEqual([]);
    expect(hints({ region: 'us-east-1', regions: ['eu-west-1'] })).toEqual([]);
  });
});

describe('a queue with the events', () => {
  it('must be among those that the bot reads', () => {
    const url = `https://sqs.eu-west-1.amazonaws.com/${HOME}/trailbot-events`;
    expect(hints({ deliver: 'queue' })).toEqual([
      `the bot does not read the queue with the events yet: add { url: ${url} } to queues.`,
    ]);
    expect(hints({ deliver: 'queue', queues: [url] })).toEqual([]);
  });
});

describe('the mark of a key', () => {
  it('tells it from another without telling it', () => {
    const description = markedDescription('trailbot') + keyMark(KEY, 'abcdef0123456789');
    expect(description).toMatch(
      /^Made by Trailbot \(trailbot=trailbot\)\. Key abcdef0123456789:[0-9a-f]{8}$/,
    );
    expect(hasKeyMark(description, KEY)).toBe(true);
    expect(hasKeyMark(description, 'another')).toBe(false);
    expect(hasKeyMark(undefined, KEY)).toBe(false);
  });

  it('says when the second key can go: a day after EventBridge has the first', () => {
    const authorizedAt = Date.UTC(2026, 10, 20, 9, 15);
    const description = markedDescription('trailbot') + keyMark(KEY, 'abcdef');
    const connection = {
      arn: '',
      state: 'AUTHORIZED',
      reason: undefined,
      description,
      header: 'x-api-key',
      authorizedAt,
    };
    const plan = { connection, formerConnections: [] };
    expect(sayRotation([KEY, 'old'], plan)).toBe(
      'EventBridge shows the webhook the first of TRAILBOT_WEBHOOK_KEYS since 2026-11-20 09:15:00 UTC. ' +
        'Take the other one away after 2026-11-21 09:15:00 UTC: until then an event that is tried again may show it.',
    );
    expect(sayRotation([KEY], plan)).toBeUndefined();
    expect(sayRotation(['new', KEY], plan)).toBeUndefined();
    const waiting = { ...connection, state: 'AUTHORIZING' };
    expect(sayRotation([KEY, 'old'], { ...plan, connection: waiting })).toBeUndefined();
    // What a former home still posts has the other key.
    const former = { ...connection, description: markedDescription('trailbot') + keyMark('old', 'abcdef') };
    expect(sayRotation([KEY, 'old'], { ...plan, formerConnections: [former] })).toBeUndefined();
  });
});

describe('work on many places', () => {
  it('is done at so many at a time, and keeps their order', async () => {
    let now = 0;
    let most = 0;
    const results = await inParallel([1, 2, 3, 4, 5, 6, 7], 3, async (one) => {
      now += 1;
      most = Math.max(most, now);
      await new Promise((resolve) => setImmediate(resolve));
      now -= 1;
      return one * 2;
    });
    expect(results).toEqual([2, 4, 6, 8, 10, 12, 14]);
    expect(most).toBe(3);
  });
});
