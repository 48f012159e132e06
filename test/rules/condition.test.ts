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

test('a mistake is placed inside the condition, quoted or not', () => {
  const place = (condition: string) =>
    problemsIn(`${HEAD}detection:\n  sel: {a: x}\n  condition: ${condition}\n`)[0]?.split(': ')[0];
  expect(place('sel and sle')).toBe('rule.yml:5:22');
  expect(place("'sel and sle'")).toBe('rule.yml:5:23');
  expect(place('[sel, sel and sle]')).toBe('rule.yml:5:28');
  expect(place('|\n    sel and\n    sle')).toBe('rule.yml:5:14');
});
