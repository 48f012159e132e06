import type { Config } from '../config/config.ts';
import { unknownRules } from '../config/mentions.ts';
import { type Problem, sayError } from '../kernel/problem.ts';
import type { Clock, Millis } from '../kernel/time.ts';
import { outlivedRecords } from '../rules/correlation/retention.ts';
import { loadRules } from '../rules/load.ts';
import type { Ruleset } from '../rules/ruleset.ts';
import { readRuleFiles } from './rule-files.ts';

/** The rules of a configuration: all of them right, or every mistake. */
export function rulesOf(
  config: Config,
  base: string,
): { ruleset: Ruleset; problems: Problem[]; warnings: Problem[] } {
  const { files, problems } = readRuleFiles(config.rules.paths, base);
  const loaded = loadRules(files, {
    lists: config.lists,
    disabled: config.rules.disabled,
    levels: config.rules.levels,
    needs: config.rules.needs,
  });
  const unknown = unknownRules(config.rules.mentions, loaded.known);
  const all = [...problems, ...loaded.problems, ...unknown];
  const none = all.length === 0 && loaded.ruleset.rules.length === 0;
  return {
    ruleset: loaded.ruleset,
    warnings: [...loaded.warnings, ...outlivedRecords(loaded.ruleset.correlations, config.history.records)],
    problems: none ? [noRules(config.rules.paths)] : all,
  };
}

/** Whatever goes wrong with new rules, the bot goes on with those it has. */
function tryRulesOf(config: Config, base: string): ReturnType<typeof rulesOf> | { problems: Problem[] } {
  try {
    return rulesOf(config, base);
  } catch (error) {
    const what = `these rules cannot be loaded (${sayError(error)})`;
    const remedy = 'take back the last change, or find the file by moving files out of the folder';
    return { problems: [{ file: config.rules.paths.join(', '), line: 0, column: 0, what, remedy }] };
  }
}

/** A bot without rules would be silent whatever happens. */
export function noRules(paths: readonly string[]): Problem {
  return {
    file: paths.join(', '),
    line: 0,
    column: 0,
    what: 'there is no enabled CloudTrail rule here',
    remedy: 'give a file or folder with Sigma rules (.yml, .yaml) for "service: cloudtrail", or builtin',
  };
}

/** The rules in force. */
export interface Rulebook {
  ruleset(): Ruleset;
  state(): { loaded: number; loadedAt: Millis; problems: readonly Problem[] };
  /** All or nothing: with a mistake anywhere the rules before it stay. Returns the mistakes. */
  reload(config: Config): readonly Problem[];
  /** A reload came to nothing before the rules were looked at. */
  refuse(mistakes: readonly Problem[]): readonly Problem[];
}

export function createRulebook(first: Ruleset, base: string, clock: Clock): Rulebook {
  let ruleset = first;
  let loadedAt = clock.now();
  let problems: readonly Problem[] = [];
  return {
    ruleset: () => ruleset,
    state: () => ({ loaded: ruleset.rules.length + ruleset.correlations.length, loadedAt, problems }),
    reload(config) {
      const next = tryRulesOf(config, base);
      problems = next.problems;
      if ('ruleset' in next && problems.length === 0) {
        ruleset = next.ruleset;
        loadedAt = clock.now();
      }
      return problems;
    },
    refuse(mistakes) {
      problems = mistakes;
      return problems;
    },
  };
}
