import type { Log } from '../kernel/log.ts';
import { type Clock, type Millis, SECOND } from '../kernel/time.ts';
import { type CloudHistory, LookupTrouble, type Reach } from '../work/cloud-history.ts';
import { createAccounts } from './accounts.ts';
import { type Credentials, createClients } from './clients.ts';
import { readKeyAccount, readKeyOwner } from './key-facts.ts';
import { lookupEvents } from './lookup-events.ts';
import { createPaces } from './pace.ts';
import { unlessAborted } from './patience.ts';
import { createRegions } from './regions.ts';

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
  readonly rate?: { readonly requests: number; readonly per: Millis } | undefined;
}

/** Source: AWS CloudTrail user guide, "Quotas in AWS CloudTrail": two a second, by account and region. */
const AWS_RATE = { requests: 2, per: SECOND };

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
  const paceOf = createPaces(clock, options.rate ?? AWS_RATE);
  const untilClosed = (signal: AbortSignal): AbortSignal => AbortSignal.any([signal, closing.signal]);

  async function reach(): Promise<Reach> {
    const { account: home } = await accounts.home();
    const found = await Promise.all(
      (await accounts.all()).map(async (account) => ({ account, ...(await regions.get(account)) })),
    );
    return {
      places: found.flatMap(({ account, regions: names }) => names.map((region) => ({ account, region }))),
      troubles: found.flatMap(({ account, trouble }) => (trouble ? [{ account, trouble }] : [])),
      home,
    };
  }

  return {
    async reach(signal) {
      try {
        return await unlessAborted(reach(), untilClosed(signal));
      } catch (error) {
        return nowhere(error);
      }
    },
    lookup: (lookup, signal) =>
      lookupEvents({ accounts, clients, paceOf, clock, log }, lookup, untilClosed(signal)),
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

/** Without the bot's own account there is no way into any other. */
function nowhere(error: unknown): Reach {
  const trouble =
    error instanceof LookupTrouble
      ? error.trouble
      : ({ kind: 'refused', what: String(error), remedy: 'look into the log of the bot' } as const);
  return { places: [], troubles: [{ account: '*', trouble }], home: undefined };
}
