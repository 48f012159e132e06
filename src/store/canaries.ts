import type { Millis } from '../kernel/time.ts';
import type { Sql } from './sql.ts';

/**
 * How far a canary has come: `sending` until AWS has answered (or the process has died), `unsent` when AWS did not take
 * it, `returned` when it came back, early or late.
 */
type CanaryState = 'sending' | 'sent' | 'unsent' | 'returned';

/** A canary as it is kept. */
export interface KeptCanary {
  readonly id: string;
  readonly account: string;
  readonly region: string;
  readonly sentAt: Millis;
  readonly state: CanaryState;
}

interface Place {
  readonly account: string;
  readonly region: string;
}

/** Before it is sent, because it may be back sooner than the answer of AWS. */
export async function insertCanary(
  sql: Sql,
  { id, account, region }: Place & { id: string },
  roundAt: Millis,
  now: Millis,
): Promise<void> {
  await sql.run(
    `insert into canaries (id, account, region, round_at, sent_at, state) values ($1, $2, $3, $4, $5, 'sending')`,
    [id, account, region, roundAt, now],
  );
  await sql.run(
    `insert into canary_places (account, region, sent_at) values ($1, $2, $3)
      on conflict (account, region) do update set sent_at = excluded.sent_at`,
    [account, region, now],
  );
}

/** AWS took it, or did not. One that is back already stays so. */
export async function settleCanary(sql: Sql, id: string, state: 'sent' | 'unsent'): Promise<void> {
  await sql.run(`update canaries set state = $2 where id = $1 and state = 'sending'`, [id, state]);
}

/**
 * Notes that a canary came back, once: `undefined` for one that nobody sent, that was sent from another place, or that
 * came before. Returns how long it took.
 */
export async function takeCanary(
  sql: Sql,
  { id, account, region }: Place & { id: string },
  now: Millis,
): Promise<Millis | undefined> {
  const [taken] = await sql.all<{ sent: number }>(
    `update canaries set state = 'returned', returned_at = $4
      where id = $1 and account = $2 and region = $3 and state <> 'returned' returning sent_at as sent`,
    [id, account, region, now],
  );
  if (!taken) return undefined;
  const took = Math.max(0, now - taken.sent);
  await sql.run('update canary_places set returned_at = $3, took = $4 where account = $1 and region = $2', [
    account,
    region,
    now,
    took,
  ]);
  return took;
}

/** Those of one round, in the order in which they were sent. */
export async function canariesOf(sql: Sql, roundAt: Millis): Promise<KeptCanary[]> {
  return sql.all<KeptCanary>(
    `select id, account, region, sent_at as "sentAt", state from canaries
      where round_at = $1 order by sent_at, account, region`,
    [roundAt],
  );
}

/** A connected account and region, as its last canaries have it. */
export interface CanaryPlace extends Place {
  readonly sentAt: Millis;
  /** When one came back last; null when none ever did. */
  readonly returnedAt: Millis | null;
  /** How long that one took. */
  readonly took: Millis | null;
}

export async function canaryPlaces(sql: Sql): Promise<CanaryPlace[]> {
  return sql.all<CanaryPlace>(
    `select account, region, sent_at as "sentAt", returned_at as "returnedAt", took
      from canary_places order by account, region`,
  );
}

/** Forgets canaries sent before one time, and places from which none was sent since another. */
export async function pruneCanaries(
  sql: Sql,
  before: { readonly canaries: Millis; readonly places: Millis },
): Promise<void> {
  await sql.run('delete from canaries where sent_at < $1', [before.canaries]);
  await sql.run('delete from canary_places where sent_at < $1', [before.places]);
}
