import type { Alert, Operation, Operator } from '../alerts/alert.ts';
import type { Refusal } from '../kernel/problem.ts';

/** A press or a modal, as the edge hands it on. */
export interface Press {
  readonly alertId: string;
  /** The version the button was drawn with. */
  readonly version: number;
  readonly operation: Operation;
  readonly operator: Operator;
  /** Same for every delivery of this one press (Slack may deliver twice). */
  readonly pressId: string;
}

export type Outcome = { readonly done: Alert } | Refusal;
