import type { Alert } from '../alerts/alert.ts';
import type { Level } from '../rules/rule.ts';

/** How a state and a severity are shown: always a word, a sign and a colour together. */
export interface Look {
  /** `FIRING`, `ACKNOWLEDGED`, … */
  readonly word: string;
  /** Starts the headline. */
  readonly sign: string;
  /** The bar beside the facts. */
  readonly color: string;
}

const FIRING: Readonly<Record<Level, Look>> = {
  critical: { word: 'FIRING', sign: '🚨', color: '#a30200' },
  high: { word: 'FIRING', sign: '🔴', color: '#d9480f' },
  medium: { word: 'FIRING', sign: '🟡', color: '#e6a700' },
  low: { word: 'FIRING', sign: '🔵', color: '#6b7c93' },
  informational: { word: 'FIRING', sign: '⚪', color: '#6b7c93' },
};

/** What the alert is now; a snooze shows before an acknowledgement, because it is why nothing moves. */
export function lookOf(alert: Pick<Alert, 'state' | 'level' | 'snoozedUntil'>): Look {
  if (alert.state === 'resolved') return { word: 'RESOLVED', sign: '✅', color: '#2eb886' };
  if (alert.snoozedUntil !== undefined) return { word: 'SNOOZED', sign: '💤', color: '#dddddd' };
  if (alert.state === 'acknowledged') return { word: 'ACKNOWLEDGED', sign: '👀', color: '#1d9bd1' };
  return FIRING[alert.level];
}

/** `HIGH`. */
export function severity(level: Level): string {
  return level.toUpperCase();
}
