import { PutEventsCommand, type PutEventsCommandOutput } from '@aws-sdk/client-eventbridge';
import { CANARY_DETAIL_TYPE, CANARY_SOURCE, type Canary, canaryDetail } from '../cloudtrail/canary.ts';
import type { Log } from '../kernel/log.ts';
import { type Clock, dateOf, type Millis } from '../kernel/time.ts';
import type { CanarySender } from '../work/canary.ts';
import { LookupTrouble, type Place, type Reach } from '../work/cloud-history.ts';
import { createAccounts } from './accounts.ts';
import { type Credentials, createClients } from './clients.ts';
import { patiently, unlessAborted } from './patience.ts';
import { createRegions } from './regions.ts';

interface CanaryOptions {
  /** Twelve digits → the role to enter it by: a name, or an ARN. The bot's own account needs none. */
  readonly accounts: ReadonlyMap<string, { readonly readerRole?: string | undefined }>;
  /** The accounts that are connected; all of them unless said. */
  readonly only: readonly string[] | undefined;
  readonly regions: 'enabled' | readonly string[];
  /** Where all events are sent: it always has a canary. */
  readonly homeRegion: string;
  /** Takes the place of the address of every service. */
  readonly endpoint?: string | undefined;
  /** Instead of what the SDK finds in environment, profile and metadata service. */
  readonly credentials?: Credentials | undefined;
  readonly clock: Clock;
  readonly log: Log;
}

const ACTION = 'events:PutEvents';

/**
 * Puts canaries on the default bus of each connected account and region. Source: EventBridge API reference, `PutEvents`.
 */
export function createCanarySender(options: CanaryOptions): CanarySender & { close(): void } {
  const { clock, log, homeRegion } = options;
  const closing = new AbortController();
  const clients = createClients(options.endpoint, homeRegion);
  const shared = { clients, clock, log, closing: closing.signal };
  const accounts = createAccounts({ ...shared, roles: options.accounts, given: options.credentials });
  const regions = createRegions({ ...shared, accounts, configured: options.regions });

  const isConnected = (account: string): boolean => options.only?.includes(account) ?? true;

  async function reach(): Promise<Reach> {
    const { account: home } = await accounts.home();
    const all = await accounts.all();
    const found = await Promise.all(
      all.map(async (account) => ({ account, ...(await regions.get(account)) })),
    );
    const places = found.flatMap(({ account, regions: names }) =>
      isConnected(account) ? names.map((region) => ({ account, region })) : [],
    );
    const known = places.some(({ account, region }) => account === home && region === homeRegion);
    return {
      places: known ? places : [{ account: home, region: homeRegion }, ...places],
      troubles: found.flatMap(({ account, trouble }) => (trouble ? [{ account, trouble }] : [])),
      home,
    };
  }

  async function put(canary: Canary, sentAt: Millis, stop: AbortSignal): Promise<void> {
    const place: Place = canary;
    const credentials = accounts.credentials(place.account);
    // First, since a role that is being assumed would not stop with this.
    await unlessAborted(credentials(), stop);
    const entry = {
      Source: CANARY_SOURCE,
      DetailType: CANARY_DETAIL_TYPE,
      Detail: JSON.stringify(canaryDetail(canary, sentAt)),
      Time: dateOf(sentAt),
    };
    const asked = { action: ACTION, region: place.region, setting: 'aws.regions' };
    await patiently(clock, asked, stop, async (abortSignal) => {
      const client = clients.eventBridge(place, credentials);
      const answer = await client.send(new PutEventsCommand({ Entries: [entry] }), { abortSignal });
      refuseFailed(answer);
    });
  }

  const untilClosed = (signal: AbortSignal): AbortSignal => AbortSignal.any([signal, closing.signal]);
  return {
    async places(signal) {
      try {
        return await unlessAborted(reach(), untilClosed(signal));
      } catch (error) {
        if (!(error instanceof LookupTrouble)) throw error;
        return { places: [], troubles: [{ account: '*', trouble: error.trouble }], home: undefined };
      }
    },
    async send(canary, sentAt, signal) {
      const stop = untilClosed(signal);
      try {
        await put(canary, sentAt, stop);
      } catch (error) {
        if (!(error instanceof LookupTrouble) || error.trouble.kind !== 'expired') throw error;
        await accounts.renew(canary.account);
        await put(canary, sentAt, stop);
      }
    },
    close() {
      closing.abort();
      clients.close();
    },
  };
}

/** An answer of status 200 may say that the event was not taken, with the name of an error. */
function refuseFailed(answer: PutEventsCommandOutput): void {
  const failed = answer.Entries?.find(({ ErrorCode: code }) => code !== undefined);
  if (!failed && !answer.FailedEntryCount) return;
  const error = new Error(failed?.ErrorMessage ?? 'EventBridge did not take the event');
  error.name = failed?.ErrorCode ?? 'InternalFailure';
  throw error;
}
