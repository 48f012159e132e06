import type { Coverage, PlaceCover } from '../../questions/coverage.ts';

/**
 * Why an answer may lack calls, for where its coverage does not go with it: `it was cancelled; 3 of 51 places were
 * not read to the end`. `undefined` when all was read.
 */
export function sayPartial({ store, lookup, cutAt }: Coverage): string | undefined {
  const places = 'places' in lookup ? lookup.places : [];
  const unread = places.filter(({ state }) => state !== 'done');
  const stoppedBy = (kind: string) => unread.some(({ trouble }) => trouble?.kind === kind);
  const cut = cutAt !== undefined || ('truncated' in store && store.truncated);
  const reasons = [
    ...(stoppedBy('cancelled') ? ['it was cancelled'] : []),
    ...(stoppedBy('out of time') ? ['it ran out of time'] : []),
    ...(cut ? ['older calls were left out at the limit'] : []),
    ...sayUnread(unread, places.length),
  ];
  return reasons.length === 0 ? undefined : reasons.join('; ');
}

function sayUnread(unread: readonly PlaceCover[], all: number): string[] {
  if (unread.length === 0) return [];
  if (unread.some(({ account }) => account === '*')) return ['AWS could not be read'];
  const places = all === 1 ? 'place' : 'places';
  return [`${unread.length} of ${all} ${places} ${unread.length === 1 ? 'was' : 'were'} not read to the end`];
}
