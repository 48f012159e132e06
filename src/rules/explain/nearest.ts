import type { JsonObject } from '../../kernel/json.ts';
import { type Gate, gateOf } from '../gate.ts';
import type { Rule } from '../rule.ts';
import type { CompiledRule } from '../ruleset.ts';
import { fold } from '../wildcard.ts';
import { explainFormula } from './explain.ts';
import type { Explanation } from './explanation.ts';

export interface ExplainedRule {
  readonly rule: Rule;
  readonly explanation: Explanation;
}

/** What the rules say of one record. */
export interface Verdict {
  readonly matched: readonly ExplainedRule[];
  /** Rules about such calls that did not match, the nearest miss first. */
  readonly missed: readonly ExplainedRule[];
  /** Rules of that kind beyond those shown. */
  readonly furtherMissed: number;
  /** Rules about other event names or sources. */
  readonly aboutOthers: number;
}

/**
 * Every rule that matches the body, and up to `most` that could have: the nearest miss first, and among equals those
 * that name the call. Where some rule matches, those that do not name the call are only counted.
 */
export function verdictOn(compiled: readonly CompiledRule[], body: JsonObject, most: number): Verdict {
  const candidates = compiled.flatMap(({ rule, formula }) => {
    const gate = gateOf(formula);
    if (!isAbout(gate, body)) return [];
    return [{ rule, explanation: explainFormula(formula, body), open: !gate.names && !gate.sources }];
  });
  const missed = candidates
    .filter(({ explanation }) => !explanation.holds)
    .sort((a, b) => a.explanation.missing - b.explanation.missing || Number(a.open) - Number(b.open));
  const matched = candidates.filter(({ explanation }) => explanation.holds);
  const telling = (matched.length > 0 ? missed.filter(({ open }) => !open) : missed).slice(0, most);
  return {
    matched,
    missed: telling,
    furtherMissed: missed.length - telling.length,
    aboutOthers: compiled.length - candidates.length,
  };
}

function isAbout({ names, sources }: Gate, body: JsonObject): boolean {
  const { eventName, eventSource } = body;
  // A gate only speaks of text.
  if (typeof eventName !== 'string' || typeof eventSource !== 'string') return true;
  return (!names || names.has(fold(eventName))) && (!sources || sources.has(fold(eventSource)));
}
