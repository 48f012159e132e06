import type { Millis } from '../../kernel/time.ts';
import type { Trouble } from '../../questions/coverage.ts';
import type { Place } from '../cloud-history.ts';
import type { TrailFiles } from '../trail-files.ts';

/** A trail as CloudTrail describes it. */
export interface Trail {
  readonly arn: string;
  readonly name: string;
  /** Twelve digits: whose trail it is; of an organization, the one that made it. */
  readonly account: string;
  readonly homeRegion: string;
  readonly bucket: string;
  readonly prefix: string | undefined;
  readonly ofOrganization: boolean;
  readonly everyRegion: boolean;
  /** Whether CloudTrail writes digests for it at the moment. */
  readonly validated: boolean;
  /** The accounts that can be entered and tell of it, its own first: their credentials read the files. */
  readonly seenBy: readonly string[];
}

/** How a trail does in one region. Source: CloudTrail API reference, `GetTrailStatus`. */
export interface TrailState {
  readonly logging: boolean;
  readonly startedAt: Millis | undefined;
  readonly stoppedAt: Millis | undefined;
  readonly digestAt: Millis | undefined;
  /** S3's error code for the last digest that could not be delivered. */
  readonly digestError: string | undefined;
}

/** A key that CloudTrail has signed digests with. */
export interface PublicKey {
  readonly fingerprint: string;
  /** DER. */
  readonly value: Uint8Array;
}

/** An account that is in an organization and neither suspended nor closed. */
export interface Member {
  /** Twelve digits. */
  readonly account: string;
  readonly joinedAt: Millis | undefined;
}

export interface Period {
  readonly from: Millis;
  readonly to: Millis;
}

/** What CloudTrail says of trails. Failures that a person must know of are thrown as `LookupTrouble`. */
export interface Trails {
  /** Those of all accounts that can be entered, each once, and who does not tell. Throws LookupTrouble. */
  all(signal: AbortSignal): Promise<{
    readonly trails: readonly Trail[];
    readonly troubles: readonly { readonly place: string; readonly trouble: Trouble }[];
  }>;
  /** The regions that are enabled in the account; those of the bot's own account where it cannot be entered. */
  regions(account: string): Promise<readonly string[]>;
  /** Throws LookupTrouble. */
  state(trail: Trail, region: string, signal: AbortSignal): Promise<TrailState>;
  /** Keys in use at any time of the period; each region has its own. Throws LookupTrouble. */
  publicKeys(place: Place, period: Period, signal: AbortSignal): Promise<readonly PublicKey[]>;
  /** `o-…`. Throws LookupTrouble. */
  organization(trail: Trail, signal: AbortSignal): Promise<string>;
  /** Of the organization of the trail, as far as its account may list them. Throws LookupTrouble. */
  members(trail: Trail, signal: AbortSignal): Promise<readonly Member[]>;
  /** The files of the trail, read with the first of these accounts' credentials that may. */
  files(trail: Trail): TrailFiles;
}
