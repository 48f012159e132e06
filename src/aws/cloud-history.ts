import type { Log } from '../kernel/log.ts';
import type { Clock } from '../kernel/time.ts';
import { type CloudHistory, LookupTrouble, type Reach } from '../work/cloud-history.ts';
import { createAccounts } from './accounts.ts';
import { type Credentials, createClients } from './clients.ts';
import { readKeyAccount, readKeyOwner } from './key-facts.ts';
import { lookupEvents } from './lookup-events.ts';
import { createPaces, type Paces, type Rate } from './pace.ts';
import { unlessAborted } from './patience.ts';
import { type AccountRegions, createRegions } from './regions.ts';

export interface AwsOptions {
  /** Twelve digits → the role to enter it by: a name, or an ARN. The bot's own account needs none. */
  readonly accounts: ReadonlyMap<string, { readonly readerRole?: string | undefined }>;
  readonly regions: 'enabled' | readonly string[];
  /** Takes the place of the address of every service. */
  readonly endpoint?: string | undefined;
  /** Instead of what the SDK finds in environment, profile and metadata service. */
  readonly credentials?: Credentials | undefined;
  readonly clock: Clock;
  readonly log: Log;
  /** How often each account and region may be asked; two requests a second unless said otherwise. */
  readonly rate?: Rate | undefined;
  /** Shared by all that ask AWS in this process, and outliving a change of the configuration; `rate` is theirs then. */
  readonly paceOf?: Paces | undefined;
}

/**
 * CloudTrail's event history through the AWS SDK. Nothing is asked before the first question. What AWS said of
 * accounts and regions is remembered for an hour.
 */
export function createCloudHistory(options: AwsOptions): CloudHistory & { close(): void } {
  const { clock, log } = options;
  const closing = new AbortController();
  const hint = options.regions === 'enabled' ? undefined : options.regions[0];
  const clients = createClients(options.endpoint, hint);
  const shared = { clients, clock, log, closing: closing.signal };
  const accounts = createAccounts({ ...shared, roles: options.accounts, given: options.credentials });
  const regions = createRegions({ ...shared, accounts, configured: options.regions });
  const paceOf = options.paceOf ?? createPaces(clock, options.rate);
  const untilClosed = (signal: AbortSignal): AbortSignal => AbortSignal.any([signal, closing.signal]);

  async function reach(stop: AbortSignal, wanted: Parameters<CloudHistory['reach']>[1]): Promise<Reach> {
    const { account: home } = await accounts.home();
    const all = await accounts.all();
    const asked = all.filter((account) => (wanted?.account ?? account) === account);
    const known = new Map<string, AccountRegions>();
    const tell = (): void => {
      if (!stop.aborted) {
        const awaited = asked.filter((account) => !known.has(account));
        wanted?.hear?.({ ...reachOf(home, asked, known), awaited });
      }
    };
    tell();
    await Promise.all(
      asked.map(async (account) => {
        known.set(account, await regions.get(account));
        tell();
      }),
    );
    return reachOf(home, asked, known);
  }

  return {
    async reach(signal, wanted) {
      const stop = untilClosed(signal);
      try {
        return await unlessAborted(reach(stop, wanted), stop);
      } catch (error) {
        return nowhere(error);
      }
    },
    lookup: (lookup, signal) =>
      lookupEvents({ accounts, clients, paceOf, clock, log }, lookup, untilClosed(signal), signal),
    keyOwner: (keyId, account, signal) => {
      const stop = untilClosed(signal);
      return unlessAborted(readKeyOwner({ accounts, clients, clock }, keyId, account, stop), stop);
    },
    keyAccount: (keyId, signal) => {
      const stop = untilClosed(signal);
      return unlessAborted(readKeyAccount({ accounts, clients, clock }, keyId, stop), stop);
    },
    close() {
      closing.abort();
      clients.close();
    },
  };
}

/** In the order of the accounts, whichever answered first. */
function reachOf(
  home: string,
  accounts: readonly string[],
  known: ReadonlyMap<string, AccountRegions>,
): Reach {
  const found = accounts.flatMap((account) => {
    const regions = known.get(account);
    return regions ? [{ account, ...regions }] : [];
  });
  return {
    places: found.flatMap(({ account, regions }) => regions.map((region) => ({ account, region }))),
    troubles: found.flatMap(({ account, trouble }) => (trouble ? [{ account, trouble }] : [])),
    home,
  };
}

/** Without the bot's own account there is no way into any other. */
function nowhere(error: unknown): Reach {
  const trouble =
    error instanceof LookupTrouble
      ? error.trouble
      : ({ kind: 'refused', what: String(error), remedy: 'look into the log of the bot' } as const);
  return { places: [], troubles: [{ account: '*', trouble }], home: undefined };
}
