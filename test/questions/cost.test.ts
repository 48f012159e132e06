import { describe, expect, it } from 'vitest';
import { DAY, SECOND } from '../../src/kernel/time.ts';
import { callOf } from '../../src/questions/call.ts';
import { costOf, sayCost } from '../../src/questions/cost.ts';
import { EVENT_TIME, readable } from '../support/records.ts';

const PERIOD = { from: EVENT_TIME - 30 * DAY, to: EVENT_TIME, said: 'last 30 days' };
const KEY = { key: 'AccessKeyId', value: 'AKIAIOSFODNN7EXAMPLE' } as const;
const NOTHING = { calls: [], stored: 0, since: undefined };
const CALL = callOf(readable());

function places(count: number, lookups: readonly (typeof KEY | undefined)[]) {
  return Array.from({ length: count }, (_, index) => ({
    account: '111122223333',
    region: index === 0 ? 'us-east-1' : `eu-west-${index}`,
    lookups,
  }));
}

describe('the cost of a question', () => {
  it('is at least one request for each lookup in each place, two a second, all places at once', () => {
    const cost = costOf(places(51, [KEY, KEY]), PERIOD, NOTHING);
    expect(cost.least).toEqual({ requests: 102, took: SECOND });
    expect(cost.likely).toEqual(cost.least);
    expect(sayCost(cost)).toBeUndefined();
  });

  it('is guessed from what the own store has of it, in the place that has most', () => {
    const calls = Array.from({ length: 1_050 }, () => CALL);
    const cost = costOf(places(3, [KEY]), PERIOD, { calls, stored: 5_000, since: PERIOD.from - DAY });
    expect(cost.likely).toEqual({ requests: 23, took: 10.5 * SECOND });
    expect(sayCost(cost)).toBe(
      'This takes probably about 11 s and 23 requests: AWS allows two a second in each account and region.',
    );
  });

  it('grows with the part of the period that the own store has not seen', () => {
    const calls = Array.from({ length: 500 }, () => CALL);
    const cost = costOf(places(1, [KEY]), PERIOD, { calls, stored: 500, since: EVENT_TIME - 10 * DAY });
    expect(cost.likely.requests).toBe(30);
  });

  it('of reading everything comes from how much is stored in all', () => {
    const cost = costOf(places(2, [undefined]), PERIOD, { calls: [], stored: 100_000, since: PERIOD.from });
    expect(cost.likely).toEqual({ requests: 2_000, took: 500 * SECOND });
    expect(sayCost(cost)).toContain('8 min 20 s and 2,000 requests');
  });
});
