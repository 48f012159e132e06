import { readRuleFiles } from '../app/rule-files.ts';
import { rulesOf } from '../app/rulebook.ts';
import { readRecord } from '../cloudtrail/record.ts';
import { Misuse, type Problem, sayProblem } from '../kernel/problem.ts';
import { loadRules } from '../rules/load.ts';
import type { Rule } from '../rules/rule.ts';
import type { Ruleset } from '../rules/ruleset.ts';
import { runRuleTests } from '../rules/testing.ts';
import { readSettings } from './settings.ts';
import { EXIT, type Terminal } from './terminal.ts';

export interface RuleOptions {
  readonly config?: string;
  readonly json?: boolean;
}

/** The rules under the paths, or of the configuration when there are none. */
function rulesFor(
  terminal: Terminal,
  paths: readonly string[],
  named: string | undefined,
): { ruleset: Ruleset; problems: Problem[]; warnings: Problem[] } {
  const { config, base } = readSettings(terminal, named);
  if (paths.length === 0) return rulesOf(config, base);
  const { files, problems } = readRuleFiles(paths, terminal.folder);
  const loaded = loadRules(files, { lists: config.lists });
  return { ...loaded, problems: [...problems, ...loaded.problems] };
}

/** The same, for commands that need rules without a mistake. */
export function soundRules(terminal: Terminal, paths: readonly string[], named: string | undefined): Ruleset {
  const { ruleset, problems } = rulesFor(terminal, paths, named);
  if (problems.length > 0) throw new Misuse(problems.map(sayProblem).join('\n'));
  return ruleset;
}

export function checkRules(terminal: Terminal, paths: readonly string[], options: RuleOptions): number {
  const { ruleset, problems, warnings } = rulesFor(terminal, paths, options.config);
  const failed = runRuleTests(ruleset, readRecord);
  const all = [...problems, ...failed];
  const tests = ruleset.rules.reduce((sum, rule) => sum + rule.tests.length, 0);
  if (options.json) {
    terminal.out(
      `${JSON.stringify({ rules: ruleset.rules.length, tests, skipped: ruleset.skipped, problems: all, warnings })}\n`,
    );
  } else {
    for (const problem of all) terminal.out(`${sayProblem(problem)}\n`);
    for (const warning of warnings) terminal.out(`warning: ${sayProblem(warning)}\n`);
    const skipped = ruleset.skipped > 0 ? `, ${ruleset.skipped} documents for other logs skipped` : '';
    terminal.out(
      `${ruleset.rules.length} rules, ${tests} tests, ${all.length} ${all.length === 1 ? 'problem' : 'problems'}${skipped}\n`,
    );
  }
  return all.length > 0 ? EXIT.finding : EXIT.fine;
}

export function listRules(terminal: Terminal, paths: readonly string[], options: RuleOptions): number {
  const { rules } = soundRules(terminal, paths, options.config);
  if (options.json) terminal.out(`${JSON.stringify(rules.map(brief), null, 2)}\n`);
  else
    for (const rule of rules)
      terminal.out(`${rule.level.padEnd(13)} ${rule.name.padEnd(36)} ${rule.title}\n`);
  return EXIT.fine;
}

export function showRule(terminal: Terminal, name: string, options: RuleOptions): number {
  const { rules } = soundRules(terminal, [], options.config);
  const rule = rules.find((one) => one.id === name || one.name === name);
  if (!rule) throw new Misuse(`There is no rule ${name}. "trailbot rules list" shows the rules there are.`);
  if (options.json) {
    terminal.out(`${JSON.stringify(rule, null, 2)}\n`);
    return EXIT.fine;
  }
  const lines: [string, string | undefined][] = [
    ['Title', rule.title],
    ['Name', rule.name],
    ['Id', rule.id],
    ['Level', rule.level],
    ['Status', rule.status],
    ['Author', rule.author],
    ['File', `${rule.file}:${rule.line}`],
    ['Why', rule.description],
    ['Says', rule.summary],
    ['Groups by', (rule.groupBy ?? ['account', 'actor']).join(', ')],
    ['Runbook', rule.runbook],
    ['Tags', rule.tags.join(', ') || undefined],
    ['False alarms', rule.falsePositives.join('; ') || undefined],
    ['References', rule.references.join(' ') || undefined],
    ['Tests', `${rule.tests.length}`],
  ];
  for (const [label, text] of lines)
    if (text !== undefined) terminal.out(`${label.padEnd(13)} ${text.trim()}\n`);
  return EXIT.fine;
}

function brief(rule: Rule): object {
  const { id, name, title, level, status, author, tags, file, line } = rule;
  return { id, name, title, level, status, author, tags, file, line };
}
