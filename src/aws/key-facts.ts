import { GetAccessKeyLastUsedCommand } from '@aws-sdk/client-iam';
import { GetAccessKeyInfoCommand } from '@aws-sdk/client-sts';
import type { Clock } from '../kernel/time.ts';
import type { KeyOwner } from '../questions/material.ts';
import { LookupTrouble } from '../work/cloud-history.ts';
import type { Accounts } from './accounts.ts';
import type { Clients } from './clients.ts';
import { patiently } from './patience.ts';

interface KeyTools {
  readonly accounts: Accounts;
  readonly clients: Clients;
  readonly clock: Clock;
}

/**
 * Whose key it is and when it was last used; `undefined` when IAM there does not know it. Throws LookupTrouble.
 * Source: IAM API, `GetAccessKeyLastUsed`.
 */
export async function readKeyOwner(
  { accounts, clients, clock }: KeyTools,
  keyId: string,
  account: string,
  signal: AbortSignal,
): Promise<KeyOwner | undefined> {
  const { partition } = await accounts.home();
  const client = clients.iam(account, partition, accounts.credentials(account));
  const request = new GetAccessKeyLastUsedCommand({ AccessKeyId: keyId });
  const said = await unlessUnknown(
    patiently(clock, { action: 'iam:GetAccessKeyLastUsed' }, signal, (abortSignal) =>
      client.send(request, { abortSignal }),
    ),
  );
  if (said === undefined) return undefined;
  const { LastUsedDate: at, ServiceName: service, Region: region } = said.AccessKeyLastUsed ?? {};
  return {
    userName: said.UserName || undefined,
    // A key that was never used has no date, and "N/A" for the rest.
    lastUsed: at && { at: at.getTime(), service: service ?? 'N/A', region: region ?? 'N/A' },
  };
}

/** The account that owns a key, whichever it is. Throws LookupTrouble. Source: STS API, `GetAccessKeyInfo`. */
export async function readKeyAccount(
  { accounts, clients, clock }: KeyTools,
  keyId: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const said = await unlessUnknown(
    patiently(clock, { action: 'sts:GetAccessKeyInfo' }, signal, async (abortSignal) => {
      const sts = await clients.sts(accounts.own);
      return sts.send(new GetAccessKeyInfoCommand({ AccessKeyId: keyId }), { abortSignal });
    }),
  );
  return said?.Account || undefined;
}

/** AWS's ways of saying that there is no such key: `NoSuchEntity` in IAM, a refused value in STS. */
const UNKNOWN_KEY = /^(NoSuchEntity(Exception)?|ValidationError|InvalidInput)$/;

async function unlessUnknown<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    const { cause } = error instanceof LookupTrouble ? error : {};
    if (cause instanceof Error && UNKNOWN_KEY.test(cause.name)) return undefined;
    throw error;
  }
}
