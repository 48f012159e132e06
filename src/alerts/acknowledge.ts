import type { Refusal } from '../kernel/problem.ts';
import type { Millis } from '../kernel/time.ts';
import type { Alert } from './alert.ts';
import { AWAKE, type Change, UNHELD } from './change.ts';
import { happened } from './happened.ts';

/**
 * The presser takes the alert, unless its assignee has acknowledged it already; it fires until as many people as it
 * needs have pressed. An acknowledgement ends a snooze.
 */
export function acknowledge(
  alert: Alert,
  userId: string,
  now: Millis,
  names: ReadonlyMap<string, string>,
): Change | Refusal {
  if (alert.state !== 'firing') return { refused: happened(alert, now, names) };
  const before = alert.acknowledgements;
  if (before.some((one) => one.userId === userId)) return { refused: sayTwice(alert) };
  const acknowledgements = [...before, { userId, at: now }];
  const change = { acknowledgements, ...taking(alert, userId), ...AWAKE };
  if (acknowledgements.length < alert.needs) return change;
  return { ...change, state: 'acknowledged', acknowledgedBy: userId, acknowledgedAt: now, heldSince: now };
}

function taking(alert: Alert, userId: string): Change {
  const { assignee, acknowledgements } = alert;
  if (assignee === userId || acknowledgements.some((one) => one.userId === assignee)) return {};
  return { assignee: userId, assignedBy: undefined, takenFrom: assignee };
}

function sayTwice({ id, needs, acknowledgements: { length } }: Alert): string {
  const more = needs - length;
  return `You have acknowledged ${id} already. It needs ${needs} different people: ${more} more ${more === 1 ? 'has' : 'have'} to press Acknowledge.`;
}

/** Takes back one's own acknowledgement; all of them, when the presser has not acknowledged. */
export function unacknowledge(
  alert: Alert,
  userId: string,
  now: Millis,
  names: ReadonlyMap<string, string>,
): Change | Refusal {
  const taken = alert.state === 'acknowledged' || alert.acknowledgements.length > 0;
  if (alert.state === 'resolved' || !taken) return { refused: happened(alert, now, names) };
  const own = alert.acknowledgements.some((one) => one.userId === userId);
  return { ...left(alert, own ? alert.acknowledgements.filter((one) => one.userId !== userId) : []) };
}

/** It fires again, with the acknowledgements that are left; the first of those who gave them has it. */
function left(alert: Alert, acknowledgements: Alert['acknowledgements']): Change {
  const stays = acknowledgements.some((one) => one.userId === alert.assignee);
  return {
    state: 'firing',
    again: alert.again || alert.state === 'acknowledged',
    acknowledgements,
    acknowledgedBy: undefined,
    acknowledgedAt: undefined,
    ...(stays ? {} : { assignee: acknowledgements[0]?.userId, assignedBy: undefined, takenFrom: undefined }),
    ...UNHELD,
  };
}
