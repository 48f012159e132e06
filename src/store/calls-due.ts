import type { Millis } from '../kernel/time.ts';
import { addToCounter } from './counters.ts';
import { insertRows } from './rows.ts';
import type { Sql, Value } from './sql.ts';

/** Kept beside the table: after an update of the program millions of rows may wait. */
const DUE = 'calls due';

/** A stored record that questions cannot find yet. */
export interface DueRecord {
  readonly key: string;
  readonly receivedAt: Millis;
}

/** Notes that records are to become searchable. */
export async function addDue(sql: Sql, records: readonly DueRecord[]): Promise<void> {
  if (records.length === 0) return;
  const values: Value[] = records.flatMap(({ key, receivedAt }) => [receivedAt, key]);
  await insertRows(sql, 'calls_due', ['received_at', 'record_key'], values);
  await addToCounter(sql, DUE, records.length);
}

/** Those received last come first: what happened a moment ago is asked for most. */
export async function dueRecords(sql: Sql, limit: number): Promise<DueRecord[]> {
  return sql.all<DueRecord>(
    `select record_key as key, received_at as "receivedAt" from calls_due
      order by received_at desc, record_key desc limit $1`,
    [limit],
  );
}

/** Takes records off the list; returns those that this caller took, each of which nobody else gets. */
export async function takeDue(sql: Sql, records: readonly DueRecord[]): Promise<Set<string>> {
  const taken = new Set<string>();
  for (const { key, receivedAt } of records) {
    const gone = await sql.run('delete from calls_due where received_at = $1 and record_key = $2', [
      receivedAt,
      key,
    ]);
    if (gone === 1) taken.add(key);
  }
  await addToCounter(sql, DUE, -taken.size);
  return taken;
}

/** Takes at most `limit` records received before `before` off the list; returns how many. */
export async function pruneDue(sql: Sql, before: Millis, limit: number): Promise<number> {
  const deleted = await sql.run(
    `delete from calls_due where (received_at, record_key) in
      (select received_at, record_key from calls_due where received_at < $1
        order by received_at, record_key limit $2)`,
    [before, limit],
  );
  await addToCounter(sql, DUE, -deleted);
  return deleted;
}
