import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sayNew } from '../../src/alerts/first-seen.ts';
import { DAY, HOUR, MINUTE } from '../../src/kernel/time.ts';
import { callFrom, firstSeenRule, rulesetOf, startFirstSeen } from '../support/first-seen.ts';
import { roleSession, user } from '../support/records.ts';
import { temporaryFolder, temporaryStore } from '../support/store.ts';

/** 2026-11-20 09:15 UTC, when every test begins. */
const NOW = Date.UTC(2026, 10, 20, 9, 15);
const ADDRESS = firstSeenRule('{of: [sourceIPAddress], per: [actor], learn: 0d}');
const LEARNING = firstSeenRule('{of: [sourceIPAddress], per: [actor]}');

describe('a first-seen rule', () => {
  it('alerts on a new value, and says when it was seen before', async () => {
    const bot = await startFirstSeen(ADDRESS);
    expect(await bot.see(callFrom('203.0.113.7', NOW - HOUR))).toEqual(['new']);
    expect(await bot.see(callFrom('203.0.113.7', NOW))).toEqual([
      'seen before: sourceIPAddress 203.0.113.7 for user alice, first on 2026-11-20 08:15:00 UTC, last on 2026-11-20 08:15:00 UTC',
    ]);
    expect(await bot.see(callFrom('203.0.113.8', NOW))).toEqual(['new']);
  });

  it('asks for each key by itself', async () => {
    const bot = await startFirstSeen(ADDRESS);
    await bot.see(callFrom('203.0.113.7', NOW));
    expect(await bot.see(callFrom('203.0.113.7', NOW, { userIdentity: user('bob') }))).toEqual(['new']);
    const carol = roleSession('Admin', 'carol');
    expect(await bot.see(callFrom('203.0.113.7', NOW, { userIdentity: carol }))).toEqual(['new']);
    // Another session of the role is the same actor.
    const dave = roleSession('Admin', 'dave');
    expect(await bot.see(callFrom('203.0.113.7', NOW, { userIdentity: dave }))).toEqual([
      expect.stringContaining('seen before'),
    ]);
  });

  it('without a key asks for everywhere', async () => {
    const bot = await startFirstSeen(firstSeenRule('{of: [region, account], learn: 0d}'));
    expect(await bot.see(callFrom('203.0.113.7', NOW))).toEqual(['new']);
    expect(await bot.see(callFrom('203.0.113.8', NOW, { userIdentity: user('bob') }))).toEqual([
      expect.stringMatching(/^seen before: region us-east-1, account 111122223333, first on /),
    ]);
    expect(await bot.see(callFrom('203.0.113.7', NOW, { awsRegion: 'ap-east-1' }))).toEqual(['new']);
  });

  it('takes the values of all fields together', async () => {
    const bot = await startFirstSeen(firstSeenRule('{of: [sourceIPAddress, awsRegion], learn: 0d}'));
    await bot.see(callFrom('203.0.113.7', NOW, { awsRegion: 'us-east-1' }));
    await bot.see(callFrom('203.0.113.8', NOW, { awsRegion: 'eu-west-1' }));
    expect(await bot.see(callFrom('203.0.113.7', NOW, { awsRegion: 'eu-west-1' }))).toEqual(['new']);
  });

  it('is new when one combination of several values is, and remembers them all', async () => {
    const bot = await startFirstSeen(
      firstSeenRule('{of: [requestParameters.roles], per: [actor], learn: 0d}'),
    );
    const roles = (...names: string[]) =>
      callFrom('203.0.113.7', NOW, { requestParameters: { roles: names } });
    expect(await bot.see(roles('a', 'b'))).toEqual(['new']);
    expect(await bot.see(roles('b', 'a'))).toEqual([
      expect.stringMatching(/^seen before: requestParameters.roles b for user alice, .*; so was 1 other$/),
    ]);
    expect(await bot.see(roles('b', 'c'))).toEqual(['new']);
    expect(await bot.see(roles('c'))).toEqual([expect.stringContaining('seen before')]);
  });

  it('looks at a hundred combinations of one event at most', async () => {
    const bot = await startFirstSeen(
      firstSeenRule('{of: [requestParameters.a, requestParameters.b], learn: 0d}'),
    );
    const many = (letter: string) => Array.from({ length: 5000 }, (_, index) => `${letter}${index}`);
    const requestParameters = { a: many('a'), b: many('b') };
    await bot.see(callFrom('203.0.113.7', NOW, { requestParameters }));
    expect(await bot.known()).toBe(100);
  });

  it.each([{}, { roleArn: null }, { roleArn: [] }])(
    'finds nothing new where a field is absent: %j',
    async (given) => {
      const bot = await startFirstSeen(
        firstSeenRule('{of: [requestParameters.roleArn], per: [requestParameters.who, actor], learn: 0d}'),
      );
      const requestParameters = { ...given, who: 'alice' };
      expect(await bot.see(callFrom('203.0.113.7', NOW, { requestParameters }))).toEqual([
        'nothing is new: the event has no requestParameters.roleArn',
      ]);
      expect(await bot.known()).toBe(0);
    },
  );

  it('tells apart what only looks the same when written together', async () => {
    const bot = await startFirstSeen(
      firstSeenRule('{of: [requestParameters.a, requestParameters.b], learn: 0d}'),
    );
    const pair = (a: string, b: string) => callFrom('203.0.113.7', NOW, { requestParameters: { a, b } });
    expect(await bot.see(pair('x', 'y z'))).toEqual(['new']);
    expect(await bot.see(pair('x y', 'z'))).toEqual(['new']);
    expect(await bot.see(pair('x","y', 'z'))).toEqual(['new']);
    expect(await bot.see(pair('x', 'y z'))).toEqual([expect.stringContaining('seen before')]);
  });

  it('keeps long values short and on one line', async () => {
    const bot = await startFirstSeen(firstSeenRule('{of: [userAgent], learn: 0d}'));
    const userAgent = `curl\n${'x'.repeat(50_000)}`;
    await bot.see(callFrom('203.0.113.7', NOW, { userAgent }));
    const [row] = await bot.db.all<{ key: string; shown: string }>(
      'select key, shown from first_seen_values',
    );
    expect(row?.key).toHaveLength(22);
    expect(row?.shown).toMatch(/^userAgent curl x+…$/);
    expect(row?.shown.length).toBeLessThanOrEqual(200);
    expect(await bot.see(callFrom('203.0.113.7', NOW, { userAgent: `${userAgent}y` }))).toEqual(['new']);
  });

  it('leaves rules alone that do not ask', async () => {
    const bot = await startFirstSeen(`title: Plain
logsource: { product: aws, service: cloudtrail }
detection: { selection: { eventName: CreateAccessKey }, condition: selection }
`);
    expect(await bot.see(callFrom('203.0.113.7', NOW))).toEqual(['new']);
    expect(await bot.see(callFrom('203.0.113.7', NOW))).toEqual(['new']);
    expect(await bot.sizes()).toEqual([]);
  });

  it('knows nothing of what other rules have seen', async () => {
    const other = firstSeenRule(
      '{of: [sourceIPAddress], per: [actor], learn: 0d}',
      '7f0a1a52-6b1e-4f0a-9c55-0f8f4d4f6a01',
    );
    const bot = await startFirstSeen(ADDRESS);
    await bot.see(callFrom('203.0.113.7', NOW));
    bot.ruleset = rulesetOf(ADDRESS, other);
    expect(await bot.see(callFrom('203.0.113.7', NOW))).toEqual([expect.stringContaining('seen'), 'new']);
  });
});

describe('learning', () => {
  it('lasts two weeks from the first sight of the rule, and every value leaves a trace', async () => {
    const bot = await startFirstSeen(LEARNING);
    await bot.tend();
    expect(await bot.see(callFrom('203.0.113.7', NOW))).toEqual([
      'still learning until 2026-12-04 09:15:00 UTC: sourceIPAddress 203.0.113.7 for user alice is new, and only remembered',
    ]);
    await bot.clock.advance(14 * DAY);
    expect(await bot.see(callFrom('203.0.113.7', NOW + 14 * DAY))).toEqual([
      expect.stringContaining('seen before'),
    ]);
    expect(await bot.see(callFrom('203.0.113.8', NOW + 14 * DAY - 1))).toEqual([
      expect.stringContaining('still learning until 2026-12-04'),
    ]);
    expect(await bot.see(callFrom('203.0.113.9', NOW + 14 * DAY))).toEqual(['new']);
  });

  it('begins when the rule is loaded, not with its first match', async () => {
    const bot = await startFirstSeen(LEARNING);
    await bot.tend();
    await bot.clock.advance(20 * DAY);
    expect(await bot.see(callFrom('203.0.113.7', NOW + 20 * DAY))).toEqual(['new']);
  });

  it('does not end sooner because of an event from long ago', async () => {
    const bot = await startFirstSeen(LEARNING);
    expect(await bot.see(callFrom('203.0.113.7', NOW - 300 * DAY))).toEqual([
      expect.stringContaining('still learning until 2026-12-04'),
    ]);
    expect(await bot.see(callFrom('203.0.113.8', NOW))).toEqual([
      expect.stringContaining('still learning until 2026-12-04'),
    ]);
  });

  it('does not end sooner because of an event from the future', async () => {
    const bot = await startFirstSeen(LEARNING);
    expect(await bot.see(callFrom('203.0.113.7', NOW + 300 * DAY))).toEqual([
      expect.stringContaining('still learning until 2026-12-04'),
    ]);
  });

  it('begins anew when the rule looks at other fields, and goes on when only its times change', async () => {
    const bot = await startFirstSeen(ADDRESS);
    await bot.see(callFrom('203.0.113.7', NOW));
    bot.ruleset = rulesetOf(firstSeenRule('{of: [sourceIPAddress], per: [actor], learn: 1d, forget: 9d}'));
    await bot.tend();
    expect(await bot.see(callFrom('203.0.113.7', NOW))).toEqual([expect.stringContaining('seen before')]);
    bot.ruleset = rulesetOf(firstSeenRule('{of: [sourceIPAddress], per: [account], learn: 1d}'));
    await bot.tend();
    expect(await bot.known()).toBe(0);
    expect(await bot.see(callFrom('203.0.113.7', NOW))).toEqual([expect.stringContaining('still learning')]);
  });

  it('begins anew for a rule that was away', async () => {
    const bot = await startFirstSeen(LEARNING);
    await bot.see(callFrom('203.0.113.7', NOW));
    const before = bot.ruleset;
    bot.ruleset = rulesetOf();
    await bot.tend();
    expect(await bot.sizes()).toEqual([]);
    bot.ruleset = before;
    await bot.clock.advance(30 * DAY);
    await bot.tend();
    expect(await bot.see(callFrom('203.0.113.7', NOW + 30 * DAY))).toEqual([
      expect.stringContaining('still learning until 2027-01-03'),
    ]);
  });
});

describe('time', () => {
  it('is event time: first and last are kept in whatever order events come', async () => {
    const bot = await startFirstSeen(ADDRESS);
    for (const minutes of [30, 10, 50]) await bot.see(callFrom('203.0.113.7', NOW - minutes * MINUTE));
    expect(await bot.see(callFrom('203.0.113.7', NOW))).toEqual([
      expect.stringContaining('first on 2026-11-20 08:25:00 UTC, last on 2026-11-20 09:05:00 UTC'),
    ]);
  });

  it('a late event never alerts for a known value', async () => {
    const bot = await startFirstSeen(ADDRESS);
    await bot.see(callFrom('203.0.113.7', NOW));
    expect(await bot.see(callFrom('203.0.113.7', NOW - 400 * DAY))).toEqual([
      expect.stringContaining('seen before'),
    ]);
  });

  it('the same record twice changes nothing', async () => {
    const bot = await startFirstSeen(ADDRESS);
    const once = callFrom('203.0.113.7', NOW);
    await bot.see(once);
    const rows = await bot.db.all('select * from first_seen_values');
    await bot.see(once);
    expect(await bot.db.all('select * from first_seen_values')).toEqual(rows);
    expect(await bot.sizes()).toEqual([1]);
  });

  it('what is known does not depend on the order of events', async () => {
    const hours = fc.array(fc.tuple(fc.nat(4), fc.nat(1000)), { minLength: 1, maxLength: 20 });
    const order = hours.chain((seen) =>
      fc.tuple(fc.constant(seen), fc.shuffledSubarray(seen, { minLength: seen.length })),
    );
    const rows = async (seen: [number, number][]) => {
      const bot = await startFirstSeen(LEARNING);
      for (const [last, ago] of seen) await bot.see(callFrom(`203.0.113.${last}`, NOW - ago * HOUR));
      const found = await bot.db.all('select key, first_at, last_at from first_seen_values order by key');
      await bot.db.close();
      return found;
    };
    await fc.assert(
      fc.asyncProperty(order, async ([seen, shuffled]) => {
        expect(await rows(shuffled)).toEqual(await rows(seen));
      }),
      { seed: 7, numRuns: 25 },
    );
  });

  it('goes on after a restart where it was', async () => {
    const folder = temporaryFolder();
    const bot = await startFirstSeen(LEARNING);
    bot.db = await temporaryStore(folder);
    await bot.see(callFrom('203.0.113.7', NOW));
    await bot.db.close();
    bot.db = await temporaryStore(folder);
    await bot.tend();
    await bot.clock.advance(14 * DAY);
    expect(await bot.see(callFrom('203.0.113.7', NOW + 14 * DAY))).toEqual([
      expect.stringContaining('seen before'),
    ]);
    expect(await bot.see(callFrom('203.0.113.8', NOW + 14 * DAY))).toEqual(['new']);
  });

  it('is not remembered where the transaction fails: the record comes again, and is new', async () => {
    const bot = await startFirstSeen(ADDRESS);
    const seen = callFrom('203.0.113.7', NOW);
    const broken = bot.db;
    const half = {
      ...broken,
      tx: <T>(work: Parameters<typeof broken.tx<T>>[0]) =>
        broken.tx<T>(async (sql) => {
          await work(sql);
          throw new Error('the power went');
        }),
    };
    bot.db = half;
    await expect(bot.see(seen)).rejects.toThrow('the power went');
    bot.db = broken;
    expect(await bot.see(seen)).toEqual(['new']);
  });
});

describe('forgetting', () => {
  const SHORT = firstSeenRule('{of: [sourceIPAddress], learn: 0d, forget: 7d}');

  it('a value that was not seen for so long is new again', async () => {
    const bot = await startFirstSeen(SHORT);
    await bot.see(callFrom('203.0.113.7', NOW - 7 * DAY));
    expect(await bot.see(callFrom('203.0.113.7', NOW))).toEqual([expect.stringContaining('seen before')]);
    await bot.clock.advance(7 * DAY);
    expect(await bot.see(callFrom('203.0.113.7', NOW + 7 * DAY))).toEqual([
      expect.stringContaining('seen before'),
    ]);
    await bot.clock.advance(30 * DAY);
    expect(await bot.see(callFrom('203.0.113.7', NOW + 14 * DAY + 1000))).toEqual(['new']);
  });

  it('goes in small steps, against the newest event and not the clock', async () => {
    const bot = await startFirstSeen(SHORT);
    for (let last = 0; last < 20; last++) await bot.see(callFrom(`203.0.113.${last}`, NOW - 8 * DAY));
    await bot.clock.advance(100 * DAY);
    await bot.tend(5);
    expect(await bot.known()).toBe(20);
    await bot.see(callFrom('198.51.100.1', NOW));
    expect(await bot.tend(5)).toBe(4);
    expect(await bot.known()).toBe(1);
    expect(await bot.sizes()).toEqual([1]);
  });

  it('is not hastened by an event from the future', async () => {
    const bot = await startFirstSeen(SHORT);
    await bot.see(callFrom('203.0.113.7', NOW));
    await bot.see(callFrom('203.0.113.8', NOW + 400 * DAY));
    await bot.tend();
    expect(await bot.known()).toBe(2);
  });

  it('never keeps more values than the most: those unseen longest go first, and are counted', async () => {
    const bot = await startFirstSeen(ADDRESS);
    bot.most = 60;
    for (let index = 0; index < 600; index++) {
      await bot.see(callFrom(`10.0.${Math.floor(index / 250)}.${index % 250}`, NOW - (600 - index) * 1000));
      // One that is seen all the time stays.
      await bot.see(callFrom('192.0.2.1', NOW - (600 - index) * 1000));
    }
    expect(await bot.known()).toBe(60);
    expect(await bot.sizes()).toEqual([60]);
    expect(await bot.see(callFrom('192.0.2.1', NOW))).toEqual([expect.stringContaining('seen before')]);
    expect(await bot.see(callFrom('10.0.2.99', NOW))).toEqual([expect.stringContaining('seen before')]);
    expect(await bot.db.all('select crowded_out from first_seen')).toEqual([{ crowded_out: 541 }]);
    expect(await bot.see(callFrom('10.0.0.0', NOW))).toEqual(['new']);
  });
});

describe('an alert of a first-seen rule', () => {
  const saysOf = (firstSeen: string, overrides = {}) => {
    const [match] = rulesetOf(firstSeenRule(firstSeen)).match(callFrom('203.0.113.7', NOW, overrides));
    return match && sayNew(match);
  };

  it('says what is new, and for whom', () => {
    expect(saysOf('{of: [sourceIPAddress], per: [actor]}')).toBe(
      'first time: sourceIPAddress 203.0.113.7 for user alice',
    );
    expect(saysOf('{of: [actor, eventName]}')).toBe('first time: user alice, eventName CreateAccessKey');
    const requestParameters = { roles: ['a', 'b', 'c', 'd', 'e'] };
    expect(saysOf('{of: [requestParameters.roles]}', { requestParameters })).toBe(
      'first time for one or more of: requestParameters.roles a; requestParameters.roles b; requestParameters.roles c; 2 more',
    );
  });

  it('of another rule does not', () => {
    const [rule] = rulesetOf(ADDRESS).rules;
    if (!rule) throw new Error('no rule');
    expect(
      sayNew({ rule: { ...rule, firstSeen: undefined }, record: callFrom('203.0.113.7', NOW) }),
    ).toBeUndefined();
  });
});
