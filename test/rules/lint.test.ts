import { describe, expect, it, test } from 'vitest';
import { readRuleFiles } from '../../src/app/rule-files.ts';
import { lintRules } from '../../src/rules/lint/lint.ts';
import { loadRules } from '../../src/rules/load.ts';
import { lintSelection, lintTexts, ruleWith } from './lint-support.ts';

function named(title: string, number: number, selection: object, level = 'medium'): string {
  const id = `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
  return ruleWith({ sel: selection, condition: 'sel' }, { title, id, level });
}

test('lint has nothing to say about the rules that ship', () => {
  const { files } = readRuleFiles(['builtin'], '.');
  const { ruleset } = loadRules(files, { lists: new Map([['known_accounts', []]]) });
  expect(ruleset.rules.length).toBeGreaterThan(20);
  expect(lintRules(ruleset.compiled, undefined)).toEqual([]);
});

describe('rules beside others', () => {
  const NARROW = { eventSource: 'iam.amazonaws.com', eventName: 'CreateUser', 'userIdentity.type': 'Root' };
  const WIDE = { eventSource: 'iam.amazonaws.com', eventName: ['CreateUser', 'DeleteUser'] };

  it('a rule is shadowed by a wider one of its level or a higher one', () => {
    for (const level of ['medium', 'high']) {
      expect(lintTexts([named('Narrow', 1, NARROW), named('Wide', 2, WIDE, level)])).toEqual([
        `shadowed: every match of "Narrow" is one of "Wide" (rule-1.yml:1:1) too, at level ${level}; remove it, or raise its level and except it there`,
      ]);
    }
  });

  it('but not by one of a lower level, nor by one that asks for something else besides', () => {
    expect(lintTexts([named('Narrow', 1, NARROW, 'high'), named('Wide', 2, WIDE)])).toEqual([]);
    const other = { ...WIDE, sourceIPAddress: '198.51.100.7' };
    expect(lintTexts([named('Narrow', 1, NARROW), named('Other', 2, other)])).toEqual([]);
  });

  it('a rule without an event name shadows as well', () => {
    const cli = { 'userAgent|contains': 'cli' };
    const narrow = { eventName: 'CreateUser', 'userAgent|startswith': 'aws-cli/' };
    expect(lintTexts([named('Narrow', 1, narrow), named('Wide', 2, cli)])).toHaveLength(1);
  });

  it('two that ask for the same, in another order and case, are one too many', () => {
    const turned = { eventName: ['deleteuser', 'CREATEUSER'], eventSource: 'IAM.amazonaws.com' };
    expect(lintTexts([named('One', 1, WIDE), named('Two', 2, turned)])).toEqual([
      'duplicate: "Two" asks for the same as "One" (rule-0.yml:1:1); keep one of them',
    ]);
  });

  it('thousands of one event name are compared', () => {
    const rules = Array.from({ length: 3_000 }, (_, index) =>
      named(`R${index}`, index, { eventName: 'ConsoleLogin', recipientAccountId: String(index) }),
    );
    const narrow = { eventName: 'ConsoleLogin', recipientAccountId: '2999', errorMessage: 'x' };
    expect(lintTexts([...rules, named('Narrow', 9_999, narrow)])).toEqual([
      expect.stringMatching(/^shadowed: every match of "Narrow" is one of "R2999" /),
    ]);
  });
});

test('of very many warnings the first hundred of each file are told, and how many more there are', () => {
  const rules = Array.from({ length: 150 }, (_, number) =>
    named(`R${number}`, number, { eventSource: 'iam', requestID: String(number) }),
  );
  const files = [rules, [named('Other', 999, { eventSource: 'ec2' })]].map((texts, index) => ({
    path: `${index}.yml`,
    text: texts.join('\n---\n'),
  }));
  const found = lintRules(loadRules(files).ruleset.compiled, undefined);
  expect(found).toHaveLength(102);
  expect(found[100]).toMatchObject({
    code: 'more',
    file: '0.yml',
    line: 201,
    what: 'from here on the file has 50 more warnings',
  });
  expect(found[101]).toMatchObject({ code: 'event-source', file: '1.yml' });
});

describe('regular expressions', () => {
  test.each<[says: string, selection: object, remedy: string]>([
    [
      'at the start',
      { 'userAgent|re': '^aws-cli/' },
      `write userAgent|startswith: 'aws-cli/', with "cased" if case counts`,
    ],
    ['at the end', { 'userAgent|re|i': '\\.example\\.com$' }, "write userAgent|endswith: '.example.com'"],
    [
      'anywhere',
      { 'errorMessage|re|i': '.*explicit deny.*' },
      "write errorMessage|contains: 'explicit deny'",
    ],
    ['the whole', { 'sourceIPAddress|re': '^198\\.51\\.100\\.7$' }, "write sourceIPAddress: '198.51.100.7'"],
    [
      'one of several',
      { 'eventName|re|i': '^(?:Create|Delete)' },
      "write eventName|startswith: ['Create', 'Delete']",
    ],
    ['behind anything', { 'x|re|i': '^.*foo' }, "write x|contains: 'foo'"],
    ['before anything', { 'x|re|i': '^foo.*$' }, "write x|startswith: 'foo'"],
    ['whose case does not count', { 'x|re': '(?i)^foo' }, "write x|startswith: 'foo'"],
    [
      'that is the rest of several',
      { 'eventName|re|i': '^(Create|Delete)User$' },
      "write eventName: ['CreateUser', 'DeleteUser']",
    ],
    ['with a sign that Sigma escapes', { 'x|re': '"\\*"' }, `write x|contains: '"\\*"'`],
  ])('a text %s needs none', (_, selection, remedy) => {
    expect(lintSelection(selection)).toEqual([
      expect.stringContaining(`needs no regular expression; ${remedy}`),
    ]);
  });

  test.each(['^aws-cli/\\d', 'a.b', '^(a|b)+c$', '^\\(a|b\\)c$', 'x{2}', 'ax?', '[ab]c'])(
    '%s is more than a text',
    (re) => {
      expect(lintSelection({ eventName: 'CreateUser', 'userAgent|re': re })).toEqual([]);
    },
  );

  test.each(['^[A-Z]+$', '\\d{12}', '(?:ab|.)', '(?:abc)?', 'a*b?', '(?i)[k]', 'a.b.c'])(
    '%s has no text to look for, which costs where nothing else narrows the rule',
    (re) => {
      expect(lintSelection({ 'userAgent|re': re })).toEqual([expect.stringMatching(/^slow-regex: /)]);
      expect(lintSelection({ 'userAgent|re': re, eventName: 'CreateUser' })).toEqual([]);
    },
  );

  test.each(['kali|par+ot', '^[a-z]+-cli/', '(?:x|y)pacu(?:a|b)?', '[Kk]ali', '(?:ab|cd)+'])(
    '%s has one',
    (re) => {
      expect(lintSelection({ 'userAgent|re': re })).toEqual([]);
    },
  );
});

describe('a rule that only says what must not be', () => {
  test.each<[says: string, detection: object, reported: boolean]>([
    ['not', { f: { userAgent: 'x' }, condition: 'not f' }, true],
    ['null is nothing', { s: { errorCode: null }, f: { userAgent: 'x' }, condition: 's and not f' }, true],
    ['in one of its ways', { s: { a: 'x' }, f: { b: 'x' }, condition: 's or not f' }, true],
    ['not when it also says what must be', { s: { a: 'x' }, f: { b: 'x' }, condition: 's and not f' }, false],
  ])('%s', (_, detection, reported) => {
    const codes = lintTexts([ruleWith(detection)]).map((line) => line.replace(/:.*/, ''));
    expect(codes).toEqual(reported ? ['negations-only'] : []);
  });
});

describe('tests inside rules', () => {
  const detection = { sel: { eventName: 'CreateUser' }, condition: 'sel' };
  const event = { eventName: 'CreateUser' };
  const hit = { name: 'a hit', event, expect: 'match' };
  const miss = { name: 'a miss', event: { eventName: 'DeleteUser' }, expect: 'no match' };
  const codesOf = (trailbot: object | undefined) =>
    lintTexts([ruleWith(detection, trailbot ? { trailbot } : {})]).map((line) => line.replace(/:.*/, ''));

  it('are asked for where a rule is written for Trailbot', () => {
    expect(codesOf(undefined)).toEqual([]);
    expect(codesOf({ summary: 'x' })).toEqual(['no-tests']);
    expect(codesOf({ tests: [hit] })).toEqual(['no-near-miss']);
    expect(codesOf({ tests: [miss] })).toEqual(['no-match-test']);
    expect(codesOf({ tests: [hit, miss] })).toEqual([]);
  });
});
