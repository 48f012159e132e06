import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/kernel/json.ts';
import { loadRules } from '../../src/rules/load.ts';
import { HEAD, matches, problemsIn, rulesIn, ruleText, warningsIn } from './support.ts';

const DETECTION = 'detection: {sel: {eventName: CreateUser}, condition: sel}\n';

function manyRules(count: number): string[] {
  return Array.from({ length: count }, (_, index) => {
    const id = `7f1e0c52-5d2b-4a86-9d2e-${`${index}`.padStart(12, '0')}`;
    return `id: ${id}\n${HEAD}description: ${'Why it matters. '.repeat(20)}\n${DETECTION}`;
  });
}

function listOf(count: number, value: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => `      - ${value(index)}\n`).join('');
}

function manySelections(condition: string): string {
  const selections = Array.from({ length: 1_000 }, (_, index) => `  s${index}: {a: x${index}}\n`).join('');
  return `${HEAD}detection:\n${selections}  condition: ${condition}\n`;
}

describe('what is large but right loads', () => {
  test('ten thousand rules in one file', () => {
    const { ruleset, problems } = loadRules([{ path: 'all.yml', text: manyRules(10_000).join('---\n') }]);
    expect(problems).toEqual([]);
    expect(ruleset.rules).toHaveLength(10_000);
  });

  test('ten thousand files', () => {
    const files = manyRules(10_000).map((text, index) => ({ path: `${index}.yml`, text }));
    const { ruleset, problems } = loadRules(files);
    expect(problems).toEqual([]);
    expect(ruleset.rules).toHaveLength(10_000);
  });

  test('a list of a hundred thousand values', () => {
    const values = listOf(100_000, (index) => `name-${index}`);
    const rules = rulesIn(`${HEAD}detection:\n  sel:\n    a:\n${values}  condition: sel\n`);
    expect(matches(rules, { a: 'NAME-99999' })).toBe(true);
    expect(matches(rules, { a: 'name-100000' })).toBe(false);
  });

  test('four thousand rules with a regular expression each', () => {
    const role = (index: number) => `^arn:aws:iam::\\d{12}:role/(Admin|Power)User-[a-z]+${index}$`;
    const text = manyRules(4_000).map((rule, index) =>
      rule.replace('eventName:', () => `a|re: '${role(index)}', b:`),
    );
    const { ruleset, problems } = loadRules([{ path: 'all.yml', text: text.join('---\n') }]);
    expect(problems).toEqual([]);
    expect(ruleset.rules).toHaveLength(4_000);
  });

  test('a hundred conditions with a pattern over a thousand selections each', () => {
    const rules = rulesIn(manySelections(`[${"'all of s*', ".repeat(99)}'1 of s*']`));
    expect(matches(rules, { a: 'x999' })).toBe(true);
    expect(matches(rules, { a: 'x1000' })).toBe(false);
  });

  test('a text of a megabyte', () => {
    const long = 'x'.repeat(1_000_000);
    const rules = rulesIn(ruleText(`{a|contains: ${long}}`));
    expect(matches(rules, { a: `a${long}a` })).toBe(true);
    expect(matches(rules, { a: long.slice(1) })).toBe(false);
  });
});

/** A file and the one problem that is said of it. */
const REFUSED: readonly (readonly [says: string, text: () => string, expected: string])[] = [
  [
    'ten megabytes',
    () => `${HEAD}${DETECTION}${'# nothing\n'.repeat(1_000_000)}`,
    ': the file has 10000119 characters; use at most 10000000 a file, and split it',
  ],
  [
    'a hundred thousand documents',
    () => `${HEAD}${DETECTION}---\n`.repeat(100_000).slice(0, 9_000_000),
    ':40000:1: the file has more than 10000 documents; split it into several files',
  ],
  [
    'a document with millions of values',
    () => `a:\n${'- \n'.repeat(3_000_000)}`,
    ':333333:3: the document is too long; split it into several documents',
  ],
  [
    'a document of commas',
    () => `a: [${','.repeat(9_000_000)}]`,
    ':1:999999: the document is too long; split it into several documents',
  ],
  [
    'brackets millions deep',
    () => '['.repeat(9_000_000),
    ':1:101: the YAML is nested too deeply; nest at most 64 levels',
  ],
  ['maps deep', () => '{a: '.repeat(1_000), ':1:398: the YAML is nested too deeply; nest at most 64 levels'],
  [
    'dashes deep',
    () => '- '.repeat(1_000_000),
    ':1:200: the YAML is nested too deeply; nest at most 64 levels',
  ],
  [
    'indentation deep',
    () => Array.from({ length: 1_000 }, (_, index) => `${' '.repeat(index)}a:`).join('\n'),
    ':100:101: the YAML is nested too deeply; nest at most 64 levels',
  ],
  [
    'array blocks deep',
    () => `sigma-version: 3\n${ruleText(`${'{"a[any]": '.repeat(63)}{b: x}${'}'.repeat(63)}`)}`,
    ':5:690: the YAML is nested too deeply; nest at most 64 levels',
  ],
  [
    'an alias bomb',
    () => {
      const level = (name: string, of: string) => `${name}: &${name} [${`*${of},`.repeat(9)}]\n`;
      return `a: &a [x]\n${level('b', 'a')}${level('c', 'b')}${level('d', 'c')}`;
    },
    ':4:8: the document has too many YAML aliases; use at most 100',
  ],
  [
    'a large value under many aliases',
    () => `a: &a [${'x,'.repeat(30_000)}]\nb: [${'*a,'.repeat(90)}]\n`,
    ':2:14: the YAML aliases stand for more than 100000 values; write the values once, or use a list of the configuration',
  ],
  [
    'a regular expression of a megabyte',
    () => ruleText(`{a|re: '${'(a|b)'.repeat(200_000)}'}`),
    ':4:15: this regular expression has 1000000 characters; use at most 4000; a list of values takes as many as you like',
  ],
  [
    'a regular expression that grows when it is compiled',
    () => ruleText(`{a|re: '${'(a?){1000}'.repeat(300)}'}`),
    ':4:15: this regular expression is too large; repeat less, or use a list of smaller ones',
  ],
  [
    'thousands of wildcards',
    () => ruleText(`{a: '${'*a?'.repeat(300_000)}'}`),
    ':4:12: this text has 600000 wildcards in 900000 characters; use at most 100 in 4000; write \\* and \\? for the characters themselves',
  ],
  [
    'a wildcard in a very long text',
    () => ruleText(`{a: '${'a'.repeat(1_000_000)}?b'}`),
    ':4:12: this text has 1 wildcard in 1000002 characters; use at most 100 in 4000; write \\* and \\? for the characters themselves',
  ],
  [
    'dashes that multiply',
    () => ruleText(`{a|windash: [${"'-a -b -c -d -e', ".repeat(10_000)}]}`),
    ':4:4125: the texts that the values of this file stand for have more than 10000000 characters; use shorter values where "expand", "windash" or "base64offset" multiply them, or split the file',
  ],
  [
    'dashes in a long text',
    () => ruleText(`{a|windash: '-a -b -c -d -e ${'x'.repeat(50_000)}'}`),
    ':4:20: the texts that the values of this file stand for have more than 10000000 characters; use shorter values where "expand", "windash" or "base64offset" multiply them, or split the file',
  ],
  [
    'millions of dashes',
    () => ruleText(`{a|windash: '${'-a '.repeat(3_000_000)}'}`),
    ':4:20: this text has too many dashes for "windash"; use shorter texts, in a list with "all"',
  ],
  [
    'regular expressions that grow, each a little',
    () => ruleText(`{a|re: [${"'(a?){999}N', ".repeat(2_500)}]}`),
    ':4:3516: the regular expressions of this file have more than 1000000 steps when they are written out; repeat less, or split the file',
  ],
  [
    'regular expressions that grow too much, one after the other',
    () => ruleText(`{a|re: [${`'${'(a?){999}N'.repeat(300)}', `.repeat(2_500)}]}`),
    ':4:16: this regular expression is too large; repeat less, or use a list of smaller ones',
  ],
  [
    'regular expressions full of large classes',
    () => ruleText(`{a|re: [${`'${'[\\pL\\pN\\pS]'.repeat(300)}', `.repeat(2_500)}]}`),
    ':4:3320: the regular expressions of this file have more than 1000000 steps when they are written out; repeat less, or split the file',
  ],
  [
    'patterns over many selections in many conditions',
    () => manySelections(`[${`'${'1 of s* or '.repeat(900)}s1', `.repeat(100)}]`),
    ':1004:11027: the patterns in the conditions of this file are compared with more than 1000000 names; use fewer patterns or selections, or split the file',
  ],
  [
    'brackets in a condition',
    () => ruleText('{a: x}', `${'('.repeat(1_000)}sel${')'.repeat(1_000)}`),
    ':5:64: the condition is nested too deeply; remove brackets',
  ],
  [
    'a condition of a megabyte',
    () => ruleText('{a: x}', `sel${' or sel'.repeat(200_000)}`),
    ':5:14: the condition has 1400003 characters; use at most 10000, and patterns such as "1 of selection_*"',
  ],
  [
    'a hundred thousand conditions',
    () => ruleText('{a: x}', `[${'sel, '.repeat(100_000)}]`),
    ':5:14: the rule has 100000 conditions; use at most 100, and patterns such as "1 of selection_*"',
  ],
  [
    'fifty thousand selections',
    () =>
      `${HEAD}detection:\n${Array.from({ length: 50_000 }, (_, index) => `  s${index}: {a: x}\n`).join('')}  condition: 1 of them\n`,
    ':1004:3: the detection has too many selections; use at most 1000; a list of values takes as many as you like',
  ],
  ['a NUL byte', () => ruleText('{a: "x\0"}'), ':4:14: here is a NUL byte, which is no text; remove it'],
  [
    'bytes that are not UTF-8',
    () => new TextDecoder().decode(Uint8Array.of(0x74, 0x3a, 0x20, 0xfc, 0x0a)),
    ':1:4: here is a byte that is not UTF-8; save the file as UTF-8',
  ],
  [
    'a number without end',
    () => ruleText(`{a|gt: ${'9'.repeat(50)}}`),
    `:4:15: ${'9'.repeat(50)} is more than a number can be here; write at most 9007199254740991`,
  ],
];

test.each(REFUSED)('%s: one problem, with its place and the remedy', (_, text, expected) => {
  expect(problemsIn(text())).toEqual([`rule.yml${expected}`]);
});

test('placeholders that multiply from value to value are refused', () => {
  const lists = new Map([['many', Array.from({ length: 10_000 }, (_, index) => `v${index}`)]]);
  const text = ruleText(`{a|expand: [${"'%many%', ".repeat(50_000)}]}`);
  expect(problemsIn(text, { lists })).toEqual([
    'rule.yml:4:1020: with their placeholders, the values of this file stand for more than 1000000 texts; use shorter lists, or split the file',
  ]);
  const next = text.replace('title', 'id: 7f1e0c52-5d2b-4a86-9d2e-0d5b6a3c1e01\ntitle');
  expect(loadRules([{ path: 'a.yml', text: `${text}---\n${next}` }], { lists }).ruleset.rules).toEqual([]);
});

test('placeholders that multiply a long text are refused', () => {
  const lists = new Map([['many', Array.from({ length: 10_000 }, (_, index) => `v${index}`)]]);
  expect(problemsIn(ruleText(`{a|expand: '%many%${'x'.repeat(1_000_000)}'}`), { lists })).toEqual([
    'rule.yml:4:19: the texts that the values of this file stand for have more than 10000000 characters; use shorter values where "expand", "windash" or "base64offset" multiply them, or split the file',
  ]);
});

test('every rule after the one that went beyond the limits of its file is refused for that', () => {
  const hostile = ruleText(`{a|windash: '-a -b -c -d -e ${'x'.repeat(50_000)}'}`);
  const files = [
    { path: 'a.yml', text: `${hostile}---\nid: 7f1e0c52-5d2b-4a86-9d2e-0d5b6a3c1e01\n${HEAD}${DETECTION}` },
    { path: 'b.yml', text: `${HEAD}${DETECTION}` },
  ];
  const { ruleset, problems } = loadRules(files);
  expect(problems.map(({ file, line }) => `${file}:${line}`)).toEqual(['a.yml:4', 'a.yml:10']);
  expect(ruleset.rules.map(({ file }) => file)).toEqual(['b.yml']);
});

test('a message stays short, however long the value that it quotes', () => {
  const long = 'x'.repeat(4_000_000);
  for (const text of [
    ruleText('{a: x}').replace('title', `level: ${long}\ntitle`),
    ruleText('{a: x}').replace('title', `id: ${long}\ntitle`),
    ruleText(`{a|exists|${long}: x}`),
    ruleText(`{a|expand: '%${long}%'}`),
    ruleText('{a: x}', 'x'.repeat(9_000)),
  ]) {
    for (const problem of problemsIn(text)) expect(problem.length).toBeLessThan(1_500);
    expect(problemsIn(text)[0]).toMatch(/x…x+.*; ./);
  }
});

test('nothing of a file is loaded that was not read to its end', () => {
  const text = `${manyRules(3).join('---\n')}---\n${'['.repeat(1_000)}`;
  expect(loadRules([{ path: 'rule.yml', text }]).ruleset.rules).toEqual([]);
});

test('array blocks nest as deep as YAML may', () => {
  const text = `sigma-version: 3\n${ruleText(`${'{"a[any]": '.repeat(50)}{b: x}${'}'.repeat(50)}`)}`;
  const body = Array.from({ length: 50 }).reduce<JsonObject>((inner) => ({ a: [inner] }), { b: 'x' });
  expect(matches(rulesIn(text), body)).toBe(true);
});

test('of a hundred thousand problems the first hundred are told, and how many more there are', () => {
  const items = Array.from({ length: 100_000 }, (_, index) => `    f${index}|contians: x\n`).join('');
  const problems = problemsIn(`${HEAD}detection:\n  sel:\n${items}  condition: sel\n`);
  expect(problems).toHaveLength(101);
  expect(problems[99]).toBe('rule.yml:104:9: "contians" is not a modifier; did you mean "contains"?');
  expect(problems[100]).toBe(
    'rule.yml:105:10: from here on the file has 99900 more problems; begin with those above',
  );
});

test('the same goes for warnings, and for each file by itself', () => {
  const items = Array.from({ length: 101 }, (_, index) => `    f${index}|all: x\n`).join('');
  const text = `${HEAD}detection:\n  sel:\n${items}  condition: sel\n`;
  expect(warningsIn(text).at(-1)).toBe(
    'rule.yml:105:15: from here on the file has 1 more warning; begin with those above',
  );
  const files = [
    { path: 'a.yml', text },
    { path: 'b.yml', text: `name: b\n${text}` },
  ];
  expect(loadRules(files).warnings).toHaveLength(202);
});
