import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MINUTE, type Millis, SECOND } from '../../src/kernel/time.ts';
import { correlator, happened, rulesWith, START } from '../support/correlations.ts';
import { temporaryFolder, temporaryStore } from '../support/store.ts';

const minute = (minutes: number): Millis => START + minutes * MINUTE;
const FEW = 'type: event_count, rules: [a], group-by: [sourceIPAddress], timespan: 10m, condition: {lt: 3}';

async function start(body: string, more = '') {
  const db = await temporaryStore();
  let now = START;
  const one = correlator(() => db, rulesWith(body, more), { now: () => now });
  return {
    ...one,
    setClock(to: Millis) {
      now = to;
    },
  };
}

describe('a condition that more events can make untrue', () => {
  it('is judged when its window is over and late events have had their time', async () => {
    const { take, close } = await start(FEW);
    expect(await take(happened('a', 0, '1'), happened('a', 60, '2'))).toEqual([]);
    expect(await close(minute(25) - 1)).toEqual([]);
    expect(await close(minute(25))).toMatchObject([{ eventId: '2', count: 2, records: ['2', '1'] }]);
    expect(await close(minute(500))).toEqual([]);
  });

  it('counts late events, also those before the first that came', async () => {
    const { take, close } = await start(FEW);
    await take(happened('a', 300, '1'), happened('a', 400, '2'), happened('a', 10, 'late'));
    expect(await close(minute(60))).toEqual([]);
  });

  it('begins the next window with the first event after the one before', async () => {
    const { take, close } = await start(FEW);
    await take(happened('a', 0, '1'), happened('a', 1, '2'), happened('a', 600, '3'));
    await take(happened('a', 700, '4'), happened('a', 1300, '5'), happened('a', 1301, '6'));
    const fired = await close(minute(100));
    expect(fired.map(({ records }) => records)).toEqual([['5', '4'], ['6']]);
  });

  it('takes no event for a window that was judged, and says so', async () => {
    const { take, close, late } = await start(FEW);
    await take(happened('a', 0, '1'));
    expect(await close(minute(25))).toHaveLength(1);
    await take(happened('a', 5, '2'));
    expect(late).toEqual(['2']);
    expect(await close(minute(500))).toEqual([]);
  });

  it('waits as long for events that all come hours late, after an outage', async () => {
    const { take, close, setClock } = await start(FEW);
    setClock(minute(300));
    await take(happened('a', 0, '1'));
    expect(await close(minute(314))).toEqual([]);
    setClock(minute(314));
    await take(happened('a', 5, '2'), happened('a', 6, '3'));
    expect(await close(minute(328))).toEqual([]);
    expect(await close(minute(1000))).toEqual([]);
  });

  it('may have a lateness of its own', async () => {
    const { take, close } = await start(FEW, 'trailbot: {lateness: 1h}');
    await take(happened('a', 0, '1'));
    expect(await close(minute(70) - 1)).toEqual([]);
    expect(await close(minute(70))).toHaveLength(1);
  });

  it.each([
    ['{eq: 2}', [2], true],
    ['{eq: 2}', [3], false],
    ['{neq: 2}', [3], true],
    ['{neq: 2}', [2], false],
    ['{lte: 2}', [2], true],
    ['{lte: 2}', [3], false],
    ['{gt: 1, lte: 3}', [1], false],
    ['{gt: 1, lte: 3}', [3], true],
    ['{gt: 1, lte: 3}', [4], false],
  ])('%s of %j events: %s', async (condition, [events = 0], expected) => {
    const { take, close } = await start(FEW.replace('{lt: 3}', condition));
    for (let index = 0; index < events; index++) await take(happened('a', index, `${index}`));
    expect(await close(minute(100))).toHaveLength(expected ? 1 : 0);
  });

  it('may ask for one rule without another', async () => {
    const body = 'type: temporal, rules: [a, b], timespan: 10m, condition: a and not b';
    const alone = await start(body);
    await alone.take(happened('a', 0, '1'));
    expect(await alone.close(minute(100))).toMatchObject([{ eventId: '1', values: ['a'] }]);
    const both = await start(body);
    await both.take(happened('a', 0, '1'), happened('b', 590, '2'));
    expect(await both.close(minute(100))).toEqual([]);
  });

  it('may look at the average or a percentile', async () => {
    const bytes = (value: number, seconds: number) =>
      happened('a', seconds, `${seconds}`, { requestParameters: { bytes: value } });
    const average = await start(
      'type: value_avg, rules: [a], timespan: 10m, condition: {field: requestParameters.bytes, gt: 10}',
    );
    await average.take(bytes(1, 0), bytes(24, 1), bytes(8, 2));
    expect(await average.close(minute(100))).toMatchObject([{ count: 11 }]);
    const percentile = (hundredths: number) =>
      start(
        `type: value_percentile, rules: [a], timespan: 10m,
          condition: {field: requestParameters.bytes, percentile: ${hundredths}, gte: 8}`,
      );
    for (const [hundredths, expected] of [
      [33, []],
      [34, [{ count: 8 }]],
      [100, [{ count: 24 }]],
    ] as const) {
      const { take, close } = await percentile(hundredths);
      await take(bytes(1, 0), bytes(24, 1), bytes(8, 2));
      expect(await close(minute(100))).toMatchObject(expected);
    }
  });

  it('hands what it finds to the correlations above it, which wait for it', async () => {
    const above = `
---
title: Above
id: 00000000-0000-4000-8000-0000000000c2
name: above
correlation: {type: temporal, rules: [correlated, b], group-by: [sourceIPAddress], timespan: 10m}
`;
    const { take, close } = await start(FEW, above);
    await take(happened('a', 0, '1'), happened('b', 30, '2'), happened('b', 1800, 'much later'));
    const fired = await close(minute(31));
    expect(fired.map(({ rule, eventId }) => [rule, eventId])).toEqual([
      ['correlated', '1'],
      ['above', '2'],
    ]);
  });

  it('says the same in whatever order events come, with a restart after each', async () => {
    const events = fc.array(fc.record({ seconds: fc.integer({ min: 0, max: 120 }), place: fc.nat() }), {
      minLength: 1,
      maxLength: 8,
    });
    const body = 'type: event_count, rules: [a], timespan: 20s, condition: {eq: 2}';
    let seen = 0;
    const firedBy = async (records: readonly ReturnType<typeof happened>[], reopen: boolean) => {
      const folder = temporaryFolder();
      let db = await temporaryStore(folder);
      const { take, close } = correlator(() => db, rulesWith(body), { now: () => START + 120 * SECOND });
      for (const record of records) {
        await take(record, record);
        if (!reopen) continue;
        await db.close();
        db = await temporaryStore(folder);
      }
      return (await close(minute(100))).map(({ records: keys }) => keys);
    };
    await fc.assert(
      fc.asyncProperty(events, async (all) => {
        const records = all.map(({ seconds }, index) => happened('a', seconds, `e${index}`));
        const shuffled = records
          .map((record, index) => ({ record, place: all[index]?.place ?? 0 }))
          .sort((a, b) => a.place - b.place)
          .map(({ record }) => record);
        const expected = await firedBy(records, false);
        seen += expected.length;
        expect(await firedBy(shuffled, true)).toEqual(expected);
      }),
      { seed: 4, numRuns: 20 },
    );
    expect(seen).toBeGreaterThan(0);
  });
});
