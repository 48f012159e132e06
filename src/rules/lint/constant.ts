import type { Formula } from '../formula.ts';
import type { CompiledRule } from '../ruleset.ts';
import type { Place } from '../source.ts';
import { type Finding, findingAt } from './finding.ts';
import { type Literal, logicOf, sayLiteral } from './literal.ts';
import { type Reason, refute } from './refute.ts';

type Selection = Formula & { readonly kind: 'selection' };

/**
 * Selections, maps in them, and whole rules that hold for no record or for every one. A selection or a map is not
 * blamed for a list of the configuration that is empty; a rule that never matches for that is.
 */
export function lintConstants({ rule, formula }: CompiledRule, place: Place): Finding[] {
  const findings: Finding[] = [];
  const seen = new Set<Formula>();
  for (const selection of selectionsIn(formula)) {
    if (seen.has(selection)) continue;
    seen.add(selection);
    findings.push(...lintSelection(selection, place));
  }
  if (findings.length > 0) return findings;
  const never = refute(logicOf(formula));
  if (never) return [alwaysFalse(`"${rule.title}" matches no record`, never, place)];
  const always = refute(logicOf(formula, false), { emptyMayFill: true });
  return always ? [alwaysTrue(`"${rule.title}" matches every record`, always, place)] : [];
}

function* selectionsIn(formula: Formula): Generator<Selection> {
  if (formula.kind === 'selection') yield formula;
  else if (formula.kind === 'not') yield* selectionsIn(formula.of);
  else if (formula.kind === 'and' || formula.kind === 'or') {
    for (const part of formula.of) yield* selectionsIn(part);
  }
}

function lintSelection({ name, of }: Selection, place: Place): Finding[] {
  const never = refute(logicOf(of), { emptyMayFill: true });
  if (never) return [alwaysFalse(`"${name}" is never true`, never, place)];
  const always = refute(logicOf(of, false), { emptyMayFill: true });
  if (always) return [alwaysTrue(`"${name}" is true for every record`, always, place)];
  const maps = of.kind === 'or' ? of.of : [];
  return maps.flatMap((map, index) => {
    const reason = refute(logicOf(map), { emptyMayFill: true });
    return reason ? [alwaysFalse(`map ${index + 1} of "${name}" is never true`, reason, place)] : [];
  });
}

function alwaysFalse(what: string, reason: Reason, place: Place): Finding {
  return findingAt(
    'always-false',
    placeOf(reason) ?? place,
    `${what}: ${sayNever(reason)}`,
    remedyFor(reason),
  );
}

function sayNever(reason: Reason): string {
  if (reason.kind === 'claim') return reason.says;
  if (reason.kind === 'empty') return `${sayLiteral(reason.literal)} compares with an empty list`;
  const [one, other] = inOrder(reason);
  return `${sayLiteral(one)} and ${sayLiteral(other)} exclude each other`;
}

function remedyFor({ kind }: Reason): string {
  if (kind === 'empty')
    return 'give the list a value under "lists" in the configuration, or disable the rule';
  return 'correct one, remove it, or write two selections joined by "or"';
}

/** The reason is one against the opposite, whose tests are turned round. */
function alwaysTrue(what: string, reason: Reason, place: Place): Finding {
  const says = reason.kind === 'clash' ? sayEither(...inOrder(reason)) : 'nothing is against it';
  return findingAt('always-true', placeOf(reason) ?? place, `${what}: ${says}`, 'correct one, or remove it');
}

function sayEither(one: Literal, other: Literal): string {
  const turned = (literal: Literal) => sayLiteral({ ...literal, wanted: !literal.wanted });
  return `one of ${turned(one)} and ${turned(other)} always holds`;
}

/** The two of a clash as they stand in the file. */
function inOrder(reason: Reason & { readonly kind: 'clash' }): readonly [Literal, Literal] {
  const [one, other] = [reason.one.test.at, reason.other.test.at];
  const turned = one.line > other.line || (one.line === other.line && one.column > other.column);
  return turned ? [reason.other, reason.one] : [reason.one, reason.other];
}

function placeOf(reason: Reason): Place | undefined {
  if (reason.kind === 'empty') return reason.literal.test.at;
  return reason.kind === 'clash' ? inOrder(reason)[1].test.at : undefined;
}
