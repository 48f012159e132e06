import { describe, expect, it } from 'vitest';
import { alertsADay, backtestLines, type Report } from '../../src/cli/backtest-text.ts';
import { DAY, HOUR } from '../../src/kernel/time.ts';
import type { Rule } from '../../src/rules/rule.ts';
import type { BacktestOutcome, RuleOutcome } from '../../src/work/backtest-outcome.ts';
import { rulesetOf } from '../support/first-seen.ts';

const START = Date.UTC(2026, 10, 1, 9, 15);
const RULE = `title: A rule
id: 6f0a1a52-6b1e-4f0a-9c55-0f8f4d4f6a01
logsource: { product: aws, service: cloudtrail }
detection: { selection: { eventName: CreateAccessKey }, condition: selection }
`;

function ruleOutcome(rule: Partial<Rule>, outcome: Partial<RuleOutcome> = {}): RuleOutcome {
  const [read] = rulesetOf(RULE).rules;
  if (!read) throw new Error('no rule');
  return {
    rule: { ...read, ...rule },
    matches: outcome.alerts ?? 0,
    alerts: 0,
    events: 0,
    first: undefined,
    last: undefined,
    topActors: [],
    actors: 0,
    noAlert: new Map(),
    learning: undefined,
    ...outcome,
  };
}

function report(
  rules: readonly RuleOutcome[],
  reading: Partial<Report['reading']> = {},
  outcome: Partial<BacktestOutcome> = {},
): Report {
  return {
    reading: {
      records: 1200,
      unread: 0,
      broken: 0,
      oldest: START,
      newest: START + 10 * DAY,
      gaps: [],
      stopped: false,
      ...reading,
    },
    outcome: { rules, stored: 30, duplicates: 0, failed: 0, ...outcome },
    resolveAfter: 4 * HOUR,
  };
}

const said = (one: Report, all = false) => backtestLines(one, all, 100).join('\n');

describe('the table of a backtest', () => {
  it('puts the highest level first, then the most alerts', () => {
    const text = said(
      report([
        ruleOutcome({ name: 'c', level: 'low' }, { alerts: 9 }),
        ruleOutcome({ name: 'b', level: 'critical' }, { alerts: 1 }),
        ruleOutcome({ name: 'a', level: 'critical' }, { alerts: 2 }),
      ]),
    );
    expect(text.match(/^(critical|low) +\w/gm)).toEqual(['critical  a', 'critical  b', 'low       c']);
  });

  it('says until when a rule learnt, what it knows no longer, and every other reason', () => {
    const noAlert = new Map([
      ['counted', 8],
      ['late', 7],
      ['correction', 6],
      ['learning', 5000],
      ['seen', 4],
      ['informational', 3],
      ['quiet', 2],
      ['silence', 1],
    ] as const);
    const learning = { until: START + 14 * DAY, crowdedOut: 12 };
    expect(said(report([ruleOutcome({ name: 'new' }, { noAlert, learning })]))).toBe(
      `level   rule  alerts  events  first  last
medium  new        0       0
          no alert: 1 silenced, 2 while the rule stays quiet, 3 informational, 4 not new,
            6 corrections of events before, 7 too late for a correlation,
            8 counted by correlations alone
          learning until 2026-11-15 09:15: 5,000 new values only remembered
          12 values gave way to others: there were too many

0 alerts by 0 of 1 rule in 10 d.
1,200 events read, 2026-11-01 09:15 to 2026-11-11 09:15 UTC; 30 matched.
Matches without an alert: 1 silenced, 2 while the rule stays quiet, 3 informational, 4 not new,
  5,000 new while the rule learnt, 6 corrections of events before, 7 too late for a correlation,
  8 counted by correlations alone.
Rules with first_seen learn from the first event on; with --learnt they do not.
An alert counts as resolved when its group was silent for 4 h (--resolve-after).`,
    );
  });

  it('never breaks a line within a name and its number', () => {
    const topActors = ['a', 'b', 'c'].map((name) => ({ actor: `user ${name.repeat(26)}`, events: 1000 }));
    const text = said(report([ruleOutcome({ name: 'one' }, { alerts: 3, topActors, actors: 400 })]));
    expect(text).toContain(`
          user ${'a'.repeat(26)} 1,000, user ${'b'.repeat(26)} 1,000,
            user ${'c'.repeat(26)} 1,000, 397 others
`);
  });

  it('says what is not in the numbers', () => {
    const text = said(report([], { unread: 1, broken: 2, stopped: true }, { failed: 3, duplicates: 4 }));
    expect(text).toContain('30 matched, 4 of these again.\n');
    expect(text).toContain('You stopped it: this is what was found until then.\n');
    expect(text).toContain(
      'Not in these numbers: 1 record not understood, 2 files not read, or not to the end, 3 events that\n  could not be evaluated.\n',
    );
  });
});

describe('the estimate of a backtest', () => {
  it.each([
    [1, 10 * DAY, 'about 0.1 a day'],
    [1, 30 * DAY, 'less than 0.1 a day'],
    [99, 10 * DAY, 'about 9.9 a day'],
    [20_000, 10 * DAY, 'about 2,000 a day'],
    [5, DAY, 'about 5.0 a day'],
    [5, 23 * HOUR, 'too short a time to say how many a day'],
  ])('of %i alerts in %i ms is: %s', (alerts, time, expected) => {
    expect(said(report([ruleOutcome({}, { alerts })], { newest: START + time }))).toContain(expected);
  });

  it('leaves out the time without events that does not count, and names it', () => {
    const gaps = [{ from: START + DAY, to: START + 9 * DAY }];
    const text = said(report([ruleOutcome({}, { alerts: 10 })], { gaps }));
    expect(text).toContain('10 alerts by 1 of 1 rule in 2 d: about 5.0 a day.\n');
    expect(text).toContain(
      'No event from 2026-11-02 09:15 to 2026-11-10 09:15: that time does not count, and a date may be\n  wrong or a file missing.\n',
    );
    const many = Array.from({ length: 5 }, () => ({ from: START, to: START + HOUR }));
    expect(said(report([], { gaps: many }))).toContain('09:15 to 2026-11-01 10:15, 2 other stretches: that');
  });

  it('is never more than there were', () => {
    expect(alertsADay(report([ruleOutcome({}, { alerts: 5 })], { newest: START + HOUR }))).toBe(5);
  });
});
