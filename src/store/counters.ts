import type { Sql } from './sql.ts';

/** Adds to a named counter and returns its new value; a counter starts at 0. */
export async function addToCounter(sql: Sql, name: string, by: number): Promise<number> {
  const [row] = await sql.all<{ value: number }>(
    `insert into counters (name, value) values ($1, $2)
      on conflict (name) do update set value = counters.value + excluded.value returning value`,
    [name, by],
  );
  return row?.value ?? by;
}

export async function readCounter(sql: Sql, name: string): Promise<number> {
  const [row] = await sql.all<{ value: number }>('select value from counters where name = $1', [name]);
  return row?.value ?? 0;
}
