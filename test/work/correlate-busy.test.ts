import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CloudTrailRecord } from '../../src/cloudtrail/record.ts';
import { DAY, SECOND } from '../../src/kernel/time.ts';
import type { Correlation } from '../../src/rules/correlation/correlation.ts';
import { bucketOf } from '../../src/rules/correlation/group.ts';
import type { Ruleset } from '../../src/rules/ruleset.ts';
import { countedBy, insertHit } from '../../src/store/correlation-hits.ts';
import { addToSums } from '../../src/store/correlation-sums.ts';
import type { Database } from '../../src/store/sql.ts';
import { rulesIn } from '../rules/support.ts';
import {
  baseRules,
  correlationText,
  correlator,
  happened,
  rulesWith,
  START,
} from '../support/correlations.ts';
import { temporaryFolder, temporaryStore } from '../support/store.ts';

const CLOCK = { now: () => START + 30 * DAY };
/** When every window is over. */
const AFTER = START + 31 * DAY;

async function start(ruleset: Ruleset) {
  const db = await temporaryStore();
  return { db, ...correlator(() => db, ruleset, CLOCK) };
}

const withBytes = (bytes: number) => ({ requestParameters: { bytes } });

/** Puts hits into the store as if events had come, one a second from the first on; the keys sort as they do. */
function fill(
  db: Database,
  correlation: Correlation,
  count: number,
  bytes: (index: number) => number,
  part = 0,
) {
  return db.tx(async (sql) => {
    const { id } = await countedBy(sql, correlation.signature);
    const place = { correlation: id, bucket: bucketOf(correlation, []), part };
    for (let index = 1; index <= count; index++) {
      const at = START + index * SECOND;
      const hit = { ...place, at, key: `key ${index}`, value: String(bytes(index)) };
      await insertHit(sql, hit);
      if (correlation.type === 'value_sum') await addToSums(sql, hit, bytes(index));
    }
  });
}

const sum = (condition: string, timespan = '1d') =>
  `type: value_sum, rules: [a], timespan: ${timespan}, condition: {field: requestParameters.bytes, ${condition}}`;

describe('a group of very many events', () => {
  it('is added up whole, and what fires holds the last of its events', async () => {
    const ruleset = rulesWith(sum('gte: 10002'));
    const { db, take } = await start(ruleset);
    for (const correlation of ruleset.correlations) await fill(db, correlation, 10_000, () => 1);
    const more = ['1', '2', '3'].map((id, index) => happened('a', 20_000 + index, id, withBytes(1)));
    const fired = await take(...more);
    expect(fired.map(({ eventId, count, fresh }) => [eventId, count, fresh])).toEqual([
      ['2', 10_002, 200],
      ['3', 10_003, 1],
    ]);
    expect(fired.map(({ records }) => records.length)).toEqual([200, 200]);
  });

  it('is judged whole when its window is over', async () => {
    const body = (type: string, condition: string) =>
      `type: ${type}, rules: [a], timespan: 1d, condition: {field: requestParameters.bytes, ${condition}}`;
    const bodies = [
      body('value_avg', 'gte: 100'),
      body('value_percentile', 'percentile: 100, gte: 10001'),
      body('value_count', 'lt: 3, gt: 1'),
      sum('eq: 1010000'),
      'type: event_count, rules: [a], timespan: 1d, condition: {gte: 1, lte: 10050}',
      'type: event_count, rules: [a], timespan: 1d, condition: {neq: 10000}',
    ];
    const documents = bodies.map((one, index) =>
      correlationText(one)
        .replace('0000000000c1', `0000000000d${index}`)
        .replace('name: correlated', `name: ${one.slice(6, one.indexOf(','))}-${index}`),
    );
    const ruleset = rulesIn(baseRules('a') + documents.join('\n---'));
    const { db, take, close } = await start(ruleset);
    await take(happened('a', 0, 'first', withBytes(10_000)));
    for (const one of ruleset.correlations) {
      await fill(db, one, 10_098, (index) => (index <= 100 ? 10_000 : 0));
    }
    await take(happened('a', 20_000, 'last', withBytes(0)));
    const fired = await close(AFTER);
    expect(fired.map(({ rule, count }) => `${rule}: ${count}`).sort()).toEqual([
      'event_count-5: 10100',
      'value_avg-0: 100',
      'value_count-2: 2',
      'value_sum-3: 1010000',
    ]);
    for (const { records } of fired) expect(records).toHaveLength(200);
  });

  it('keeps as many as a condition can count, the newest', async () => {
    const ruleset = rulesWith('type: event_count, rules: [a], timespan: 1d, condition: {gte: 10000}');
    const { db, take } = await start(ruleset);
    for (const correlation of ruleset.correlations) await fill(db, correlation, 10_010, () => 1);
    expect(await take(happened('a', 20_000, 'one that ends in 0'))).toHaveLength(1);
    const [kept] = await db.all<{ hits: number; first: number }>(
      'select count(*) as hits, min(event_time) as first from correlation_hits',
    );
    expect(kept).toEqual({ hits: 10_001, first: START + 11 * SECOND });
    expect(await take(happened('a', 20_001, 'another'))).toHaveLength(1);
  });
});

describe('an order', () => {
  const THEN = 'type: temporal_ordered, rules: [a, b, c], timespan: 1d';

  it.each([
    [998, 1],
    [999, 0],
  ])(
    'is looked for in the newest 1,000 events: with %i between them it fires %i times',
    async (between, times) => {
      const ruleset = rulesWith(THEN);
      const { db, take } = await start(ruleset);
      await take(happened('a', 0, 'first'));
      for (const correlation of ruleset.correlations) await fill(db, correlation, between, () => 1, 1);
      const fired = await take(happened('c', 2000, 'last'));
      expect(fired).toHaveLength(times);
    },
  );

  it('that must not be there is judged when the window is over', async () => {
    const never = THEN.replace('[a, b, c]', '[a, b]').replace('1d', '10m, condition: {lt: 2}');
    const wrong = await start(rulesWith(never));
    await wrong.take(happened('b', 0, '1'), happened('a', 1, '2'));
    expect(await wrong.close(AFTER)).toMatchObject([{ count: 1 }]);
    const right = await start(rulesWith(never));
    await right.take(happened('a', 0, '1'), happened('b', 1, '2'));
    expect(await right.close(AFTER)).toEqual([]);
  });
});

describe('a sum over hours', () => {
  const many = fc.array(
    fc.record({
      seconds: fc.integer({ min: 0, max: 4 * 3600 }),
      bytes: fc.integer({ min: -3, max: 9 }),
      place: fc.nat(),
    }),
    { minLength: 5, maxLength: 40 },
  );

  it('is that of the events of each window, in whatever order they come, with a restart between', async () => {
    const ruleset = rulesWith(sum('gte: 20', '100m'), 'trailbot: {lateness: 1d}');
    let seen = 0;
    await fc.assert(
      fc.asyncProperty(many, async (all) => {
        const hits = all.map(({ seconds, bytes, place }, index) => ({
          record: happened('a', seconds, `e${index}`, { requestParameters: { bytes } }),
          bytes,
          place,
        }));
        const isUpTo = (one: CloudTrailRecord, other: CloudTrailRecord) =>
          one.eventTime < other.eventTime || (one.eventTime === other.eventTime && one.key <= other.key);
        const sumAt = (end: CloudTrailRecord) =>
          hits
            .filter(({ record }) => isUpTo(record, end) && record.eventTime >= end.eventTime - 6000 * SECOND)
            .reduce((total, { bytes }) => total + bytes, 0);
        const reached = hits.map(({ record }) => record).filter((record) => sumAt(record) >= 20);
        const shuffled = hits.toSorted((a, b) => a.place - b.place).map(({ record }) => record);
        const half = Math.floor(shuffled.length / 2);

        const folder = temporaryFolder();
        const before = await temporaryStore(folder);
        const fired = await correlator(() => before, ruleset, CLOCK).takeTogether(shuffled.slice(0, half));
        await before.close();
        const after = await temporaryStore(folder);
        const rest = correlator(() => after, ruleset, CLOCK);
        fired.push(...(await rest.takeTogether([...shuffled.slice(half), ...shuffled])));
        const ids = new Set(fired.map(({ records }) => records[0]));

        seen += reached.length;
        for (const { eventId } of reached) expect(ids).toContain(eventId);
      }),
      { seed: 4, numRuns: 25, endOnFailure: true },
    );
    expect(seen).toBeGreaterThan(50);
  });
});
