import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Labels, matches, parseMatcher } from '../../src/alerts/matcher.ts';

const LABELS: Labels = new Map([
  ['level', ['high']],
  ['rule', ['5f2d0b7c', 'root-login']],
  ['tag', ['attack.t1078', 'attack.initial-access']],
  ['account', ['111122223333', 'Production']],
  ['environment', []],
  ['actor', ['alice "the admin"']],
]);

const pass = (text: string, labels: Labels = LABELS): boolean => {
  const matcher = parseMatcher(text);
  if (typeof matcher === 'string') throw new Error(matcher);
  return matches([matcher], labels);
};

describe('a matcher', () => {
  test.each([
    ['level=high', true],
    ['level=low', false],
    ['level!=low', true],
    ['level!=high', false],
    // The order of levels.
    ['level>=high', true],
    ['level>=critical', false],
    ['level>high', false],
    ['level>medium', true],
    ['level<=high', true],
    ['level<=medium', false],
    ['level<critical', true],
    ['level<high', false],
    // Several values: positive = any, negative = none.
    ['rule=root-login', true],
    ['rule=5f2d0b7c', true],
    ['rule!=root-login', false],
    ['tag=attack.t1078', true],
    ['tag!=attack.t1078', false],
    ['tag!=attack.t1110', true],
    ['account=Production', true],
    // The whole value, in its own case.
    ['account=1111', false],
    ['account=production', false],
    ['tag=~attack', false],
    ['tag=~"attack\\\\..*"', true],
    ['tag=~".*access"', true],
    ['tag!~".*access"', false],
    ['tag!~attack', true],
    ['tag=~attack.t1078|x', true],
    ['tag=~x|attack', false],
    ['rule=~(?i)ROOT.*', true],
    ['level=~"high|critical"', true],
    // Not known counts as empty.
    ['environment=""', true],
    ['environment!=""', false],
    ['environment!=production', true],
    ['environment=production', false],
    ['environment=~.+', false],
    ['region=""', true],
    // Spaces and quotes.
    ['  level  >=  high  ', true],
    ['actor="alice \\"the admin\\""', true],
    ['actor=~"alice \\"the .*\\""', true],
    ['level="high"', true],
  ])('%s is %s', (text, expected) => {
    expect(pass(text)).toBe(expected);
  });

  test('an alert without a level is neither above nor below one', () => {
    expect(['>=', '>', '<=', '<'].map((operator) => pass(`level${operator}low`, new Map()))).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });

  test('keeps its parts and how it was written', () => {
    expect(parseMatcher(' tag =~ "a\\\\.b" ')).toMatchObject({
      label: 'tag',
      operator: '=~',
      value: 'a\\.b',
      text: 'tag =~ "a\\\\.b"',
    });
  });
});

test('a list of matchers passes when all do', () => {
  const [high, root, low] = ['level=high', 'rule=root-login', 'level=low'].map((text) => parseMatcher(text));
  if (typeof high !== 'object' || typeof root !== 'object' || typeof low !== 'object')
    throw new Error('mistake');
  expect(matches([], LABELS)).toBe(true);
  expect(matches([high, root], LABELS)).toBe(true);
  expect(matches([high, low], LABELS)).toBe(false);
});

describe('a mistake says what is wrong', () => {
  test.each([
    ['', 'a matcher is a label, an operator and a value'],
    ['level', 'a matcher is a label, an operator and a value'],
    ['level is high', 'a matcher is a label, an operator and a value'],
    ['levle=high', 'unknown label "levle" (did you mean "level"?)'],
    [
      'severity=high',
      'unknown label "severity" (there are level, rule, tag, account, environment, region, actor)',
    ],
    ['level=hihg', 'unknown level "hihg" (did you mean "high"?)'],
    ['level>=urgent', 'unknown level "urgent" (there are informational, low, medium, high, critical)'],
    ['level==high', 'the operator for "equal" is one = sign'],
    ['level=', 'the value is missing (write "" for "not known")'],
    ['level=""', 'unknown level "" (there are informational, low, medium, high, critical)'],
    ['rule="x', 'the quotes around the value are not closed'],
    ['rule="x" y', 'the quotes around the value are not closed'],
    ["rule='x'", 'a value is quoted with double quotes, all of it'],
    ['rule=x"y"', 'a value is quoted with double quotes, all of it'],
    ['account>1', 'only level has an order, so > cannot be used with account'],
    ['tag=~(', 'the regular expression cannot be read: missing closing )'],
    ['tag=~(?=x)', 'the regular expression cannot be read: invalid or unsupported Perl syntax'],
    ['tag=~(((a{1000}){1000}){1000})', 'the regular expression cannot be read: invalid repeat count'],
  ])('%j: %s', (text, wrong) => {
    expect(parseMatcher(text)).toBe(wrong);
  });

  test('any text is a matcher or a sentence', () => {
    const label = fc.constantFrom('level', 'tag', 'lvl', '', 'level=~', 'tag=~', 'rule!=', 'level>');
    fc.assert(
      fc.property(label, fc.string({ unit: 'binary' }), (start, rest) => {
        const matcher = parseMatcher(start + rest);
        if (typeof matcher === 'string') expect(matcher).not.toBe('');
        else expect(typeof matches([matcher], LABELS)).toBe('boolean');
      }),
    );
  });
});
