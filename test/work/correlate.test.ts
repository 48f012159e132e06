import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CloudTrailRecord } from '../../src/cloudtrail/record.ts';
import { DAY, HOUR, MINUTE, type Millis } from '../../src/kernel/time.ts';
import type { Ruleset } from '../../src/rules/ruleset.ts';
import type { Database } from '../../src/store/sql.ts';
import { rulesIn } from '../rules/support.ts';
import {
  baseRules,
  correlationText,
  correlator,
  type Fired,
  happened,
  rulesWith,
  START,
} from '../support/correlations.ts';
import { temporaryFolder, temporaryStore } from '../support/store.ts';

const CLOCK = { now: () => START + 30 * DAY };

async function start(ruleset: Ruleset, clock: { now(): Millis } = CLOCK) {
  const db = await temporaryStore();
  return correlator(() => db, ruleset, clock);
}

const ids = (fired: readonly Fired[]) => fired.map(({ eventId }) => eventId);
const BY_ADDRESS = (address: string) => ({ sourceIPAddress: address });

describe('event_count', () => {
  const THREE =
    'type: event_count, rules: [a], group-by: [sourceIPAddress], timespan: 10m, condition: {gte: 3}';

  it('fires with the event that makes enough, and with each further one while enough are near', async () => {
    const { take } = await start(rulesWith(THREE));
    expect(await take(happened('a', 0, '1'), happened('a', 60, '2'))).toEqual([]);
    expect(await take(happened('a', 120, '3'))).toEqual([
      {
        rule: 'correlated',
        eventId: '3',
        group: '203.0.113.5',
        count: 3,
        values: [],
        records: ['3', '2', '1'],
        fresh: 3,
      },
    ]);
    expect(await take(happened('a', 180, '4'))).toMatchObject([{ eventId: '4', count: 4, fresh: 1 }]);
    expect(await take(happened('a', 1200, '5'))).toEqual([]);
  });

  it('counts each group by itself, and no event without the group-by field', async () => {
    const { take } = await start(rulesWith(THREE));
    const other = (id: string) => happened('a', 5, id, BY_ADDRESS('198.51.100.1'));
    expect(await take(happened('a', 0, '1'), happened('a', 1, '2'), other('3'), other('4'))).toEqual([]);
    const without = ['5', '6', '7', '8'].map((id) => happened('a', 6, id, { sourceIPAddress: null }));
    expect(await take(...without)).toEqual([]);
    expect(ids(await take(other('9')))).toEqual(['9']);
  });

  it('takes windows of exactly one timespan, wherever they begin', async () => {
    const { take } = await start(rulesWith(THREE));
    expect(ids(await take(happened('a', 0, '1'), happened('a', 300, '2'), happened('a', 600, '3')))).toEqual([
      '3',
    ]);
    expect(await take(happened('a', 901, '4'))).toEqual([]);
    const boundary = await start(rulesWith(THREE));
    const fired = await boundary.take(
      happened('a', 0, '1'),
      happened('a', 300, '2'),
      happened('a', 601, '3'),
    );
    expect(fired).toEqual([]);
  });

  it('counts an event that two of its rules see once', async () => {
    const both = `${baseRules('a', 'b').replace('{eventName: b}', '{eventName: a}')}`;
    const ruleset = rulesIn(
      both + correlationText('type: event_count, rules: [a, b], timespan: 10m, condition: {gte: 2}'),
    );
    const { take } = await start(ruleset);
    expect(await take(happened('a', 0, '1'))).toEqual([]);
    expect(await take(happened('a', 1, '2'))).toHaveLength(1);
  });

  it('counts a record once, however often it is looked at, and its corrected copy not at all', async () => {
    const { take } = await start(rulesWith(THREE));
    const one = happened('a', 0, '1');
    const corrected = happened('a', 0, '1-corrected', {
      addendum: { reason: 'UPDATED_DATA', updatedFields: 'x', originalEventID: '1' },
    });
    expect(await take(one, one, one, corrected, one)).toEqual([]);
    expect(ids(await take(happened('a', 1, '2'), happened('a', 2, '3')))).toEqual(['3']);
  });

  it('completes a window with an event that comes late', async () => {
    const { take } = await start(rulesWith(THREE));
    expect(await take(happened('a', 0, '1'), happened('a', 400, '3'), happened('b', 900, 'x'))).toEqual([]);
    expect(await take(happened('a', 200, '2'))).toMatchObject([{ eventId: '3', records: ['3', '2', '1'] }]);
  });

  it('says of an event that came later than all windows that it was too late', async () => {
    const { take, late } = await start(rulesWith(THREE));
    await take(happened('a', 3600, '1'), happened('a', 3600 - 25 * 60, 'just in time'));
    expect(late).toEqual([]);
    expect(await take(happened('a', 3600 - 25 * 60 - 1, '2'))).toEqual([]);
    expect(late).toEqual(['2']);
  });

  it('is not made blind by an event from the future', async () => {
    const { take, late } = await start(rulesWith(THREE), { now: () => START + 5 * MINUTE });
    await take(happened('a', 86_400 * 365, 'future'));
    expect(ids(await take(happened('a', 0, '1'), happened('a', 1, '2'), happened('a', 2, '3')))).toEqual([
      '3',
    ]);
    expect(late).toEqual([]);
  });

  it('keeps what a changed condition needs, and begins anew when it counts something else', async () => {
    const db = await temporaryStore();
    const first = correlator(() => db, rulesWith(THREE), CLOCK);
    await first.take(happened('a', 0, '1'));
    const lower = correlator(() => db, rulesWith(THREE.replace('gte: 3', 'gte: 2')), CLOCK);
    expect(ids(await lower.take(happened('a', 1, '2')))).toEqual(['2']);
    const other = rulesWith(THREE.replace('sourceIPAddress', 'awsRegion').replace('gte: 3', 'gte: 2'));
    expect(await correlator(() => db, other, CLOCK).take(happened('a', 2, '3'))).toEqual([]);
  });
});

describe('value_count', () => {
  const DIFFERENT =
    'type: value_count, rules: [a], group-by: [sourceIPAddress], timespan: 10m, condition: {field: awsRegion, gt: 2}';
  const inRegion = (region: string, seconds: number, id: string) =>
    happened('a', seconds, id, { awsRegion: region });

  it('fires when enough different values were there', async () => {
    const { take } = await start(rulesWith(DIFFERENT));
    expect(
      await take(
        inRegion('r1', 0, '1'),
        inRegion('r2', 1, '2'),
        inRegion('r2', 2, '3'),
        inRegion('r1', 3, '4'),
      ),
    ).toEqual([]);
    expect(await take(inRegion('r3', 4, '5'))).toMatchObject([{ count: 3, values: ['r1', 'r2', 'r3'] }]);
    expect(await take(inRegion('r4', 604, '6'))).toEqual([]);
  });

  it('counts tuples of several fields, and nothing without the field', async () => {
    const tuple = DIFFERENT.replace('field: awsRegion', 'field: [awsRegion, eventSource]');
    const { take } = await start(rulesWith(tuple));
    await take(inRegion('r1', 0, '1'), inRegion('r2', 1, '2'));
    expect(await take(happened('a', 2, '3', { awsRegion: null }), inRegion('r1', 2, '4'))).toEqual([]);
    const fired = await take(happened('a', 3, '5', { awsRegion: 'r1', eventSource: 'ec2.amazonaws.com' }));
    expect(fired).toMatchObject([{ count: 3 }]);
  });
});

describe('temporal', () => {
  const NEAR = 'type: temporal, rules: [a, b, c], group-by: [sourceIPAddress], timespan: 5m';

  it('fires when all rules were seen near each other, in any order', async () => {
    const { take } = await start(rulesWith(NEAR));
    expect(await take(happened('c', 0, '1'), happened('c', 2, '2'), happened('b', 10, '3'))).toEqual([]);
    expect(await take(happened('a', 200, '4'))).toMatchObject([
      { eventId: '4', count: 3, values: ['a', 'b', 'c'] },
    ]);
    expect(await take(happened('a', 320, '5'))).toEqual([]);
  });

  it('fires when so many of the rules were seen', async () => {
    const { take } = await start(rulesWith(`${NEAR}, condition: {gte: 2}`));
    expect(ids(await take(happened('c', 0, '1'), happened('c', 2, '2'), happened('a', 10, '3')))).toEqual([
      '3',
    ]);
  });

  it('fires when the rules were seen as the condition says', async () => {
    const { take } = await start(rulesWith(`${NEAR}, condition: a and (b or c)`));
    expect(ids(await take(happened('b', 0, '1'), happened('c', 2, '2'), happened('a', 10, '3')))).toEqual([
      '3',
    ]);
  });
});

describe('temporal_ordered', () => {
  const THEN = 'type: temporal_ordered, rules: [a, b, c], timespan: 5m';

  it('fires when the rules were seen in their order', async () => {
    const { take } = await start(rulesWith(THEN));
    expect(await take(happened('b', 0, '1'), happened('a', 10, '2'), happened('c', 20, '3'))).toEqual([]);
    expect(await take(happened('b', 30, '4'))).toEqual([]);
    expect(await take(happened('c', 40, '5'))).toMatchObject([{ eventId: '5', count: 3 }]);
  });

  it('does not count a beginning that is too long ago', async () => {
    const { take } = await start(rulesWith(THEN));
    expect(await take(happened('a', 0, '1'), happened('b', 200, '2'), happened('c', 301, '3'))).toEqual([]);
  });

  it('takes events of one second in whatever order fits', async () => {
    const { take } = await start(rulesWith(THEN));
    expect(await take(happened('a', 0, 'z'), happened('b', 0, 'y'), happened('c', 0, 'x'))).toHaveLength(1);
  });
});

describe('value_sum', () => {
  const SUM =
    'type: value_sum, rules: [a], timespan: 5m, condition: {field: requestParameters.bytes, gt: 100}';
  const bytes = (value: number | string, seconds: number, id: string) =>
    happened('a', seconds, id, { requestParameters: { bytes: value } });

  it('adds up numbers, also those in text, and leaves out what is none', async () => {
    const { take } = await start(rulesWith(SUM));
    expect(await take(bytes(60, 0, '1'), bytes('40', 1, '2'), bytes('many', 2, '3'))).toEqual([]);
    expect(await take(bytes(1, 3, '4'))).toMatchObject([{ count: 101 }]);
  });
});

describe('a chain', () => {
  const CHAIN = `${correlationText('type: event_count, rules: [a], group-by: [sourceIPAddress], timespan: 5m, condition: {gte: 2}')}
---
title: And then
id: 00000000-0000-4000-8000-0000000000c2
name: and-then
correlation:
  type: temporal_ordered
  rules: [correlated, b]
  group-by: [sourceIPAddress]
  timespan: 10m
`;

  it('counts what another correlation fires, at the time of its last event', async () => {
    const { take } = await start(rulesIn(baseRules('a', 'b') + CHAIN));
    expect(await take(happened('a', 0, '1'), happened('b', 1, 'early'))).toEqual([]);
    expect(await take(happened('a', 2, '2'))).toMatchObject([{ rule: 'correlated', eventId: '2' }]);
    expect(await take(happened('b', 3, '3'))).toMatchObject([{ rule: 'and-then', eventId: '3', count: 2 }]);
  });

  it('hears of late events through it too', async () => {
    const { take } = await start(rulesIn(baseRules('a', 'b') + CHAIN));
    await take(happened('b', 30, '3'), happened('a', 2, '2'));
    expect((await take(happened('a', 0, '1'))).map(({ rule }) => rule)).toEqual(['correlated', 'and-then']);
  });

  it('may group by a field that the other does not, as the last event has it', async () => {
    const ruleset = rulesIn(
      baseRules('a', 'b') +
        CHAIN.replace(
          'group-by: [sourceIPAddress]\n  timespan: 10m',
          'group-by: [awsRegion]\n  timespan: 10m',
        ),
    );
    const { take } = await start(ruleset);
    const fired = await take(
      happened('a', 0, '1'),
      happened('a', 2, '2'),
      happened('b', 3, '3', BY_ADDRESS('192.0.2.1')),
    );
    expect(fired.map(({ rule, group }) => [rule, group])).toEqual([
      ['correlated', '203.0.113.5'],
      ['and-then', 'us-east-1'],
    ]);
  });
});

describe('aliases', () => {
  it('name the field of each rule that a group is made of', async () => {
    const body = `type: temporal, rules: [a, b], group-by: [who], timespan: 5m,
      aliases: {who: {a: userIdentity.userName, b: requestParameters.userName}}`;
    const { take } = await start(rulesWith(body));
    const acted = happened('a', 0, '1', { userIdentity: { type: 'IAMUser', userName: 'eve' } });
    const other = happened('b', 1, '2', { requestParameters: { userName: 'bob' } });
    expect(await take(acted, other)).toEqual([]);
    expect(await take(happened('b', 2, '3', { requestParameters: { userName: 'eve' } }))).toMatchObject([
      { group: 'eve' },
    ]);
  });
});

describe('the order in which events come', () => {
  const CORRELATIONS = [
    'type: event_count, rules: [a, b], group-by: [sourceIPAddress], timespan: 20s, condition: {gte: 3}',
    'type: value_count, rules: [a, b, c], group-by: [sourceIPAddress], timespan: 20s, condition: {field: awsRegion, gte: 3}',
    'type: temporal, rules: [a, b, c], group-by: [sourceIPAddress], timespan: 20s',
    'type: temporal_ordered, rules: [a, b, c], group-by: [sourceIPAddress], timespan: 20s',
    'type: value_sum, rules: [a, b, c], timespan: 20s, condition: {field: requestParameters.bytes, gte: 12}',
  ];
  const events = fc.array(
    fc.record({
      name: fc.constantFrom('a', 'b', 'c'),
      seconds: fc.integer({ min: 0, max: 60 }),
      address: fc.constantFrom('192.0.2.1', '192.0.2.2'),
      region: fc.constantFrom('r1', 'r2', 'r3', 'r4'),
      bytes: fc.integer({ min: 0, max: 6 }),
      place: fc.nat(),
    }),
    { minLength: 3, maxLength: 14 },
  );

  async function firedBy(
    body: string,
    records: readonly CloudTrailRecord[],
    reopen: boolean,
  ): Promise<string[]> {
    const folder = temporaryFolder();
    let db: Database = await temporaryStore(folder);
    const { take } = correlator(() => db, rulesWith(body), CLOCK);
    const fired: string[] = [];
    for (const record of records) {
      fired.push(...(await take(record)).map(({ group, eventId }) => `${group} ${eventId}`));
      if (!reopen) continue;
      await db.close();
      db = await temporaryStore(folder);
    }
    return fired.sort();
  }

  /** Where only the kinds of events matter, some that no window needs are forgotten, and do not fire again. */
  const groupsOnly = (body: string) => body.includes('value_count') || body.includes('temporal,');
  const compared = (body: string, fired: readonly string[]) =>
    groupsOnly(body) ? [...new Set(fired.map((one) => one.split(' ')[0]))] : fired;

  it.each(CORRELATIONS)('changes nothing, nor do repeats: %s', async (body) => {
    let seen = 0;
    await fc.assert(
      fc.asyncProperty(events, async (all) => {
        const records = all.map((one, index) =>
          happened(one.name, one.seconds, `e${index}`, {
            sourceIPAddress: one.address,
            awsRegion: one.region,
            requestParameters: { bytes: one.bytes },
          }),
        );
        const inOrder = records.toSorted((a, b) => a.eventTime - b.eventTime);
        const place = new Map(records.map((record, index) => [record, all[index]?.place ?? 0]));
        const shuffled = records.toSorted((a, b) => (place.get(a) ?? 0) - (place.get(b) ?? 0));
        const expected = await firedBy(body, inOrder, false);
        seen += expected.length;
        const fired = await firedBy(body, [...shuffled, ...inOrder], false);
        expect(compared(body, fired)).toEqual(compared(body, expected));
      }),
      { seed: 4, numRuns: 25 },
    );
    expect(seen).toBeGreaterThan(0);
  });

  it('nor does a restart between any two of them', async () => {
    const [body = ''] = CORRELATIONS;
    const records = [0, 5, 9, 14, 30, 35, 36].map((seconds, index) => happened('a', seconds, `e${index}`));
    const expected = await firedBy(body, records, false);
    expect(expected).toHaveLength(3);
    expect(await firedBy(body, records, true)).toEqual(expected);
  });
});

describe('the clock', () => {
  it('may jump in any way and changes nothing of what fires as events come', async () => {
    const body = 'type: event_count, rules: [a], timespan: 10m, condition: {gte: 3}';
    let now = START;
    const { take, late } = await start(rulesWith(body), { now: () => now });
    await take(happened('a', 0, '1'));
    now = START + 300 * DAY;
    await take(happened('a', 60, '2'));
    now = START - 300 * DAY;
    expect(ids(await take(happened('a', 120, '3')))).toEqual(['3']);
    now = START + HOUR;
    expect(ids(await take(happened('a', 180, '4')))).toEqual(['4']);
    expect(late).toEqual([]);
  });
});
