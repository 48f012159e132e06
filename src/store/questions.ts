import type { Millis } from '../kernel/time.ts';
import type { Sql } from './sql.ts';

/** A question that a button leads back to: too long for what a button can carry. */
interface KeptQuestion {
  readonly id: string;
  readonly at: Millis;
  readonly userId: string;
  /** JSON of a `Question`. */
  readonly question: string;
}

export async function keepQuestion(sql: Sql, kept: KeptQuestion): Promise<void> {
  await sql.run('insert into questions (id, at, user_id, question) values ($1, $2, $3, $4)', [
    kept.id,
    kept.at,
    kept.userId,
    kept.question,
  ]);
}

/** Its JSON; `undefined` when it was never kept or is too old. */
export async function keptQuestion(sql: Sql, id: string): Promise<string | undefined> {
  const [row] = await sql.all<{ question: string }>('select question from questions where id = $1', [id]);
  return row?.question;
}

export async function pruneQuestions(sql: Sql, before: Millis, limit: number): Promise<number> {
  return sql.run(
    'delete from questions where id in (select id from questions where at < $1 order by at limit $2)',
    [before, limit],
  );
}
