import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { IAMClient } from '@aws-sdk/client-iam';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { Random } from '../../kernel/random.ts';
import type { Clock } from '../../kernel/time.ts';
import { LookupTrouble } from '../../work/cloud-history.ts';
import type { Accounts } from '../accounts.ts';
import type { Clients } from '../clients.ts';
import { patiently } from '../patience.ts';
import type { Site } from './wanted.ts';

/** How AWS is reached while things are looked at and changed. */
export interface Control {
  readonly accounts: Accounts;
  readonly clients: Clients;
  readonly clock: Clock;
  readonly random: Random;
  /** Ends everything that is under way. */
  readonly signal: AbortSignal;
}

/** About a minute: control planes take few requests a second, and a new role is not known everywhere at once. */
const MOST_TRIES = 8;

/** Calls AWS at a place, again while that may help. Throws LookupTrouble. */
export function call<T>(
  { clock, signal }: Control,
  { region }: Site,
  action: string,
  send: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  return patiently(clock, { action, region }, signal, send, MOST_TRIES);
}

/** AWS's names for what is not there. */
const MISSING = /^(ResourceNotFoundException|NoSuchEntity(Exception)?|QueueDoesNotExist|.*NonExistentQueue)$/;

/** `undefined` when AWS says that there is no such thing. Throws LookupTrouble. */
export async function unlessMissing<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (isNamed(error, MISSING)) return undefined;
    throw error;
  }
}

const EXISTS = /^(ResourceAlreadyExistsException|EntityAlreadyExists(Exception)?)$/;

/** True when it was made; false when it is there already, as after an answer that was lost. Throws LookupTrouble. */
export async function unlessThere(work: Promise<unknown>): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    if (isNamed(error, EXISTS)) return false;
    throw error;
  }
}

/** Whether AWS called its error so. */
function isNamed(error: unknown, names: RegExp): boolean {
  const { cause } = error instanceof LookupTrouble ? error : {};
  return cause instanceof Error && names.test(cause.name);
}

export function eventsAt({ clients, accounts }: Control, site: Site): EventBridgeClient {
  return clients.eventBridge(site, accounts.credentials(site.account));
}

export function queuesAt({ clients, accounts }: Control, site: Site): SQSClient {
  return clients.sqs(site, accounts.credentials(site.account));
}

export function rolesAt({ clients, accounts }: Control, { account, partition }: Site): IAMClient {
  return clients.iam(account, partition, accounts.credentials(account));
}
