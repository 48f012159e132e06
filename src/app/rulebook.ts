import type { Config } from '../config/config.ts';
import { unknownRules } from '../config/mentions.ts';
import type { Problem } from '../kernel/problem.ts';
import type { Clock, Millis } from '../kernel/time.ts';
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
  });
  return {
    ruleset: loaded.ruleset,
    warnings: loaded.warnings,
    problems: [...problems, ...loaded.problems, ...unknownRules(config.rules.mentions, loaded.known)],
  };
}

/** The rules in force. */
export interface Rulebook {
  ruleset(): Ruleset;
  state(): { loaded: number; loadedAt: Millis; problems: readonly Problem[] };
  /** All or nothing: with a mistake anywhere the rules before it stay. Returns the mistakes. */
  reload(config: Config): readonly Problem[];
}

export function createRulebook(first: Ruleset, base: string, clock: Clock): Rulebook {
  let ruleset = first;
  let loadedAt = clock.now();
  let problems: readonly Problem[] = [];
  return {
    ruleset: () => ruleset,
    state: () => ({ loaded: ruleset.rules.length, loadedAt, problems }),
    reload(config) {
      const next = rulesOf(config, base);
      problems = next.problems;
      if (problems.length === 0) {
        ruleset = next.ruleset;
        loadedAt = clock.now();
      }
      return problems;
    },
  };
}
