import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { rulesOf } from '../app/rulebook.ts';
import { type Config, readConfig } from '../config/config.ts';
import { sayFileError } from '../kernel/file-error.ts';
import { Misuse, type Problem, sayProblem } from '../kernel/problem.ts';
import type { Terminal } from './terminal.ts';

const DEFAULT_FILE = 'trailbot.yaml';

/** Where the configuration of a command is. */
interface Place {
  readonly file: string;
  /** As the person calls it. */
  readonly shown: string;
  /** Relative paths in the configuration are looked up from here. */
  readonly base: string;
}

/** The configuration of a command, and where it came from. */
export interface Settings {
  readonly config: Config;
  /** Where the file is, or would be: nobody needs to have one. */
  readonly file: string;
  /** Relative paths in the configuration are looked up from here. */
  readonly base: string;
  /** Reads it anew. Never throws. */
  reread(): { config: Config } | { problems: Problem[] };
}

/** Options that go before the file. */
export interface Overrides {
  readonly data?: string | undefined;
  readonly port?: number | undefined;
}

/** What can be used of a configuration although there may be mistakes in it. */
export interface Draft {
  readonly problems: Problem[];
  /** `undefined` when nothing of it can be read. */
  readonly config: Config | undefined;
  readonly base: string;
}

/** Reads the configuration; throws Misuse with every mistake in it and in the rules that it names. */
export function readSettings(
  terminal: Terminal,
  named: string | undefined,
  overrides: Overrides = {},
): Settings {
  const place = placeOf(terminal, named);
  const { file, base } = place;
  const present = existsSync(file);
  const settle = (config: Config) => override(config, overrides, terminal.folder, base);
  const read = readPlace(terminal, place, named !== undefined);
  if ('problems' in read) {
    const more = read.rest ? rulesOf(read.rest, base).problems : [];
    throw new Misuse([...read.problems, ...more].map(sayProblem).join('\n'));
  }
  return {
    config: settle(read.config),
    file,
    base,
    reread() {
      // A file that was there and is gone is a slip, and no reason to run with the defaults from now on.
      const again = readPlace(terminal, place, present);
      return 'problems' in again ? again : { config: settle(again.config) };
    },
  };
}

/** For commands that look for mistakes: reads what can be read, and never throws. */
export function draftSettings(terminal: Terminal, named: string | undefined): Draft {
  const place = placeOf(terminal, named);
  const read = readPlace(terminal, place, named !== undefined);
  const { base } = place;
  return 'problems' in read
    ? { problems: read.problems, config: read.rest, base }
    : { problems: [], config: read.config, base };
}

function placeOf(terminal: Terminal, named: string | undefined): Place {
  const file = resolve(terminal.folder, named ?? DEFAULT_FILE);
  return { file, shown: named ?? DEFAULT_FILE, base: dirname(file) };
}

function readPlace(
  terminal: Terminal,
  { file, shown }: Place,
  mustBe: boolean,
): ReturnType<typeof readConfig> {
  let text: string | undefined;
  try {
    if (mustBe || existsSync(file)) text = readFileSync(file, 'utf8');
  } catch (error) {
    const what = `the configuration cannot be read: ${sayFileError(error)}`;
    const remedy = 'give a file that is there and that this user may read, with --config, or none';
    return { problems: [{ file: shown, line: 0, column: 0, what, remedy }], rest: undefined };
  }
  return readConfig({ text, file: shown, env: terminal.env });
}

function override(config: Config, { data, port }: Overrides, folder: string, base: string): Config {
  return {
    ...config,
    dataDir: data === undefined ? resolve(base, config.dataDir) : resolve(folder, data),
    listen: { ...config.listen, port: port ?? config.listen.port },
  };
}
