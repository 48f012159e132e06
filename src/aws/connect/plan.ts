import type { Trouble } from '../../questions/coverage.ts';
import { LookupTrouble, type Place } from '../../work/cloud-history.ts';
import { isDefaultRegion } from '../default-regions.ts';
import type { AccountRegions } from '../regions.ts';
import type { Memory } from '../remember.ts';
import type { Control } from './control.ts';
import { inParallel } from './in-parallel.ts';
import { type ConnectOptions, hintsFor, specOf } from './options.ts';
import { accountsLetIn } from './permissions.ts';
import { comparePlace, type FoundPlace, readPlace } from './place.ts';
import type { FoundQueue } from './queues.ts';
import type { Differences, Foreign, Step } from './step.ts';
import {
  busArn,
  NOTHING,
  type Site,
  type WantedPlace,
  wantedHome,
  wantedPermissions,
  wantedSpoke,
} from './wanted.ts';

/** What is to be done so that everything is as it should be. */
export interface Plan {
  readonly home: Place;
  /** Done first, one after the other: without it the others have nowhere to send to. */
  readonly before: readonly Step[];
  /** By place, side by side. */
  readonly places: readonly (readonly Step[])[];
  /** Done last, and only when all else is done. */
  readonly after: readonly Step[];
  readonly foreign: readonly Foreign[];
  /** Where nothing could be looked at. `*`: the whole account. */
  readonly troubles: readonly (Place & { readonly trouble: Trouble })[];
  readonly hints: readonly string[];
  /** The connection as it is, where there is one. */
  readonly connection: FoundPlace['connection'];
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

export function allSteps({ before, places, after }: Plan): Step[] {
  return [...before, ...places.flat(), ...after];
}

/** `wanted: 'nothing'`: everything that was made is to go. Throws LookupTrouble when the home place cannot be read. */
export async function planConnection(
  surroundings: Surroundings,
  wanted: 'everything' | 'nothing',
): Promise<Plan> {
  const { control, options, regions } = surroundings;
  const { account, partition } = await control.accounts.home();
  const home: Site = { account, partition, region: options.region };
  const found = await readPlace(control, home, options.name);
  const connected = [...new Set([account, ...options.accounts])];
  const former = accountsLetIn(found.permissions, options.name).filter((one) => !connected.includes(one));
  const others = connected.filter((one) => one !== account);
  const atHome =
    wanted === 'nothing'
      ? NOTHING
      : wantedHome(home, specOf(options), wantedPermissions(options.name, options.organization, others));
  const spokes = await Promise.all(
    [...connected, ...former].map(async (one) => {
      const isWanted =
        wanted === 'everything' && (one === account ? isNamed(options, one) : connected.includes(one));
      return spokesOf(options, home, one, await regions.get(one), isWanted);
    }),
  );
  return assemble(surroundings, { home, found, atHome, keepFull: wanted === 'everything' }, spokes.flat());
}

function isNamed({ accounts, ownToo }: ConnectOptions, home: string): boolean {
  return ownToo || accounts.includes(home);
}

interface Spoke {
  readonly site: Site;
  readonly wanted: WantedPlace;
  readonly trouble: Trouble | undefined;
}

/** Every region of an account is looked at, since something may be there from before. */
function spokesOf(
  options: ConnectOptions,
  home: Site,
  account: string,
  { regions: enabled, trouble }: AccountRegions,
  isWanted: boolean,
): Spoke[] {
  const listed = options.regions === 'enabled' ? enabled : options.regions;
  const chosen = isWanted ? listed : [];
  if (enabled.length === 0) return [lost(home, account, '*', trouble)];
  const known = trouble === undefined;
  const all = [...new Set([...chosen, ...enabled])].filter(
    (region) => account !== home.account || region !== home.region,
  );
  const spokes = all.map((region) => {
    if (known && !enabled.includes(region)) return lost(home, account, region, regionOff(region));
    const site = { account, region, partition: home.partition };
    const wanted = chosen.includes(region) ? wantedSpoke(site, specOf(options), busArn(home)) : NOTHING;
    return { site, wanted, trouble: undefined };
  });
  // Regions that are listed in the configuration need not be told by AWS.
  return known || options.regions !== 'enabled' ? spokes : [...spokes, lost(home, account, '*', trouble)];
}

function lost({ partition }: Site, account: string, region: string, trouble: Trouble | undefined): Spoke {
  const none = { kind: 'refused', what: 'it has no regions', remedy: 'look into the account' } as const;
  return { site: { account, region, partition }, wanted: NOTHING, trouble: trouble ?? none };
}

function regionOff(region: string): Trouble {
  const what = isDefaultRegion(region)
    ? 'the region is not known in that account'
    : 'the region is off in that account';
  return { kind: 'region off', what, remedy: 'enable it there, or leave it out of aws.regions' };
}

interface Core {
  readonly home: Site;
  readonly found: FoundPlace;
  readonly atHome: WantedPlace;
  readonly keepFull: boolean;
}

async function assemble(
  { control, options, hear }: Surroundings,
  { home, found, atHome, keepFull }: Core,
  spokes: readonly Spoke[],
): Promise<Plan> {
  const aim = { name: options.name, key: options.keys[0], keepFull };
  const troubles: { account: string; region: string; trouble: Trouble }[] = [];
  const compared: Differences[] = [];
  const read = [{ site: home, found }];
  const all = spokes.filter(({ trouble }) => trouble === undefined);
  let done = 1;
  const looked = await inParallel(all, AT_ONCE, async ({ site, wanted }) => {
    try {
      const there = await readPlace(control, site, options.name);
      read.push({ site, found: there });
      return comparePlace(site, wanted, there, aim);
    } catch (error) {
      if (!(error instanceof LookupTrouble) || control.signal.aborted) throw error;
      troubles.push({ ...placeOf(site), trouble: error.trouble });
      return undefined;
    } finally {
      done += 1;
      hear?.(done, all.length + 1);
    }
  });
  for (const one of looked) if (one) compared.push(one);
  for (const { site, trouble } of spokes) if (trouble) troubles.push({ ...placeOf(site), trouble });
  const core = comparePlace(home, atHome, found, aim);
  const isBlocked = core.foreign.length > 0;
  return {
    home: placeOf(home),
    before: core.makes,
    places: compared
      .map(({ makes, removes }) => [...(isBlocked ? [] : makes), ...removes])
      .filter((steps) => steps.length > 0),
    after: core.removes,
    foreign: [core, ...compared].flatMap(({ foreign }) => foreign),
    troubles: troubles.map((one) => ({ ...one, trouble: inThisSetting(one.trouble) })),
    hints: keepFull ? hintsFor(options, home) : [],
    connection: found.connection,
    givenUp: read.flatMap(({ site, found: { queues } }) => deadLettersIn(placeOf(site), queues)),
    looked: compared.length + 1,
  };
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
