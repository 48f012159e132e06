import type { CompiledRule } from '../ruleset.ts';
import type { Place } from '../source.ts';
import {
  missingCategory,
  missingHome,
  missingName,
  missingPrefix,
  missingReads,
  missingRegions,
  type Sources,
} from './arrival.ts';
import { onlyTexts } from './domain.ts';
import { type Finding, findingAt } from './finding.ts';
import { logicOf } from './literal.ts';
import { type Known, refute } from './refute.ts';

/** A rule that can match nothing of what reaches the bot, as far as the configuration says what does. */
export function lintReach({ rule, formula }: CompiledRule, sources: Sources, place: Place): Finding[] {
  const reason = refute(logicOf(formula), { claim: (known) => missing(known, sources) });
  if (reason?.kind !== 'claim') return [];
  const remedy = 'let these events come and say so under "sources" in the configuration, or disable the rule';
  return [findingAt('unreachable', place, `"${rule.title}" can never fire: ${reason.says}`, remedy)];
}

function missing(known: Known, sources: Sources): string | undefined {
  const texts = (path: string) => onlyTexts(path, known.at(path));
  const of = texts('eventSource');
  return (
    allMissing(texts('eventName'), (name) => missingName(name, of, sources)) ??
    prefixesMissing(known, sources) ??
    allMissing(texts('readOnly'), (text) => missingReads(text, sources)) ??
    regionsMissing(known, of, sources) ??
    allMissing(texts('eventType'), (type) => missingCategory(type, of, sources)) ??
    allMissing(texts('eventCategory'), (category) => missingCategory(category, of, sources))
  );
}

/** What is missing for the first, when something is for each. */
function allMissing(
  texts: readonly string[] | undefined,
  why: (text: string) => string | undefined,
): string | undefined {
  if (!texts || texts.length === 0) return undefined;
  const reasons = texts.map(why);
  return reasons.includes(undefined) ? undefined : reasons[0];
}

function prefixesMissing(known: Known, sources: Sources): string | undefined {
  for (const { test, wanted } of known.at('eventName')) {
    if (!wanted || test.kind !== 'field' || test.raw) continue;
    const prefixes = test.probes.map((probe) => (probe.kind === 'pattern' ? probe.pattern[0] : undefined));
    const texts = prefixes.map((prefix) => (typeof prefix === 'string' ? prefix : ''));
    const reason = allMissing(texts, (text) => missingPrefix(text, sources));
    if (reason !== undefined) return reason;
  }
  return undefined;
}

function regionsMissing(
  known: Known,
  of: readonly string[] | undefined,
  sources: Sources,
): string | undefined {
  const regions = onlyTexts('awsRegion', known.at('awsRegion'));
  if (regions && regions.length > 0) return missingRegions(regions, sources);
  const types = onlyTexts('userIdentity.type', known.at('userIdentity.type'));
  return of && missingHome(of, types?.length === 1 && types[0] === 'root', sources);
}
