import { ListRegionsCommand } from '@aws-sdk/client-account';
import type { Log } from '../kernel/log.ts';
import { type Clock, HOUR, MINUTE, type Millis, SECOND } from '../kernel/time.ts';
import type { Trouble } from '../questions/coverage.ts';
import { LookupTrouble } from '../work/cloud-history.ts';
import type { Accounts } from './accounts.ts';
import type { Clients } from './clients.ts';
import { defaultRegions } from './default-regions.ts';
import { patiently, within } from './patience.ts';
import { type Lasting, type Memory, remember } from './remember.ts';

/** The regions of an account to ask, and what is wrong with the list. */
export interface AccountRegions {
  readonly regions: readonly string[];
  readonly trouble: Trouble | undefined;
}

interface RegionTools {
  readonly accounts: Accounts;
  readonly clients: Clients;
  readonly configured: 'enabled' | readonly string[];
  readonly clock: Clock;
  readonly log: Log;
  readonly closing: AbortSignal;
}

const LISTING = { action: 'account:ListRegions' };
const ENABLED = ['ENABLED', 'ENABLED_BY_DEFAULT'] as const;
/** Nobody waits longer for one account: first for its reader role, then for the list. */
const LIMIT: Millis = 5 * SECOND;
/** Where nothing else can be said about a region without asking it. */
const WITHOUT_LIST: ReadonlySet<Trouble['kind']> = new Set(['denied', 'refused', 'unreachable', 'throttled']);

/**
 * Enabled regions by account. An account that cannot be entered has none and says why; one that does not tell its
 * regions has those that every account has. Rejects when the bot's own account is not known.
 */
export function createRegions(tools: RegionTools): Memory<AccountRegions> {
  return remember(tools.clock, (account) => regionsOf(tools, account));
}

async function regionsOf(tools: RegionTools, account: string): Promise<Lasting<AccountRegions>> {
  const { accounts, clock, closing, configured } = tools;
  const failed = clock.now() + MINUTE;
  try {
    const entering = { action: 'sts:AssumeRole' };
    await within(clock, LIMIT, entering, closing, () => accounts.credentials(account)());
  } catch (error) {
    return { value: { regions: [], trouble: troubleOf(error) }, until: failed };
  }
  if (configured !== 'enabled') {
    return { value: { regions: configured, trouble: undefined }, until: clock.now() + HOUR };
  }
  try {
    const regions = await within(clock, LIMIT, LISTING, closing, (signal) => list(tools, account, signal));
    return { value: { regions, trouble: undefined }, until: clock.now() + HOUR };
  } catch (error) {
    const { partition } = await accounts.home();
    const trouble = troubleOf(error);
    const regions = WITHOUT_LIST.has(trouble.kind) ? defaultRegions(partition) : [];
    tools.log.warn({ account, error }, 'the regions of the account could not be listed');
    return { value: { regions, trouble: incomplete(trouble, regions) }, until: failed };
  }
}

async function list(
  { accounts, clients, clock }: RegionTools,
  account: string,
  signal: AbortSignal,
): Promise<string[]> {
  const { partition } = await accounts.home();
  const client = clients.account(account, partition, accounts.credentials(account));
  const regions: string[] = [];
  let token: string | undefined;
  do {
    const request = new ListRegionsCommand({
      RegionOptStatusContains: [...ENABLED],
      MaxResults: 50,
      NextToken: token,
    });
    const page = await patiently(clock, LISTING, signal, (abortSignal) =>
      client.send(request, { abortSignal }),
    );
    for (const { RegionName: name } of page.Regions ?? []) if (name) regions.push(name);
    token = page.NextToken;
  } while (token);
  return regions;
}

function incomplete(trouble: Trouble, regions: readonly string[]): Trouble {
  if (regions.length === 0) return trouble;
  return {
    ...trouble,
    what: `${trouble.what}, so only the ${regions.length} regions that every account has were asked`,
    remedy: `${trouble.remedy}, or list the regions in history.regions`,
  };
}

function troubleOf(error: unknown): Trouble {
  if (error instanceof LookupTrouble) return error.trouble;
  throw error;
}
