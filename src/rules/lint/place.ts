import type { Rule } from '../rule.ts';
import type { Place } from '../source.ts';

/** Where the rule's document begins. */
export function startOf({ file, line }: Rule): Place {
  return { file, line, column: 1, inset: undefined };
}
