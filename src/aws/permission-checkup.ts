import { LookupTrouble } from '../work/cloud-history.ts';
import type { Checkup, Diagnosis } from '../work/doctor/checkup.ts';
import { createAccounts } from './accounts.ts';
import { type Clients, createClients } from './clients.ts';
import { inParallel } from './connect/in-parallel.ts';
import { outcomeOf } from './permission-outcome.ts';
import { sayPermissions } from './permission-text.ts';
import { type PermissionOptions, type TrialTools, trialsIn } from './permission-trials.ts';

/** Accounts, and within each of them requests, at the same time: IAM takes few a second. */
const ACCOUNTS_AT_ONCE = 8;
const TRIALS_AT_ONCE = 4;

/**
 * Whether the bot may do what "trailbot aws policy" says, by trying each action once in each account with what changes
 * nothing. What is refused in other regions alone, plan, sweep and canaries meet there.
 */
export function permissionCheckup(options: PermissionOptions): Checkup {
  return {
    area: 'aws',
    check: 'aws-permissions',
    async look(signal) {
      const made = new Map<string, Clients>();
      // Clients remember by whose credentials they ask, and a queue of another account is asked by the bot's own.
      const clientsFor = (account: string): Clients => {
        const clients = made.get(account) ?? createClients(options.endpoint, options.region);
        made.set(account, clients);
        return clients;
      };
      try {
        return await lookEverywhere(options, clientsFor, signal);
      } finally {
        for (const clients of made.values()) clients.close();
      }
    },
  };
}

async function lookEverywhere(
  options: PermissionOptions,
  clientsFor: (account: string) => Clients,
  signal: AbortSignal,
): Promise<Diagnosis[]> {
  const { clock, log, readers: roles, credentials: given } = options;
  const accounts = createAccounts({ clients: clientsFor('*'), clock, log, closing: signal, roles, given });
  const all = await accounts.all().catch(unlessTrouble);
  // Without any credentials nothing can be tried, and the check before this one says so.
  if (!all) return [];
  const home = await accounts.home();
  const tools = { options, accounts, clientsFor, home, signal };
  return inParallel(all, ACCOUNTS_AT_ONCE, (account) => lookIn(tools, account));
}

function unlessTrouble(error: unknown): undefined {
  if (error instanceof LookupTrouble) return undefined;
  throw error;
}

async function lookIn(tools: TrialTools, account: string): Promise<Diagnosis> {
  const { options, accounts, home } = tools;
  const isHome = account === home.account;
  const site = { account, partition: home.partition, region: regionFor(options, isHome) };
  const where = { site, home: home.account };
  const entering = { action: 'sts:AssumeRole', on: undefined };
  const entered = await outcomeOf(accounts.credentials(account)());
  if (entered.kind !== 'allowed') return sayPermissions(where, [{ ...entering, outcome: entered }]);
  const trials = await trialsIn(tools, site, isHome);
  const tried = await inParallel(trials, TRIALS_AT_ONCE, async ({ action, on, take }) => ({
    action,
    on,
    outcome: await take(),
  }));
  return sayPermissions(where, isHome ? tried : [{ ...entering, outcome: entered }, ...tried]);
}

/** IAM's policies hold in all regions, so that one of them is enough. */
function regionFor({ region, regions }: PermissionOptions, isHome: boolean): string {
  if (isHome || regions === 'enabled' || regions.includes(region)) return region;
  return regions[0] ?? region;
}
