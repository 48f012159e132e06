import type { Millis } from '../kernel/time.ts';
import type { Sql } from './sql.ts';

/** What was hidden by one mute or one alert, for one name. */
export interface HiddenCount {
  readonly name: string;
  readonly number: number;
  /** Event times. */
  readonly firstAt: Millis;
  readonly lastAt: Millis;
}

export async function countHidden(sql: Sql, source: string, name: string, eventTime: Millis): Promise<void> {
  await sql.run(
    `insert into hidden_counts (source, name, number, first_at, last_at) values ($1, $2, 1, $3, $3)
      on conflict (source, name) do update set number = hidden_counts.number + 1,
        first_at = case when hidden_counts.first_at < $3 then hidden_counts.first_at else $3 end,
        last_at = case when hidden_counts.last_at > $3 then hidden_counts.last_at else $3 end`,
    [source, name, eventTime],
  );
}

/** The most frequent names first. */
export async function hiddenBy(sql: Sql, source: string): Promise<HiddenCount[]> {
  return sql.all<HiddenCount & object>(
    `select name, number, first_at as "firstAt", last_at as "lastAt" from hidden_counts
      where source = $1 order by number desc, name`,
    [source],
  );
}
