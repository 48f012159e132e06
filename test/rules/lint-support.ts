import type { Sources } from '../../src/rules/lint/arrival.ts';
import { lintRules } from '../../src/rules/lint/lint.ts';
import { type LoadOptions, loadRules } from '../../src/rules/load.ts';

/** A configuration that says nothing of what reaches the bot. */
export const UNSAID: Sources = {
  management: undefined,
  data: undefined,
  insights: undefined,
  network: undefined,
  regions: undefined,
};

/** A rule document with this detection, in JSON, which is YAML. */
export function ruleWith(detection: object, more: object = {}): string {
  const logsource = { product: 'aws', service: 'cloudtrail' };
  return JSON.stringify({ title: 'A rule', logsource, detection, ...more });
}

/** What lint says about rules, a text for each: `code: what; remedy`. */
export function lintTexts(
  texts: readonly string[],
  sources: Sources | undefined = undefined,
  options: LoadOptions = {},
): string[] {
  const files = texts.map((text, index) => ({ path: `rule-${index}.yml`, text }));
  const { ruleset, problems } = loadRules(files, options);
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  return lintRules(ruleset.compiled, sources).map(({ code, what, remedy }) => `${code}: ${what}; ${remedy}`);
}

/** The same for one rule with one selection. */
export function lintSelection(selection: unknown, sources?: Sources): string[] {
  return lintTexts([ruleWith({ sel: selection, condition: 'sel' })], sources);
}
