import type { Millis } from '../../kernel/time.ts';
import type { Coverage, PlaceCover } from '../../questions/coverage.ts';
import { sayCount } from '../../questions/lines.ts';
import { type Attribute, EVENT_HISTORY_DAYS } from '../../questions/question.ts';
import { historyBegins, type Place, type ReachSoFar } from '../cloud-history.ts';
import { createFollower, type Follower, troubleOf } from './ask-follow.ts';
import { coverOf, leftFor, type Strand } from './ask-place.ts';
import { closedPlaces, idOf, inOrder, layOut, NOTHING_REACHED, nowhere } from './ask-reach.ts';
import type { Asking } from './ask-state.ts';

/** LookupEvents in every place that the scope allows, and how far each has come. */
export interface Places {
  /** Asks all of them at the same time, those of each account as soon as they are known. Never rejects. */
  run(): Promise<void>;
  /** What is asked, and where, as far as that is known. */
  asked(): readonly (Place & { readonly lookups: readonly (Attribute | undefined)[] })[];
  coverage(): Coverage['lookup'];
  readonly unreadable: Follower['unreadable'];
  /** A guess, never beyond the deadline; `undefined` when there is nothing to guess from. */
  left(): Millis | undefined;
}

export function createPlaces(asking: Asking): Places {
  const { clock, stop } = asking;
  const startedAt = clock.now();
  let endedAt: Millis | undefined;
  let off = offFor(asking);
  let reached = NOTHING_REACHED;
  let strands: Strand[] = [];
  const { follow, unreadable } = createFollower(asking);
  const underWay: Promise<void>[] = [];

  function begin(soFar: ReachSoFar): void {
    if (endedAt !== undefined) return;
    const fresh = layOut(asking, soFar, reached);
    reached = soFar;
    strands = inOrder([...strands, ...fresh], soFar);
    underWay.push(...fresh.map(follow));
    if (covers().length > 0) asking.changed();
  }

  function covers(): PlaceCover[] {
    return withTurnedAway([...coverOf(strands), ...closedPlaces(asking, reached)]);
  }

  return {
    async run() {
      if (off === undefined) {
        await findPlaces(asking, begin);
        if (covers().length === 0) off = whyNone(asking, reached);
      }
      await Promise.all(underWay);
      endedAt = clock.now();
    },
    asked: () => placesOf(strands),
    coverage: () =>
      off === undefined ? { places: covers(), took: (endedAt ?? clock.now()) - startedAt } : { off },
    unreadable,
    left() {
      const left = longest(strands.map((strand) => leftFor(strand, asking, clock.now())));
      return left === undefined ? undefined : Math.min(left, stop.left());
    },
  };
}

/** Why AWS is not asked at all. */
function offFor({ history, clock, scope }: Asking): string | undefined {
  if ('off' in history) return history.off;
  return scope.period.to < historyBegins(clock.now())
    ? `older than the ${EVENT_HISTORY_DAYS} days of CloudTrail’s event history`
    : undefined;
}

/** Calls `begin` as more and more is known. Never rejects. */
async function findPlaces(asking: Asking, begin: (soFar: ReachSoFar) => void): Promise<void> {
  const { history, stop, scope, log } = asking;
  if ('off' in history) return;
  try {
    const reach = history.reach(stop.signal, { account: scope.account, hear: begin });
    const all = await stop.before(reach);
    if (all) begin({ ...all, awaited: [] });
  } catch (error) {
    begin({ ...NOTHING_REACHED, troubles: [{ account: '*', trouble: troubleOf(error, log) }] });
  }
}

function whyNone({ stop, scope }: Asking, reached: ReachSoFar): string {
  return stop.signal.aborted
    ? `${stop.trouble()?.what ?? 'stopped'} before the accounts and regions were known`
    : nowhere(scope, reached);
}

/** Of those that ran out of time, how much AWS had to do with it: of all together, so that they read as one. */
function withTurnedAway(places: readonly PlaceCover[]): PlaceCover[] {
  const isLate = ({ trouble, throttled }: PlaceCover) => trouble?.kind === 'out of time' && throttled > 0;
  const count = places.filter(isLate).reduce((sum, { throttled }) => sum + throttled, 0);
  const why = `throttled: AWS turned away ${sayCount(count, 'request')}`;
  return places.map((place) =>
    place.trouble && isLate(place)
      ? { ...place, trouble: { ...place.trouble, what: `${place.trouble.what} (${why})` } }
      : place,
  );
}

function placesOf(strands: readonly Strand[]): ReturnType<Places['asked']> {
  const places = new Map<string, Place & { lookups: (Attribute | undefined)[] }>();
  for (const { place, attribute } of strands) {
    const known = places.get(idOf(place)) ?? { ...place, lookups: [] };
    known.lookups.push(attribute);
    places.set(idOf(place), known);
  }
  return [...places.values()];
}

/** Nobody knows while the slowest may be one that nothing is known of. */
function longest(left: readonly (Millis | undefined)[]): Millis | undefined {
  const known = left.filter((one) => one !== undefined);
  return left.length === 0 || known.length < left.length ? undefined : Math.max(...known);
}
