import { ListAccountAliasesCommand } from '@aws-sdk/client-iam';
import { type Account, ListAccountsCommand } from '@aws-sdk/client-organizations';
import type { Log } from '../kernel/log.ts';
import type { Clock } from '../kernel/time.ts';
import type { AccountSource } from '../work/account-names.ts';
import { LookupTrouble } from '../work/cloud-history.ts';
import { type Accounts, createAccounts } from './accounts.ts';
import { type Clients, type Credentials, createClients } from './clients.ts';
import { patiently } from './patience.ts';

export interface OrganizationOptions {
  /** A region of the partition in use. */
  readonly region?: string | undefined;
  /** Takes the place of the address of every service. */
  readonly endpoint?: string | undefined;
  /** Instead of what the SDK finds in environment, profile and metadata service. */
  readonly credentials?: Credentials | undefined;
  readonly clock: Clock;
  readonly log: Log;
}

interface Tools {
  readonly accounts: Accounts;
  readonly clients: Clients;
  readonly clock: Clock;
}

/**
 * The names of the accounts of the organization that the bot's own account is in. AWS lists them to the management
 * account and to delegated administrators alone. Nothing is asked before the first `names`.
 */
export function createOrganization(options: OrganizationOptions): AccountSource & { close(): void } {
  const { clock, log } = options;
  const closing = new AbortController();
  const clients = createClients(options.endpoint, options.region);
  const accounts = createAccounts({
    clients,
    clock,
    log,
    closing: closing.signal,
    roles: new Map(),
    given: options.credentials,
  });
  const tools: Tools = { accounts, clients, clock };
  return {
    async names(signal) {
      const either = AbortSignal.any([signal, closing.signal]);
      const names = await listNames(tools, either);
      const { account } = await accounts.home();
      if (names.has(account)) return names;
      const alias = await aliasOf(tools, either);
      return alias === undefined ? names : new Map([...names, [account, alias]]);
    },
    close() {
      closing.abort();
      clients.close();
    },
  };
}

/** The most that AWS gives at once. Source: Organizations API reference, `ListAccounts`. */
const PAGE = 20;
/** An organization has 50,000 accounts at most, and pages may be empty. */
const MOST_PAGES = 10_000;
const LISTING = { action: 'organizations:ListAccounts' };

/** Pages may be empty; only the missing token ends the list. */
async function listNames(tools: Tools, signal: AbortSignal): Promise<Map<string, string>> {
  const names = new Map<string, string>();
  let token: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const answer = await listPage(tools, token, signal);
    for (const account of answer.Accounts ?? []) add(names, account);
    if (!answer.NextToken || answer.NextToken === token) break;
    token = answer.NextToken;
  }
  return names;
}

async function listPage({ accounts, clients, clock }: Tools, token: string | undefined, signal: AbortSignal) {
  const { account, partition } = await accounts.home();
  const client = clients.organizations(account, partition, accounts.own);
  const request = new ListAccountsCommand({ MaxResults: PAGE, NextToken: token });
  try {
    return await patiently(clock, LISTING, signal, (abortSignal) => client.send(request, { abortSignal }));
  } catch (error) {
    throw withWay(error);
  }
}

/** Whatever its state: what happened in a closed account is read by name, too. */
function add(names: Map<string, string>, { Id: id, Name: name }: Account): void {
  if (id !== undefined && name !== undefined && name.trim() !== '') names.set(id, name.trim());
}

/** A permission alone is not enough: not every account may list the others. */
function withWay(error: unknown): unknown {
  if (!(error instanceof LookupTrouble) || error.trouble.kind !== 'denied') return error;
  const way =
    'run the bot in the organization’s management account or in a delegated administrator’s; or name the accounts under accounts and set organization.names to false';
  return new LookupTrouble({ ...error.trouble, remedy: `${error.trouble.remedy}, and ${way}` }, error);
}

/** What the bot's own account calls itself, when no organization names it. */
async function aliasOf(
  { accounts, clients, clock }: Tools,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { account, partition } = await accounts.home();
  const client = clients.iam(account, partition, accounts.own);
  const asked = { action: 'iam:ListAccountAliases' };
  try {
    const said = await patiently(clock, asked, signal, (abortSignal) =>
      client.send(new ListAccountAliasesCommand({}), { abortSignal }),
    );
    return said.AccountAliases?.[0];
  } catch (error) {
    if (error instanceof LookupTrouble) return undefined;
    throw error;
  }
}
