import type { Log } from '../kernel/log.ts';
import { type Clock, HOUR, MINUTE, type Millis } from '../kernel/time.ts';
import type { Trouble } from '../questions/coverage.ts';
import { LookupTrouble } from './cloud-history.ts';

/** Who knows what accounts are called. */
export interface AccountSource {
  /** Twelve digits → name, of closed and suspended accounts too. Throws LookupTrouble. */
  names(signal: AbortSignal): Promise<ReadonlyMap<string, string>>;
}

/** How the names of accounts stand, for status and doctor. */
export interface AccountNamesState {
  /** How many accounts have a name from there. */
  readonly known: number;
  /** When they were read last; `undefined`: never yet. */
  readonly readAt: Millis | undefined;
  /** Why the last reading failed; the names from before stay in use. */
  readonly trouble: Trouble | undefined;
}

/** What accounts are called, remembered; nobody waits for it. */
export interface AccountNames {
  known(): ReadonlyMap<string, string>;
  state(): AccountNamesState;
  /** Reads again; says how long the names are good for. Never rejects because of AWS. */
  refresh(signal: AbortSignal): Promise<Millis>;
}

const NAMES_LAST: Millis = 6 * HOUR;
/** People who mend a permission wait for its effect; AWS does not mind a request in so long. */
const TRY_AGAIN: Millis = 15 * MINUTE;

export function createAccountNames(tools: { source: AccountSource; clock: Clock; log: Log }): AccountNames {
  const { source, clock, log } = tools;
  let known: ReadonlyMap<string, string> = new Map();
  let readAt: Millis | undefined;
  let trouble: Trouble | undefined;

  function fail(error: unknown): Millis {
    if (!(error instanceof LookupTrouble)) throw error;
    // Said once, however often it is tried.
    if (error.trouble.what !== trouble?.what && error.trouble.kind !== 'cancelled') {
      const { what, remedy } = error.trouble;
      log.warn({ error, remedy }, `accounts are shown by their ids: ${what}; ${remedy}`);
    }
    trouble = error.trouble;
    return TRY_AGAIN;
  }

  return {
    known: () => known,
    state: () => ({ known: known.size, readAt, trouble }),
    async refresh(signal) {
      try {
        known = await source.names(signal);
      } catch (error) {
        return fail(error);
      }
      if (trouble) log.info({ accounts: known.size }, 'the names of the accounts can be read again');
      trouble = undefined;
      readAt = clock.now();
      return NAMES_LAST;
    },
  };
}
