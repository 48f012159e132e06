import { connectOptionsOf } from '../app/connect.ts';
import { rulesOf } from '../app/rulebook.ts';
import { type ConnectOptions, objectionsTo } from '../aws/connect/options.ts';
import type { Config } from '../config/config.ts';
import { Misuse, sayProblem } from '../kernel/problem.ts';
import { readSettings } from './settings.ts';
import type { Terminal } from './terminal.ts';

export interface ConnectSettings {
  readonly config: Config;
  readonly connect: ConnectOptions;
}

/**
 * What is to be set up in AWS; throws Misuse when there is nothing about it in the configuration. What is to be
 * taken away does not depend on the rules, so that mistakes in them do not matter then.
 */
export function readConnect(
  terminal: Terminal,
  named: string | undefined,
  rules: 'flawless' | 'any' = 'flawless',
): ConnectSettings {
  const { config, base } = readSettings(terminal, named);
  if (!config.aws) {
    throw new Misuse(
      'The configuration says nothing about AWS: set aws.region to the region from which events go to the bot.',
    );
  }
  const { ruleset, problems } = rulesOf(config, base);
  if (problems.length > 0 && rules === 'flawless') throw new Misuse(problems.map(sayProblem).join('\n'));
  return { config, connect: connectOptionsOf(config, config.aws, ruleset.compiled) };
}

/** The same; throws Misuse also with everything that EventBridge would not take. */
export function readFitConnect(terminal: Terminal, named: string | undefined): ConnectSettings {
  const settings = readConnect(terminal, named);
  const objections = objectionsTo(settings.connect);
  if (objections.length > 0) {
    throw new Misuse(objections.map(({ what, remedy }) => `${capital(what)}; ${remedy}.`).join('\n'));
  }
  return settings;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
