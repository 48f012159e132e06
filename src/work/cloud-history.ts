import type { CloudTrailRecord } from '../cloudtrail/record.ts';
import { DAY, MINUTE, type Millis } from '../kernel/time.ts';
import type { Trouble } from '../questions/coverage.ts';
import type { KeyOwner } from '../questions/material.ts';
import { type Attribute, EVENT_HISTORY_DAYS, type Period } from '../questions/question.ts';

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
  /** Hears of each request as it is sent, and of each that AWS turned away as too fast as that happens. */
  readonly hear?: ((what: 'sent' | 'turned away') => void) | undefined;
  /** Nobody waits for it: its requests come after those of questions. */
  readonly patient?: boolean;
}

/** What one request brought. */
export interface LookupPage {
  /** Newest first. */
  readonly records: readonly CloudTrailRecord[];
  /** Events that could not be read, each with the reason. */
  readonly unreadable: readonly string[];
}

/** Where questions can be asked, and the accounts that cannot be entered. */
export interface Reach {
  readonly places: readonly Place[];
  readonly troubles: readonly { readonly account: string; readonly trouble: Trouble }[];
  /** The account of the bot's own credentials. */
  readonly home: string | undefined;
}

/** What is known of the accounts while others have not answered yet. */
export interface ReachSoFar extends Reach {
  /** Accounts whose regions are not known yet. */
  readonly awaited: readonly string[];
}

interface Wanted {
  /** This one alone; all unless said. */
  readonly account?: string | undefined;
  /** Called at once, and again whenever an account is known, so that a slow one keeps no other waiting. */
  readonly hear?: (soFar: ReachSoFar) => void;
}

/** AWS's own memory of what happened. Failures that a person must know of are thrown as `LookupTrouble`. */
export interface CloudHistory {
  /**
   * All enabled regions of the configured accounts; remembered for a while. An account that takes too long to
   * answer is among the troubles. Never throws.
   */
  reach(signal: AbortSignal, wanted?: Wanted): Promise<Reach>;
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

/** The oldest day moves on while a question waits for its turn. */
const EDGE: Millis = MINUTE;

/** What happened before is in the event history no longer. Source: CloudTrail API reference, `LookupEvents`. */
export function historyBegins(now: Millis): Millis {
  return now - EVENT_HISTORY_DAYS * DAY + EDGE;
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
