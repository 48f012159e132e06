import type { FieldTest } from './formula.ts';
import { fold } from './wildcard.ts';

/** Folded texts of which a field must have one; `undefined` = it may have any. */
export type Bound = ReadonlySet<string> | undefined;

/** To what one test binds a field. */
export function boundBy({ path, probes }: FieldTest, field: string): Bound {
  if (path.text !== field) return undefined;
  const exact = probes.flatMap((probe) => (probe.kind === 'exact' ? [fold(probe.text)] : []));
  return exact.length < probes.length ? undefined : new Set(exact);
}

/** Of bounds that all hold, the one that says most. */
export function smallest(bounds: readonly Bound[]): Bound {
  let least: Bound;
  for (const bound of bounds) if (bound && (!least || bound.size < least.size)) least = bound;
  return least;
}

/** Of bounds of which one holds. */
export function union(bounds: readonly Bound[]): Bound {
  const all = new Set<string>();
  for (const bound of bounds) {
    if (!bound) return undefined;
    for (const text of bound) all.add(text);
  }
  return all;
}
