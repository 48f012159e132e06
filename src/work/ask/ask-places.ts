import type { CloudTrailRecord } from '../../cloudtrail/record.ts';
import type { Log } from '../../kernel/log.ts';
import { sayError } from '../../kernel/problem.ts';
import type { Clock, Millis } from '../../kernel/time.ts';
import type { Coverage, PlaceCover, Trouble } from '../../questions/coverage.ts';
import type { Attribute, Period, Scope } from '../../questions/question.ts';
import {
  type CloudHistory,
  type LookupPage,
  LookupTrouble,
  type Place,
  type Reach,
} from '../cloud-history.ts';
import { breakOff, coverOf, leftFor, type Strand, strandOf, takePage } from './ask-place.ts';
import type { Stop } from './ask-stop.ts';

/** What the places are asked with. */
export interface Asking {
  readonly history: CloudHistory | { readonly off: string };
  readonly clock: Clock;
  readonly log: Log;
  readonly stop: Stop;
  readonly scope: Scope;
  readonly lookups: (account: string) => readonly (Attribute | undefined)[];
  /** Calls before this are not wanted any more. */
  readonly cutAt?: () => Millis | undefined;
  readonly found: (records: readonly CloudTrailRecord[]) => void;
  readonly changed: () => void;
}

/** LookupEvents in every place that the scope allows, and how far each has come. */
export interface Places {
  /** Finds out what will be asked and where, and asks nothing. Never rejects. */
  prepare(): Promise<void>;
  /** Asks all of them at the same time. Never rejects. */
  run(): Promise<void>;
  /** The accounts and regions that there are, all of them; `undefined` when AWS is not asked. */
  readonly reach: Promise<Reach | undefined>;
  /** What will be asked, and where, once that is known. */
  asked(): readonly (Place & { readonly lookups: readonly (Attribute | undefined)[] })[];
  coverage(): Coverage['lookup'];
  /** Events that AWS gave and nobody can read, with the reason of the first. */
  unreadable(): { readonly count: number; readonly reason: string | undefined };
  /** A guess; `undefined` when there is nothing to guess from. */
  left(): Millis | undefined;
}

export function createPlaces(asking: Asking): Places {
  const { history, clock, stop, scope } = asking;
  const startedAt = clock.now();
  let endedAt: Millis | undefined;
  let off = 'off' in history ? history.off : undefined;
  let strands: Strand[] = [];
  let closed: PlaceCover[] = [];
  const unreadable: { count: number; reason: string | undefined } = { count: 0, reason: undefined };
  const reach = findReach(asking);

  async function prepare(): Promise<void> {
    const reached = await reach;
    if (reached) ({ strands, closed, off } = layOut(asking, reached));
    else off ??= `${stop.trouble()?.what ?? 'stopped'} before the accounts and regions were known`;
  }

  async function run(): Promise<void> {
    await prepare();
    if (strands.length > 0) asking.changed();
    await Promise.all(strands.map(follow));
    endedAt = clock.now();
  }

  async function follow(strand: Strand): Promise<void> {
    if ('off' in history) return;
    strand.state = 'running';
    strand.startedAt = clock.now();
    try {
      const lookup = { place: strand.place, attribute: strand.attribute, period: scope.period };
      await read(strand, history.lookup(lookup, stop.signal)[Symbol.asyncIterator]());
    } catch (error) {
      breakOff(strand, stop.trouble() ?? troubleOf(error, asking.log));
    }
    asking.changed();
  }

  async function read(strand: Strand, pages: AsyncIterator<LookupPage>) {
    for (;;) {
      const next = await stop.before(pages.next());
      // A history that was stopped just ends: that is not the end of what there is.
      if (stop.signal.aborted && (!next || next.done)) return breakOff(strand, stop.trouble());
      if (!next || next.done) {
        strand.state = 'done';
        return;
      }
      take(strand, next.value);
      const cutAt = asking.cutAt?.();
      if (cutAt === undefined || strand.readBackTo === undefined || strand.readBackTo > cutAt) continue;
      await pages.return?.();
      return breakOff(strand, undefined);
    }
  }

  function take(strand: Strand, page: LookupPage): void {
    takePage(strand, page);
    unreadable.count += page.unreadable.length;
    unreadable.reason ??= page.unreadable[0];
    asking.found(page.records);
    asking.changed();
  }

  return {
    prepare,
    run,
    reach,
    asked: () => placesOf(strands),
    coverage: () =>
      off === undefined
        ? { places: [...coverOf(strands), ...closed], took: (endedAt ?? clock.now()) - startedAt }
        : { off },
    unreadable: () => unreadable,
    left: () => longest(strands, scope.period, clock.now()),
  };
}

/** What of AWS's places the question is about. */
function layOut({ scope, lookups }: Asking, { places, troubles }: Reach) {
  const closed = troubles
    .filter(({ account }) => account === '*' || (scope.account ?? account) === account)
    .map(closedPlace);
  const strands = places
    .filter(({ region }) => (scope.region ?? region) === region)
    .flatMap((place) => lookups(place.account).map((attribute) => strandOf(place, attribute)));
  return { strands, closed, off: strands.length + closed.length === 0 ? nowhere(scope, places) : undefined };
}

async function findReach({ history, stop, log }: Asking): Promise<Reach | undefined> {
  if ('off' in history) return undefined;
  try {
    return await stop.before(history.reach(stop.signal));
  } catch (error) {
    return { places: [], troubles: [{ account: '*', trouble: troubleOf(error, log) }], home: undefined };
  }
}

function troubleOf(error: unknown, log: Log): Trouble {
  if (error instanceof LookupTrouble) return error.trouble;
  log.error({ error }, 'a lookup failed in an unknown way');
  return {
    kind: 'refused',
    what: `failed unexpectedly (${sayError(error).slice(0, 200)})`,
    remedy: 'look into the log of the bot',
  };
}

function closedPlace({ account, trouble }: { account: string; trouble: Trouble }): PlaceCover {
  return { account, region: '*', state: 'failed', requests: 0, events: 0, throttled: 0, trouble };
}

/** Why no place fits the scope. */
function nowhere({ account, region }: Scope, places: readonly Place[]): string {
  if (places.length === 0) return 'there is no account and region to ask; check accounts and history.regions';
  if (account !== undefined && !places.some((place) => place.account === account)) {
    return `${account} is not an account that Trailbot can ask; add it under accounts with a reader_role`;
  }
  return region === undefined
    ? 'what was asked for lies in no account that Trailbot can ask; add the account with a reader_role'
    : `${region} is not among the regions that Trailbot asks; check its name, or history.regions`;
}

function placesOf(strands: readonly Strand[]): ReturnType<Places['asked']> {
  const places = new Map<string, Place & { lookups: (Attribute | undefined)[] }>();
  for (const { place, attribute } of strands) {
    const id = `${place.account}|${place.region}`;
    const known = places.get(id) ?? { ...place, lookups: [] };
    known.lookups.push(attribute);
    places.set(id, known);
  }
  return [...places.values()];
}

function longest(strands: readonly Strand[], period: Period, now: Millis): Millis | undefined {
  const known = strands.map((strand) => leftFor(strand, period, now)).filter((left) => left !== undefined);
  const open = strands.some(({ state }) => state === 'running' || state === 'waiting');
  const guesses = known.filter((left) => left > 0);
  return guesses.length === 0 ? (open || strands.length === 0 ? undefined : 0) : Math.max(...guesses);
}
