import type { Rule } from '../rule.ts';
import { type Finding, findingAt } from './finding.ts';
import { startOf } from './place.ts';

/** What the tests inside a rule leave open. Rules of other tools, without a `trailbot:` key, need none. */
export function lintTests(rule: Rule): Finding[] {
  const at = startOf(rule);
  const [first] = rule.tests;
  if (!first) {
    if (!isOwn(rule)) return [];
    const remedy = 'add one that matches and a near miss under "trailbot: tests:"';
    return [findingAt('no-tests', at, `"${rule.title}" has no test`, remedy)];
  }
  const place = { ...at, line: first.line, column: first.column };
  if (rule.tests.every(({ expect }) => expect)) {
    const what = `no test of "${rule.title}" says what must not match`;
    return [findingAt('no-near-miss', place, what, 'add a near miss with "expect: no match"')];
  }
  if (rule.tests.some(({ expect }) => expect)) return [];
  const what = `no test of "${rule.title}" says what must match`;
  return [findingAt('no-match-test', place, what, 'add an event with "expect: match"')];
}

function isOwn({ summary, runbook, groupBy, quietFor, firstSeen, needs, askActor }: Rule): boolean {
  const own = [summary, runbook, groupBy, quietFor, firstSeen, needs];
  return askActor || own.some((said) => said !== undefined);
}
