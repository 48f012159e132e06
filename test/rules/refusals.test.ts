import { expect, test } from 'vitest';
import { loadRules } from '../../src/rules/load.ts';
import { LISTS } from '../cases/sigma-match.ts';
import { FILE_REFUSALS, SELECTION_REFUSALS } from '../cases/sigma-refusals.ts';
import { matches, problemsIn, rulesIn, ruleText } from './support.ts';

test.each(SELECTION_REFUSALS)('a selection is refused: %s', (selection, expected) => {
  expect(problemsIn(ruleText(selection), { lists: LISTS })).toEqual([`rule.yml:${expected}`]);
});

test.each(FILE_REFUSALS)('a file is refused: %s', (_, text, expected) => {
  expect(problemsIn(text)).toEqual(expected.map((line) => `rule.yml:${line}`));
  expect(loadRules([{ path: 'rule.yml', text }]).ruleset.rules).toEqual([]);
});

test('placeholders that multiply beyond reason are refused', () => {
  const many = Array.from({ length: 200 }, (_, index) => `v${index}`);
  const text = ruleText("{a|expand: '%many%%many%'}");
  expect(problemsIn(text, { lists: new Map([['many', many]]) })).toEqual([
    'rule.yml:4:19: the placeholders of "%many%%many%" stand for more than 10000 values; use shorter lists, or one placeholder a value',
  ]);
});

test('an unresolved placeholder says that there are no lists at all', () => {
  expect(problemsIn(ruleText("{a|expand: '%owners%'}"))).toEqual([
    'rule.yml:4:19: the placeholder %owners% has no values; add "owners" to "lists" in the configuration (lists there: none)',
  ]);
});

test('a list may have a hyphen in its name', () => {
  const lists = new Map([['known-accounts', ['111122223333']]]);
  const rules = rulesIn(ruleText("{a|expand: '%known-accounts%'}"), { lists });
  expect(matches(rules, { a: '111122223333' })).toBe(true);
  expect(problemsIn(ruleText("{a|expand: '%known-acounts%'}"), { lists })).toEqual([
    'rule.yml:4:19: the placeholder %known-acounts% has no values; add "known-acounts" to "lists" in the configuration (lists there: known-accounts)',
  ]);
});

test.each([
  ['deep YAML', '['.repeat(100_000)],
  ['deep maps', '{a: '.repeat(1_000)],
  ['an alias that contains itself', `a: &a [*a]`],
  ['aliases that multiply', `a: &a [x]\nb: &b [${'*a,'.repeat(50)}]\nc: [${'*b,'.repeat(50)}]`],
])('%s is one problem, not an overflow', (_, text) => {
  expect(problemsIn(text)).toHaveLength(1);
});
