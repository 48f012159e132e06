import type { Millis } from '../kernel/time.ts';
import { enqueue, unparkJobs } from './jobs.ts';
import type { Sql } from './sql.ts';

/** Something that was to be done or said, and is not. */
export interface Trouble {
  /** The kind of the job, or of the post. */
  readonly kind: string;
  /** Of a job: what it is about. Of a post: the channel or person that does not get it. */
  readonly about: string;
  readonly why: string;
  readonly since: Millis;
}

/** A post that was refused is told as a post. */
const GIVEN_UP = `parked_at is not null
  and (kind <> 'post' or subject not in (select id from posts where refused is not null))`;

/** Work that was given up, the latest first. */
export async function parkedJobs(sql: Sql, limit: number): Promise<Trouble[]> {
  return sql.all<Trouble & object>(
    `select kind, case when a.channel is null then subject else subject || ' in ' || a.channel end as about,
        coalesce(last_error, 'no reason is known') as why, parked_at as since
      from jobs left join alerts a on a.id = subject
      where ${GIVEN_UP} order by parked_at desc, kind, subject limit $1`,
    [limit],
  );
}

/** What Slack will never take as it is, the latest first. */
export async function refusedPosts(sql: Sql, limit: number): Promise<Trouble[]> {
  return sql.all<Trouble & object>(
    `select p.kind as kind, coalesce(p.place, a.channel, '') as about, p.refused as why, p.asked_at as since
      from posts p left join alerts a on a.id = p.alert_id
      where p.refused is not null order by p.asked_at desc, p.id limit $1`,
    [limit],
  );
}

export async function countTroubles(sql: Sql): Promise<number> {
  const [row] = await sql.all<{ number: number }>(
    `select (select count(*) from jobs where ${GIVEN_UP})
        + (select count(*) from posts where refused is not null) as number`,
  );
  return row?.number ?? 0;
}

/** Gives all of it a new chance. */
export async function tryAllAgain(sql: Sql, now: Millis): Promise<void> {
  const refused = await sql.all<{ id: string }>('select id from posts where refused is not null');
  for (const { id } of refused) await enqueue(sql, 'post', id, now);
  await unparkJobs(sql, now);
}
