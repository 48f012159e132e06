import { LookupTrouble } from '../cloud-history.ts';
import type { Chain } from './report.ts';
import type { Period, Trail, Trails } from './trails.ts';

/** What is to be verified; everything that is not named. */
export interface Wanted {
  /** Name or ARN of a trail. */
  readonly trail?: string | undefined;
  /** Twelve digits each: where the events happened. */
  readonly accounts?: readonly string[] | undefined;
  /** Where the events happened. */
  readonly regions?: readonly string[] | undefined;
  /** Whether log files that no digest names are counted. */
  readonly unreferenced?: boolean | undefined;
  readonly period: Period;
}

export function isWanted({ trail }: Wanted, { arn, name }: Trail): boolean {
  return trail === undefined || trail === arn || trail === name;
}

/** The chains of a trail, by account and region. Throws LookupTrouble. */
export async function chainsOf(
  trails: Trails,
  trail: Trail,
  { accounts, regions }: Wanted,
  signal: AbortSignal,
): Promise<Chain[]> {
  const organization = trail.ofOrganization ? await trails.organization(trail, signal) : undefined;
  const all =
    organization === undefined
      ? [trail.account]
      : (accounts ?? (await membersOf(trails, trail, organization, signal)));
  const chains: Chain[] = [];
  for (const account of all) {
    if (accounts?.includes(account) === false) continue;
    const enabled = trail.everyRegion ? (regions ?? (await trails.regions(account))) : [trail.homeRegion];
    for (const region of enabled) {
      if (regions?.includes(region) === false) continue;
      const { name, homeRegion, prefix } = trail;
      chains.push({ trail, source: { prefix, organization, account, region, trail: name, homeRegion } });
    }
  }
  return chains;
}

/** Every account that has a folder in the bucket, and those that tell of the trail. */
async function membersOf(
  trails: Trails,
  { bucket, prefix, seenBy, ...trail }: Trail,
  organization: string,
  signal: AbortSignal,
): Promise<string[]> {
  const members = new Set(seenBy);
  const folder = [...(prefix === undefined ? [] : [prefix]), 'AWSLogs', organization, ''].join('/');
  const files = trails.files({ bucket, prefix, seenBy, ...trail });
  let after: string | undefined;
  // One request for each account: its first file tells of it, and the next question begins behind its last.
  for (let more = true; more; ) {
    more = false;
    for await (const { key } of files.list({ bucket, prefix: folder, after }, signal)) {
      const [name = ''] = key.slice(folder.length).split('/');
      if (/^\d{12}$/.test(name)) members.add(name);
      after = `${folder}${name}/\u{10ffff}`;
      more = true;
      break;
    }
  }
  return [...members].sort();
}

export function noSuchTrail(wanted: string, known: readonly Trail[]): LookupTrouble {
  const names = [...new Set(known.map(({ name }) => name))];
  const remedy =
    names.length > 0
      ? `name one of these: ${names.join(', ')}`
      : 'name an account under accounts that has one';
  return new LookupTrouble({ kind: 'refused', what: `no trail ${wanted} was found`, remedy });
}
