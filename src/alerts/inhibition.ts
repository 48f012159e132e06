import { createHash } from 'node:crypto';
import { HOUR, type Millis } from '../kernel/time.ts';
import { type Labels, type Matcher, matches, parseMatcher } from './matcher.ts';

/**
 * While an alert that `source` fits is open, new matches that `target` fits and that have the same labels raise no alert
 * of their own. Source: Alertmanager, "inhibit_rule"; the end by the clock is ours.
 */
export interface Inhibition {
  readonly source: readonly Matcher[];
  readonly target: readonly Matcher[];
  /** Labels that both have to share; what neither has is the same. */
  readonly equal: readonly string[];
  /** So long after the source alert opened, at most. */
  readonly for: Millis;
}

/** What an alert with these labels holds others back by, one key an inhibition. */
export function keysOfSource(
  inhibitions: readonly Inhibition[],
  labels: Labels,
): { key: string; for: Millis }[] {
  return inhibitions
    .filter(({ source }) => matches(source, labels))
    .map((inhibition) => ({ key: keyOf(inhibition, labels), for: inhibition.for }));
}

/** By what a match with these labels may be held back. What fits both sides is held back by neither. */
export function keysOfTarget(inhibitions: readonly Inhibition[], labels: Labels): string[] {
  return inhibitions
    .filter(({ source, target }) => matches(target, labels) && !matches(source, labels))
    .map((inhibition) => keyOf(inhibition, labels));
}

/** The same for a source and a target exactly when they share all the labels of the same inhibition. */
function keyOf({ source, target, equal }: Inhibition, labels: Labels): string {
  const texts = (matchers: readonly Matcher[]) => matchers.map(({ text }) => text);
  const shared = equal.map((label) => [label, ...(labels.get(label) ?? [])]);
  return createHash('sha256')
    .update(JSON.stringify([texts(source), texts(target), shared]))
    .digest('hex');
}

/** What holds where the configuration says nothing. */
export function defaultInhibitions(): Inhibition[] {
  const parsed = (text: string): Matcher => {
    const matcher = parseMatcher(text);
    if (typeof matcher === 'string') throw new Error(matcher);
    return matcher;
  };
  return [
    {
      source: [parsed('level=critical')],
      target: [parsed('level<=medium')],
      equal: ['actor', 'account'],
      for: HOUR,
    },
  ];
}
