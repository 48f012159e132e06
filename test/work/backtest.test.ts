import { describe, expect, it } from 'vitest';
import { type CloudTrailRecord, readRecord } from '../../src/cloudtrail/record.ts';
import { type Config, readConfig } from '../../src/config/config.ts';
import type { JsonObject } from '../../src/kernel/json.ts';
import { createLog } from '../../src/kernel/log.ts';
import { sayProblem } from '../../src/kernel/problem.ts';
import { systemRandom } from '../../src/kernel/random.ts';
import { DAY, HOUR, MINUTE, type Millis, SECOND, sayInstant } from '../../src/kernel/time.ts';
import { loadRules } from '../../src/rules/load.ts';
import type { Ruleset } from '../../src/rules/ruleset.ts';
import { listAlerts } from '../../src/store/alerts.ts';
import { openTemporaryStore } from '../../src/store/open.ts';
import type { Database } from '../../src/store/sql.ts';
import { type Backtest, type BacktestTools, startBacktest } from '../../src/work/backtest.ts';
import type { RuleOutcome } from '../../src/work/backtest-outcome.ts';
import { closeDueWindows } from '../../src/work/correlate-alerts.ts';
import { tendFirstSeen } from '../../src/work/first-seen-tend.ts';
import { startEvaluation } from '../support/evaluation.ts';
import { record, roleSession, user } from '../support/records.ts';

const START = Date.UTC(2026, 10, 20, 10);

const idOf = (name: string) =>
  `6f0a1a52-6b1e-4f0a-9c55-${Buffer.from(name).toString('hex').padStart(12, '0')}`;

function rule(name: string, extra = '', level = 'high', eventName = 'CreateAccessKey'): string {
  return `title: ${name}
name: ${name}
id: ${idOf(name)}
level: ${level}
logsource: { product: aws, service: cloudtrail }
detection: { selection: { eventName: ${eventName} }, condition: selection }
${extra}
`;
}

function correlation(name: string, of: string, condition: string, extra = ''): string {
  return `title: ${name}
name: ${name}
id: ${idOf(name)}
level: critical
correlation:
  type: event_count
  rules: [${of}]
  group-by: [userIdentity.arn]
  timespan: 10m
  condition: { ${condition} }
${extra}
`;
}

const KEY = rule('key');

function call(at: Millis, overrides: JsonObject = {}): CloudTrailRecord {
  const read = readRecord(raw(at, overrides));
  if ('unreadable' in read) throw new Error(read.unreadable);
  return read;
}

function raw(at: Millis, overrides: JsonObject = {}): JsonObject {
  return record({ eventTime: sayInstant(at).replace('.000Z', 'Z'), ...overrides });
}

/** Events all the time. */
const from = (start: Millis) => [{ from: start, to: start + 100 * DAY }];
const by = (name: string) => ({ userIdentity: user(name) });

interface Made {
  readonly test: Backtest;
  readonly ruleset: Ruleset;
  readonly db: Database;
  readonly config: Config;
}

async function start(rules: readonly string[], yaml = '', tools: Partial<BacktestTools> = {}): Promise<Made> {
  const { ruleset, problems } = loadRules([{ path: 'test.yml', text: rules.join('---\n') }]);
  const read = readConfig({ text: yaml, file: 'trailbot.yaml', env: {} });
  if ('problems' in read) problems.push(...read.problems);
  if ('problems' in read || problems.length > 0) throw new Error(problems.map(sayProblem).join('\n'));
  const { config } = read;
  const db = await openTemporaryStore();
  const test = await startBacktest({
    db,
    ruleset,
    settings: () => config,
    random: systemRandom,
    log: createLog('silent'),
    resolveAfter: DAY,
    learnt: false,
    ...tools,
  });
  return { test, ruleset, db, config };
}

const add = ({ test, ruleset }: Made, records: readonly CloudTrailRecord[]) =>
  test.add(
    records.flatMap((one) => {
      const rules = ruleset.rulesFor(one.body);
      return rules.length > 0 ? [{ record: one, rules }] : [];
    }),
  );

/** What each rule would have made of the records. */
async function outcomes(
  rules: readonly string[],
  records: readonly CloudTrailRecord[],
  yaml = '',
  tools: Partial<BacktestTools> = {},
): Promise<Record<string, RuleOutcome>> {
  const made = await start(rules, yaml, tools);
  await add(made, records);
  await made.test.run(from(Math.min(...records.map(({ eventTime }) => eventTime))), () => true);
  const { rules: found } = await made.test.outcome();
  await made.db.close();
  return Object.fromEntries(found.map((one) => [one.rule.name, one]));
}

const numbers = (one: RuleOutcome | undefined) =>
  one && { alerts: one.alerts, events: one.events, noAlert: Object.fromEntries(one.noAlert) };

describe('a backtest', () => {
  it('counts alerts and the events in them, with the first and the last, for each rule', async () => {
    const { key, trail } = await outcomes(
      [KEY, rule('trail', '', 'low', 'DeleteTrail')],
      [
        call(START),
        call(START + MINUTE, by('bob')),
        call(START + HOUR),
        call(START, { eventName: 'GetUser' }),
      ],
    );
    expect(key).toMatchObject({ matches: 3, alerts: 2, events: 3, first: START, last: START + HOUR });
    expect(trail).toMatchObject({ matches: 0, alerts: 0, events: 0, first: undefined, last: undefined });
  });

  it('takes an alert for resolved when its group was silent for a day, or for what is asked', async () => {
    const events = [0, 23, 46, 70].map((hours) => call(START + hours * HOUR));
    expect(numbers((await outcomes([KEY], events)).key)).toMatchObject({ alerts: 2, events: 4 });
    const { key } = await outcomes([KEY], events, '', { resolveAfter: 23 * HOUR });
    expect(key?.alerts).toBe(4);
    expect((await outcomes([KEY], events, '', { resolveAfter: 25 * HOUR })).key?.alerts).toBe(1);
  });

  it('keeps a rule quiet after that as long as it says', async () => {
    const events = [0, DAY + 59 * MINUTE, DAY + HOUR].map((after) => call(START + after));
    const { key } = await outcomes([rule('key', 'trailbot: { quiet_for: 1h }')], events);
    expect(numbers(key)).toEqual({ alerts: 2, events: 2, noAlert: { quiet: 1 } });
  });

  it('goes by the order in which things happened, whatever the order in which they come', async () => {
    const rules = [
      rule('key', 'trailbot: { quiet_for: 2h }'),
      correlation('many', 'key', 'gte: 3', 'generate: true'),
    ];
    const events = Array.from({ length: 60 }, (_, index) =>
      call(START + ((index * 7919) % 60) * 97 * MINUTE, by(index % 3 === 0 ? 'alice' : 'bob')),
    );
    const inOrder = events.toSorted((a, b) => a.eventTime - b.eventTime);
    expect(await outcomes(rules, events)).toEqual(await outcomes(rules, inOrder));
  });

  it('counts the same event once, however often it is in the files', async () => {
    const made = await start([KEY]);
    const event = call(START);
    await add(made, [event, call(START + SECOND), event]);
    await add(made, [event]);
    await made.test.run(from(START), () => true);
    const { stored, duplicates, rules } = await made.test.outcome();
    expect({ stored, duplicates, matches: rules[0]?.matches }).toEqual({
      stored: 2,
      duplicates: 2,
      matches: 2,
    });
  });

  it('silences, groups and routes as the configuration says, on the time of the events', async () => {
    const yaml = `
silences:
  - { match: ['actor=scanner'], reason: it scans }
  - { match: ['actor=guest'], reason: an audit, until: ${sayInstant(START + HOUR)} }
routes:
  routes:
    - { match: ['level=high'], continue: true, channel: '#one', group_by: [account] }
    - { match: ['rule=key'], channel: '#two' }
`;
    const events = [
      call(START, by('scanner')),
      call(START, by('guest')),
      call(START + HOUR, by('guest')),
      call(START + HOUR, by('bob')),
    ];
    // One of the account in #one, and one of each person in #two.
    expect(numbers((await outcomes([KEY], events, yaml)).key)).toEqual({
      alerts: 3,
      events: 2,
      noAlert: { silence: 2 },
    });
  });

  it('counts informational matches, which never alert', async () => {
    const { key } = await outcomes([rule('key', '', 'informational')], [call(START), call(START + HOUR)]);
    expect(numbers(key)).toEqual({ alerts: 0, events: 0, noAlert: { informational: 2 } });
  });

  it('names the three actors with the most events, a role in all its sessions', async () => {
    const session = (name: string, account: string) => ({ userIdentity: roleSession('ci', name, account) });
    const events = [
      ...['a', 'b', 'c'].map((name) => session(name, '111122223333')),
      ...['d', 'e'].map((name) => session(name, '444455556666')),
      by('bob'),
      by('bob'),
      by('carol'),
    ].map((overrides, index) => call(START + index * SECOND, overrides));
    const { key } = await outcomes([KEY], events, 'accounts: {"444455556666": {name: sandbox}}');
    expect(key).toMatchObject({
      actors: 4,
      topActors: [
        { actor: 'role ci in 111122223333', events: 3 },
        { actor: 'user bob', events: 2 },
        { actor: 'role ci in sandbox', events: 2 },
      ],
    });
  });
});

describe('a backtest of correlations', () => {
  it('alerts for what they count, and not for the rules that they take over', async () => {
    const events = [0, 1, 2, 3, 30].map((minutes) => call(START + minutes * MINUTE));
    const { key, many } = await outcomes([KEY, correlation('many', 'key', 'gte: 3')], events);
    expect(numbers(key)).toEqual({ alerts: 0, events: 0, noAlert: { counted: 5 } });
    expect(many).toMatchObject({ alerts: 1, events: 4, topActors: [{ actor: 'user alice', events: 4 }] });
  });

  it('judges windows when they are over, those after the last event too', async () => {
    const rules = [KEY, correlation('few', 'key', 'lt: 3')];
    // Three in the first window, one in the second, two in the last.
    const events = [0, 1, 2, 60, 120, 121].map((minutes) => call(START + minutes * MINUTE));
    const { few } = await outcomes(rules, events, '', { resolveAfter: MINUTE });
    expect(few).toMatchObject({ alerts: 2, first: START + HOUR, last: START + 2 * HOUR + MINUTE });
  });
});

describe('a backtest of rules that alert on what is new', () => {
  const NEW = rule('new', 'trailbot: { first_seen: { of: [sourceIPAddress], per: [actor], learn: 2d } }');
  const seen = (address: string, at: Millis) => call(at, { sourceIPAddress: address });
  const events = [
    seen('192.0.2.1', START + HOUR),
    seen('192.0.2.2', START + DAY),
    seen('192.0.2.1', START + 3 * DAY),
    seen('192.0.2.3', START + 5 * DAY),
  ];

  it('learns from the first event on, as long as the rule says', async () => {
    const made = await start([NEW]);
    await add(made, events);
    await made.test.run(from(START), () => true);
    const [found] = (await made.test.outcome()).rules;
    expect(numbers(found)).toEqual({ alerts: 1, events: 1, noAlert: { learning: 2, seen: 1 } });
    expect(found?.learning).toEqual({ until: START + 2 * DAY, crowdedOut: 0 });
  });

  it('learns only in the time that has events', async () => {
    const made = await start([NEW]);
    await add(made, events);
    const old = START - 3650 * DAY;
    await made.test.run([{ from: old, to: old + HOUR }, ...from(START)], () => true);
    const [found] = (await made.test.outcome()).rules;
    expect(numbers(found)).toEqual({ alerts: 1, events: 1, noAlert: { learning: 2, seen: 1 } });
    expect(found?.learning?.until).toBe(START + 2 * DAY - HOUR);
  });

  it('takes all before the first event for learnt when asked to', async () => {
    const { new: found } = await outcomes([NEW], events, '', { learnt: true });
    expect(numbers(found)).toEqual({ alerts: 2, events: 3, noAlert: { seen: 1 } });
  });
});

describe('a backtest and the bot', () => {
  it('make the same alerts of the same events at the same times', async () => {
    const rules = [
      rule('key', 'trailbot: { quiet_for: 30m, group_by: [account] }'),
      rule('trail', '', 'low', 'DeleteTrail'),
      rule('new', 'trailbot: { first_seen: { of: [sourceIPAddress], per: [actor], learn: 1h } }'),
      correlation('many', 'key', 'gte: 3', 'generate: true'),
      correlation('few', 'trail', 'lte: 2', 'generate: true'),
    ];
    const events = Array.from({ length: 120 }, (_, index) =>
      raw(START + index * 53 * SECOND * ((index % 5) + 1), {
        ...by(['alice', 'bob', 'carol'][(index * index) % 3] ?? ''),
        eventName: index % 4 === 0 ? 'DeleteTrail' : 'CreateAccessKey',
        sourceIPAddress: `192.0.2.${(index * 31) % 17}`,
      }),
    ).sort((a, b) => (String(a.eventTime) < String(b.eventTime) ? -1 : 1));

    const bot = await startEvaluation(rules.join('---\n'));
    const goTo = async (at: Millis) => {
      await bot.clock.advance(at - bot.clock.now());
      await closeDueWindows(bot.tools);
    };
    await goTo(START);
    while ((await tendFirstSeen(bot.tools, 50)) > 0);
    for (const one of events) {
      await goTo(Date.parse(String(one.eventTime)));
      await bot.take([one]);
    }
    for (let hours = 0; hours < 3; hours++) await goTo(bot.clock.now() + HOUR);

    const made = await start(rules, '', { resolveAfter: 100 * DAY });
    await add(
      made,
      events.map((one) => call(Date.parse(String(one.eventTime)), one)),
    );
    await made.test.run(from(START), () => true);

    const said = async (db: Database) => {
      const alerts = await listAlerts(db, { states: ['firing', 'acknowledged', 'resolved'], limit: 1000 });
      return alerts
        .map(({ ruleName, channel, count, firstAt, lastAt, facts }) =>
          [ruleName, channel, count, firstAt, lastAt, facts.summary].join(' '),
        )
        .sort();
    };
    const alerts = await said(made.db);
    expect(alerts).toEqual(await said(bot.db));
    for (const name of ['key', 'trail', 'new', 'many', 'few']) {
      expect(alerts.join('\n')).toContain(`${name} #`);
    }
    expect(await made.db.all('select * from suppressions order by record_key, rule_id')).toEqual(
      await bot.db.all('select * from suppressions order by record_key, rule_id'),
    );
  });
});

describe('a backtest that does not go as it should', () => {
  it('sets a record aside that breaks it, and goes on with the others', async () => {
    const broken = (config: Config) => ({
      ...config,
      accounts: {
        ...config.accounts,
        get(id: string) {
          if (id === '666666666666') throw new Error('no such account');
          return undefined;
        },
      } as Config['accounts'],
    });
    const read = readConfig({ text: '', file: '', env: {} });
    if ('problems' in read) throw new Error('no configuration');
    const made = await start([KEY], '', { settings: () => broken(read.config) });
    await add(made, [
      call(START, by('alice')),
      call(START + SECOND, { recipientAccountId: '666666666666' }),
      call(START + 2 * SECOND, by('bob')),
    ]);
    await made.test.run(from(START), () => true);
    const { failed, rules } = await made.test.outcome();
    expect({ failed, alerts: rules[0]?.alerts }).toEqual({ failed: 1, alerts: 2 });
  });

  it('ends when it is told to, and says up to which time all is decided', async () => {
    const made = await start([KEY]);
    const events = Array.from({ length: 1200 }, (_, index) => call(START + index * SECOND));
    await add(made, events);
    const told: [number, number][] = [];
    const until = await made.test.run(from(START), (done, of) => {
      told.push([done, of]);
      return told.length < 2;
    });
    const [key] = (await made.test.outcome()).rules;
    expect(told).toEqual([
      [500, 1200],
      [1000, 1200],
    ]);
    expect(until).toBe(START + 999 * SECOND);
    expect(key).toMatchObject({ events: 1000, last: until });
  });
});
