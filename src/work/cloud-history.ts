import type { CloudTrailRecord } from '../cloudtrail/record.ts';
import type { Trouble } from '../questions/coverage.ts';
import type { KeyOwner } from '../questions/material.ts';
import type { Attribute, Period } from '../questions/question.ts';

/** One account in one region. */
export interface Place {
  readonly account: string;
  readonly region: string;
}

/** One question to one place. Source: CloudTrail API, `LookupEvents`. */
export interface Lookup {
  readonly place: Place;
  /** At most one; none reads everything. */
  readonly attribute: Attribute | undefined;
  readonly period: Period;
}

/** What one request brought. */
export interface LookupPage {
  /** Newest first. */
  readonly records: readonly CloudTrailRecord[];
  /** Events that could not be read, each with the reason. */
  readonly unreadable: readonly string[];
  /** How often AWS turned this page's request away before it answered. */
  readonly throttled: number;
}

/** Where questions can be asked, and the accounts that cannot be entered. */
export interface Reach {
  readonly places: readonly Place[];
  readonly troubles: readonly { readonly account: string; readonly trouble: Trouble }[];
  /** The account of the bot's own credentials. */
  readonly home: string | undefined;
}

/** AWS's own memory of what happened. Failures that a person must know of are thrown as `LookupTrouble`. */
export interface CloudHistory {
  /** All enabled regions of all configured accounts; remembered for a while. Never throws. */
  reach(signal: AbortSignal): Promise<Reach>;
  /**
   * Page by page, within the rate that the place allows, until the end or until `signal` aborts (then it just
   * ends). Throws LookupTrouble.
   */
  lookup(lookup: Lookup, signal: AbortSignal): AsyncIterable<LookupPage>;
  /** Throws LookupTrouble; `undefined` when IAM there does not know the key. */
  keyOwner(keyId: string, account: string, signal: AbortSignal): Promise<KeyOwner | undefined>;
  /** The account that a key belongs to, whoever owns it. Throws LookupTrouble. */
  keyAccount(keyId: string, signal: AbortSignal): Promise<string | undefined>;
}

/** A failure of AWS in words that an answer can show. */
export class LookupTrouble extends Error {
  override readonly name = 'LookupTrouble';
  readonly trouble: Trouble;

  constructor(trouble: Trouble, cause?: unknown) {
    super(trouble.what, { cause });
    this.trouble = trouble;
  }
}
