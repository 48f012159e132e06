import { type Dirent, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { sayFileError } from '../../kernel/file-error.ts';
import { Misuse } from '../../kernel/problem.ts';
import { STANDARD_INPUT } from '../input.ts';
import type { Terminal } from '../terminal.ts';

/** A file with events, or standard input. */
export interface Source {
  /** As the person calls it. */
  readonly shown: string;
  /** `undefined` for standard input. */
  readonly path: string | undefined;
  /** In bytes, as it lies there. */
  readonly size: number;
  /** Why it cannot be read, where that is known already. */
  readonly problem?: string;
}

export const EVENT_FILE: RegExp = /\.(?:json|jsonl|ndjson|log)$|\.gz$/i;
/** Folders beside the trails that hold no single events: digests of the files, and summaries. */
const NO_EVENTS = /^CloudTrail-(?:Digest|Aggregated)$/;
/** Where S3 keeps the logs of an account, those of other services beside CloudTrail's. */
const ACCOUNT_FOLDER = /(?:^|[\\/])AWSLogs[\\/](?:o-[a-z\d]+[\\/])?\d{12}$/;
/** The same in the names of files, wherever somebody has put them. */
const NO_EVENT_FILE = /_CloudTrail-(?:Digest|Aggregated)_/;

/**
 * The files behind the names, folders opened in the order of the names in them. They are looked for while others are
 * read: a trail has millions. Throws Misuse at once for a name behind which there is nothing to read.
 */
export function sourcesOf(terminal: Terminal, names: readonly string[]): () => Generator<Source> {
  if (names.length === 0 && terminal.keyboard) {
    throw new Misuse('Give one or more files or folders with events, or pipe the events in.');
  }
  const given = names.length > 0 ? names : [STANDARD_INPUT];
  for (const name of given) if (name !== STANDARD_INPUT) check(resolve(terminal.folder, name), name);
  return function* () {
    for (const name of given) {
      if (name === STANDARD_INPUT) yield { shown: 'standard input', path: undefined, size: 0 };
      else yield* under(resolve(terminal.folder, name), name);
    }
  };
}

function check(path: string, name: string): void {
  let nothing: boolean;
  try {
    nothing = under(path, name).next().done === true;
  } catch (error) {
    throw new Misuse(
      `${name} cannot be read: ${sayFileError(error)}. Give a file or folder with events, or - for standard input.`,
    );
  }
  if (nothing) {
    throw new Misuse(
      `${name} is a folder without event files. Their names end in .json, .ndjson, .jsonl, .log or .gz.`,
    );
  }
}

function* under(path: string, shown: string): Generator<Source> {
  const stats = statSync(path);
  if (!stats.isDirectory()) yield { shown, path, size: stats.size };
  else yield* inFolder(readdirSync(path, { withFileTypes: true }), path, shown);
}

/** Links to folders are not followed: they may go round in a circle. */
function* inFolder(entries: Dirent[], folder: string, shown: string): Generator<Source> {
  for (const entry of entries.sort(byName)) {
    const path = join(folder, entry.name);
    const name = join(shown, entry.name);
    if (entry.name.startsWith('.') || NO_EVENTS.test(entry.name) || NO_EVENT_FILE.test(entry.name)) continue;
    if (ACCOUNT_FOLDER.test(folder) && !entry.name.startsWith('CloudTrail')) continue;
    try {
      if (entry.isDirectory()) yield* inFolder(readdirSync(path, { withFileTypes: true }), path, name);
      else if (EVENT_FILE.test(entry.name)) yield { shown: name, path, size: statSync(path).size };
    } catch (error) {
      yield { shown: name, path, size: 0, problem: sayFileError(error) };
    }
  }
}

function byName(a: Dirent, b: Dirent): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}
