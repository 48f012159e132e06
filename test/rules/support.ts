import type { CloudTrailRecord } from '../../src/cloudtrail/record.ts';
import type { JsonObject } from '../../src/kernel/json.ts';
import { sayProblem } from '../../src/kernel/problem.ts';
import { type LoadOptions, loadRules } from '../../src/rules/load.ts';
import type { Ruleset } from '../../src/rules/ruleset.ts';
import { readable } from '../support/records.ts';

export const HEAD = 'title: A rule\nlogsource: {product: aws, service: cloudtrail}\n';

/** A record that has this body and nothing else, as rules see it. */
export function recordOf(body: JsonObject): CloudTrailRecord {
  return { ...readable(), body };
}

/** A rule document whose one selection and condition are given. */
export function ruleText(selection: string, condition = 'sel'): string {
  return `${HEAD}detection:\n  sel: ${selection}\n  condition: ${condition}\n`;
}

/** The rules of one file that has no mistake. */
export function rulesIn(text: string, options: LoadOptions = {}): Ruleset {
  const { ruleset, problems } = loadRules([{ path: 'rule.yml', text }], options);
  if (problems.length > 0) throw new Error(problems.map(sayProblem).join('\n'));
  return ruleset;
}

/** What loading one file reports, one line a problem. */
export function problemsIn(text: string, options: LoadOptions = {}): string[] {
  return loadRules([{ path: 'rule.yml', text }], options).problems.map(sayProblem);
}

export function warningsIn(text: string, options: LoadOptions = {}): string[] {
  return loadRules([{ path: 'rule.yml', text }], options).warnings.map(sayProblem);
}

/** Whether the rules of the text match the body. */
export function matches(ruleset: Ruleset, body: JsonObject): boolean {
  return ruleset.match(recordOf(body)).length > 0;
}
