import type { Problem } from '../kernel/problem.ts';
import { type Place, problemAt } from './source.ts';

/** Collects what is wrong in rules: problems, which keep a rule from loading, and warnings, which do not. */
export class Notes {
  readonly problems: Problem[] = [];
  readonly warnings: Problem[] = [];

  /** `offset`: characters into the text that stands at the place. */
  refuse(at: Place, what: string, remedy: string, offset = 0): void {
    this.problems.push(problemAt(at, what, remedy, offset));
  }

  add(found: { problems: readonly Problem[]; warnings: readonly Problem[] }): void {
    for (const problem of found.problems) this.problems.push(problem);
    for (const warning of found.warnings) this.warnings.push(warning);
  }

  warn(at: Place, what: string, remedy: string): void {
    this.warnings.push(problemAt(at, what, remedy));
  }
}
