import type { AlertState } from '../alerts/alert.ts';
import type { Problem } from '../kernel/problem.ts';
import type { Clock, Millis } from '../kernel/time.ts';
import { countAlerts } from '../store/alerts.ts';
import { countJobs } from '../store/jobs.ts';
import { countRecords } from '../store/records.ts';
import { latestRejects } from '../store/rejects.ts';
import type { Database } from '../store/sql.ts';

/** How the bot is doing, for `/trail status`, `/readyz` and `/metrics`. */
export interface Status {
  readonly startedAt: Millis;
  readonly records: {
    readonly stored: number;
    readonly pending: number;
    readonly rejected: number;
    /** Why the latest piece of a delivery was no record. */
    readonly lastReject: string | undefined;
  };
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

/** Reads how things stand from the store. */
export async function readStatus(tools: {
  db: Database;
  clock: Clock;
  startedAt: Millis;
  rules: () => Status['rules'];
}): Promise<Status> {
  const [reject] = await latestRejects(tools.db, 1);
  const [records, alerts, jobs] = [
    await countRecords(tools.db),
    await countAlerts(tools.db),
    await countJobs(tools.db, tools.clock.now()),
  ];
  return {
    startedAt: tools.startedAt,
    records: {
      stored: records.stored,
      pending: records.pending,
      rejected: records.rejected,
      lastReject: reject?.reason,
    },
    lastReceivedAt: records.lastReceivedAt,
    lag: records.oldestPendingAt === undefined ? 0 : Math.max(0, tools.clock.now() - records.oldestPendingAt),
    alerts,
    jobs: { due: jobs.due, parked: jobs.parked, lastError: jobs.lastError },
    rules: tools.rules(),
  };
}
