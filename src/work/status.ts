import type { AlertState } from '../alerts/alert.ts';
import type { Problem } from '../kernel/problem.ts';
import type { Millis } from '../kernel/time.ts';

/** How the bot is doing, for `/trail status`, `/readyz` and `/metrics`. */
export interface Status {
  readonly startedAt: Millis;
  readonly records: { readonly stored: number; readonly pending: number; readonly rejected: number };
  readonly lastReceivedAt: Millis | undefined;
  /** Now minus the receive time of the oldest record not yet evaluated; 0 when all are. */
  readonly lag: Millis;
  readonly alerts: Readonly<globalThis.Record<AlertState, number>>;
  readonly jobs: { readonly due: number; readonly parked: number; readonly lastError: string | undefined };
  readonly rules: {
    readonly loaded: number;
    readonly loadedAt: Millis;
    /** Mistakes of the last reload that was refused; the rules before it still run. */
    readonly problems: readonly Problem[];
  };
}
