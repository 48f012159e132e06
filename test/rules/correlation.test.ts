import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE } from '../../src/kernel/time.ts';
import { loadRules } from '../../src/rules/load.ts';
import { baseRules, correlationText, rulesWith } from '../support/correlations.ts';
import { problemsIn, rulesIn, warningsIn } from './support.ts';

const RULES = baseRules('a', 'b');
const COUNT =
  'type: event_count, rules: [a], group-by: [sourceIPAddress], timespan: 10m, condition: {gte: 3}';
const problems = (body: string, more = '') => problemsIn(RULES + correlationText(body, more));

function child(name: string, rules: string): string {
  const id = `00000000-0000-4000-8000-0000000000${name}${name}`;
  return `
---
title: Child ${name}
id: ${id}
name: child-${name}
correlation: {type: event_count, rules: [${rules}], timespan: 1h, condition: {gte: 2}}
`;
}

describe('a correlation document', () => {
  it('is read with what its rules are', () => {
    const [correlation] = rulesWith(
      COUNT,
      'level: high\ntrailbot: {lateness: 1h, quiet_for: 2h}',
    ).correlations;
    expect(correlation).toMatchObject({
      rule: { name: 'correlated', level: 'high', quietFor: 2 * HOUR },
      type: 'event_count',
      groupBy: ['sourceIPAddress'],
      timespan: 10 * MINUTE,
      lateness: HOUR,
      closes: false,
    });
    expect(correlation?.parts).toMatchObject([{ name: 'a', ruleId: '00000000-0000-4000-8000-000000000001' }]);
  });

  it('may name its rules by id, and stand before them', () => {
    const text = `${correlationText(COUNT.replace('[a]', '00000000-0000-4000-8000-000000000002'))}---${RULES}`;
    expect(rulesIn(text).correlations[0]?.parts).toMatchObject([
      { ruleId: '00000000-0000-4000-8000-000000000002' },
    ]);
  });

  it('keeps its rules from alerting by themselves, unless it says generate', () => {
    const taken = (text: string) => rulesIn(text).rules.map(({ correlated }) => correlated);
    expect(taken(RULES + correlationText(COUNT))).toEqual([true, false]);
    expect(taken(RULES + correlationText(`${COUNT}, generate: true`))).toEqual([false, false]);
    expect(taken(RULES + correlationText(COUNT, 'generate: true'))).toEqual([false, false]);
  });

  it('may count other correlations, and takes them over', () => {
    const { correlations } = rulesIn(
      RULES + correlationText(COUNT.replace('[a]', '[child-d, b]')) + child('d', 'a'),
    );
    expect(correlations.map(({ rule }) => [rule.name, rule.correlated])).toEqual([
      ['correlated', false],
      ['child-d', true],
    ]);
  });

  it('takes levels of the configuration, and may be disabled', () => {
    const text = RULES + correlationText(COUNT);
    expect(rulesIn(text, { levels: new Map([['correlated', 'low']]) }).correlations[0]?.rule.level).toBe(
      'low',
    );
    expect(rulesIn(text, { disabled: ['correlated'] }).correlations).toEqual([]);
  });

  it('about rules for other logs is skipped with them', () => {
    const windows = RULES.replaceAll('product: aws, service: cloudtrail', 'product: windows');
    const { ruleset, problems: found } = loadRules([
      { path: 'x.yml', text: windows + correlationText(COUNT.replace('event_count', 'value_median')) },
    ]);
    expect(found).toEqual([]);
    expect(ruleset.skipped).toBe(3);
  });

  it('is judged at the end of a window only where more events can make it untrue', () => {
    const closes = (body: string) => rulesWith(body).correlations[0]?.closes;
    expect(closes(COUNT)).toBe(false);
    expect(closes(COUNT.replace('{gte: 3}', '{gt: 3, lt: 9}'))).toBe(true);
    expect(closes('type: temporal, rules: [a, b], timespan: 1m, condition: a or b')).toBe(false);
    expect(closes('type: temporal, rules: [a, b], timespan: 1m, condition: a and not b')).toBe(true);
    expect(closes('type: value_avg, rules: [a], timespan: 1m, condition: {field: x, gt: 1}')).toBe(true);
  });

  it('may leave the rules to its condition', () => {
    const [correlation] = rulesWith('type: temporal, timespan: 1m, condition: a and (b or c)').correlations;
    expect(correlation?.parts.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
  });

  it('waits for what it counts: a window over takes its time', () => {
    const waiting = child('d', 'a').replace('{gte: 2}', '{lt: 2}');
    const { correlations } = rulesIn(RULES + correlationText(COUNT.replace('[a]', '[child-d]')) + waiting);
    expect(correlations[0]?.lateness).toBe(15 * MINUTE + HOUR + 15 * MINUTE);
  });
});

describe('a correlation is refused', () => {
  it.each([
    ['an unknown type', COUNT.replace('event_count', 'event_cuont'), 'did you mean "event_count"?'],
    ['no type', COUNT.replace('type: event_count,', ''), 'the correlation has no type'],
    ['an unknown key', `${COUNT}, group_by: [x]`, 'did you mean "group-by"?'],
    ['an unknown rule', COUNT.replace('[a]', '[aa]'), 'no rule is called "aa"; did you mean "a"?'],
    ['another case', COUNT.replace('[a]', '[A]'), 'no rule is called "A"; did you mean "a"?'],
    ['no rule', COUNT.replace('rules: [a],', ''), 'the correlation names no rule'],
    ['a rule twice', COUNT.replace('[a]', '[a, a]'), '"a" stands twice in "rules"'],
    ['a type of nothing', COUNT.replace('event_count', ''), 'the correlation has no type'],
    ['an empty timespan', COUNT.replace('10m', ''), 'the correlation has no timespan'],
    ['no timespan', COUNT.replace('timespan: 10m,', ''), 'the correlation has no timespan'],
    ['a timespan of months', COUNT.replace('10m', '1M'), '"1M" is not a timespan'],
    ['a timespan of nothing', COUNT.replace('10m', '0m'), '"0m" is not a timespan'],
    ['a timespan of a year', COUNT.replace('10m', '365d'), 'a timespan is at most 30 days'],
    ['no condition', COUNT.replace(', condition: {gte: 3}', ''), 'the correlation has no condition'],
    ['a condition of nothing', COUNT.replace('{gte: 3}', '{}'), 'the condition compares with nothing'],
    ['an unknown comparison', COUNT.replace('gte', 'ge'), 'has no key "ge"'],
    ['a count of text', COUNT.replace('gte: 3', 'gte: many'), '"gte" needs a number'],
    ['an impossible range', COUNT.replace('gte: 3', 'gte: 3, lt: 2'), 'no number fulfils this condition'],
    ['a range without a whole number', COUNT.replace('gte: 3', 'gt: 5, lt: 6'), 'no number fulfils this'],
    ['a range of one that it excludes', COUNT.replace('gte: 3', 'lte: 1, neq: 1'), 'no number fulfils this'],
    ['a count of nothing', COUNT.replace('gte: 3', 'lt: 1'), 'a count is a whole number from 1 on'],
    ['half an event', COUNT.replace('gte: 3', 'eq: 2.5'), 'a count is a whole number from 1 on'],
    [
      'a sum above and below a number',
      COUNT.replace('event_count', 'value_sum').replace('gte: 3', 'gt: 3, lte: 3, field: x'),
      'no number fulfils this condition',
    ],
    ['three bounds', COUNT.replace('gte: 3', 'gte: 2, lte: 5, eq: 3'), 'more than two bounds'],
    ['a count beyond all bounds', COUNT.replace('gte: 3', 'gte: 10001'), 'at most 10000 are counted'],
    ['a field of event_count', COUNT.replace('gte: 3', 'gte: 3, field: x'), 'has no key "field"'],
    ['no field', COUNT.replace('event_count', 'value_count'), '"value_count" needs a field'],
    [
      'a sum of two fields',
      COUNT.replace('event_count', 'value_sum').replace('gte: 3', 'gte: 3, field: [x, y]'),
      '"value_sum" looks at one field',
    ],
    [
      'a percentile of 101',
      COUNT.replace('event_count', 'value_percentile').replace('gte: 3', 'gte: 3, field: x, percentile: 101'),
      '101 is not a percentile',
    ],
    [
      'words for a count',
      COUNT.replace('{gte: 3}', 'a and b'),
      'a condition in words does not go with "event_count"',
    ],
    [
      'words for an order',
      'type: temporal_ordered, rules: [a, b], timespan: 1m, condition: a and b',
      'leave it out: all rules, in their order',
    ],
    [
      'words about other rules',
      'type: temporal, rules: [a, b], timespan: 1m, condition: a and bb',
      'did you mean "b"?',
    ],
    [
      'more rules than there are',
      'type: temporal, rules: [a, b], timespan: 1m, condition: {gte: 3}',
      'the condition asks for more rules than the 2 there are',
    ],
    [
      'more than all rules',
      'type: temporal, rules: [a, b], timespan: 1m, condition: {gt: 2}',
      'the condition asks for more rules than the 2 there are',
    ],
    [
      'an alias of a strange rule',
      `${COUNT}, aliases: {x: {b: userAgent}}`,
      'the alias "x" speaks of "b", which is none of the rules',
    ],
    ['a strange generate', `${COUNT}, generate: maybe`, '"generate" must be true or false'],
  ])('for %s', (_, body, expected) => {
    expect(problems(body).join('\n')).toContain(expected);
    expect(problems(body)).toHaveLength(1);
  });

  it('for all of its mistakes at once', () => {
    const found = problems(
      'type: event_cuont, rules: [aa], timespan: 5M, condition: {ge: 3}, aliases: {x: {b: userAgent}}',
    ).join('\n');
    expect(found).toContain('"event_cuont" is not a type; did you mean "event_count"?');
    expect(found).toContain('no rule is called "aa"');
    expect(found).toContain('"5M" is not a timespan');
    expect(found).toContain('a condition has no key "ge"');
    expect(found).toContain('the alias "x" speaks of "b"');
  });

  it('for a rule that is disabled, wrong or a filter, by its name', () => {
    const text = RULES + correlationText(COUNT);
    expect(problemsIn(text, { disabled: ['a'] })).toEqual([
      expect.stringContaining('the rule "a" is disabled; enable it, or disable the correlation too'),
    ]);
    const wrong = problemsIn(text.replace('{eventName: a}', '{eventName|nonsense: a}'));
    expect(wrong.join('\n')).toContain('the rule "a" has mistakes');
    const foreign = problemsIn(
      text
        .replace('rules: [a]', 'rules: [a, b]')
        .replace('product: aws, service: cloudtrail', 'product: windows'),
    );
    expect(foreign.join('\n')).toContain('the rule "a" is not for CloudTrail');
  });

  it('for waiting for itself', () => {
    const text =
      RULES +
      correlationText(COUNT.replace('[a]', '[child-d]')) +
      child('d', 'child-e') +
      child('e', 'correlated');
    expect(problemsIn(text)[0]).toContain(
      'the correlation waits for itself: correlated → child-d → child-e → correlated',
    );
    expect(problems(COUNT.replace('[a]', '[correlated]')).join()).toContain('correlated → correlated');
  });

  it('for what only rules have', () => {
    expect(problems(COUNT, 'detection: {sel: {a: b}, condition: sel}').join()).toContain(
      'no detection of its own',
    );
    expect(problems(COUNT, 'filter: {rules: any, sel: {a: b}, condition: not sel}').join()).toContain(
      'no filter of its own',
    );
    const tested = 'trailbot: {tests: [{name: x, expect: match, event: {eventName: a}}]}';
    expect(problems(COUNT, tested).join()).toContain('a correlation has no tests');
    expect(problems(COUNT, 'trailbot: {first_seen: {of: [userAgent]}}').join()).toContain(
      '"first_seen" does not go',
    );
    expect(problems(COUNT, 'trailbot: {latenes: 1h}').join()).toContain('latenes');
    expect(problems(COUNT, 'trailbot: {lateness: soon}').join()).toContain('"lateness" is not a time');
  });
});

describe('a correlation is warned of', () => {
  it('when an alias leaves a rule out, a rule is not used, or the percentile is not said', () => {
    const warn = (body: string) => warningsIn(RULES + correlationText(body)).join('\n');
    const two = 'type: temporal, rules: [a, b], group-by: [x], timespan: 1m';
    expect(warn(`${two}, aliases: {x: {a: userAgent}}`)).toContain('does not say which field it is for "b"');
    expect(warn(`${two}, condition: a`)).toContain('the condition does not use "b"');
    expect(warn('type: value_percentile, rules: [a], timespan: 1m, condition: {field: x, gt: 3}')).toContain(
      'does not say which percentile',
    );
    expect(warn(COUNT.replace('sourceIPAddress', 'sourceIpAddress'))).toContain(
      'did you mean "sourceIPAddress"?',
    );
    expect(warn(COUNT)).toBe('');
  });

  it('when every event fulfils its condition', () => {
    const warn = (condition: string) =>
      warningsIn(RULES + correlationText(COUNT.replace('{gte: 3}', condition))).join('\n');
    for (const condition of ['{gte: 0}', '{gt: 0}', '{gte: -1, neq: 0}', '{neq: 1.5}']) {
      expect(warn(condition)).toContain('every event fulfils this condition');
    }
    for (const condition of ['{gte: 2}', '{lte: 5}', '{neq: 1}']) expect(warn(condition)).toBe('');
  });
});
