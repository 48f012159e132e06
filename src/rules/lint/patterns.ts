import { type FieldTest, type Formula, type KeywordTest, testsIn } from '../formula.ts';
import type { CompiledRule } from '../ruleset.ts';
import type { Place } from '../source.ts';
import { asksForSomething, boundTo } from './bound.ts';
import { cutShort, type Finding, findingAt } from './finding.ts';
import { logicOf } from './literal.ts';
import { type PlainRegex, plainRegex, requiredLength } from './regex-shape.ts';

/** Regular expressions that could be simpler, or that run on every record. */
export function lintPatterns({ formula }: CompiledRule): Finding[] {
  const logic = logicOf(formula);
  const bound = boundTo(logic, 'eventName') ?? boundTo(logic, 'eventSource');
  const findings: Finding[] = [];
  for (const test of regexTests(formula)) {
    const plain = plainOf(test);
    if (plain) findings.push(sayPlain(test, plain));
    else if (!bound && !test.probes.every(hasText)) findings.push(saySlow(test));
  }
  return findings;
}

/** A rule that only says what must not be. */
export function lintNegations({ rule, formula }: CompiledRule, place: Place): Finding[] {
  if (asksForSomething(logicOf(formula))) return [];
  const what = `"${rule.title}" says only what must not be, so nearly every record matches it`;
  return [findingAt('negations-only', place, what, 'add a selection that says what it looks for')];
}

type TextTest = FieldTest | KeywordTest;

function regexTests(formula: Formula): TextTest[] {
  const tests = new Set<TextTest>();
  for (const test of testsIn(formula)) {
    if ('probes' in test && test.probes.length > 0 && test.probes.every(({ kind }) => kind === 'regex')) {
      tests.add(test);
    }
  }
  return [...tests];
}

interface Plain extends Omit<PlainRegex, 'caseless'> {
  readonly cased: boolean;
}

/** All the expressions of a test as one item, where they are alike. */
function plainOf({ probes }: TextTest): Plain | undefined {
  const plains = probes.map((probe): Plain | undefined => {
    const plain = probe.kind === 'regex' ? plainRegex(probe.source, probe.flags) : undefined;
    if (!plain || probe.kind !== 'regex') return undefined;
    const cased =
      !plain.caseless && !probe.flags.includes('i') && plain.texts.some((text) => /\p{L}/u.test(text));
    return { ...plain, cased };
  });
  const [first] = plains;
  if (!first || plains.some((one) => one?.shape !== first.shape)) return undefined;
  return {
    shape: first.shape,
    texts: plains.flatMap((one) => one?.texts ?? []),
    cased: plains.some((one) => one?.cased),
  };
}

function sayPlain(test: TextTest, { shape, texts, cased }: Plain): Finding {
  const field = test.kind === 'field' ? test.path.text : '';
  const modifier = shape === 'whole' ? '' : `|${shape}`;
  const values = texts.map((text) => `'${text.replaceAll(/[\\*?]/g, '\\$&').replaceAll("'", "''")}'`);
  const value = values.length === 1 ? values.join('') : `[${values.join(', ')}]`;
  const remedy = `write ${field}${modifier}: ${cutShort(value)}${cased ? ', with "cased" if case counts' : ''}`;
  return findingAt('plain-regex', test.at, `"${cutShort(test.says)}" needs no regular expression`, remedy);
}

const SHORTEST_TEXT = 2;

function hasText(probe: TextTest['probes'][number]): boolean {
  return probe.kind !== 'regex' || requiredLength(probe.source) >= SHORTEST_TEXT;
}

function saySlow(test: TextTest): Finding {
  const what = `"${cutShort(test.says)}" has no text that every match contains, so it runs on every record`;
  return findingAt(
    'slow-regex',
    test.at,
    what,
    'add eventName or eventSource to the rule, or text to the pattern',
  );
}
