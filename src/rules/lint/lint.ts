import { firstOfFile } from '../notes.ts';
import type { CompiledRule } from '../ruleset.ts';
import type { Sources } from './arrival.ts';
import { lintConstants } from './constant.ts';
import type { Finding } from './finding.ts';
import { lintNames } from './names.ts';
import { lintNegations, lintPatterns } from './patterns.ts';
import { startOf } from './place.ts';
import { lintReach } from './reach.ts';
import { lintShadows } from './shadow.ts';
import { lintTests } from './tests.ts';

/**
 * What probably was not meant in rules that load: rules that match nothing, everything, or the same as another, names
 * that CloudTrail does not know, patterns that could be simpler, missing tests. `sources` says what reaches the bot;
 * without it no rule is said to be out of reach. Sorted by place, of each file the first hundred. Never throws.
 */
export function lintRules(compiled: readonly CompiledRule[], sources: Sources | undefined): Finding[] {
  const findings: Finding[] = [];
  const varying: CompiledRule[] = [];
  for (const one of compiled) {
    const place = startOf(one.rule);
    const constants = lintConstants(one, place);
    findings.push(...constants, ...lintNames(one.formula), ...lintPatterns(one), ...lintTests(one.rule));
    if (constants.length > 0) continue;
    varying.push(one);
    findings.push(...lintNegations(one, place));
    if (sources) findings.push(...lintReach(one, sources, place));
  }
  return firstOfEach([...findings, ...lintShadows(varying)].sort(byPlace));
}

function firstOfEach(sorted: readonly Finding[]): Finding[] {
  const files = Map.groupBy(sorted, ({ file }) => file).values();
  return Array.from(files).flatMap((found) =>
    firstOfFile(found, 'warning').map((told, index) => {
      const own = found[index];
      return own === told ? own : { ...told, code: 'more' as const };
    }),
  );
}

function byPlace(a: Finding, b: Finding): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.line - b.line || a.column - b.column;
}
