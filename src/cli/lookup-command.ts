import { onOneLine } from './columns.ts';
import type { Terminal } from './terminal.ts';

/** What a command to copy takes over from the one that was given. */
interface Kept {
  readonly config?: string | undefined;
  readonly data?: string | undefined;
  readonly within?: string | undefined;
}

/** A command that asks these words, or shows a page of their timeline, from 1; to copy into a shell. */
export type Command = (words: string, page?: number) => string;

/** Commands that work as the one did that was given: called the same way, with the same store and configuration. */
export function commandsLike(env: Terminal['env'], kept: Kept): Command {
  const options = (['config', 'data', 'within'] as const).flatMap((name) => {
    const value = kept[name];
    return value === undefined ? [] : [`--${name} ${quoted(onOneLine(value))}`];
  });
  return (words, page) => {
    const safe = onOneLine(words).replace(/"[^"]*"|[^\s"]+/g, quoted);
    const shown = page === undefined ? [] : [`--page ${page}`];
    return [programOf(env), 'lookup', safe, ...options, ...shown].join(' ');
  };
}

/**
 * How the program was called. The script's name is all that tells: a file called by its path may have had any name.
 * Source: npm documentation, "npm run", environment.
 */
export function programOf(env: Terminal['env']): string {
  return env.npm_lifecycle_event === 'trailbot' ? 'npm run --silent trailbot --' : 'trailbot';
}

function quoted(word: string): string {
  return /^[\w.:/@,+=%-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
