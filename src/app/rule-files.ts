import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { sayFileError } from '../kernel/file-error.ts';
import type { Problem } from '../kernel/problem.ts';
import type { RuleFile } from '../rules/load.ts';

const SHIPPED = resolve(import.meta.dirname, '../../rules');

/** The word that stands for the rules that come with Trailbot. */
export const BUILTIN = 'builtin';

/** The folders and files behind rule paths; relative ones are looked up from `base`. */
export function rulePlaces(paths: readonly string[], base: string): string[] {
  return paths.map((path) => (path === BUILTIN ? SHIPPED : resolve(base, path)));
}

/**
 * Reads every rule file (`.yml`, `.yaml`) under the paths, in the order of their names. Hidden ones are left
 * out: locks of editors, and the copies that Kubernetes keeps beside its links.
 */
export function readRuleFiles(
  paths: readonly string[],
  base: string,
): { files: RuleFile[]; problems: Problem[] } {
  const files: RuleFile[] = [];
  const problems: Problem[] = [];
  for (const path of paths) {
    const place = path === BUILTIN ? SHIPPED : resolve(base, path);
    const shown = path === BUILTIN ? 'rules' : path;
    try {
      for (const file of filesUnder(place)) {
        const name = file === place ? shown : join(shown, relative(place, file));
        const { size } = statSync(file);
        if (size > MOST_BYTES) problems.push(tooLarge(name, size));
        else files.push({ path: name, text: readFileSync(file, 'utf8') });
      }
    } catch (error) {
      problems.push({
        file: shown,
        line: 0,
        column: 0,
        what: `cannot be read: ${sayFileError(error)}`,
        remedy: 'give a rule file or a folder with rule files that this user may read',
      });
    }
  }
  return { files, problems };
}

/** The rules are read up to 10,000,000 characters a file; what must be longer than that is not even read. */
const MOST_BYTES = 40_000_000;

function tooLarge(file: string, size: number): Problem {
  const what = `the file has ${Math.round(size / 1e6)} MB, which no file of rules has`;
  return { file, line: 0, column: 0, what, remedy: 'take it out of the folder, or split it' };
}

function filesUnder(place: string): string[] {
  if (!statSync(place).isDirectory()) return [place];
  return readdirSync(place, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.ya?ml$/.test(name) && !/(^|[/\\])\./.test(name))
    .sort()
    .map((name) => join(place, name));
}
