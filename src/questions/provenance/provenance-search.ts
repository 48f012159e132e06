import type { CloudTrailRecord } from '../../cloudtrail/record.ts';
import type { Millis } from '../../kernel/time.ts';
import type { Attribute } from '../question.ts';
import type { StoredQuery } from '../stored-query.ts';

/** What the walk wants to know next. */
export interface Search {
  /** The same question for AWS and for the own store. */
  readonly attribute: Attribute;
  readonly stored: StoredQuery['by'];
  /** Where; `undefined` is every account within reach. */
  readonly account: string | undefined;
  /** Left out of every account within reach. */
  readonly except?: string | undefined;
  /** Likely ones first. */
  readonly regions: readonly string[];
  /** Whether it may be in any other region too. */
  readonly elsewhere: boolean;
  readonly from: Millis;
  readonly to: Millis;
  /** The first place that has such records ends the search. */
  readonly wanted: (record: CloudTrailRecord) => boolean;
}

/** What a search brought. */
export interface Found {
  /** All of them `wanted`, newest first. */
  readonly records: readonly CloudTrailRecord[];
  /** Why more may exist, each one sentence. */
  readonly gaps: readonly string[];
  /** Regions that AWS was asked about; none where only the own store was. */
  readonly asked?: readonly string[] | undefined;
  /** Why the account could not be entered at all: completes `account 444455556666: …`. */
  readonly outside?: string | undefined;
  /** Nothing more will be found by asking on. */
  readonly stopped?: 'cancelled' | 'lookups' | undefined;
}

/** A walk, or a part of it: yields what to look for, is given what was found, ends with a `T`. */
export type Steps<T> = Generator<Search, T, Found>;
