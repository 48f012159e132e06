import type { Refusal } from '../kernel/problem.ts';
import { DAY, type Millis, SECOND, sayDuration } from '../kernel/time.ts';
import type { Alert, Operation, Operator } from './alert.ts';

/** What an operation changes. Members that are absent stay as they are. */
export type Change = Partial<
  Pick<
    Alert,
    | 'state'
    | 'snoozedUntil'
    | 'snoozedBy'
    | 'acknowledgedBy'
    | 'acknowledgedAt'
    | 'resolvedBy'
    | 'resolvedAt'
    | 'disposition'
    | 'note'
  >
>;

const REOPEN_WITHIN: Millis = 7 * DAY;
const LONGEST_SNOOZE: Millis = 30 * DAY;

/** Decides what an operation does to an alert, or why it may not. Names: user id → how to call that person. */
export function transition(
  alert: Alert,
  operation: Operation,
  operator: Operator,
  now: Millis,
  names: ReadonlyMap<string, string>,
): Change | Refusal {
  switch (operation.kind) {
    case 'acknowledge':
      return alert.state === 'firing'
        ? { state: 'acknowledged', acknowledgedBy: operator.userId, acknowledgedAt: now, ...AWAKE }
        : { refused: happened(alert, now, names) };
    case 'unacknowledge':
      return alert.state === 'acknowledged'
        ? { state: 'firing', acknowledgedBy: undefined, acknowledgedAt: undefined }
        : { refused: happened(alert, now, names) };
    case 'resolve':
      return alert.state === 'resolved'
        ? { refused: happened(alert, now, names) }
        : {
            state: 'resolved',
            resolvedBy: operator.userId,
            resolvedAt: now,
            disposition: operation.disposition,
            note: operation.note,
            ...AWAKE,
          };
    case 'snooze':
      return snooze(alert, operation.until, operator, now, names);
    case 'wake':
      return alert.snoozedUntil !== undefined && alert.state !== 'resolved'
        ? AWAKE
        : { refused: `${alert.id} is not snoozed.` };
    case 'reopen':
      return reopen(alert, now, names);
  }
}

const AWAKE = { snoozedUntil: undefined, snoozedBy: undefined } as const;

function snooze(
  alert: Alert,
  until: Millis,
  operator: Operator,
  now: Millis,
  names: ReadonlyMap<string, string>,
): Change | Refusal {
  if (alert.state === 'resolved') return { refused: happened(alert, now, names) };
  if (until <= now) return { refused: 'That time is past; choose a later one.' };
  if (until > now + LONGEST_SNOOZE) return { refused: 'An alert can be snoozed for 30 days at most.' };
  return { snoozedUntil: until, snoozedBy: operator.userId };
}

function reopen(alert: Alert, now: Millis, names: ReadonlyMap<string, string>): Change | Refusal {
  if (alert.state !== 'resolved') return { refused: happened(alert, now, names) };
  if (now - (alert.resolvedAt ?? now) > REOPEN_WITHIN) {
    return {
      refused: `${alert.id} was resolved more than 7 days ago and stays closed; a new match opens a new alert.`,
    };
  }
  return {
    state: 'firing',
    acknowledgedBy: undefined,
    acknowledgedAt: undefined,
    resolvedBy: undefined,
    resolvedAt: undefined,
    disposition: undefined,
    note: undefined,
  };
}

/** One sentence on how the alert stands and who made it so: what a stale press is answered with. */
export function happened(alert: Alert, now: Millis, names: ReadonlyMap<string, string>): string {
  const ago = (at: Millis | undefined) => {
    if (at === undefined) return '';
    return now - at < SECOND ? ' just now' : ` ${sayDuration(now - at)} ago`;
  };
  const who = (userId: string | undefined) =>
    userId === undefined ? 'Somebody' : (names.get(userId) ?? userId);
  if (alert.state === 'resolved')
    return `${alert.resolvedBy === undefined ? 'Trailbot' : who(alert.resolvedBy)} resolved ${alert.id}${ago(alert.resolvedAt)}.`;
  if (alert.state === 'acknowledged') {
    return `${who(alert.acknowledgedBy)} acknowledged ${alert.id}${ago(alert.acknowledgedAt)}.`;
  }
  if (alert.snoozedUntil !== undefined) {
    return `${who(alert.snoozedBy)} snoozed ${alert.id}; it comes back in ${sayDuration(alert.snoozedUntil - now)}.`;
  }
  return `${alert.id} is firing again and nobody has acknowledged it.`;
}
