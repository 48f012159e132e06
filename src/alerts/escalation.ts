import type { Millis } from '../kernel/time.ts';
import type { Level } from '../rules/rule.ts';
import { holdsAt, type TimeInterval } from './time-interval.ts';

/** Whom or what a step pages. */
export type Target =
  /** A Slack user id. */
  | { readonly kind: 'person'; readonly user: string }
  | { readonly kind: 'address'; readonly address: string }
  | { readonly kind: 'schedule'; readonly name: string }
  /** A Slack user group's id. */
  | { readonly kind: 'group'; readonly group: string }
  /** With `#`, or a channel's id. */
  | { readonly kind: 'channel'; readonly channel: string }
  | { readonly kind: 'webhook'; readonly name: string }
  | { readonly kind: 'pagerduty'; readonly name: string };

/** What the name of a time interval stands for. */
export interface Hours {
  readonly name: string;
  readonly intervals: readonly TimeInterval[];
}

/** When a step is taken at all; what is absent always holds. */
export interface Condition {
  readonly levels: readonly Level[] | undefined;
  /** As it was written: `>=high`. */
  readonly level: string | undefined;
  readonly hours: Hours | undefined;
  readonly outside: Hours | undefined;
}

export interface Step {
  readonly page: readonly Target[];
  /** Until the next step. */
  readonly wait: Millis;
  readonly onlyIf: Condition | undefined;
}

/** An escalation as it is configured; plain data, so that an alert can keep its own copy. */
export interface Policy {
  readonly name: string;
  /** At least one. */
  readonly steps: readonly Step[];
  /** How many more times all steps are gone through. */
  readonly repeat: number;
  /** Where it is said that nobody answered, besides the alert's thread: to everybody who is online, in a channel. */
  readonly end: { readonly here: boolean; readonly channel: string | undefined };
}

/** How far an escalation is. */
export interface Progress {
  /** From 1; grows for as long as the alert lives, so that every step of it has a name of its own. */
  readonly round: number;
  readonly lastRound: number;
  /** Index of the step that is next; as many as there are steps: nothing is left but to say so. */
  readonly step: number;
  /** How many steps of this round have reached somebody. */
  readonly reached: number;
}

/** Reads a target as it is written; `undefined` when it is none. */
export function parseTarget(text: string): Target | undefined {
  const [, kind, name] = /^(schedule|webhook|pagerduty):([\w.-]{1,100})$/u.exec(text) ?? [];
  if (name !== undefined) return { kind: kind as 'schedule' | 'webhook' | 'pagerduty', name };
  if (/^[UW][A-Z0-9]{2,20}$/u.test(text)) return { kind: 'person', user: text };
  if (/^S[A-Z0-9]{2,20}$/u.test(text)) return { kind: 'group', group: text };
  if (/^(#[^\s#@.,:A-Z]{1,80}|[CG][A-Z0-9]{6,20})$/u.test(text)) return { kind: 'channel', channel: text };
  if (/^[^\s@<>]{1,64}@[\w.-]{1,190}\.\w{2,63}$/u.test(text)) return { kind: 'address', address: text };
  return undefined;
}

export function begun({ repeat }: Policy): Progress {
  return { round: 1, lastRound: 1 + repeat, step: 0, reached: 0 };
}

/** From the first step, all rounds. */
export function begunAnew({ repeat }: Policy, { round }: Progress): Progress {
  return { round: round + 1, lastRound: round + 1 + repeat, step: 0, reached: 0 };
}

/** Where it goes on after somebody had taken the alert and gave it back; past the last step, that one comes again. */
export function resumed(policy: Policy, progress: Progress): Progress {
  if (!isAtEnd(policy, progress)) return progress;
  const round = progress.round + 1;
  return { round, lastRound: round, step: policy.steps.length - 1, reached: 0 };
}

/** After a step. A round that has reached nobody would not reach anybody the next time either. */
export function advanced({ steps }: Policy, progress: Progress, reached: boolean): Progress {
  const next = { ...progress, step: progress.step + 1, reached: progress.reached + (reached ? 1 : 0) };
  if (next.step < steps.length || next.round >= next.lastRound || next.reached === 0) return next;
  return { ...next, round: next.round + 1, step: 0, reached: 0 };
}

export function isAtEnd({ steps }: Policy, { step }: Progress): boolean {
  return step >= steps.length;
}

/** Why a step is passed over, as a part of a sentence; `undefined` when it is taken. */
export function passedOver({ onlyIf }: Step, level: Level, at: Millis): string | undefined {
  if (!onlyIf) return undefined;
  const { levels, hours, outside } = onlyIf;
  if (levels && !levels.includes(level))
    return `the alert is ${level}, and the step is for level${onlyIf.level}`;
  if (hours && !holdsAt(hours.intervals, at)) return `it is not within the hours ${hours.name}`;
  if (outside && holdsAt(outside.intervals, at)) return `it is within the hours ${outside.name}`;
  return undefined;
}
