import type { JsonObject } from '../../kernel/json.ts';
import { sayUtc } from '../../kernel/time.ts';
import type { Trouble } from '../../questions/coverage.ts';
import { sayCount } from '../../questions/lines.ts';
import { allSweeps, forgetSweep, openSweep, type SweepKind, writeSweep } from '../../store/gaps.ts';
import { type Gap, markReported, unreportedGap } from '../../store/gaps-late.ts';
import type { CloudHistory, Place, Reach } from '../cloud-history.ts';
import { takeOwnEvent } from './own-event.ts';
import { type SweepTools, sweepPlace } from './sweep-place.ts';

/** What a run of the sweep goes over. */
export interface SweepPlan {
  readonly history: CloudHistory;
  /** Accounts whose events are sent to the bot; all that can be entered where none are named. */
  readonly accounts: readonly string[] | undefined;
  readonly regions: 'enabled' | readonly string[];
  /** Whether EventBridge should have delivered a record. */
  readonly expected: (body: JsonObject) => boolean;
  /** In the order in which they are asked for. */
  readonly kinds: readonly SweepKind[];
  /** Requests at one place in one run. */
  readonly budget: number;
  readonly signal: AbortSignal;
}

/** So many places are read at the same time. */
const AT_ONCE = 8;

/**
 * Compares AWS's event history with what arrived, in every connected place, takes in what is missing and reports it,
 * one event for each place. What could not be compared is noted with the reason. Never throws because of AWS.
 */
export async function sweepPlaces(tools: SweepTools, plan: SweepPlan): Promise<void> {
  const reach = await plan.history.reach(plan.signal);
  if (plan.signal.aborted) return;
  const places = reach.places.filter((place) => isConnected(place, plan));
  await noteUnreached(tools, unreached(reach, plan));
  await forgetOthers(tools, plan, reach);
  const waiting = [...places];
  const work = async (): Promise<void> => {
    for (let place = waiting.shift(); place && !plan.signal.aborted; place = waiting.shift()) {
      await sweepOne(tools, plan, place);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

function isConnected({ account, region }: Place, { accounts, regions }: SweepPlan): boolean {
  return (accounts?.includes(account) ?? true) && (regions === 'enabled' || regions.includes(region));
}

async function sweepOne(tools: SweepTools, plan: SweepPlan, place: Place): Promise<void> {
  const budget = { left: plan.budget };
  try {
    for (const kind of plan.kinds) await sweepPlace(tools, { ...plan, place, budget }, kind);
  } finally {
    await reportGap(tools, place);
  }
}

interface Unreached extends Place {
  readonly trouble: Trouble;
}

/** Accounts that cannot be entered, and regions that were to be connected and cannot be asked. */
function unreached({ places, troubles }: Reach, plan: SweepPlan): Unreached[] {
  const closed = troubles
    .filter(({ account }) => account === '*' || (plan.accounts?.includes(account) ?? true))
    .map(({ account, trouble }) => ({ account, region: '*', trouble }));
  const accounts = [...new Set(places.map(({ account }) => account))];
  const wanted = plan.regions === 'enabled' ? [] : plan.regions;
  const off = accounts.flatMap((account) =>
    wanted
      .filter((region) => !places.some((place) => place.account === account && place.region === region))
      .map((region) => ({ account, region, trouble: REGION_OFF }))
      .filter((place) => isConnected(place, plan)),
  );
  return [...closed, ...off];
}

const REGION_OFF: Trouble = {
  kind: 'region off',
  what: 'not enabled in the account, or not among history.regions',
  remedy: 'enable the region, or make aws.regions and history.regions agree',
};

async function noteUnreached({ db, clock }: SweepTools, unreached: readonly Unreached[]): Promise<void> {
  for (const { trouble, ...place } of unreached) {
    const sweep = await openSweep(db, { ...place, kind: 'changes' }, clock.now());
    await writeSweep(db, { ...sweep, sweptAt: clock.now(), trouble: JSON.stringify(trouble) });
  }
}

/** What is connected no more, or can be entered again, is no news. An account that is closed now stays known. */
async function forgetOthers({ db }: SweepTools, plan: SweepPlan, reach: Reach): Promise<void> {
  const closed = unreached(reach, plan);
  const same = (one: Place, other: Place): boolean =>
    one.account === other.account && one.region === other.region;
  for (const sweep of await allSweeps(db)) {
    const isThere = reach.places.some((place) => same(place, sweep)) && isConnected(sweep, plan);
    const isClosed = closed.some(
      (one) => same(one, sweep) || (one.region === '*' && [sweep.account, '*'].includes(one.account)),
    );
    const wanted = sweep.region === '*' ? closed.some((one) => same(one, sweep)) : isThere || isClosed;
    if (!wanted || !plan.kinds.includes(sweep.kind)) await forgetSweep(db, sweep);
  }
}

/** Reports what was missing in a place, once. What a crash left unreported goes with the next. */
async function reportGap({ db, intake, clock }: SweepTools, place: Place): Promise<void> {
  const now = clock.now();
  const gap = await unreportedGap(db, place, now);
  if (!gap) return;
  const id = `${place.account}-${place.region}-${gap.foundAt}`;
  await takeOwnEvent(intake, { name: 'GapFound', id, at: now, ...place, details: detailsOf(gap) }, now);
  await markReported(db, place, now);
}

function detailsOf({ missing, matched, from, to, names }: Gap): JsonObject {
  return {
    missing,
    matched,
    said: sayCount(missing, 'event'),
    from: sayUtc(from),
    to: sayUtc(to),
    names: names.map(({ name, count }) => `${name} (${count})`).join(', '),
    rules: matched === 0 ? 'no rule is true for them' : `a rule is true for ${matched} of them`,
  };
}
