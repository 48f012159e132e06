import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Json, JsonObject } from '../../src/kernel/json.ts';
import { loadRules } from '../../src/rules/load.ts';
import { fillSummary } from '../../src/rules/summary.ts';
import { BLOCK_CASES } from '../cases/sigma-blocks.ts';
import { LISTS, MATCH_CASES } from '../cases/sigma-match.ts';
import { HEAD, recordOf, ruleText } from './support.ts';

const WHOLE = `sigma-version: 3
${HEAD}id: 7f1e0c52-5d2b-4a86-9d2e-0d5b6a3c1e01
level: high
tags: [attack.t1078]
detection:
  selection:
    - eventName|startswith: ['Create', "Dele*"]
      userIdentity.arn|re|i: '^arn:(aws|aws-cn):'
    - sourceIPAddress|cidr: [10.0.0.0/8, '2001:db8::/32']
  words: ["*denied*", 4711]
  block: {"a[any]": {.: x, "b[-1]": {c|hour|gte: 5, condition: d}}, d|windash|base64offset|contains: "-abc"}
  filter_one: {a|expand|contains: '%admins%', b|fieldref: c.d, e|gte: 5, f|exists: true}
  condition: selection and (1 of words or not all of filter_*)
trailbot:
  summary: '{actor} did {eventName}'
  tests: [{name: t, event: {a: [1, null]}, expect: no match}]
`;

/** Every selection of the match cases in one set of rules. */
const EVERYTHING = loadRules(
  [MATCH_CASES, BLOCK_CASES]
    .flatMap((cases) => Object.values(cases).flat())
    .map(([, selection], index) => ({
      path: `r${index}.yml`,
      text: `sigma-version: 3\n${ruleText(selection)}`,
    })),
  { lists: LISTS },
);

function load(text: string): void {
  const { ruleset, problems } = loadRules([{ path: 'fuzz.yml', text }], { lists: LISTS });
  for (const { what, remedy, line } of problems) {
    expect(what).not.toBe('');
    expect(remedy).not.toBe('');
    expect(line).toBeGreaterThanOrEqual(0);
  }
  expect(ruleset.match(recordOf({ eventName: 'CreateUser', eventSource: 'iam' }))).toBeInstanceOf(Array);
}

test('no text makes loading throw', () => {
  const yamlish = fc.string({
    unit: fc.constantFrom(...'ab:-[]{}\'"|>*&!%#,? \n\t\\~0<'.split('')),
    maxLength: 60,
  });
  fc.assert(fc.property(fc.oneof(fc.string(), yamlish), load), { numRuns: 500 });
});

test('no rule with a piece cut out, doubled or replaced makes loading throw', () => {
  const at = fc.integer({ min: 0, max: WHOLE.length });
  const piece = fc.oneof(
    fc.string({ maxLength: 5 }),
    fc.constantFrom(
      ' ',
      '\n',
      ':',
      '|',
      '*',
      '[',
      '{',
      "'",
      '- ',
      'null',
      '|re',
      '|all',
      '\\',
      '%',
      '&a ',
      '*a',
    ),
  );
  const edit = fc.record({ at, length: fc.integer({ min: 0, max: 12 }), piece });
  fc.assert(
    fc.property(fc.array(edit, { minLength: 1, maxLength: 3 }), (edits) => {
      let text = WHOLE;
      for (const { at: from, length, piece: put } of edits) {
        text = text.slice(0, from) + put + text.slice(from + length);
      }
      load(text);
    }),
    { numRuns: 500 },
  );
});

test('no value in any place of a rule makes loading throw', () => {
  const document = fc.record(
    {
      title: fc.jsonValue(),
      id: fc.jsonValue(),
      level: fc.jsonValue(),
      tags: fc.jsonValue(),
      logsource: fc.oneof(fc.constant({ product: 'aws', service: 'cloudtrail' }), fc.jsonValue()),
      detection: fc.oneof(
        fc.record({ sel: fc.jsonValue(), condition: fc.oneof(fc.constant('sel'), fc.jsonValue()) }),
        fc.jsonValue(),
      ),
      trailbot: fc.oneof(fc.record({ tests: fc.jsonValue(), group_by: fc.jsonValue() }), fc.jsonValue()),
    },
    { requiredKeys: [] },
  );
  // JSON is YAML.
  fc.assert(
    fc.property(document, (value) => load(JSON.stringify(value))),
    { numRuns: 500 },
  );
});

test('no body makes matching or its summary throw', () => {
  expect(EVERYTHING.ruleset.rules.length).toBeGreaterThan(200);
  const leaf = fc.oneof(
    fc.jsonValue({ maxDepth: 3 }),
    fc.constantFrom('10.0.0.1', '::1', '{"a":', '[1]', '\ud800'),
  );
  const body = fc.dictionary(
    fc.constantFrom('a', 'b', 'c', 'a.b', 'eventName', 'eventSource', 'special', '__proto__'),
    leaf as fc.Arbitrary<Json>,
  );
  fc.assert(
    fc.property(body, (some) => {
      const record = recordOf(some as JsonObject);
      expect(EVERYTHING.ruleset.match(record)).toBeInstanceOf(Array);
      expect(fillSummary('{a} {a.b} {eventName}', record)).toBeTypeOf('string');
    }),
    { numRuns: 300 },
  );
});

test.each([
  ['lists', '[', ']'],
  ['objects', '{"b":', '}'],
])('a body of %s nested a hundred thousand deep is matched like any other', (_, open, close) => {
  const deep = `${open.repeat(100_000)}"suspended"${close.repeat(100_000)}`;
  const text = `${ruleText('{a|contains: suspended}')}---\n${ruleText('suspended').replace('title', 'id: 7f1e0c52-5d2b-4a86-9d2e-0d5b6a3c1e01\ntitle')}`;
  const { ruleset, problems } = loadRules([{ path: 'deep.yml', text }]);
  expect(problems).toEqual([]);
  const a = JSON.parse(deep) as Json;
  expect(ruleset.match(recordOf({ a }))).toHaveLength(2);
  expect(fillSummary('{a}', recordOf({ a }))).toBeTypeOf('string');
  expect(ruleset.match(recordOf({ a: deep }))).toHaveLength(2);
});
