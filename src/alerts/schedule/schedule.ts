import type { Millis } from '../../kernel/time.ts';
import type { WallTime } from '../../kernel/zone.ts';

/** How long a turn takes: days on the wall clock, or real hours. */
export interface Rotation {
  readonly unit: 'days' | 'hours';
  readonly every: number;
}

/** Days and hours to which a layer is restricted. */
export interface Restriction {
  /** On which it begins; 1 is Monday, 7 is Sunday. */
  readonly days: readonly number[];
  /** Minutes since midnight. */
  readonly from: number;
  /** The same, at most 1440. Not later than `from`: on the next day. */
  readonly to: number;
}

/** One rotation of a schedule. */
export interface Layer {
  readonly name: string;
  readonly rotation: Rotation;
  /** The first hand-over, on the schedule's clocks; before it nobody is on call. */
  readonly start: WallTime;
  /** Slack user ids or e-mail addresses, in the order of their turns; at least one. */
  readonly people: readonly string[];
  /** None: always. Several: when one of them holds. */
  readonly restrictions: readonly Restriction[];
}

/** Who is on call, as it is configured. */
export interface Schedule {
  readonly name: string;
  readonly zone: string;
  /** Of several that have somebody, the last answers. */
  readonly layers: readonly Layer[];
  /** A calendar instead of layers: an https address, or a file. */
  readonly calendar: string | undefined;
  /** Whether there may be times at which nobody is on call. */
  readonly gaps: boolean;
  /** Where hand-overs are told. */
  readonly channel: string | undefined;
  /** The user group (`S…`) whose only member is whoever is on call. */
  readonly userGroup: string | undefined;
}

/** A stretch that somebody in Slack gave to a person; it goes before everything else. */
export interface Override {
  readonly id: string;
  /** A Slack user id. */
  readonly person: string;
  readonly from: Millis;
  readonly until: Millis;
  readonly madeAt: Millis;
}

/** A stretch that a calendar gives to somebody. */
export interface CalendarEvent {
  /** E-mail addresses and Slack user ids that it names, the likeliest first. */
  readonly people: readonly string[];
  readonly from: Millis;
  readonly until: Millis;
}
