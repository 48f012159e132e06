import {
  type Trail as AwsTrail,
  type CloudTrailClient,
  DescribeTrailsCommand,
  GetTrailStatusCommand,
  type GetTrailStatusCommandOutput,
  ListPublicKeysCommand,
} from '@aws-sdk/client-cloudtrail';
import {
  type Account,
  DescribeOrganizationCommand,
  ListAccountsCommand,
} from '@aws-sdk/client-organizations';
import { parseArn } from '../cloudtrail/arn.ts';
import { dateOf } from '../kernel/time.ts';
import { LookupTrouble, type Place } from '../work/cloud-history.ts';
import type { Member, Period, PublicKey, Trail, TrailState, Trails } from '../work/verify/trails.ts';
import { type Accounts, createAccounts } from './accounts.ts';
import type { ByteBudget } from './byte-budget.ts';
import { createClients } from './clients.ts';
import type { AwsOptions } from './cloud-history.ts';
import { patiently } from './patience.ts';
import { createRegions } from './regions.ts';
import { createFileBudget, createTrailFiles } from './trail-files.ts';

interface TrailTools extends Pick<AwsOptions, 'clock'> {
  readonly accounts: Accounts;
  readonly clients: ReturnType<typeof createClients>;
  readonly budget: ByteBudget;
}

/** What CloudTrail, S3 and Organizations say of trails, through the AWS SDK. Nothing is asked before it is needed. */
export function createTrails(options: AwsOptions): Trails & { close(): void } {
  const { clock, log } = options;
  const closing = new AbortController();
  const clients = createClients(
    options.endpoint,
    options.regions === 'enabled' ? undefined : options.regions[0],
  );
  const shared = { clients, clock, log, closing: closing.signal };
  const accounts = createAccounts({ ...shared, roles: options.accounts, given: options.credentials });
  const regionsOf = createRegions({ ...shared, accounts, configured: options.regions });
  const tools: TrailTools = { accounts, clients, budget: createFileBudget(), clock };

  async function regions(account: string): Promise<readonly string[]> {
    const { regions: own } = await regionsOf.get(account);
    if (own.length > 0) return own;
    const { account: home } = await accounts.home();
    return (await regionsOf.get(home)).regions;
  }

  return {
    regions,
    async all(signal) {
      const known = await Promise.all(
        (await accounts.all()).map(async (account) => ({ account, ...(await regionsOf.get(account)) })),
      );
      const places = known.flatMap(({ account, regions: all }) => all.map((region) => ({ account, region })));
      const told = await Promise.all(places.map((place) => trailsAt(tools, place, signal)));
      return {
        trails: once(told.flatMap((one) => ('trails' in one ? one.trails : []))),
        troubles: [
          ...known.flatMap(({ account, trouble }) => (trouble ? [{ place: account, trouble }] : [])),
          ...told.flatMap((one) => ('trouble' in one ? [one] : [])),
        ],
      };
    },
    state: (trail, region, signal) => stateOf(tools, trail, region, signal),
    publicKeys: (place, period, signal) => publicKeys(tools, place, period, signal),
    async organization(trail, signal) {
      const client = await organizationsFor(tools, trail);
      const action = 'organizations:DescribeOrganization';
      const said = await patiently(clock, { action }, signal, (abortSignal) =>
        client.send(new DescribeOrganizationCommand({}), { abortSignal }),
      );
      return said.Organization?.Id ?? '';
    },
    members: (trail, signal) => membersOf(tools, trail, signal),
    files: ({ seenBy, homeRegion }) =>
      createTrailFiles(tools, {
        // The bot's own account may be the one that keeps the files of all others.
        accounts: async () => [...new Set([...seenBy, (await accounts.home()).account])],
        region: homeRegion,
      }),
    close() {
      closing.abort();
      clients.close();
    },
  };
}

type Told =
  | { readonly trails: Trail[] }
  | { readonly place: string; readonly trouble: LookupTrouble['trouble'] };

async function trailsAt(tools: TrailTools, place: Place, signal: AbortSignal): Promise<Told> {
  const asked = { action: 'cloudtrail:DescribeTrails', region: place.region };
  try {
    const said = await patiently(tools.clock, asked, signal, (abortSignal) =>
      clientAt(tools, place).send(new DescribeTrailsCommand({}), { abortSignal }),
    );
    return { trails: (said.trailList ?? []).flatMap((one) => trailOf(one, place.account) ?? []) };
  } catch (error) {
    if (!(error instanceof LookupTrouble)) throw error;
    return { place: `${place.account} in ${place.region}`, trouble: error.trouble };
  }
}

function clientAt({ clients, accounts }: TrailTools, place: Place): CloudTrailClient {
  return clients.cloudTrail(place, accounts.credentials(place.account));
}

function trailOf(said: AwsTrail, seenBy: string): Trail | undefined {
  const { TrailARN: arn, Name: name, S3BucketName: bucket, HomeRegion: homeRegion } = said;
  const account = parseArn(arn)?.account;
  if (!arn || !name || !bucket || !homeRegion || account === undefined) return undefined;
  return {
    arn,
    name,
    account,
    homeRegion,
    bucket,
    prefix: said.S3KeyPrefix || undefined,
    ofOrganization: said.IsOrganizationTrail ?? false,
    everyRegion: said.IsMultiRegionTrail ?? false,
    validated: said.LogFileValidationEnabled ?? false,
    seenBy: [seenBy],
  };
}

/** A trail is told of in each region and account that it is about. */
function once(trails: readonly Trail[]): Trail[] {
  const known = new Map<string, Trail>();
  for (const trail of trails) {
    const all = [...new Set([...(known.get(trail.arn)?.seenBy ?? []), ...trail.seenBy])];
    const own = all.filter((account) => account === trail.account);
    known.set(trail.arn, {
      ...trail,
      seenBy: [...own, ...all.filter((account) => account !== trail.account)],
    });
  }
  return [...known.values()];
}

async function stateOf(
  tools: TrailTools,
  { arn, account, seenBy: [asker = account] }: Trail,
  region: string,
  signal: AbortSignal,
): Promise<TrailState> {
  const asked = { action: 'cloudtrail:GetTrailStatus', region };
  const said: GetTrailStatusCommandOutput = await patiently(tools.clock, asked, signal, (abortSignal) =>
    clientAt(tools, { account: asker, region }).send(new GetTrailStatusCommand({ Name: arn }), {
      abortSignal,
    }),
  );
  return {
    logging: said.IsLogging ?? false,
    startedAt: said.StartLoggingTime?.getTime(),
    stoppedAt: said.StopLoggingTime?.getTime(),
    digestAt: said.LatestDigestDeliveryTime?.getTime(),
    digestError: said.LatestDigestDeliveryError || undefined,
  };
}

async function organizationsFor({ accounts, clients }: TrailTools, { account, seenBy }: Trail) {
  const [asker = account] = seenBy;
  const { partition } = await accounts.home();
  return clients.organizations(asker, partition, accounts.credentials(asker));
}

/** As the account of the trail, else as the bot's own, which may be a delegated administrator. */
async function membersOf(tools: TrailTools, trail: Trail, signal: AbortSignal): Promise<Member[]> {
  const { account: home, partition } = await tools.accounts.home();
  const [asker = trail.account] = trail.seenBy;
  try {
    return await membersFor(tools, { account: asker, partition }, signal);
  } catch (error) {
    const denied = error instanceof LookupTrouble && error.trouble.kind === 'denied';
    if (!denied || asker === home) throw error;
    return await membersFor(tools, { account: home, partition }, signal).catch(() => {
      throw error;
    });
  }
}

/** Pages may be empty; only the missing token ends the list. Source: Organizations API reference, `ListAccounts`. */
async function membersFor(
  tools: TrailTools,
  { account, partition }: { readonly account: string; readonly partition: string },
  signal: AbortSignal,
): Promise<Member[]> {
  const client = tools.clients.organizations(account, partition, tools.accounts.credentials(account));
  const members: Member[] = [];
  let token: string | undefined;
  do {
    const request = new ListAccountsCommand({ NextToken: token });
    const page = await patiently(tools.clock, LISTING, signal, (abortSignal) =>
      client.send(request, { abortSignal }),
    );
    members.push(...(page.Accounts ?? []).flatMap(memberOf));
    token = page.NextToken;
  } while (token);
  return members;
}

const LISTING = { action: 'organizations:ListAccounts' };

function memberOf({ Id: account, State: state, JoinedTimestamp: joined }: Account): Member[] {
  return account !== undefined && state === 'ACTIVE' ? [{ account, joinedAt: joined?.getTime() }] : [];
}

async function publicKeys(
  tools: TrailTools,
  place: Place,
  { from, to }: Period,
  signal: AbortSignal,
): Promise<PublicKey[]> {
  const asked = { action: 'cloudtrail:ListPublicKeys', region: place.region };
  const keys: PublicKey[] = [];
  let token: string | undefined;
  do {
    const request = new ListPublicKeysCommand({
      StartTime: dateOf(from),
      EndTime: dateOf(to),
      NextToken: token,
    });
    const page = await patiently(tools.clock, asked, signal, (abortSignal) =>
      clientAt(tools, place).send(request, { abortSignal }),
    );
    for (const { Fingerprint: fingerprint, Value: value } of page.PublicKeyList ?? []) {
      if (fingerprint && value) keys.push({ fingerprint, value });
    }
    token = page.NextToken;
  } while (token);
  return keys;
}
