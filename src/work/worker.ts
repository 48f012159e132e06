import type { Log } from '../kernel/log.ts';
import { Fault, sayError } from '../kernel/problem.ts';
import type { Random } from '../kernel/random.ts';
import { type Clock, MINUTE, type Millis, SECOND } from '../kernel/time.ts';
import { claimJobs, completeJob, type Job, nextDue, parkJob, postponeJob } from '../store/jobs.ts';
import type { Database } from '../store/sql.ts';

/** What a handler answers: finished, or to be looked at again at a time. Failures are thrown. */
export type Result = 'done' | { readonly again: Millis };

export type Handler = (subject: string) => Promise<Result>;

export interface WorkerTools {
  readonly db: Database;
  readonly handlers: ReadonlyMap<string, Handler>;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

const AT_ONCE = 8;
const LEASE: Millis = MINUTE;
const LONGEST_BACKOFF: Millis = 5 * MINUTE;

/** Does what is due now, a few jobs side by side. Returns how many it took; 0 means nothing is due. */
export async function runDue(tools: WorkerTools): Promise<number> {
  const now = tools.clock.now();
  const lease = { token: tools.random.id(), until: now + LEASE };
  const jobs = await claimJobs(tools.db, now, lease, AT_ONCE);
  await Promise.all(jobs.map((job) => runJob(tools, job)));
  return jobs.length;
}

/** How long until something is due; `undefined` when nothing waits. */
export async function untilDue(tools: WorkerTools): Promise<Millis | undefined> {
  const due = await nextDue(tools.db);
  return due === undefined ? undefined : Math.max(0, due - tools.clock.now());
}

async function runJob(tools: WorkerTools, job: Job): Promise<void> {
  try {
    const handler = tools.handlers.get(job.kind);
    if (!handler) throw Fault.never(`this version does not know the work "${job.kind}"`);
    const result = await handler(job.subject);
    if (result === 'done') await completeJob(tools.db, job);
    else await postponeJob(tools.db, job, result.again, undefined);
  } catch (error) {
    await afterFailure(tools, job, error);
  }
}

async function afterFailure(tools: WorkerTools, job: Job, error: unknown): Promise<void> {
  const about = { job: job.kind, subject: job.subject, attempts: job.attempts, error };
  if (error instanceof Fault && error.retryAfter === undefined) {
    tools.log.error(about, `gave up: ${error.message}`);
    await parkJob(tools.db, job, error.message, tools.clock.now());
    return;
  }
  const wait =
    error instanceof Fault ? Math.max(error.retryAfter ?? 0, 0) : backoff(job.attempts, tools.random);
  tools.log.debug(about, 'will try again');
  await postponeJob(tools.db, job, tools.clock.now() + wait, { error: sayError(error) });
}

/** 1 s, 2 s, 4 s … up to five minutes, each between half and all of it, so that replicas do not march in step. */
export function backoff(attempts: number, random: Random): Millis {
  const full = Math.min(LONGEST_BACKOFF, SECOND * 2 ** Math.min(attempts - 1, 20));
  return Math.round(full * (0.5 + random.fraction() / 2));
}
