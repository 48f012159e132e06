import type { Refusal } from '../kernel/problem.ts';
import { DAY, type Millis } from '../kernel/time.ts';
import { acknowledge, unacknowledge } from './acknowledge.ts';
import type { Alert, Operation, Operator } from './alert.ts';
import { AWAKE, type Change, UNHELD, UNTAKEN } from './change.ts';
import { happened, sayWho } from './happened.ts';

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
      return acknowledge(alert, operator.userId, now, names);
    case 'unacknowledge':
      return unacknowledge(alert, operator.userId, now, names);
    case 'assign':
      return assign(alert, operation.to.userId, operator, now, names);
    case 'confirm':
      return confirm(alert, operator, now, names);
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
            ...UNHELD,
          };
    case 'snooze':
      return snooze(alert, operation.until, operator, now, names);
    case 'wake':
      return alert.snoozedUntil !== undefined && alert.state !== 'resolved'
        ? awake(alert, now)
        : { refused: `${alert.id} is not snoozed.` };
    case 'reopen':
      return reopen(alert, now, names);
  }
}

/** The snooze ends: whoever had acknowledged it has it from now on. */
export function awake(alert: Alert, now: Millis): Change {
  return alert.state === 'acknowledged' ? { ...AWAKE, heldSince: now } : { ...AWAKE, again: true };
}

/** Who is given an alert that was acknowledged has it from now on; one that fires goes on firing. */
function assign(
  alert: Alert,
  to: string,
  operator: Operator,
  now: Millis,
  names: ReadonlyMap<string, string>,
): Change | Refusal {
  if (alert.state === 'resolved') return { refused: happened(alert, now, names) };
  if (alert.assignee === to) return { refused: `${sayWho(to, names)} has ${alert.id} already.` };
  const held = alert.state === 'acknowledged' && alert.snoozedUntil === undefined;
  return {
    assignee: to,
    assignedBy: operator.userId === to ? undefined : operator.userId,
    takenFrom: undefined,
    heldSince: held ? now : undefined,
    confirmBy: undefined,
  };
}

function confirm(
  alert: Alert,
  operator: Operator,
  now: Millis,
  names: ReadonlyMap<string, string>,
): Change | Refusal {
  if (alert.state !== 'acknowledged' || alert.confirmBy === undefined) {
    return { refused: happened(alert, now, names) };
  }
  if (alert.assignee !== operator.userId) {
    return { refused: `${sayWho(alert.assignee, names)} has ${alert.id} now and was asked.` };
  }
  return { heldSince: now, confirmBy: undefined };
}

/** Who holds it is not reminded before it is awake again. */
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
  return { snoozedUntil: until, snoozedBy: operator.userId, ...UNHELD };
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
    again: true,
    ...UNTAKEN,
    resolvedBy: undefined,
    resolvedAt: undefined,
    disposition: undefined,
    note: undefined,
  };
}
