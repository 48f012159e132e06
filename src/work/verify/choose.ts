import type { Trouble } from '../../questions/coverage.ts';
import { LookupTrouble } from '../cloud-history.ts';
import type { Chain } from './report.ts';
import type { Member, Period, Trail, Trails } from './trails.ts';

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

/** What is to be verified of one trail. */
export interface Chosen {
  /** By account and region. */
  readonly chains: readonly Chain[];
  /** Who is in the organization; `undefined` when that is not known, or the trail is of one account. */
  readonly members: readonly Member[] | undefined;
  /** Why nobody knows whether a member lacks all its files. */
  readonly trouble: Trouble | undefined;
}

/** Throws LookupTrouble. */
export async function chainsOf(
  trails: Trails,
  trail: Trail,
  { accounts, regions }: Wanted,
  signal: AbortSignal,
): Promise<Chosen> {
  const organization = trail.ofOrganization ? await trails.organization(trail, signal) : undefined;
  const listed = trail.ofOrganization ? await membersOf(trails, trail, signal) : undefined;
  const members = listed && 'members' in listed ? listed.members : undefined;
  const all =
    organization === undefined
      ? [trail.account]
      : (accounts ?? (await accountsOf(trails, trail, organization, members, signal)));
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
  // Who is named lacks digests or has them, whoever else is a member.
  const trouble = listed && 'trouble' in listed && !accounts ? listed.trouble : undefined;
  return { chains, members, trouble };
}

/** Not every account may list the others. */
async function membersOf(
  trails: Trails,
  trail: Trail,
  signal: AbortSignal,
): Promise<{ readonly members: readonly Member[] } | { readonly trouble: Trouble }> {
  try {
    return { members: await trails.members(trail, signal) };
  } catch (error) {
    if (!(error instanceof LookupTrouble)) throw error;
    const { kind, what, remedy } = error.trouble;
    return {
      trouble: {
        kind,
        what: `${what}, so that a member whose files are all gone would not be seen`,
        remedy: kind === 'denied' ? WHO_MAY_LIST : remedy,
      },
    };
  }
}

/** Source: Organizations API reference, `ListAccounts`. */
const WHO_MAY_LIST =
  'allow organizations:ListAccounts in the account of the trail, or run the bot in the management account or a delegated administrator’s';

/** Every account that has a folder in the bucket, those that tell of the trail, and those that are known to be members. */
async function accountsOf(
  trails: Trails,
  { bucket, prefix, seenBy, ...trail }: Trail,
  organization: string,
  known: readonly Member[] | undefined,
  signal: AbortSignal,
): Promise<string[]> {
  const members = new Set([...seenBy, ...(known ?? []).map(({ account }) => account)]);
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
