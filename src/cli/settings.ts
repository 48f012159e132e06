import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type Config, readConfig } from '../config/config.ts';
import { Misuse, type Problem, sayError, sayProblem } from '../kernel/problem.ts';
import type { Terminal } from './terminal.ts';

const DEFAULT_FILE = 'trailbot.yaml';

/** The configuration of a command, and where it came from. */
export interface Settings {
  readonly config: Config;
  /** `undefined` when no file was named and there is no `trailbot.yaml`. */
  readonly file: string | undefined;
  /** Relative paths in the configuration are looked up from here. */
  readonly base: string;
  reread(): { config: Config } | { problems: Problem[] };
}

/** Options that go before the file. */
export interface Overrides {
  readonly data?: string | undefined;
  readonly port?: number | undefined;
}

/** Reads the configuration; throws Misuse with every mistake in it. */
export function readSettings(
  terminal: Terminal,
  named: string | undefined,
  overrides: Overrides = {},
): Settings {
  const file = resolve(terminal.folder, named ?? DEFAULT_FILE);
  if (named !== undefined && !existsSync(file)) {
    throw new Misuse(`There is no configuration file ${named}. Give one that exists with --config, or none.`);
  }
  const present = existsSync(file);
  const base = present ? dirname(file) : terminal.folder;
  const reread = () => {
    const read = readConfig({
      text: present ? readText(file) : undefined,
      file: named ?? DEFAULT_FILE,
      env: terminal.env,
    });
    return 'problems' in read ? read : { config: override(read.config, overrides, terminal.folder, base) };
  };
  const read = reread();
  if ('problems' in read) throw new Misuse(read.problems.map(sayProblem).join('\n'));
  return { config: read.config, file: present ? file : undefined, base, reread };
}

function override(config: Config, { data, port }: Overrides, folder: string, base: string): Config {
  return {
    ...config,
    dataDir: data === undefined ? resolve(base, config.dataDir) : resolve(folder, data),
    listen: { ...config.listen, port: port ?? config.listen.port },
  };
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new Misuse(`The configuration file ${file} cannot be read: ${sayError(error)}.`);
  }
}
