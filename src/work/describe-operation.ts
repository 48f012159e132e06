import type { Alert, Operation, Operator } from '../alerts/alert.ts';
import { sayWho } from '../alerts/happened.ts';
import { sayUtc } from '../kernel/time.ts';

/** What somebody did, as a sentence part for the history and the audit log. */
export function describeOperation(
  operation: Operation,
  operator: Operator,
  before: Alert,
  after: Alert,
  names: ReadonlyMap<string, string>,
): string {
  switch (operation.kind) {
    case 'acknowledge':
      return `acknowledged${counted(after)}${takenOver(before, after, names)}`;
    case 'unacknowledge':
      return `un-acknowledged${takenBack(operator, before, after, names)}`;
    case 'assign':
      return `gave it to ${sayWho(operation.to.userId, names)}${noted(operation.note)}`;
    case 'confirm':
      return 'is still on it';
    case 'resolve':
      return `resolved as ${operation.disposition.replace('_', ' ')}${noted(operation.note)}`;
    case 'snooze':
      return `snoozed until ${sayUtc(operation.until)}`;
    case 'wake':
      return 'snooze ended';
    case 'reopen':
      return 'reopened';
  }
}

function noted(note: string | undefined): string {
  return note ? `: ${note}` : '';
}

function counted({ needs, acknowledgements }: Alert): string {
  return needs > 1 ? ` (${acknowledgements.length} of ${needs})` : '';
}

function takenOver(before: Alert, after: Alert, names: ReadonlyMap<string, string>): string {
  const taken = before.assignee !== undefined && before.assignee !== after.assignee;
  return taken ? `, taking it from ${sayWho(before.assignee, names)}` : '';
}

/** Whose acknowledgements went besides one's own, and how many are left. */
function takenBack(
  { userId }: Operator,
  before: Alert,
  after: Alert,
  names: ReadonlyMap<string, string>,
): string {
  if (before.acknowledgements.some((one) => one.userId === userId)) return counted(after);
  const others = before.acknowledgements.map((one) => sayWho(one.userId, names));
  return others.length > 0 ? ` for ${others.join(' and ')}` : '';
}
