import type { AlertState } from '../alerts/alert.ts';
import type { Problem } from '../kernel/problem.ts';
import { type Clock, DAY, type Millis } from '../kernel/time.ts';
import { countAlerts } from '../store/alerts.ts';
import { countJobs } from '../store/jobs.ts';
import { type DelaySummary, delaysSince } from '../store/post-delays.ts';
import { countRecords } from '../store/records.ts';
import { latestRejects } from '../store/rejects.ts';
import type { Database } from '../store/sql.ts';
import { type CanaryStatus, readCanaryStatus } from './canary-status.ts';
import type { Diagnosis } from './doctor/checkup.ts';
import { type PlaceStatus, readPlaceStatus, type Watched } from './gaps/place-status.ts';
import type { QueueState } from './ways/queue-state.ts';

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
  /** From events to the posts of their alerts within the last day; absent when there were none. */
  readonly latency?: DelaySummary | undefined;
  /** Absent while none are sent. */
  readonly canaries?: CanaryStatus | undefined;
  /** What the doctor found last, what is fine left out; absent before the first look. */
  readonly doctor?: { readonly at: Millis; readonly found: readonly Diagnosis[] } | undefined;
  /** The queues that are read, in the order of the configuration. */
  readonly queues?: readonly QueueState[];
  /** What the sweep and the watch for silence know of each place. */
  readonly places?: readonly PlaceStatus[];
}

/** Reads how things stand from the store. */
export async function readStatus(tools: {
  db: Database;
  clock: Clock;
  startedAt: Millis;
  rules: () => Status['rules'];
  /** Of what the bot notices that it does not see. */
  watched?: () => Watched;
  /** What the doctor found last. */
  doctor?: () => Status['doctor'];
  /** How the queues are that are read. */
  queues?: () => readonly QueueState[];
  /** What an account is called, else its id. */
  accountName?: (account: string) => string;
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
    latency: await delaysSince(tools.db, tools.clock.now() - DAY),
    queues: tools.queues?.() ?? [],
    doctor: tools.doctor?.(),
    places: await readPlaceStatus(tools.db, tools.clock.now(), tools.watched?.()),
    canaries: await readCanaryStatus(tools.db, tools.accountName ?? ((account) => account)),
  };
}
