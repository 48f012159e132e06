import { readRuleFiles } from '../../app/rule-files.ts';
import type { LoadOptions, RuleFile } from '../../rules/load.ts';
import type { Ruleset } from '../../rules/ruleset.ts';
import { soundRules } from '../rules.ts';
import { readSettings } from '../settings.ts';
import type { Terminal } from '../terminal.ts';

/** What rules are made of, in a form that another thread can be given. */
export interface RuleSource {
  readonly files: readonly RuleFile[];
  readonly options: LoadOptions;
}

/** Rules without a mistake, and what they are made of; throws Misuse with all mistakes. */
export function soundSource(
  terminal: Terminal,
  paths: readonly string[],
  named: string | undefined,
): { ruleset: Ruleset; source: RuleSource } {
  const ruleset = soundRules(terminal, paths, named);
  const { config, base } = readSettings(terminal, named);
  const { lists } = config;
  if (paths.length > 0) {
    return { ruleset, source: { files: readRuleFiles(paths, terminal.folder).files, options: { lists } } };
  }
  const { disabled, levels } = config.rules;
  const { files } = readRuleFiles(config.rules.paths, base);
  return { ruleset, source: { files, options: { lists, disabled, levels } } };
}
