import { readRuleFiles } from '../app/rule-files.ts';
import { noRules, rulesOf } from '../app/rulebook.ts';
import { readRecord } from '../cloudtrail/record.ts';
import type { Config } from '../config/config.ts';
import { nearest } from '../kernel/nearest.ts';
import { Misuse, type Problem, sayProblem } from '../kernel/problem.ts';
import { sayDuration } from '../kernel/time.ts';
import { outlivedRecords } from '../rules/correlation/retention.ts';
import type { Finding } from '../rules/lint/finding.ts';
import { lintRules } from '../rules/lint/lint.ts';
import { loadRules } from '../rules/load.ts';
import type { Rule } from '../rules/rule.ts';
import { allRules, type Ruleset } from '../rules/ruleset.ts';
import { runRuleTests } from '../rules/testing.ts';
import { draftSettings, readSettings } from './settings.ts';
import { EXIT, type Terminal } from './terminal.ts';

export interface RuleOptions {
  readonly config?: string;
  readonly json?: boolean;
}

interface Found {
  readonly ruleset: Ruleset;
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
}

/** The rules under the paths; the configuration gives the lists for their placeholders. */
function rulesUnder(terminal: Terminal, paths: readonly string[], config: Config | undefined): Found {
  const { files, problems } = readRuleFiles(paths, terminal.folder);
  const { ruleset, warnings, problems: mistakes } = loadRules(files, config ? { lists: config.lists } : {});
  const all = [...problems, ...mistakes];
  const none = all.length === 0 && ruleset.rules.length === 0;
  const outlived = config ? outlivedRecords(ruleset.correlations, config.history.records) : [];
  return { ruleset, warnings: [...warnings, ...outlived], problems: none ? [noRules(paths)] : all };
}

/** Rules without a mistake, under the paths or else of the configuration; throws Misuse with all mistakes. */
export function soundRules(terminal: Terminal, paths: readonly string[], named: string | undefined): Ruleset {
  const { config, base } = readSettings(terminal, named);
  const { ruleset, problems } =
    paths.length > 0 ? rulesUnder(terminal, paths, config) : rulesOf(config, base);
  if (problems.length > 0) throw new Misuse(problems.map(sayProblem).join('\n'));
  return ruleset;
}

/**
 * Prints every mistake of the configuration and of the rules, the tests that fail, and what probably was not meant.
 * Warnings alone are no finding.
 */
export function checkRules(terminal: Terminal, paths: readonly string[], options: RuleOptions): number {
  const { config, base, problems } = draftSettings(terminal, options.config);
  const found = paths.length > 0 ? rulesUnder(terminal, paths, config) : config && rulesOf(config, base);
  const rules = found?.ruleset.rules ?? [];
  const failed = found ? runRuleTests(found.ruleset, readRecord) : [];
  const all = [...problems, ...(found?.problems ?? []), ...failed];
  const doubts = found ? lintRules(found.ruleset.compiled, config?.sources) : [];
  const warnings = [...(found?.warnings ?? []), ...doubts];
  const tested = [...rules, ...(found?.ruleset.filterTests ?? [])];
  const tests = tested.reduce((sum, one) => sum + one.tests.length, 0);
  const correlations = found?.ruleset.correlations.length ?? 0;
  const skipped = found?.ruleset.skipped ?? 0;
  if (options.json) {
    terminal.out(
      `${JSON.stringify({ rules: rules.length, correlations, tests, skipped, problems: all, warnings })}\n`,
    );
  } else {
    for (const problem of all) terminal.out(`${sayProblem(problem)}\n`);
    for (const warning of warnings) terminal.out(`warning: ${sayWarning(warning)}\n`);
    const parts = [count(rules.length, 'rule'), count(tests, 'test'), count(all.length, 'problem')];
    if (correlations > 0) parts.splice(1, 0, count(correlations, 'correlation'));
    if (warnings.length > 0) parts.push(count(warnings.length, 'warning'));
    if (skipped > 0) parts.push(`${count(skipped, 'document')} for other logs skipped`);
    terminal.out(`${parts.join(', ')}\n`);
  }
  return all.length > 0 ? EXIT.finding : EXIT.fine;
}

/** What lint says has a short name behind it. */
function sayWarning(warning: Problem | Finding): string {
  return 'code' in warning ? `${sayProblem(warning)} (${warning.code})` : sayProblem(warning);
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

export function listRules(terminal: Terminal, paths: readonly string[], options: RuleOptions): number {
  const rules = allRules(soundRules(terminal, paths, options.config));
  if (options.json) {
    terminal.out(`${JSON.stringify(rules.map(brief), null, 2)}\n`);
    return EXIT.fine;
  }
  const width = Math.max(...rules.map(({ name }) => name.length));
  for (const { level, name, title } of rules) {
    terminal.out(`${level.padEnd(13)} ${name.padEnd(width)} ${title}\n`);
  }
  return EXIT.fine;
}

export function showRule(terminal: Terminal, name: string, options: RuleOptions): number {
  const rules = allRules(soundRules(terminal, [], options.config));
  const rule = rules.find((one) => one.id === name || one.name === name);
  if (!rule) {
    const near = nearest(
      name,
      rules.flatMap((one) => [one.name, one.id]),
    );
    const meant = near === undefined ? '' : `; did you mean ${near}?`;
    throw new Misuse(
      `There is no rule ${name}${meant || '.'} "trailbot rules list" shows the rules there are.`,
    );
  }
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
    ['New when', sayFirstSeen(rule)],
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

function sayFirstSeen({ firstSeen }: Rule): string | undefined {
  if (!firstSeen) return undefined;
  const { of, per, learn, forget } = firstSeen;
  const whom = per.length > 0 ? ` for the same ${per.join(', ')}` : '';
  return `${of.join(', ')} was not seen before${whom} (learns ${sayDuration(learn)}, forgets after ${sayDuration(forget)})`;
}

function brief(rule: Rule): object {
  const { id, name, title, level, status, author, tags, file, line } = rule;
  return { id, name, title, level, status, author, tags, file, line };
}
