import type { Disposition } from '../../alerts/alert.ts';
import type { DigestKind } from '../../alerts/digest-time.ts';
import { isObject, type JsonObject, parseJson, textOf } from '../../kernel/json.ts';
import { Fault } from '../../kernel/problem.ts';
import type { Millis } from '../../kernel/time.ts';
import type { Level } from '../../rules/rule.ts';

/** The kind of post that carries a digest as its content. */
export const DIGEST_POST = 'digest_channel';

/** An alert that a digest names. */
export interface NamedAlert {
  readonly id: string;
  readonly title: string;
  readonly level: Level;
  readonly openedAt: Millis;
  /** To its message, where it has one. */
  readonly link?: string;
  /** What whoever has it is called. */
  readonly who?: string;
}

/** How long it took people: the middle one of so many. */
export interface Pace {
  readonly number: number;
  readonly median: Millis;
}

/** What would make a rule less noisy; `actor`: all its alerts were about this one. */
export interface Suggestion {
  readonly why: 'expected' | 'false_positive' | 'unattended';
  readonly actor?: string;
}

export interface NoisyRule {
  readonly rule: string;
  readonly alerts: number;
  readonly events: number;
  readonly suggestion?: Suggestion;
}

/** What became of a rule's alerts that people resolved. */
export interface RuleOutcome {
  readonly rule: string;
  readonly outcomes: readonly (readonly [Disposition, number])[];
}

/** What one channel is told in sum: plain data, kept with the post that is drawn from it. */
export interface Digest {
  readonly kind: DigestKind;
  /** What it is about: until just before `until`. How alerts stand is as of the moment when it was made. */
  readonly from: Millis;
  readonly until: Millis;
  /** Later than `until` where the bot was down, or its hour was changed. */
  readonly madeAt: Millis;
  /** The gravest level first. */
  readonly open: readonly { readonly level: Level; readonly number: number; readonly oldest: NamedAlert }[];
  /** Acknowledged more than four hours ago, and still open; the longest first. */
  readonly left: { readonly number: number; readonly alerts: readonly NamedAlert[] };
  /** Opened in the time that it is about. */
  readonly opened: number;
  readonly acknowledged?: Pace;
  readonly resolved?: Pace;
  readonly noisy: readonly NoisyRule[];
  /** What stands in digests alone, by rule and actor; `more`: events that no line has. */
  readonly low: {
    readonly lines: readonly { readonly rule: string; readonly actor: string; readonly events: number }[];
    readonly more: number;
  };
  /** Matches that alerted nobody, by the kind of reason. */
  readonly hidden: readonly (readonly [kind: string, number: number])[];
  /** Of a weekly one alone. */
  readonly week?: {
    readonly unattended: readonly NoisyRule[];
    readonly outcomes: readonly RuleOutcome[];
    readonly carried: readonly { readonly who: string; readonly alerts: number; readonly resolved: number }[];
  };
}

/** As the content of a post. */
export function contentOf(digest: Digest): JsonObject {
  return { digest: JSON.stringify(digest) };
}

/** Read back. Throws a Fault where there is none. */
export function digestIn(content: JsonObject): Digest {
  const written = parseJson(textOf(content, 'digest') ?? '');
  if (!isObject(written)) throw Fault.never('this post has no digest in it');
  // Nobody else writes such a post.
  return written as unknown as Digest;
}

/** Whether a channel needs to hear of it. */
export function saysSomething({ open, opened, resolved, low, hidden }: Digest): boolean {
  return open.length > 0 || opened > 0 || resolved !== undefined || low.lines.length > 0 || hidden.length > 0;
}
