import type { CloudTrailRecord } from '../cloudtrail/record.ts';
import type { JsonObject } from '../kernel/json.ts';
import type { Problem } from '../kernel/problem.ts';
import type { RuleTest } from './rule.ts';
import type { Ruleset } from './ruleset.ts';

/** Reads a test's event as any other, or says why it is no record. */
export type ReadRecord = (event: JsonObject) => CloudTrailRecord | { readonly unreadable: string };

/** When the event of a test happened that does not say: few rules look at the time. */
const SOME_TIME = '2026-11-20T09:15:02Z';

/**
 * Runs the tests inside the rules and filters. `match` expects that the rule is true for each event of the test,
 * `no match` that it is for none; in a filter, that one of the rules that it narrows is, or none of them. A failing test
 * is a problem at its own line.
 */
export function runRuleTests(ruleset: Ruleset, readRecord: ReadRecord): Problem[] {
  const ofRules = ruleset.rules.flatMap((rule) => {
    const matched = (record: CloudTrailRecord) => ruleset.match(record).some((match) => match.rule === rule);
    return rule.tests.flatMap((test) => runTest({ ...rule, matched }, test, readRecord) ?? []);
  });
  const ofFilters = ruleset.filterTests.flatMap(({ title, file, ruleIds, tests }) => {
    const matched = (record: CloudTrailRecord) =>
      ruleset.match(record).some(({ rule }) => ruleIds === undefined || ruleIds.has(rule.id));
    return tests.flatMap((test) => runTest({ title, file, matched }, test, readRecord) ?? []);
  });
  return [...ofRules, ...ofFilters];
}

/** A document with tests. */
interface Tested {
  readonly title: string;
  readonly file: string;
  readonly matched: (record: CloudTrailRecord) => boolean;
}

function runTest(tested: Tested, test: RuleTest, readRecord: ReadRecord): Problem | undefined {
  const fail = (what: string, remedy: string): Problem => ({
    file: tested.file,
    line: test.line,
    column: test.column,
    what: `the test "${test.name}" of "${tested.title}" fails: ${what}`,
    remedy,
  });
  for (const [index, event] of test.events.entries()) {
    const which = test.events.length > 1 ? `event ${index + 1}` : 'the event';
    const record = readRecord({ eventTime: SOME_TIME, ...event });
    if ('unreadable' in record)
      return fail(`${which} is no record (${record.unreadable})`, 'correct the event');
    const matched = tested.matched(record);
    if (matched === test.expect) continue;
    const what = matched ? `${which} matches and should not` : `${which} should match and does not`;
    return fail(what, 'correct the detection or the test');
  }
  return undefined;
}
