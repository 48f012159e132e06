import type { Trouble } from '../../questions/coverage.ts';
import { isDefaultRegion } from '../default-regions.ts';
import type { AccountRegions } from '../regions.ts';
import { type ConnectOptions, specOf } from './options.ts';
import { busArn, NOTHING, type Site, type WantedPlace, wantedSpoke } from './wanted.ts';

/** Another place than home, and what should be there. */
export interface Spoke {
  readonly site: Site;
  readonly wanted: WantedPlace;
  /** Why it cannot be looked at. */
  readonly trouble: Trouble | undefined;
}

/** Every region of an account is looked at, since something may be there from before. */
export function spokesOf(
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
