import type { Millis } from '../kernel/time.ts';
import type { Sql } from './sql.ts';

/** Whom Slack has at an e-mail address; `undefined`: nobody. */
export interface KnownAddress {
  readonly user: string | undefined;
  readonly askedAt: Millis;
}

/** By address, in lower case. */
export async function knownAddresses(sql: Sql): Promise<Map<string, KnownAddress>> {
  const rows = await sql.all<{ address: string; user_id: string | null; asked_at: number }>(
    'select address, user_id, asked_at from schedule_people',
  );
  return new Map(rows.map((row) => [row.address, { user: row.user_id ?? undefined, askedAt: row.asked_at }]));
}

export async function rememberAddress(
  sql: Sql,
  address: string,
  user: string | undefined,
  now: Millis,
): Promise<void> {
  await sql.run(
    `insert into schedule_people (address, user_id, asked_at) values ($1, $2, $3)
      on conflict (address) do update set user_id = excluded.user_id, asked_at = excluded.asked_at`,
    [address, user ?? null, now],
  );
}
