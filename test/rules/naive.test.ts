import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { everydayNoise } from '../../src/cli/samples/noise.ts';
import { SAMPLES } from '../../src/cli/samples/sample.ts';
import { tell } from '../../src/cli/samples/scene.ts';
import { type JsonObject, objectOf } from '../../src/kernel/json.ts';
import { sayProblem } from '../../src/kernel/problem.ts';
import type { Random } from '../../src/kernel/random.ts';
import { loadRules } from '../../src/rules/load.ts';
import type { Ruleset } from '../../src/rules/ruleset.ts';
import { CONDITION_CASES } from '../cases/sigma-conditions.ts';
import { LISTS, MATCH_CASES } from '../cases/sigma-match.ts';
import { type NaiveRule, naiveHolds, readNaiveRules } from '../support/naive-sigma/evaluate.ts';
import type { Feature } from '../support/naive-sigma/items.ts';
import { mutated } from '../support/naive-sigma/mutate.ts';
import { GENERATED_LISTS } from '../support/naive-sigma/pool.ts';
import { arbitraryBody } from '../support/naive-sigma/records.ts';
import { arbitraryRule } from '../support/naive-sigma/rules.ts';
import { HEAD, ruleText } from './support.ts';

type Lists = NaiveRule['lists'];

/** One file with one rule, read by both evaluators. */
interface Both {
  readonly name: string;
  readonly text: string;
  readonly naive: NaiveRule;
}

/** What generated rules use: everything that the engine evaluates. */
const FEATURES: readonly Feature[] = [
  'equality',
  'shapes',
  're',
  'cidr',
  'comparisons',
  'exists',
  'fieldref',
  'expand',
  'windash',
  'base64',
  'times',
  'blocks',
];

/** The engine with the rules of these texts, which must be right, and the same rules read naively. */
function readBoth(texts: readonly string[], lists: Lists): { ruleset: Ruleset; rules: Both[] } {
  const files = texts.map((text, index) => ({ path: `r${index}.yml`, text }));
  const { ruleset, problems } = loadRules(files, { lists });
  if (problems.length > 0) throw new Error(`${problems.map(sayProblem).join('\n')}\n${texts.join('---\n')}`);
  const rules = files.map(({ text }, index): Both => {
    const [naive] = readNaiveRules(text, lists);
    if (!naive) throw new Error(`no rule in ${text}`);
    return { name: ruleset.rules[index]?.name ?? '', text, naive };
  });
  return { ruleset, rules };
}

/** How many of the rules are true for the body; throws with all there is to know when the two disagree. */
function agree(ruleset: Ruleset, rules: readonly Both[], body: JsonObject): number {
  const found = ruleset.rulesFor(body).map(({ name }) => name);
  const wanted = rules.filter(({ naive }) => naiveHolds(naive, body));
  if (found.join() === wanted.map(({ name }) => name).join()) return wanted.length;
  for (const { name, text } of rules) {
    const engine = found.includes(name);
    const naive = wanted.some((one) => one.name === name);
    if (engine === naive) continue;
    const record = JSON.stringify(body, undefined, 2);
    throw new Error(`engine: ${engine}, naive: ${naive}\n\n${text}\n${record}`);
  }
  throw new Error(`the rules come in another order: ${found.join()}`);
}

describe('the naive evaluator agrees with the cases', () => {
  test.each(Object.entries(MATCH_CASES))('%s', (_, cases) => {
    for (const [says, selection, body, expected] of cases) {
      const holds = (condition: string) => naively(ruleText(selection, condition), body);
      expect(holds('sel'), says).toBe(expected);
      expect(holds('not sel'), says).toBe(!expected);
    }
  });

  test.each(CONDITION_CASES)('%s, given "%s": %s', (condition, letters, expected) => {
    const selections = ['sel_a', 'sel_b', 'filter_x', 'filter_y', '_hidden'].map(
      (name) => `  ${name}: {field: ${name.replace(/^.*_(?=.$)|^_/, '').charAt(0)}}\n`,
    );
    const text = `${HEAD}detection:\n${selections.join('')}  condition: ${condition}\n`;
    expect(naively(text, { field: Array.from(letters) })).toBe(expected);
  });

  function naively(text: string, body: JsonObject): boolean {
    return readNaiveRules(text, LISTS).some((rule) => naiveHolds(rule, body));
  }
});

describe('the engine and the naive evaluator agree', () => {
  test('on 100,000 generated pairs of rule and record', { timeout: 120_000 }, () => {
    const set = fc.array(arbitraryRule(FEATURES), { minLength: 40, maxLength: 40 });
    const bodies = fc.array(arbitraryBody, { minLength: 25, maxLength: 25 });
    let pairs = 0;
    let hits = 0;
    fc.assert(
      fc.property(set, bodies, (texts, records) => {
        const { ruleset, rules } = readBoth(texts, GENERATED_LISTS);
        for (const body of records) hits += agree(ruleset, rules, body);
        pairs += rules.length * records.length;
      }),
      { seed: 20261120, numRuns: 100, endOnFailure: true },
    );
    expect(pairs).toBe(100_000);
    // Rules that are never true, or always, would show nothing.
    expect(hits / pairs).toBeGreaterThan(0.2);
    expect(hits / pairs).toBeLessThan(0.6);
  });
});

describe('the engine and the naive evaluator agree on every shipped rule', () => {
  const root = join(import.meta.dirname, '../..');
  const texts = globSync('rules/**/*.yml', { cwd: root })
    .sort()
    .map((path) => readFileSync(join(root, path), 'utf8'))
    // A correlation has no detection.
    .filter((text) => !/^correlation:/m.test(text));
  const lists = new Map([['known_accounts', ['111122223333', '444455556666']]]);
  const { ruleset, rules } = readBoth(texts, lists);
  const tested = ruleset.rules.flatMap((rule) => rule.tests.flatMap(({ events }) => events));

  test('over the events of all their tests', () => {
    expect(tested.length).toBeGreaterThan(200);
    const hits = tested.map((event) => agree(ruleset, rules, event));
    expect(hits.filter((count) => count > 0).length).toBeGreaterThan(80);
  });

  test('over sample incidents and test events in which something is changed', { timeout: 60_000 }, () => {
    const events = [...samples(), ...tested];
    const hits = fc
      .sample(mutated(events), { seed: 20261120, numRuns: 1_000 })
      .map((event) => agree(ruleset, rules, event));
    expect(hits.filter((count) => count > 0).length).toBeGreaterThan(200);
  });
});

/** The records of the bundled incidents, the same in every run. */
function samples(): JsonObject[] {
  const now = Date.UTC(2026, 10, 20, 9, 15);
  let made = 0;
  const random: Random = {
    id: () => {
      made += 1;
      return `5f0e7c1a-0000-4000-8000-${String(made).padStart(12, '0')}`;
    },
    fraction: () => (Math.sin(made) + 1) / 2,
  };
  const told = [...SAMPLES.values()].flatMap((sample) => sample.make(now, random).slice(0, 60));
  const events = told.concat(tell(everydayNoise(now), now, random));
  return events.map((event) => objectOf(event, 'detail') ?? {});
}
