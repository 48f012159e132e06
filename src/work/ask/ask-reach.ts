import { partitionOf } from '../../cloudtrail/arn.ts';
import type { PlaceCover, Trouble } from '../../questions/coverage.ts';
import type { Scope } from '../../questions/question.ts';
import type { Place, ReachSoFar } from '../cloud-history.ts';
import { type Strand, strandOf } from './ask-place.ts';
import type { Asking } from './ask-state.ts';
import type { Stop } from './ask-stop.ts';

export const NOTHING_REACHED: ReachSoFar = { places: [], troubles: [], home: undefined, awaited: [] };

/** What of AWS's places the question is about, without those that `before` had. */
export function layOut({ scope, lookups }: Asking, { places }: ReachSoFar, before: ReachSoFar): Strand[] {
  const known = new Set(before.places.map(idOf));
  return places
    .filter(({ account, region }) => isIn(scope, account) && (scope.region ?? region) === region)
    .filter((place) => !known.has(idOf(place)))
    .flatMap((place) =>
      lookups(place.account, partitionOf(place.region)).map((attribute) => strandOf(place, attribute)),
    );
}

/** Strands in the order of the places, whichever came first. */
export function inOrder(strands: readonly Strand[], { places }: ReachSoFar): Strand[] {
  const order = new Map(places.map((place, index) => [idOf(place), index]));
  const indexOf = ({ place }: Strand): number => order.get(idOf(place)) ?? places.length;
  return strands.toSorted((a, b) => indexOf(a) - indexOf(b));
}

/** Accounts that cannot be entered, or have not answered yet. */
export function closedPlaces({ scope, stop }: Asking, { troubles, awaited }: ReachSoFar): PlaceCover[] {
  return [
    ...troubles.map(({ account, trouble }) => coverFor(account, 'failed', trouble)),
    ...awaited.map((account) =>
      stop.signal.aborted ? coverFor(account, 'failed', lateFor(stop)) : coverFor(account, 'waiting'),
    ),
  ].filter(({ account }) => account === '*' || isIn(scope, account));
}

/** Why no place fits the scope. */
export function nowhere({ account, region }: Scope, { places }: ReachSoFar): string {
  if (account !== undefined && !places.some((place) => place.account === account)) {
    return `${account} is not an account that Trailbot can ask; add it under accounts with a reader_role`;
  }
  if (places.length === 0) return 'there is no account and region to ask; check accounts and history.regions';
  return region === undefined
    ? 'what was asked for lies in no account that Trailbot can ask; add the account with a reader_role'
    : `${region} is not among the regions that Trailbot asks; check its name, or history.regions`;
}

export function idOf({ account, region }: Place): string {
  return `${account}|${region}`;
}

function isIn(scope: Scope, account: string): boolean {
  return (scope.account ?? account) === account;
}

function lateFor(stop: Stop): Trouble | undefined {
  const trouble = stop.trouble();
  return trouble && { ...trouble, what: `${trouble.what} before its regions were known` };
}

/** An account of which no place is known. */
function coverFor(account: string, state: PlaceCover['state'], trouble?: Trouble): PlaceCover {
  return { account, region: '*', state, requests: 0, events: 0, throttled: 0, trouble };
}
