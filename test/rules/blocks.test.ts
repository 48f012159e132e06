import { describe, expect, test } from 'vitest';
import { BLOCK_CASES, BLOCK_REFUSALS } from '../cases/sigma-blocks.ts';
import { LISTS } from '../cases/sigma-match.ts';
import { matches, problemsIn, rulesIn, ruleText, warningsIn } from './support.ts';

function blockRule(selection: string, condition = 'sel'): string {
  return `sigma-version: 3\n${ruleText(selection, condition)}`;
}

describe.each(Object.entries(BLOCK_CASES))('%s', (_, cases) => {
  test.each(cases)('%s', (_says, selection, body, expected) => {
    expect(matches(rulesIn(blockRule(selection), { lists: LISTS }), body)).toBe(expected);
  });

  test.each(cases)('under not: %s', (_says, selection, body, expected) => {
    expect(matches(rulesIn(blockRule(selection, 'not sel'), { lists: LISTS }), body)).toBe(!expected);
  });
});

test.each(BLOCK_REFUSALS)('a block is refused: %s', (selection, expected) => {
  expect(problemsIn(blockRule(selection))).toEqual([`rule.yml:${expected}`]);
});

test('without the version, brackets are part of a name, and a warning says so', () => {
  const text = ruleText('{"items[0]": x}');
  expect(matches(rulesIn(text), { 'items[0]': 'x' })).toBe(true);
  expect(matches(rulesIn(text), { items: ['x'] })).toBe(false);
  expect(warningsIn(text)).toEqual([
    'rule.yml:4:9: the brackets of "items[0]" are part of the field\'s name here; for an array block, add "sigma-version: 3" to the document',
  ]);
});

test('other brackets in a name are none of our business', () => {
  expect(warningsIn(ruleText('{"items[x]": x}'))).toEqual([]);
});

test('without the version, a block is refused', () => {
  expect(problemsIn(ruleText('{"items[any]": {a: x}}'))).toEqual([
    'rule.yml:4:9: "items[any]" is an array block, which Sigma 2 does not have; for an array block, add "sigma-version: 3" to the document',
  ]);
});

test('with the version, everything else means what it means in Sigma 2', () => {
  const rules = rulesIn(blockRule("{a|startswith: x, b.c: ['22', 23]}"));
  expect(matches(rules, { a: 'xyz', b: [{ c: 22 }] })).toBe(true);
  expect(matches(rules, { a: 'xyz', b: [{ c: 24 }] })).toBe(false);
});

test('a misspelt field is looked for in the record, not in members', () => {
  const text = blockRule('{"resurces[any]": {accountID: x, eventname: y, z|fieldref: eventname}}');
  expect(warningsIn(text)).toEqual([
    'rule.yml:5:9: CloudTrail has no field "resurces"; did you mean "resources"?',
  ]);
});
