import type { Problem } from '../kernel/problem.ts';
import { type Place, problemAt } from './source.ts';

const MOST_OF_A_FILE = 100;
const MOST_TEXTS = 1_000_000;

/** Collects what is wrong in rules: problems, which keep a rule from loading, and warnings, which do not. */
export class Notes {
  readonly problems: Problem[] = [];
  readonly warnings: Problem[] = [];
  #texts = 0;

  /** `offset`: characters into the text that stands at the place. */
  refuse(at: Place, what: string, remedy: string, offset = 0): void {
    this.problems.push(problemAt(at, what, remedy, offset));
  }

  /**
   * Counts the texts that a value stands for, with its placeholders and dashes. False when the values of one file
   * stand for more than memory should hold, which is reported where that happens.
   */
  spend(texts: number, at: Place): boolean {
    const had = this.hasTextsLeft;
    this.#texts += texts;
    if (had && !this.hasTextsLeft) this.refuseTexts(at);
    return this.hasTextsLeft;
  }

  get hasTextsLeft(): boolean {
    return this.#texts <= MOST_TEXTS;
  }

  refuseTexts(at: Place): void {
    const what = `with their placeholders, the values of this file stand for more than ${MOST_TEXTS} texts`;
    this.refuse(at, what, 'use shorter lists, or split the file');
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
