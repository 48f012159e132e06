import type { Millis } from '../kernel/time.ts';

/** From and to, both inclusive, with the words that a heading uses. */
export interface Period {
  readonly from: Millis;
  readonly to: Millis;
  /** `last 30 days`, `yesterday (UTC)`, `since 2026-11-01`. */
  readonly said: string;
}

/** What narrows a question; every member that is absent narrows nothing. */
export interface Scope {
  readonly period: Period;
  /** Twelve digits. */
  readonly account?: string | undefined;
  readonly region?: string | undefined;
  readonly access?: 'reads' | 'writes' | undefined;
  /** Only denied and failed calls. */
  readonly failed?: boolean | undefined;
}

/**
 * Whose or what activity is asked for.
 * - `key`: `value` is an access key id
 * - `user`: the name of a user or of a role session (an e-mail for Identity Center)
 * - `address`: IPv4, IPv6, or the name of a service
 * - `role`: a role's name or ARN
 * - `resource`: any name, id or ARN
 * - `anything`: a name that may be any of user, role and resource
 * - `errors`, `logins`, `root`: `value` is empty
 */
export const ACTIVITIES = [
  'key',
  'user',
  'address',
  'role',
  'resource',
  'anything',
  'errors',
  'logins',
  'root',
] as const;

export type ActivityKind = (typeof ACTIVITIES)[number];

export interface ActivityQuestion {
  readonly kind: ActivityKind;
  readonly value: string;
  readonly scope: Scope;
}

/**
 * One event in full, two to five side by side, or what the rules say of one. `explain` also takes the id of an alert,
 * `A-1042`, for the event that opened it.
 */
export interface EventsQuestion {
  readonly kind: 'event' | 'compare' | 'explain';
  readonly eventIds: readonly string[];
  readonly scope: Scope;
}

/** How the bot's alerts did. */
export interface StatsQuestion {
  readonly kind: 'stats';
  readonly scope: Scope;
}

export type Question = ActivityQuestion | EventsQuestion | StatsQuestion;

/** A question that cannot be understood. */
export interface Mistake {
  /** What is wrong, one sentence without the remedy. */
  readonly mistake: string;
  /** A whole command that works, to copy: `/trail key AKIA… 30d`. */
  readonly corrected: string;
}

/** How far back LookupEvents goes. Source: AWS CloudTrail user guide, "Working with CloudTrail Event history". */
export const EVENT_HISTORY_DAYS = 90;

/** What LookupEvents can be asked by, one at a time. Source: CloudTrail API, `LookupAttribute`. */
export interface Attribute {
  readonly key:
    | 'AccessKeyId'
    | 'EventId'
    | 'EventName'
    | 'EventSource'
    | 'ReadOnly'
    | 'ResourceName'
    | 'ResourceType'
    | 'Username';
  readonly value: string;
}
