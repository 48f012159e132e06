import type { Problem } from '../../kernel/problem.ts';
import type { Place } from '../source.ts';

/** What a warning is about, in a word or two: docs/rule-tools.md lists them. */
type LintCode =
  | 'always-false'
  | 'always-true'
  | 'duplicate'
  | 'event-name'
  | 'event-source'
  | 'more'
  | 'negations-only'
  | 'no-match-test'
  | 'no-near-miss'
  | 'no-tests'
  | 'plain-regex'
  | 'shadowed'
  | 'slow-regex'
  | 'unreachable';

/** A warning of lint: the rule loads, but hardly does what was meant. */
export interface Finding extends Problem {
  readonly code: LintCode;
}

export function findingAt(
  code: LintCode,
  { file, line, column }: Place,
  what: string,
  remedy: string,
): Finding {
  return { code, file, line, column, what, remedy };
}

const LONGEST = 80;

/** A value or an item as it is quoted in a warning; lists can be long. */
export function cutShort(text: string): string {
  const signs = Array.from(text);
  return signs.length > LONGEST ? `${signs.slice(0, LONGEST - 1).join('')}…` : text;
}
