import { HOUR, type Millis } from '../../kernel/time.ts';
import type { AlertFigure } from '../../store/digest.ts';
import type { Suggestion } from './digest.ts';

/** Fewer say nothing about a rule. */
const ENOUGH = 3;

/** Nobody is late before. */
const PATIENCE: Millis = 4 * HOUR;

/** What the alerts of one rule have in common that makes them noise; without an actor. */
export function suggestionFor(alerts: readonly AlertFigure[], now: Millis): Suggestion | undefined {
  if (alerts.length < ENOUGH) return undefined;
  if (alerts.every(isUnattended)) {
    const late = alerts.filter((alert) => isLate(alert, now));
    return late.length < ENOUGH ? undefined : { why: 'unattended' };
  }
  const outcomes = new Set(alerts.map(({ disposition }) => disposition));
  const [outcome] = outcomes;
  const noise = outcome === 'expected' || outcome === 'false_positive';
  return outcomes.size === 1 && noise ? { why: outcome } : undefined;
}

/** There was time to take it. */
export function isLate({ openedAt }: AlertFigure, now: Millis): boolean {
  return now - openedAt >= PATIENCE;
}

/** Nobody took it, and nobody ended it. */
export function isUnattended(alert: AlertFigure): boolean {
  const { assignee, acknowledgedAt, resolvedBy, resolvedAt } = alert;
  return [assignee, acknowledgedAt, resolvedBy, resolvedAt].every((trace) => trace === undefined);
}
