import type { JsonObject } from '../kernel/json.ts';
import { DAY, MINUTE, type Millis } from '../kernel/time.ts';
import { valuesAt } from '../rules/field.ts';
import { someText } from '../rules/text.ts';
import { fold } from '../rules/wildcard.ts';

/** A value that a field of the event must have. */
export interface MuteTerm {
  /** Dotted path in the event, as rules write it. */
  readonly field: string;
  readonly value: string;
}

/** A pattern of one rule that alerts nobody until an instant: it suppresses, is counted, and reports when it ends. */
export interface Mute {
  /** `M-7`. */
  readonly id: string;
  readonly ruleId: string;
  readonly ruleTitle: string;
  /** All must hold; none at all means every match of the rule. */
  readonly terms: readonly MuteTerm[];
  readonly reason: string;
  /** Slack's id of whoever made it, and how they are called. */
  readonly madeBy: string;
  readonly madeByName: string;
  readonly madeAt: Millis;
  readonly until: Millis;
  /** The alert that it was made from: its end is reported in that thread. */
  readonly alertId: string;
  /** The event that the values were read from, as JSON without secrets. */
  readonly sample: string;
  readonly endedAt: Millis | undefined;
  /** Who ended it early. */
  readonly endedBy: string | undefined;
}

export const LONGEST_MUTE: Millis = 30 * DAY;
export const SHORTEST_MUTE: Millis = MINUTE;

/** Whether an event of the rule has all the values, compared as Sigma does: upper and lower case are the same. */
export function termsHold(terms: readonly MuteTerm[], body: JsonObject): boolean {
  return terms.every(({ field, value }) => {
    const wanted = fold(value);
    return valuesAt(body, field).some((found) => someText(found, (text) => fold(text) === wanted));
  });
}

/** The texts, numbers and truth values at a path, as text; what is null, empty or a structure cannot be compared. */
export function scalarsAt(body: JsonObject, field: string): string[] {
  return valuesAt(body, field).flatMap((value) => {
    if (typeof value === 'string') return value === '' ? [] : [value];
    return typeof value === 'number' || typeof value === 'boolean' ? [String(value)] : [];
  });
}

/** The mute of these that was made first and hides an event of the rule at `now`. */
export function mutedBy(
  mutes: readonly Mute[],
  event: { readonly ruleId: string; readonly body: JsonObject },
  now: Millis,
): Mute | undefined {
  return mutes.find(
    (mute) =>
      mute.ruleId === event.ruleId &&
      mute.endedAt === undefined &&
      now < mute.until &&
      termsHold(mute.terms, event.body),
  );
}
