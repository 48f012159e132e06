import type { Problem } from '../kernel/problem.ts';
import type { Mistake } from './modifiers.ts';
import { type Place, problemAt } from './source.ts';

const MOST_OF_A_FILE = 100;

/** What the rules of one file may make of memory and time. Far more than people write. */
const MOST = {
  /** That values stand for, with their placeholders, dashes and encodings; and the characters in them. */
  texts: 1_000_000,
  characters: 10_000_000,
  /** Of regular expressions, their repetitions written out. */
  steps: 1_000_000,
  /** That patterns in conditions are compared with. */
  names: 1_000_000,
} as const;

type Resource = keyof typeof MOST;

const BEYOND: Readonly<Record<Resource, Mistake>> = {
  texts: {
    what: `with their placeholders, the values of this file stand for more than ${MOST.texts} texts`,
    remedy: 'use shorter lists, or split the file',
  },
  characters: {
    what: `the texts that the values of this file stand for have more than ${MOST.characters} characters`,
    remedy: 'use shorter values where "expand", "windash" or "base64offset" multiply them, or split the file',
  },
  steps: {
    what: `the regular expressions of this file have more than ${MOST.steps} steps when they are written out`,
    remedy: 'repeat less, or split the file',
  },
  names: {
    what: `the patterns in the conditions of this file are compared with more than ${MOST.names} names`,
    remedy: 'use fewer patterns or selections, or split the file',
  },
};

/** Collects what is wrong in rules: problems, which keep a rule from loading, and warnings, which do not. */
export class Notes {
  readonly problems: Problem[] = [];
  readonly warnings: Problem[] = [];
  readonly #spent: Record<Resource, number> = { texts: 0, characters: 0, steps: 0, names: 0 };
  #beyond: Mistake | undefined;

  /** `offset`: characters into the text that stands at the place. */
  refuse(at: Place, what: string, remedy: string, offset = 0): void {
    this.problems.push(problemAt(at, what, remedy, offset));
  }

  /**
   * Counts what is about to be made. Gives the mistake when the file asks for more than it may: then nothing more is
   * made of it, and whoever was told says so once.
   */
  spend(resource: Resource, amount: number): Mistake | undefined {
    this.#spent[resource] += amount;
    if (this.#spent[resource] > MOST[resource]) this.#beyond ??= BEYOND[resource];
    return this.#beyond;
  }

  /** The limit that the file has gone beyond. */
  get beyond(): Mistake | undefined {
    return this.#beyond;
  }

  add(found: { problems: readonly Problem[]; warnings: readonly Problem[] }): void {
    for (const problem of found.problems) this.problems.push(problem);
    for (const warning of found.warnings) this.warnings.push(warning);
  }

  warn(at: Place, what: string, remedy: string): void {
    this.warnings.push(problemAt(at, what, remedy));
  }
}

/** Problems or warnings of one file, by place; of very many only the first, and how many more there are. */
export function firstOfFile(found: readonly Problem[], noun: 'problem' | 'warning'): Problem[] {
  const sorted = found.toSorted((a, b) => a.line - b.line || a.column - b.column);
  const next = sorted[MOST_OF_A_FILE];
  if (!next) return sorted;
  const more = sorted.length - MOST_OF_A_FILE;
  const what = `from here on the file has ${more} more ${noun}${more === 1 ? '' : 's'}`;
  return [...sorted.slice(0, MOST_OF_A_FILE), { ...next, what, remedy: 'begin with those above' }];
}
