import { describe, expect, it } from 'vitest';
import type { Problem } from '../../src/kernel/problem.ts';
import { loadRules } from '../../src/rules/load.ts';

const SOON = 10_000;

function idOf(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
}

function ruleText(number: number): string {
  return `title: R${number}
id: ${idOf(number)}
name: rule-${number}
logsource: {product: aws, service: cloudtrail}
detection: {sel: {eventName: E${number}}, condition: sel}
`;
}

function correlationText(number: number, rules: string, more = ''): string {
  return `title: C${number}
id: ${idOf(500_000 + number)}
name: c${number}
correlation: {type: event_count, rules: [${rules}], timespan: 1m, condition: {gte: 2}${more}}
`;
}

/** The problems of a file, which must be found soon. */
function problemsOf(...documents: readonly string[]): Problem[] {
  const began = performance.now();
  const { problems } = loadRules([{ path: 'hostile.yml', text: documents.join('---\n') }]);
  expect(performance.now() - began).toBeLessThan(SOON);
  return problems;
}

function whatsOf(...documents: readonly string[]): string[] {
  return problemsOf(...documents).map(({ what }) => what);
}

function countTo(number: number): number[] {
  return Array.from({ length: number }, (_, index) => index);
}

describe('correlations of correlations', () => {
  const chain = (length: number) =>
    countTo(length).map((number) => correlationText(number, number === 0 ? 'rule-1' : `c${number - 1}`));

  it('stand ten high, in whatever order', () => {
    expect(whatsOf(ruleText(1), ...chain(10))).toEqual([]);
    expect(whatsOf(...chain(10).toReversed(), ruleText(1))).toEqual([]);
  });

  it.each([
    ['the first one first', chain(2_000)],
    ['the last one first', chain(2_000).toReversed()],
  ])('are refused above that, however many they are: %s', (_, documents) => {
    expect(whatsOf(ruleText(1), ...documents)).toEqual([
      'the correlation counts others that count others, more than 10 in a row',
    ]);
  });

  it('in a circle of thousands are refused in a line that can be read', () => {
    const [first, ...others] = chain(2_000);
    const problems = problemsOf(first?.replace('rule-1', 'c1999') ?? '', ...others);
    expect(problems).toHaveLength(1);
    expect(problems[0]?.what).toMatch(/^the correlation waits for itself: c0 → c1999 → .* → … → c0$/);
    expect(problems[0]?.what.length).toBeLessThan(200);
  });

  it('are told of each circle', () => {
    const circles = countTo(3).flatMap((number) => [
      correlationText(2 * number, `c${2 * number + 1}`),
      correlationText(2 * number + 1, `c${2 * number}`),
    ]);
    expect(whatsOf(...circles)).toEqual([
      'the correlation waits for itself: c0 → c1 → c0',
      'the correlation waits for itself: c2 → c3 → c2',
      'the correlation waits for itself: c4 → c5 → c4',
    ]);
  });

  it('for other logs are skipped, however long the chain', () => {
    const foreign = ruleText(1).replace('product: aws', 'product: windows');
    const { ruleset, problems } = loadRules([
      { path: 'x.yml', text: [...chain(2_000).toReversed(), foreign].join('---\n') },
    ]);
    expect(problems).toEqual([]);
    expect(ruleset.skipped).toBe(2_001);
  });
});

describe('names by the thousand', () => {
  const rules = countTo(2_000).map(ruleText);
  const filter = (names: readonly string[]) => `title: F
id: ${idOf(900_000)}
logsource: {product: aws, service: cloudtrail}
filter: {rules: [${names.join(', ')}], sel: {a: b}, condition: not sel}
`;

  it('that nobody has, in a filter', () => {
    const names = countTo(20_000).map((number) => `rule_${number}`);
    const problems = problemsOf(...rules, filter(names));
    expect(problems).toHaveLength(101);
    expect(problems[0]?.remedy).toBe('did you mean "rule-0"?');
  });

  it('as ids that nobody has', () => {
    const names = countTo(20_000).map((number) => idOf(2_000_000 + 7 * number));
    expect(problemsOf(...rules, filter(names))).toHaveLength(101);
  });

  it('in a correlation', () => {
    const names = countTo(20_000).map((number) => `r${number}`);
    expect(whatsOf(ruleText(1), correlationText(1, names.join(', ')))).toEqual(['"rules" has 20000 names']);
  });

  it('in an alias', () => {
    const members = countTo(20_000).map((number) => `r${number}: f`);
    const problems = problemsOf(
      ruleText(1),
      correlationText(1, 'rule-1', `, group-by: [who], aliases: {who: {${members.join(', ')}}}`),
    );
    expect(problems).toHaveLength(101);
    expect(problems[0]?.what).toBe('the alias "who" speaks of "r0", which is none of the rules');
  });

  it('of aliases, fields and groups', () => {
    const many = countTo(1_000).map((number) => `x${number}`);
    const aliases = many.map((name) => `${name}: {rule-1: f}`).join(', ');
    expect(whatsOf(ruleText(1), correlationText(1, 'rule-1', `, aliases: {${aliases}}`))).toEqual([
      '"aliases" has 1000 names',
    ]);
    expect(whatsOf(ruleText(1), correlationText(1, 'rule-1', `, group-by: [${many.join(', ')}]`))).toEqual([
      '"group-by" has 1000 names',
    ]);
  });

  it('in the remedy of an alias are cut', () => {
    const names = countTo(1_000).map((number) => `rule-${number}`);
    const [problem] = problemsOf(
      ...rules.slice(0, 1_000),
      correlationText(1, names.join(', '), ', group-by: [who], aliases: {who: {nobody-at-all: f}}'),
    );
    expect(problem?.remedy).toBe('its rules are rule-0, rule-1, rule-2, rule-3, rule-4 and 995 more');
  });

  it('as keys of a document that are nearly known ones', () => {
    const signs = 'abcdefghijklmnopqrstuvwxyz'.split('');
    const near = signs.flatMap((a) => signs.flatMap((b) => signs.map((c) => `autho${a}${b}${c}: x`)));
    expect(whatsOf(`${ruleText(1)}${near.join('\n')}\n`)).toEqual([]);
  });
});

describe('filters by the thousand', () => {
  const filters = (rules: string) =>
    countTo(2_000).map(
      (number) => `title: F${number}
id: ${idOf(600_000 + number)}
name: f${number}
logsource: {product: aws, service: cloudtrail}
filter: {rules: ${rules}, sel: {userAgent: A${number}}, condition: not sel}
`,
    );

  it('for any rule are refused', () => {
    const whats = whatsOf(ruleText(1), ...filters('any'));
    expect(whats[0]).toBe('more than 100 filters are for any rule');
  });

  it('for one rule add up', () => {
    expect(whatsOf(ruleText(1), ...filters('rule-1'))).toEqual([]);
  });
});
