import { expect, test } from 'vitest';
import { parseCondition } from '../../src/rules/condition.ts';
import { CONDITION_CASES, CONDITION_REFUSALS } from '../cases/sigma-conditions.ts';
import { HEAD, matches, problemsIn, rulesIn } from './support.ts';

const SELECTIONS = `
  sel_a: {field: a}
  sel_b: {field: b}
  filter_x: {field: x}
  filter_y: {field: y}
  _hidden: {field: h}
`;
const NAMES = ['sel_a', 'sel_b', 'filter_x', 'filter_y', '_hidden'];

test.each(CONDITION_CASES)('%s, given "%s": %s', (condition, letters, expected) => {
  const ruleset = rulesIn(`${HEAD}detection:${SELECTIONS}  condition: ${condition}\n`);
  expect(matches(ruleset, { field: Array.from(letters) })).toBe(expected);
});

test.each(CONDITION_REFUSALS)('refused: %s', (condition, expected) => {
  const read = parseCondition(condition, NAMES);
  if (!('mistake' in read)) throw new Error('the condition was read');
  const { offset, what, remedy } = read.mistake;
  expect(`1:${offset + 1}: ${what}; ${remedy}`).toBe(expected);
});

test('a condition nested beyond reason is refused, not overflowed', () => {
  const text = `${'('.repeat(4_000)}sel_a${')'.repeat(4_000)}`;
  expect(parseCondition(text, NAMES)).toMatchObject({
    mistake: { what: 'the condition is nested too deeply', remedy: 'remove brackets' },
  });
});

test('any number of "not" is read', () => {
  const text = `${'not '.repeat(2_001)}sel_a`;
  expect(parseCondition(text, NAMES)).toEqual({
    expression: { kind: 'not', of: { kind: 'name', name: 'sel_a' } },
  });
});

test('all wrong names of a condition are told, each once', () => {
  const file = (condition: string) =>
    problemsIn(`${HEAD}detection:\n  sel: {a: x}\n  condition: ${condition}\n`);
  expect(file('sell and foo or not (sell or 1 of bar*)')).toEqual([
    'rule.yml:5:14: no selection is named "sell"; did you mean "sel"?',
    'rule.yml:5:23: no selection is named "foo"; the selections are sel',
    'rule.yml:5:48: "bar*" matches no selection; the selections are sel',
  ]);
  const names = Array.from({ length: 500 }, (_, index) => `no_${index}`);
  expect(file(names.join(' or '))).toHaveLength(10);
  expect(file(`[${names.slice(0, 100).join()}]`)).toHaveLength(10);
});

test('of many selections the first are named', () => {
  const names = Array.from({ length: 1_000 }, (_, index) => `sel_${index}`);
  const read = parseCondition('other_thing', names);
  expect(read).toMatchObject({
    mistake: { remedy: 'the selections are sel_0, sel_1, sel_2, sel_3, sel_4 and 995 more' },
  });
});

test('a mistake is placed inside the condition, quoted or not', () => {
  const place = (condition: string) =>
    problemsIn(`${HEAD}detection:\n  sel: {a: x}\n  condition: ${condition}\n`)[0]?.split(': ')[0];
  expect(place('sel and sle')).toBe('rule.yml:5:22');
  expect(place("'sel and sle'")).toBe('rule.yml:5:23');
  expect(place('[sel, sel and sle]')).toBe('rule.yml:5:28');
  expect(place('|\n    sel and\n    sle')).toBe('rule.yml:5:14');
});
