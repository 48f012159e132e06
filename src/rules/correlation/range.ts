import type { Bound } from './correlation.ts';

/** The whole numbers, from 1 on, that bounds leave: both ends are among them, if the least is not above the most. */
export function wholeRange(bounds: readonly Bound[]): { readonly least: number; readonly most: number } {
  let least = 1;
  let most = Number.POSITIVE_INFINITY;
  const without = new Set<number>();
  for (const { comparison, number } of bounds) {
    if (comparison === 'gt') least = Math.max(least, Math.floor(number) + 1);
    if (comparison === 'gte' || comparison === 'eq') least = Math.max(least, Math.ceil(number));
    if (comparison === 'lt') most = Math.min(most, Math.ceil(number) - 1);
    if (comparison === 'lte' || comparison === 'eq') most = Math.min(most, Math.floor(number));
    if (comparison === 'neq') without.add(number);
  }
  while (without.has(least)) least += 1;
  while (without.has(most)) most -= 1;
  return { least, most };
}

/** Whether every whole number from 1 on keeps the bounds. */
export function keepsAll(bounds: readonly Bound[]): boolean {
  const { least, most } = wholeRange(bounds);
  const isAll = least === 1 && most === Number.POSITIVE_INFINITY;
  return isAll && bounds.every(({ comparison, number }) => comparison !== 'neq' || !isCount(number));
}

/** Whether no number at all keeps the bounds. */
export function isEmpty(bounds: readonly Bound[]): boolean {
  let low = Number.NEGATIVE_INFINITY;
  let high = Number.POSITIVE_INFINITY;
  for (const { comparison, number } of bounds) {
    if (comparison === 'gt' || comparison === 'gte' || comparison === 'eq') low = Math.max(low, number);
    if (comparison === 'lt' || comparison === 'lte' || comparison === 'eq') high = Math.min(high, number);
  }
  const open = ['gt', 'lt', 'neq'];
  const isShut = bounds.some(({ comparison, number }) => number === low && open.includes(comparison));
  return low > high || (low === high && isShut);
}

function isCount(number: number): boolean {
  return Number.isInteger(number) && number >= 1;
}
