import type { Config } from '../config/config.ts';
import type { Log } from '../kernel/log.ts';
import { type Problem, sayProblem } from '../kernel/problem.ts';
import { outlivedRecords } from '../rules/correlation/retention.ts';
import type { Rulebook } from './rulebook.ts';

/** The settings in force. */
export interface Settings {
  config: Config;
}

/** What was read anew: a configuration, or the mistakes in it. */
export type Reread = { readonly config: Config } | { readonly problems: readonly Problem[] };

/** All or nothing: puts what was read in force with its rules, or says why not and changes nothing. */
export function reloadInto(
  settings: Settings,
  read: Reread,
  rulebook: Rulebook,
  log: Log,
): readonly Problem[] {
  const problems = 'problems' in read ? rulebook.refuse(read.problems) : rulebook.reload(read.config);
  if (problems.length > 0) {
    for (const problem of problems) log.error(sayProblem(problem));
    log.error('nothing was reloaded: the rules and settings from before stay in force');
  } else if ('config' in read) {
    for (const name of waiting(settings.config, read.config)) {
      log.warn(`the new ${name} is used after the next start`);
    }
    settings.config = read.config;
    warnOfRetention(read.config, rulebook, log);
    log.info({ rules: rulebook.state().loaded }, 'rules and settings reloaded');
  }
  return problems;
}

/** Records that go before a correlation has judged them would cost alerts, without a word. */
export function warnOfRetention({ history }: Config, rulebook: Rulebook, log: Log): void {
  for (const warning of outlivedRecords(rulebook.ruleset().correlations, history.records)) {
    log.warn(sayProblem(warning));
  }
}

/** What has changed and cannot while the bot runs. */
function waiting(before: Config, after: Config): string[] {
  const now = fixed(after);
  return Object.entries(fixed(before))
    .filter(([name, value]) => now[name] !== value)
    .map(([name]) => name);
}

function fixed({ listen, dataDir, publicUrl, slack, access, log }: Config): Record<string, unknown> {
  return {
    'listen.host': listen.host,
    'listen.port': listen.port,
    data_dir: dataDir,
    public_url: publicUrl,
    'slack.api_url': slack.mode === 'local' ? undefined : slack.apiUrl,
    'slack.socket': slack.mode === 'local' && slack.socket,
    'access.team': access.team,
    'log.level': log.level,
  };
}
