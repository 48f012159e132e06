import { fold } from '../wildcard.ts';
import type { Literal, Logic } from './literal.ts';

/** The folded texts of which every match has one in the field; `undefined` when the formula does not bind it. */
export function boundTo(logic: Logic, path: string): ReadonlySet<string> | undefined {
  if (logic.kind === 'literal') return literalBound(logic, path);
  const bounds = logic.of.map((part) => boundTo(part, path));
  return logic.kind === 'and' ? smallest(bounds) : union(bounds);
}

type Bound = ReadonlySet<string> | undefined;

function literalBound(literal: Literal, path: string): Bound {
  const { test, wanted } = literal;
  if (!wanted || test.kind !== 'field' || test.path.text !== path) return undefined;
  const texts = test.probes.flatMap((probe) => (probe.kind === 'exact' ? [fold(probe.text)] : []));
  return texts.length < test.probes.length ? undefined : new Set(texts);
}

function smallest(bounds: readonly Bound[]): Bound {
  let least: Bound;
  for (const bound of bounds) if (bound && (!least || bound.size < least.size)) least = bound;
  return least;
}

function union(bounds: readonly Bound[]): Bound {
  const all = new Set<string>();
  for (const bound of bounds) {
    if (!bound) return undefined;
    for (const text of bound) all.add(text);
  }
  return all;
}

/** Whether every way to fulfil the formula asks for something to be there. Null and absence are nothing. */
export function asksForSomething(logic: Logic): boolean {
  if (logic.kind !== 'literal') {
    return logic.kind === 'and' ? logic.of.some(asksForSomething) : logic.of.every(asksForSomething);
  }
  const { test, wanted } = logic;
  if (!wanted) return false;
  if (test.kind === 'block') return test.members !== 'none' && test.members !== 'all_or_empty';
  return test.kind !== 'field' || test.probes.every(({ kind }) => kind !== 'null');
}
