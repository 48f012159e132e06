import type { Millis } from '../kernel/time.ts';
import type { Sql } from './sql.ts';

/** A durable unit of work: at most one for each kind and subject. */
export interface Job {
  readonly kind: string;
  readonly subject: string;
  /** Grows each time the work is asked for; a job that was asked for again meanwhile is not finished. */
  readonly wanted: number;
  readonly attempts: number;
  readonly leaseToken: string;
}

/** Asks for work at `dueAt`; an earlier time wins, and work that was parked gets a new chance. */
export async function enqueue(sql: Sql, kind: string, subject: string, dueAt: Millis): Promise<void> {
  await sql.run(
    `insert into jobs (kind, subject, due_at, wanted, attempts) values ($1, $2, $3, 1, 0)
      on conflict (kind, subject) do update set wanted = jobs.wanted + 1,
        due_at = case when jobs.parked_at is null and jobs.attempts > 0 then jobs.due_at
                      when jobs.due_at < excluded.due_at then jobs.due_at else excluded.due_at end,
        attempts = case when jobs.parked_at is null then jobs.attempts else 0 end,
        parked_at = null`,
    [kind, subject, dueAt],
  );
}

/** Takes work that is due and that nobody holds, the longest due first. */
export async function claimJobs(
  sql: Sql,
  now: Millis,
  lease: { token: string; until: Millis },
  limit: number,
): Promise<Job[]> {
  return sql.all<Job>(
    `update jobs set lease_token = $2, lease_until = $3, attempts = attempts + 1
      where (kind, subject) in (
        select kind, subject from jobs
          where parked_at is null and due_at <= $1 and (lease_until is null or lease_until <= $1)
          order by due_at limit $4)
      returning kind, subject, wanted, attempts, lease_token as "leaseToken"`,
    [now, lease.token, lease.until, limit],
  );
}

/** Done: the job goes, unless it was asked for again while it ran. Nothing happens when the lease was lost. */
export async function completeJob(sql: Sql, job: Job): Promise<void> {
  const held = [job.kind, job.subject, job.leaseToken];
  const gone = await sql.run(
    'delete from jobs where kind = $1 and subject = $2 and lease_token = $3 and wanted = $4',
    [...held, job.wanted],
  );
  if (gone === 1) return;
  await sql.run(
    `update jobs set lease_token = null, lease_until = null, attempts = 0
      where kind = $1 and subject = $2 and lease_token = $3`,
    held,
  );
}

/**
 * Not done: again at `dueAt`, or at once when it was asked for anew while it ran. `failed` keeps the count of
 * attempts that back-off grows with, and its time.
 */
export async function postponeJob(
  sql: Sql,
  job: Job,
  dueAt: Millis,
  failed: { error: string } | undefined,
): Promise<void> {
  await sql.run(
    `update jobs set lease_token = null, lease_until = null,
        due_at = case when $5 = 1 or wanted = $7 then $4 else due_at end,
        attempts = case when $5 = 1 then attempts else 0 end, last_error = $6
      where kind = $1 and subject = $2 and lease_token = $3`,
    [job.kind, job.subject, job.leaseToken, dueAt, failed ? 1 : 0, failed?.error ?? null, job.wanted],
  );
}

/** Useless to try again by itself: kept, counted and shown until it is asked for anew. */
export async function parkJob(sql: Sql, job: Job, error: string, now: Millis): Promise<void> {
  await sql.run(
    `update jobs set lease_token = null, lease_until = null, parked_at = $4, last_error = $5
      where kind = $1 and subject = $2 and lease_token = $3`,
    [job.kind, job.subject, job.leaseToken, now, error],
  );
}

/** What parked jobs of a kind are about. */
export async function parkedSubjects(sql: Sql, kind: string): Promise<string[]> {
  const rows = await sql.all<{ subject: string }>(
    'select subject from jobs where kind = $1 and parked_at is not null order by subject',
    [kind],
  );
  return rows.map((row) => row.subject);
}

/** Gives every parked job a new chance; returns how many there were. */
export async function unparkJobs(sql: Sql, now: Millis): Promise<number> {
  return sql.run('update jobs set parked_at = null, attempts = 0, due_at = $1 where parked_at is not null', [
    now,
  ]);
}

/** For the start of the only process on this store: whoever held a lease is dead, and its work is due. */
export async function releaseLeases(sql: Sql): Promise<void> {
  await sql.run('update jobs set lease_token = null, lease_until = null where lease_token is not null');
}

/** When the next job is due that nobody holds; `undefined` when there is none. */
export async function nextDue(sql: Sql): Promise<Millis | undefined> {
  const [row] = await sql.all<{ due: number | null }>(
    `select min(case when lease_until is not null and lease_until > due_at then lease_until else due_at end) as due
      from jobs where parked_at is null`,
  );
  return row?.due ?? undefined;
}

/** How many jobs are due, and how many were given up; with the error that matters most. */
export async function countJobs(
  sql: Sql,
  now: Millis,
): Promise<{ due: number; parked: number; lastError: string | undefined }> {
  const [row] = await sql.all<{ due: number | null; parked: number | null }>(
    `select sum(case when parked_at is null and due_at <= $1 then 1 else 0 end) as due,
        sum(case when parked_at is null then 0 else 1 end) as parked from jobs`,
    [now],
  );
  const [failed] = await sql.all<{ last_error: string }>(
    `select last_error from jobs where last_error is not null and (parked_at is not null or attempts > 2)
      order by case when parked_at is null then 0 else 1 end desc, due_at desc limit 1`,
  );
  return { due: row?.due ?? 0, parked: row?.parked ?? 0, lastError: failed?.last_error };
}
