import { globalRegionOf } from '../../cloudtrail/arn.ts';
import type { CloudTrailRecord } from '../../cloudtrail/record.ts';
import type { Trouble } from '../../questions/coverage.ts';
import type { Search } from '../../questions/provenance/provenance-search.ts';
import { type CloudHistory, type Lookup, LookupTrouble, type Place } from '../cloud-history.ts';

/** How many requests a walk may cost, and has cost. */
export interface Budget {
  readonly limit: number;
  spent: number;
  underway: number;
}

/** What one place said. */
export interface Said {
  readonly place: Place;
  readonly records: readonly CloudTrailRecord[];
  readonly trouble?: Trouble | undefined;
  /** Not asked to its end, as the budget was spent. */
  readonly cut: boolean;
}

/** Likely regions one after the other, that of the global services after them, then all others at once. */
export function roundsOf(places: readonly Place[], search: Search): Place[][] {
  const first = [
    ...new Set([...search.regions, ...(search.elsewhere ? [globalRegionOf(places[0]?.region)] : [])]),
  ];
  const rounds = first.map((region) => places.filter((place) => place.region === region));
  const others = search.elsewhere ? places.filter((place) => !first.includes(place.region)) : [];
  return [...rounds, others].filter((round) => round.length > 0);
}

/** Asks places at once; the first that has what is wanted ends the others. */
export async function askPlaces(
  history: CloudHistory,
  budget: Budget,
  search: Search,
  places: readonly Place[],
  signal: AbortSignal,
): Promise<Said[]> {
  const found = new AbortController();
  const either = AbortSignal.any([signal, found.signal]);
  const { attribute, from, to } = search;
  return Promise.all(
    places.map(async (place) => {
      const lookup = { place, attribute, period: { from, to, said: 'while the key can have been made' } };
      const said = await askPlace(history, budget, { lookup, wanted: search.wanted }, either);
      if (said.records.length > 0) found.abort();
      return said;
    }),
  );
}

interface Asking {
  readonly lookup: Lookup;
  readonly wanted: Search['wanted'];
}

async function askPlace(
  history: CloudHistory,
  budget: Budget,
  { lookup, wanted }: Asking,
  signal: AbortSignal,
): Promise<Said> {
  const { place } = lookup;
  const pages = history.lookup(lookup, signal)[Symbol.asyncIterator]();
  let unreadable = 0;
  try {
    while (!signal.aborted) {
      if (budget.spent + budget.underway >= budget.limit) return { place, records: [], cut: true };
      const page = await within(budget, pages.next());
      if (page === undefined) break;
      const records = page.records.filter(wanted);
      if (records.length > 0) return { place, records, cut: false };
      unreadable += page.unreadable.length;
    }
    const trouble = unreadable > 0 ? unread(unreadable) : undefined;
    return { place, records: [], trouble, cut: false };
  } catch (error) {
    if (!(error instanceof LookupTrouble)) throw error;
    return { place, records: [], trouble: signal.aborted ? undefined : error.trouble, cut: false };
  } finally {
    await pages.return?.();
  }
}

/** One request, counted when AWS was asked: the end of the pages costs none. */
async function within<T>(budget: Budget, next: Promise<IteratorResult<T>>): Promise<T | undefined> {
  budget.underway += 1;
  try {
    const result = await next;
    if (!result.done) budget.spent += 1;
    return result.done ? undefined : result.value;
  } catch (error) {
    budget.spent += 1;
    throw error;
  } finally {
    budget.underway -= 1;
  }
}

function unread(count: number): Trouble {
  return { kind: 'refused', what: `${count} of its events could not be read`, remedy: '' };
}
