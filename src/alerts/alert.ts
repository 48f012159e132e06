import type { ThingKind } from '../cloudtrail/console-pages.ts';
import type { EventSort } from '../cloudtrail/telling.ts';
import type { Millis } from '../kernel/time.ts';
import type { Level } from '../rules/rule.ts';

export type AlertState = 'firing' | 'acknowledged' | 'resolved';

export const DISPOSITIONS = ['true_positive', 'expected', 'false_positive', 'test'] as const;
export type Disposition = (typeof DISPOSITIONS)[number];

/** Someone in Slack who pressed or typed. */
export interface Operator {
  readonly userId: string;
  readonly teamId: string;
  readonly name: string;
}

/**
 * What the alert says, frozen when it opens. Everything here may come from an attacker: it is text, never
 * markup.
 */
export interface AlertFacts {
  /** The rule's summary with its placeholders filled, one sentence. */
  readonly summary: string;
  readonly actor: string;
  readonly actorArn: string | undefined;
  /** What lies behind the actor: source identity, service, account. Empty when nothing does. */
  readonly behind: readonly string[];
  readonly mfa: boolean | undefined;
  readonly eventSource: string;
  readonly eventName: string;
  /** `Success`, or the error code. */
  readonly outcome: string;
  readonly errorMessage: string | undefined;
  readonly sourceAddress: string | undefined;
  readonly userAgent: string | undefined;
  readonly account: string;
  readonly accountName: string | undefined;
  readonly region: string;
  readonly eventId: string;
  readonly eventTime: Millis;
  /** The rule's `fields` that the record has, in the rule's order: [path, value]. */
  readonly fields: readonly (readonly [string, string])[];
  readonly consoleUrl: string | undefined;
  /** The thing's own page in the console. */
  readonly thing?: { readonly kind: ThingKind; readonly url: string } | undefined;
  /** What the event is, where it is no plain call. */
  readonly sort?: EventSort | undefined;
  /** Facts that only events of this sort have: a label and a line each. */
  readonly told?: readonly (readonly [string, string])[] | undefined;
  /** Of an Insight: which half of it this is, and what both share. */
  readonly insight?: { readonly sharedId: string; readonly state: 'start' | 'end' } | undefined;
  /** Of an Insight whose other half has come, too: when it was over. */
  readonly endedAt?: Millis | undefined;
}

/** One person's acknowledgement. */
export interface Acknowledgement {
  readonly userId: string;
  readonly at: Millis;
}

/**
 * - `usual`: it has a message, and people are paged
 * - `digest`: it stands in digests alone
 * - `message`: the same, but something had to be said below a message of its own; nobody is paged
 */
export type Loudness = 'usual' | 'digest' | 'message';

/** An open (or closed) case: all matches of one rule with the same group-by values since it opened. */
export interface Alert {
  /** `A-1042`. */
  readonly id: string;
  /** Rule + group-by values. At most one alert of a fingerprint is not resolved. */
  readonly fingerprint: string;
  readonly ruleId: string;
  readonly ruleName: string;
  readonly title: string;
  readonly level: Level;
  readonly author: string | undefined;
  readonly why: string | undefined;
  readonly runbook: string | undefined;
  readonly quietFor: Millis;
  readonly facts: AlertFacts;

  readonly state: AlertState;
  /** Counts state changes. Every button carries it; a press with an old one changes nothing. */
  readonly version: number;
  readonly snoozedUntil: Millis | undefined;
  readonly snoozedBy: string | undefined;
  /** Matches in this alert, and the event times of the first and last. */
  readonly count: number;
  readonly firstAt: Millis;
  readonly lastAt: Millis;
  readonly openedAt: Millis;
  /** It fired before: somebody took it back, reopened it, or a snooze or an acknowledgement ran out. */
  readonly again: boolean;
  /** How many different people have to acknowledge it; 1 to 5. */
  readonly needs: number;
  /** In the order in which they did; fewer than `needs` while it fires. */
  readonly acknowledgements: readonly Acknowledgement[];
  /** The last of them, once there are enough. */
  readonly acknowledgedBy: string | undefined;
  readonly acknowledgedAt: Millis | undefined;
  /** Who has it, acknowledged or not. */
  readonly assignee: string | undefined;
  /** Who gave it to the assignee; `undefined` when they took it themselves. */
  readonly assignedBy: string | undefined;
  /** Whose it was when the assignee took it by acknowledging. */
  readonly takenFrom: string | undefined;
  /** When the assignee took it, or last said to be still on it: the reminder counts from here. */
  readonly heldSince: Millis | undefined;
  /** The assignee was reminded and has to answer until then. */
  readonly confirmBy: Millis | undefined;
  readonly resolvedBy: string | undefined;
  readonly resolvedAt: Millis | undefined;
  readonly disposition: Disposition | undefined;
  readonly note: string | undefined;

  /** Where it goes: decided by the route tree when it opened. */
  readonly channel: string;
  readonly groupWait: Millis;
  readonly loudness: Loudness;
}

/** How many more events like the first it has: start and end of an Insight are one. */
export function furtherEvents({ count, facts }: Pick<Alert, 'count' | 'facts'>): number {
  return count === 2 && facts.endedAt !== undefined ? 0 : count - 1;
}

/** Slack user ids stand in `…By`; `levelAtLeast` style comparisons use the order of LEVELS. */
export type Operation =
  | { readonly kind: 'acknowledge' }
  | { readonly kind: 'unacknowledge' }
  | { readonly kind: 'assign'; readonly to: Operator; readonly note: string | undefined }
  /** The assignee's answer to the reminder: still on it. */
  | { readonly kind: 'confirm' }
  | { readonly kind: 'resolve'; readonly disposition: Disposition; readonly note: string | undefined }
  | { readonly kind: 'snooze'; readonly until: Millis }
  | { readonly kind: 'wake' }
  | { readonly kind: 'reopen' };
