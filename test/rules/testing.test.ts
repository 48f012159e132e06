import { expect, test } from 'vitest';
import { readRecord } from '../../src/cloudtrail/record.ts';
import { sayProblem } from '../../src/kernel/problem.ts';
import { runRuleTests } from '../../src/rules/testing.ts';
import { HEAD, rulesIn } from './support.ts';

function failures(tests: string): string[] {
  const text = `${HEAD}detection: {sel: {eventName: A}, condition: sel}\ntrailbot:\n  tests:\n${tests}`;
  return runRuleTests(rulesIn(text), readRecord).map(sayProblem);
}

const A = '{eventName: A, eventSource: s}';
const B = '{eventName: B, eventSource: s}';

test('tests that hold say nothing', () => {
  expect(
    failures(`
    - {name: hit, event: ${A}, expect: match}
    - {name: miss, event: ${B}, expect: no match}
    - {name: hits, events: [${A}, ${A}], expect: match}
    - {name: misses, events: [${B}, ${B}], expect: no match}
`),
  ).toEqual([]);
});

test('a test that fails is a problem at its own line', () => {
  expect(
    failures(`
    - {name: hit, event: ${B}, expect: match}
    - {name: miss, event: ${A}, expect: no match}
    - {name: hits, events: [${A}, ${B}], expect: match}
    - {name: misses, events: [${B}, ${A}], expect: no match}
    - {name: broken, event: {eventName: A}, expect: no match}
`),
  ).toEqual([
    'rule.yml:7:7: the test "hit" of "A rule" fails: the event should match and does not; correct the detection or the test',
    'rule.yml:8:7: the test "miss" of "A rule" fails: the event matches and should not; correct the detection or the test',
    'rule.yml:9:7: the test "hits" of "A rule" fails: event 2 should match and does not; correct the detection or the test',
    'rule.yml:10:7: the test "misses" of "A rule" fails: event 2 matches and should not; correct the detection or the test',
    expect.stringMatching(
      /^rule\.yml:11:7: the test "broken" of "A rule" fails: the event is no record \(.+\); correct the event$/,
    ),
  ]);
});

test('another rule that matches does not make a test hold', () => {
  const text = `${HEAD}detection: {sel: {eventName: A}, condition: sel}
trailbot: {tests: [{name: hit, event: ${B}, expect: match}]}
---
${HEAD}id: 7f1e0c52-5d2b-4a86-9d2e-0d5b6a3c1e01
detection: {sel: {eventName: B}, condition: sel}
`;
  expect(runRuleTests(rulesIn(text), readRecord)).toHaveLength(1);
});
