import type { Portal } from '../cloudtrail/console.ts';
import type { CloudTrailRecord } from '../cloudtrail/record.ts';
import type { Millis } from '../kernel/time.ts';
import type { Call } from './call.ts';
import type { Coverage } from './coverage.ts';
import type { Judgement } from './judgement.ts';
import type { Trace } from './trace.ts';

/** What IAM says of a long-term key. Source: IAM API, `GetAccessKeyLastUsed`. */
export interface KeyOwner {
  readonly userName: string | undefined;
  readonly lastUsed: { readonly at: Millis; readonly service: string; readonly region: string } | undefined;
}

/** The account of a key, and how it is known. */
export interface KeyAccount {
  readonly account: string;
  /** `decoded`: computed from the key's id, not confirmed; `aws`: sts:GetAccessKeyInfo; `seen`: an event says so. */
  readonly by: 'decoded' | 'aws' | 'seen';
}

/** One event in full, with what the bot did about it. */
export interface EventInFull {
  readonly record: CloudTrailRecord;
  /** When the own store received it; `undefined` when it came from LookupEvents. */
  readonly receivedAt: Millis | undefined;
  /** It did not arrive by itself: the sweep found it. */
  readonly late?: boolean | undefined;
  readonly alertIds: readonly string[];
  readonly suppressed: readonly { readonly ruleId: string; readonly reason: string }[];
  /** `explain` only. */
  readonly judgement?: Judgement | undefined;
}

/** How the alerts of one rule did within a period. */
export interface RuleStats {
  readonly ruleName: string;
  readonly title: string;
  readonly level: string;
  readonly alerts: number;
  readonly events: number;
  readonly open: number;
  /** Medians in milliseconds; `undefined` when nobody did. */
  readonly acknowledgedAfter: Millis | undefined;
  readonly resolvedAfter: Millis | undefined;
  readonly falsePositives: number;
}

/** Everything that was found for one question, before it becomes an answer. */
export interface Material {
  /** Newest first, each once. */
  readonly calls: readonly Call[];
  readonly coverage: Coverage;
  /** Questions about a key only. */
  readonly owner?: KeyOwner | undefined;
  readonly keyAccount?: KeyAccount | undefined;
  /** Questions about an `ASIA…` key only: who made it. */
  readonly trace?: Trace | undefined;
  /** `event` and `compare` only, in the order asked. */
  readonly events?: readonly EventInFull[] | undefined;
  /** `stats` only. */
  readonly stats?: readonly RuleStats[] | undefined;
  /** The lookup still runs: what is here is what came so far. */
  readonly unfinished?: boolean | undefined;
}

/** What turns ids into names for people. */
export interface Names {
  /** `Production` for `111122223333`; the id itself where it has no name. */
  readonly account: (id: string) => string;
  /** Names of the organisation's networks that an address lies in, from `lists`. */
  readonly networks: (address: string) => readonly string[];
  /** Through which links open the AWS console. */
  readonly portal?: Portal | undefined;
}
