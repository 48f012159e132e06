import type { Alert } from './alert.ts';

/** What an operation changes. Members that are absent stay as they are. */
export type Change = Partial<
  Pick<
    Alert,
    | 'level'
    | 'state'
    | 'again'
    | 'snoozedUntil'
    | 'snoozedBy'
    | 'acknowledgements'
    | 'acknowledgedBy'
    | 'acknowledgedAt'
    | 'assignee'
    | 'assignedBy'
    | 'takenFrom'
    | 'heldSince'
    | 'confirmBy'
    | 'resolvedBy'
    | 'resolvedAt'
    | 'disposition'
    | 'note'
  >
>;

/** No snooze. */
export const AWAKE = { snoozedUntil: undefined, snoozedBy: undefined } as const;

/** Nobody is to be asked whether they are still on it. */
export const UNHELD = { heldSince: undefined, confirmBy: undefined } as const;

/** Nobody has it. */
export const UNTAKEN = {
  acknowledgements: [],
  acknowledgedBy: undefined,
  acknowledgedAt: undefined,
  assignee: undefined,
  assignedBy: undefined,
  takenFrom: undefined,
  ...UNHELD,
} as const;
