import type { Millis } from '../kernel/time.ts';
import type { Sql } from './sql.ts';

/** A group of a correlation that is judged when a window is over. */
export interface OpenWindow {
  readonly bucket: string;
  readonly correlation: number;
  /** The group-by values. */
  readonly group: readonly string[];
  /** The first event of the open window; `undefined` when none is open. */
  readonly beginsAt: Millis | undefined;
  /** Everything up to here was judged. */
  readonly closedUntil: Millis;
  /** When the last event of the group came in. */
  readonly touchedAt: Millis;
  readonly dueAt: Millis | undefined;
}

interface WindowRow {
  bucket: string;
  correlation: number;
  group_values: string;
  begins_at: number | null;
  closed_until: number;
  touched_at: number;
  due_at: number | null;
}

const COLUMNS = 'bucket, correlation, group_values, begins_at, closed_until, touched_at, due_at';

export async function windowOf(sql: Sql, bucket: string): Promise<OpenWindow | undefined> {
  const [row] = await sql.all<WindowRow>(`select ${COLUMNS} from correlation_windows where bucket = $1`, [
    bucket,
  ]);
  return row && readWindow(row);
}

export async function saveWindow(sql: Sql, window: OpenWindow): Promise<void> {
  await sql.run(
    `insert into correlation_windows (${COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7)
      on conflict (bucket) do update set begins_at = excluded.begins_at, closed_until = excluded.closed_until,
        touched_at = excluded.touched_at, due_at = excluded.due_at`,
    [
      window.bucket,
      window.correlation,
      JSON.stringify(window.group),
      window.beginsAt ?? null,
      window.closedUntil,
      window.touchedAt,
      window.dueAt ?? null,
    ],
  );
}

/** Those to be judged by now, the longest due first. */
export async function dueWindows(sql: Sql, upTo: Millis, limit: number): Promise<OpenWindow[]> {
  const rows = await sql.all<WindowRow>(
    `select ${COLUMNS} from correlation_windows where due_at is not null and due_at <= $1
      order by due_at, bucket limit $2`,
    [upTo, limit],
  );
  return rows.map(readWindow);
}

export async function nextWindowDue(sql: Sql): Promise<Millis | undefined> {
  const [row] = await sql.all<{ due: number | null }>(
    'select min(due_at) as due from correlation_windows where due_at is not null',
  );
  return row?.due ?? undefined;
}

export async function deleteWindow(sql: Sql, bucket: string): Promise<void> {
  await sql.run('delete from correlation_windows where bucket = $1', [bucket]);
}

/** Deletes at most `limit` groups of a correlation that have nothing open and were judged up to `before`. */
export async function pruneWindows(
  sql: Sql,
  correlation: number,
  before: Millis,
  limit: number,
): Promise<number> {
  return sql.run(
    `delete from correlation_windows where bucket in
      (select bucket from correlation_windows
        where correlation = $1 and closed_until < $2 and due_at is null limit $3)`,
    [correlation, before, limit],
  );
}

function readWindow(row: WindowRow): OpenWindow {
  return {
    bucket: row.bucket,
    correlation: row.correlation,
    group: JSON.parse(row.group_values),
    beginsAt: row.begins_at ?? undefined,
    closedUntil: row.closed_until,
    touchedAt: row.touched_at,
    dueAt: row.due_at ?? undefined,
  };
}
