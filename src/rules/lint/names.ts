import type { FieldTest, Formula } from '../formula.ts';
import { doubtName } from '../known-events.ts';
import { meantSource } from '../known-sources.ts';
import { fold } from '../wildcard.ts';
import { type Finding, findingAt } from './finding.ts';

/** Event names and sources that CloudTrail hardly knows, the two seen together where a rule gives both. */
export function lintNames(formula: Formula): Finding[] {
  const findings = new Map<string, Finding>();
  look(formula, undefined, (finding) =>
    findings.set(`${finding.line}:${finding.column}:${finding.what}`, finding),
  );
  return [...findings.values()];
}

type Report = (finding: Finding) => void;

/** `sources`: the event sources that go with the names, in folded case; `undefined` when the rule gives none. */
function look(formula: Formula, sources: readonly string[] | undefined, report: Report): void {
  switch (formula.kind) {
    case 'and': {
      const own = partsOf(formula).flatMap(sourcesOf);
      for (const part of formula.of) look(part, own.length > 0 ? own : sources, report);
      break;
    }
    case 'or':
      for (const part of formula.of) look(part, sources, report);
      break;
    case 'not':
    case 'selection':
      look(formula.of, sources, report);
      break;
    case 'field':
      if (formula.path.text === 'eventName') lookAtNames(formula, sources, report);
      if (formula.path.text === 'eventSource') lookAtSources(formula, report);
  }
}

/** What holds together with the rest of an `and`. */
function partsOf(formula: Formula): readonly Formula[] {
  if (formula.kind === 'selection') return partsOf(formula.of);
  return formula.kind === 'and' ? formula.of.flatMap(partsOf) : [formula];
}

function sourcesOf(formula: Formula): string[] {
  if (formula.kind !== 'field' || formula.path.text !== 'eventSource') return [];
  // A pattern fits sources that nobody can list.
  return formula.probes.map((probe) => (probe.kind === 'exact' ? fold(probe.text) : '*'));
}

function lookAtNames(test: FieldTest, sources: readonly string[] | undefined, report: Report): void {
  const written = test.probes.flatMap((probe) => (probe.kind === 'exact' ? [probe.says] : []));
  const dated = written
    .filter((name) => /20\d{6}/.test(name))
    .join(' ')
    .toLowerCase();
  for (const name of written) {
    const doubts = (sources ?? [undefined]).map((source) => doubtName(name, source));
    const [doubt] = doubts;
    if (!doubt || doubts.includes(undefined)) continue;
    if (dated.includes(`${fold(name)}20`)) continue;
    report(findingAt('event-name', test.at, doubt.what, doubt.remedy));
  }
}

function lookAtSources(test: FieldTest, report: Report): void {
  for (const probe of test.probes) {
    const meant = probe.kind === 'exact' ? meantSource(fold(probe.text)) : undefined;
    if (meant === undefined) continue;
    const what = `CloudTrail knows no event source ${probe.says}`;
    report(findingAt('event-source', test.at, what, `did you mean ${meant}?`));
  }
}
