import type { Operator } from '../alerts/alert.ts';
import type { Millis } from '../kernel/time.ts';
import type { Sql } from './sql.ts';

/** Remembers how a person is called, for sentences about what they did. */
export async function rememberOperator(sql: Sql, operator: Operator, now: Millis): Promise<void> {
  await sql.run(
    `insert into operators (user_id, team_id, name, seen_at) values ($1, $2, $3, $4)
      on conflict (user_id) do update set name = excluded.name, team_id = excluded.team_id, seen_at = excluded.seen_at`,
    [operator.userId, operator.teamId, operator.name, now],
  );
}

/** User id → name, for those who ever pressed or typed. */
export async function operatorNames(sql: Sql): Promise<Map<string, string>> {
  const rows = await sql.all<{ user_id: string; name: string }>('select user_id, name from operators');
  return new Map(rows.map((row) => [row.user_id, row.name]));
}
