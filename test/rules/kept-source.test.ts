import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sayProblem } from '../../src/kernel/problem.ts';
import { sourceOf } from '../../src/rules/kept-source.ts';
import { loadRules } from '../../src/rules/load.ts';
import { readSource } from '../../src/rules/source.ts';
import { ruleText } from './support.ts';

const ROOT = join(import.meta.dirname, '../..');
const SHIPPED = globSync('rules/**/*.yml', { cwd: ROOT }).map((path) => ({
  path,
  text: readFileSync(join(ROOT, path), 'utf8'),
}));

const titlesOf = (text: string) =>
  loadRules([{ path: 'kept.yml', text }]).ruleset.rules.map(({ title }) => title);

describe('rules that are loaded again', () => {
  test('say what their file says now', () => {
    const before = ruleText('{a: x}');
    const after = before.replace(/title: .*/, 'title: Another');
    const [title] = titlesOf(before);
    expect(title).not.toBe('Another');
    expect(titlesOf(after)).toEqual(['Another']);
    expect(titlesOf(`${after}  - not: [yaml`)).toEqual([]);
    expect(titlesOf(before)).toEqual([title]);
  });

  test('have their mistakes again, at the path where they stand', () => {
    const mistakes = (path: string) =>
      loadRules([{ path, text: ruleText('{a|contians: x}') }]).problems.map(sayProblem);
    const [first = ''] = mistakes('one.yml');
    expect(first).toMatch(/^one\.yml:.*contains/);
    expect(mistakes('one.yml')).toEqual([first]);
    expect(mistakes('two.yml')).toEqual([first.replace('one.yml', 'two.yml')]);
  });

  test('were not changed by the loading before', () => {
    const lists = new Map([['known_accounts', ['111122223333']]]);
    const before = loadRules(SHIPPED, { lists });
    for (const file of SHIPPED) expect(sourceOf(file)).toEqual(readSource(file));
    const again = loadRules(SHIPPED, { lists });
    expect(again.ruleset.rules).toEqual(before.ruleset.rules);
  });
});

describe('what was read of a file', () => {
  const file = (number: number, length: number) => ({
    path: `${number}.yml`,
    text: `a: ${'x'.repeat(length)}`,
  });

  test('is kept as long as the file says the same', () => {
    const first = sourceOf(file(1, 10));
    expect(sourceOf(file(1, 10))).toBe(first);
    expect(sourceOf(file(1, 11))).not.toBe(first);
    expect(sourceOf(file(1, 10))).not.toBe(first);
  });

  test('goes when much else was read, the oldest first', () => {
    const kept = [1, 2, 3].map((number) => sourceOf(file(number, 300_000)));
    const more = sourceOf(file(4, 300_000));
    expect(sourceOf(file(4, 300_000))).toBe(more);
    expect(sourceOf(file(3, 300_000))).toBe(kept[2]);
    expect(sourceOf(file(1, 300_000))).not.toBe(kept[0]);
  });

  test('is not kept at all of a file that would push out all others', () => {
    const other = sourceOf(file(5, 10));
    const large = sourceOf(file(6, 1_000_000));
    expect(sourceOf(file(6, 1_000_000))).not.toBe(large);
    expect(sourceOf(file(5, 10))).toBe(other);
  });
});
