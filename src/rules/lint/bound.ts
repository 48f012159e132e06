import { type Bound, boundBy, smallest, union } from '../bound.ts';
import type { Logic } from './literal.ts';

/** The folded texts of which every match has one in the field; `undefined` when the formula does not bind it. */
export function boundTo(logic: Logic, path: string): Bound {
  if (logic.kind === 'literal') {
    const { test, wanted } = logic;
    return wanted && test.kind === 'field' ? boundBy(test, path) : undefined;
  }
  const bounds = logic.of.map((part) => boundTo(part, path));
  return logic.kind === 'and' ? smallest(bounds) : union(bounds);
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
