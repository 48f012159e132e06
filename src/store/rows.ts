import type { Sql, Value } from './sql.ts';

/** So many rows go into one statement; what is left over goes one by one, so that two statements serve for all. */
const AT_ONCE = 16;

/** Inserts rows whose values stand one after another, in the order of `columns`. */
export async function insertRows(
  sql: Sql,
  table: string,
  columns: readonly string[],
  values: readonly Value[],
): Promise<void> {
  const width = columns.length;
  const many = statement(table, columns, AT_ONCE);
  const one = statement(table, columns, 1);
  let from = 0;
  for (; from + AT_ONCE * width <= values.length; from += AT_ONCE * width) {
    await sql.run(many, values.slice(from, from + AT_ONCE * width));
  }
  for (; from < values.length; from += width) await sql.run(one, values.slice(from, from + width));
}

function statement(table: string, columns: readonly string[], rows: number): string {
  const row = (index: number) => `(${columns.map((_, column) => `$${index * columns.length + column + 1}`)})`;
  const places = Array.from({ length: rows }, (_, index) => row(index));
  return `insert into ${table} (${columns.join(', ')}) values ${places.join(', ')}`;
}
