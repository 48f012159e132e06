import type { Trouble } from '../../questions/coverage.ts';
import { LookupTrouble, type Place } from '../../work/cloud-history.ts';
import type { AccountRegions } from '../regions.ts';
import type { Memory } from '../remember.ts';
import type { FoundConnection } from './connection.ts';
import type { Control } from './control.ts';
import { hintsForKey, hintsForOrganization, isFormerHome, keptPermissions, sayKept } from './former-home.ts';
import { inParallel } from './in-parallel.ts';
import { type ConnectOptions, hintsFor, specOf } from './options.ts';
import { accountsLetIn } from './permissions.ts';
import { comparePlace, type FoundPlace, readPlace } from './place.ts';
import type { FoundQueue } from './queues.ts';
import { otherNamesAt } from './rules.ts';
import { type Spoke, spokesOf } from './spokes.ts';
import { type Differences, type Foreign, type Step, together } from './step.ts';
import { NOTHING, type Site, type WantedPlace, wantedHome, wantedPermissions } from './wanted.ts';

/** What is to be done so that everything is as it should be. */
export interface Plan {
  readonly home: Place;
  /** Done first, one after the other: without it the others have nowhere to send to. */
  readonly before: readonly Step[];
  /** By place, side by side. */
  readonly places: readonly (readonly Step[])[];
  /** Done last, and only when all else is done: what another place may still need until then. */
  readonly after: readonly Step[];
  /** Not done by this plan: places that could not be looked at may still send their events there. */
  readonly held: readonly Step[];
  readonly foreign: readonly Foreign[];
  /** Where nothing could be looked at. `*`: the whole account. */
  readonly troubles: readonly (Place & { readonly trouble: Trouble })[];
  readonly hints: readonly string[];
  /** The connection as it is, where there is one. */
  readonly connection: FoundPlace['connection'];
  /** Those of former homes that this plan leaves as they are: what they hold is posted with their own key. */
  readonly formerConnections: readonly FoundConnection[];
  /** Events that EventBridge has given up: what lies in the dead-letter queues. */
  readonly givenUp: readonly (Place & { readonly queue: string; readonly messages: number })[];
  /** How many places were looked at. */
  readonly looked: number;
}

export interface Surroundings {
  readonly control: Control;
  readonly options: ConnectOptions;
  /** The enabled regions of each account. */
  readonly regions: Memory<AccountRegions>;
  /** Hears how many of the places were looked at. */
  readonly hear?: ((done: number, all: number) => void) | undefined;
}

/** Places that are looked at or changed at the same time. */
export const AT_ONCE = 8;

/** All that this plan does. */
export function allSteps({ before, places, after }: Plan): Step[] {
  return [...before, ...places.flat(), ...after];
}

type Wanted = 'everything' | 'nothing';

/** `wanted: 'nothing'`: everything that was made is to go. Throws LookupTrouble when the home place cannot be read. */
export async function planConnection(surroundings: Surroundings, wanted: Wanted): Promise<Plan> {
  const { control, options, regions } = surroundings;
  const { account, partition } = await control.accounts.home();
  const home: Site = { account, partition, region: options.region };
  const found = await readPlace(control, home, options.name);
  const connected = [...new Set([account, ...options.accounts])];
  const spokesIn = async (accounts: readonly string[]): Promise<Spoke[]> => {
    const spokes = await inParallel(accounts, AT_ONCE, async (one) => {
      const named = one === account ? isNamed(options, one) : connected.includes(one);
      return spokesOf(options, home, one, await regions.get(one), wanted === 'everything' && named);
    });
    return spokes.flat();
  };
  const lookAt = lookerOf(surroundings);
  const known = new Set([...connected, ...accountsLetIn(found.permissions, options.name)]);
  const first = await lookAt(await spokesIn([...known]));
  // A home of before knows accounts that the new one has never heard of.
  const more = first.places.flatMap((one) => accountsLetIn(one.found.permissions, options.name));
  const second = await lookAt(await spokesIn([...new Set(more)].filter((one) => !known.has(one))));
  const others = connected.filter((one) => one !== account);
  const atHome =
    wanted === 'nothing'
      ? NOTHING
      : wantedHome(home, specOf(options), wantedPermissions(options.name, options.organization, others));
  const otherNames = wanted === 'everything' ? await otherNamesAt(control, home, options.name) : [];
  return assemble(options, wanted, {
    otherNames,
    home: { site: home, wanted: atHome, found },
    spokes: [...first.places, ...second.places],
    troubles: [...first.troubles, ...second.troubles],
  });
}

function isNamed({ accounts, ownToo }: ConnectOptions, home: string): boolean {
  return ownToo || accounts.includes(home);
}

interface LookedAt {
  readonly site: Site;
  readonly wanted: WantedPlace;
  readonly found: FoundPlace;
}

interface Look {
  readonly places: readonly LookedAt[];
  readonly troubles: Plan['troubles'];
}

/** Looks at places; those that cannot be looked at are told. */
function lookerOf({ control, options, hear }: Surroundings): (spokes: readonly Spoke[]) => Promise<Look> {
  // The home place was looked at before all others.
  let done = 1;
  let all = 1;
  return async (spokes) => {
    const within = spokes.filter(({ trouble }) => trouble === undefined);
    all += within.length;
    const troubles = spokes.flatMap(({ site, trouble }) => (trouble ? [{ ...placeOf(site), trouble }] : []));
    const places: LookedAt[] = [];
    await inParallel(within, AT_ONCE, async ({ site, wanted }) => {
      try {
        places.push({ site, wanted, found: await readPlace(control, site, options.name) });
      } catch (error) {
        if (!(error instanceof LookupTrouble) || control.signal.aborted) throw error;
        troubles.push({ ...placeOf(site), trouble: error.trouble });
      } finally {
        done += 1;
        hear?.(done, all);
      }
    });
    const inOrder = (one: LookedAt): number => within.findIndex(({ site }) => site === one.site);
    return { places: places.sort((a, b) => inOrder(a) - inOrder(b)), troubles };
  };
}

interface Seen {
  readonly otherNames: readonly string[];
  readonly home: LookedAt;
  readonly spokes: readonly LookedAt[];
  readonly troubles: Plan['troubles'];
}

function assemble(options: ConnectOptions, wanted: Wanted, seen: Seen): Plan {
  const { home, spokes, troubles } = seen;
  const { name, keys } = options;
  const keepFull = wanted === 'everything';
  const unseen = new Set(troubles.map(({ account }) => account));
  const looked = [home, ...spokes];
  const kept = looked.flatMap((one) => keptPermissions(one, name, unseen));
  const compare = (one: LookedAt): Differences => {
    const { site, wanted: aim, found } = one;
    // A former home waits as a whole, so that nothing of it has to be kept by itself.
    const keeps = keepFull && one !== home ? [] : kept.map(({ statement }) => statement);
    const permissions = found.permissions.filter((statement) => !keeps.includes(statement));
    return comparePlace(site, aim, { ...found, permissions }, { name, key: keys[0], keepFull });
  };
  const core = compare(home);
  const former = spokes.filter(({ found }) => isFormerHome(found, name));
  const compared = spokes.filter((one) => !former.includes(one)).map(compare);
  const moved = together(former.map(compare));
  const foreign = [core, ...compared, moved].flatMap((one) => one.foreign);
  const isBlocked = core.foreign.length > 0;
  const leaving = [...(isBlocked ? [] : moved.makes), ...moved.removes];
  // Who takes everything away wants no events any more, and accounts that are closed must not keep the rest.
  const waits = keepFull && troubles.length + foreign.length > 0;
  const formerConnections = waits ? former.flatMap(({ found }) => found.connection ?? []) : [];
  const letIn = looked.flatMap(({ found }) => found.permissions);
  return {
    home: placeOf(home.site),
    before: core.makes,
    places: compared
      .map(({ makes, removes }) => [...(isBlocked ? [] : makes), ...removes])
      .filter((steps) => steps.length > 0),
    after: [...(waits ? [] : leaving), ...core.removes],
    held: waits ? leaving : [],
    foreign,
    troubles: troubles.map((one) => ({ ...one, trouble: inThisSetting(one.trouble) })),
    hints: [
      ...(keepFull ? hintsFor(options, home.site) : []),
      ...seen.otherNames.map(sayOtherName),
      ...kept.map(sayKept),
      ...hintsForOrganization(letIn, name, { organization: options.organization, all: !keepFull }),
      ...hintsForKey(formerConnections, keys[0]),
    ],
    connection: home.found.connection,
    formerConnections,
    givenUp: looked.flatMap(({ site, found: { queues } }) => deadLettersIn(placeOf(site), queues)),
    looked: looked.length,
  };
}

function sayOtherName(name: string): string {
  return `something called ${name}-… is here, too: if this is the same bot and aws.name was ${name} before, run "trailbot aws destroy" with aws.name ${name} first, since every event comes twice otherwise.`;
}

function deadLettersIn(place: Place, queues: readonly FoundQueue[]): Plan['givenUp'] {
  return queues.flatMap(({ name, attributes }) => {
    const messages = Number(attributes.ApproximateNumberOfMessages ?? 0);
    return name.endsWith('-dead-letters') && messages > 0 ? [{ ...place, queue: name, messages }] : [];
  });
}

function placeOf({ account, region }: Site): Place {
  return { account, region };
}

/** Remedies are written for questions; here another key of the configuration is meant. */
function inThisSetting(trouble: Trouble): Trouble {
  return { ...trouble, remedy: trouble.remedy.replaceAll('history.regions', 'aws.regions') };
}
