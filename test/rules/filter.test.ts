import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/kernel/json.ts';
import { baseRules, correlationText } from '../support/correlations.ts';
import { problemsIn, recordOf, rulesIn, warningsIn } from './support.ts';

const RULES = baseRules('a', 'b');
const filter = (rules: string, condition = 'not sel', logsource = '{product: aws, service: cloudtrail}') => `
title: Known good
id: 00000000-0000-4000-8000-0000000000f1
name: known-good
logsource: ${logsource}
filter:
  rules: ${rules}
  sel: {userAgent: scanner}
  condition: ${condition}
`;

function matchedBy(text: string, body: JsonObject): string[] {
  return rulesIn(text)
    .match(recordOf(body))
    .map(({ rule }) => rule.name);
}

describe('a filter', () => {
  it('is AND-ed to the rules that it names', () => {
    const text = RULES + filter('[a]');
    expect(matchedBy(text, { eventName: 'a', userAgent: 'scanner' })).toEqual([]);
    expect(matchedBy(text, { eventName: 'a', userAgent: 'other' })).toEqual(['a']);
    expect(matchedBy(text, { eventName: 'b', userAgent: 'scanner' })).toEqual(['b']);
  });

  it('may be for any rule, by name or id, and stand before them', () => {
    expect(matchedBy(RULES + filter('any'), { eventName: 'b', userAgent: 'scanner' })).toEqual([]);
    const byId = `${filter('00000000-0000-4000-8000-000000000002')}---${RULES}`;
    expect(matchedBy(byId, { eventName: 'b', userAgent: 'scanner' })).toEqual([]);
    expect(matchedBy(byId, { eventName: 'a', userAgent: 'scanner' })).toEqual(['a']);
  });

  it('adds to other filters', () => {
    const second = filter('any')
      .replace('0f1', '0f2')
      .replace('known-good', 'other')
      .replace('scanner', 'robot');
    const text = `${RULES}${filter('any')}---${second}`;
    expect(matchedBy(text, { eventName: 'a', userAgent: 'robot' })).toEqual([]);
    expect(matchedBy(text, { eventName: 'a', userAgent: 'scanner' })).toEqual([]);
    expect(matchedBy(text, { eventName: 'a', userAgent: 'x' })).toEqual(['a']);
  });

  it('without "not" keeps only what fits it, and is warned of', () => {
    const text = RULES + filter('[a]', 'sel');
    expect(matchedBy(text, { eventName: 'a', userAgent: 'other' })).toEqual([]);
    expect(warningsIn(text).join()).toContain('the condition has no "not"');
    expect(warningsIn(RULES + filter('[a]'))).toEqual([]);
  });

  it('may be disabled, and may name a disabled rule', () => {
    const text = RULES + filter('[a]');
    expect(
      rulesIn(text, { disabled: ['known-good'] }).match(recordOf({ eventName: 'a', userAgent: 'scanner' })),
    ).toHaveLength(1);
    expect(problemsIn(text, { disabled: ['a'] })).toEqual([]);
  });

  it('for other logs is skipped', () => {
    const text = RULES + filter('[a]', 'not sel', '{product: windows}');
    expect(rulesIn(text).skipped).toBe(1);
    expect(matchedBy(text, { eventName: 'a', userAgent: 'scanner' })).toEqual(['a']);
  });

  it.each([
    ['an unknown rule', filter('[aa]'), 'no rule is called "aa"; did you mean "a"?'],
    ['no rule', filter('[]'), 'the filter names no rule'],
    ['a correlation', filter('[correlated]'), '"correlated" is a correlation; name the rules themselves'],
    ['no logsource', filter('any').replace(/logsource.*\n/, ''), '"logsource" is missing'],
    ['a mistake in a selection', filter('any').replace('userAgent:', 'userAgent|nonsense:'), 'nonsense'],
    [
      'a detection',
      `${filter('any')}detection: {sel: {a: b}, condition: sel}\n`,
      'a filter has no detection of its own; move its selections into "filter"',
    ],
    [
      'what alerts have',
      `${filter('any')}trailbot: {quiet_for: 1h}\n`,
      '"trailbot" does not go with a filter',
    ],
    ['no condition', filter('any').replace(/ {2}condition.*\n/, ''), 'no condition'],
  ])('is refused for %s', (_, text, expected) => {
    const correlation = correlationText('type: event_count, rules: [a], timespan: 10m, condition: {gte: 3}');
    expect(problemsIn(`${RULES + text}---${correlation}`)).toEqual([expect.stringContaining(expected)]);
  });

  it('is refused for a strange rule beside its other mistakes', () => {
    expect(problemsIn(RULES + filter('[aa]').replace('userAgent:', 'userAgent|nonsense:'))).toEqual([
      expect.stringContaining('no rule is called "aa"'),
      expect.stringContaining('nonsense'),
    ]);
  });

  it('is warned of when it has a level', () => {
    expect(warningsIn(`${RULES}${filter('any')}level: high\n`)).toEqual([
      expect.stringContaining('the level of a filter means nothing'),
    ]);
  });
});
