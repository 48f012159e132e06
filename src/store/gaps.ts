import type { Millis } from '../kernel/time.ts';
import type { Row, Sql } from './sql.ts';

/** What is looked up by itself in a place: calls that change something, and calls that only read. */
export type SweepKind = 'changes' | 'reads';

interface SweepKey {
  readonly account: string;
  /** `*` for an account that could not be entered. */
  readonly region: string;
  readonly kind: SweepKind;
}

/** How far one kind of calls of one place was compared with what arrived. */
export interface Sweep extends SweepKey {
  /** Everything up to here was compared, or was given up. */
  readonly sweptUntil: Millis;
  /** Under way: from `sweptUntil` to `to`, compared from its end back to `readBackTo`. */
  readonly stretch: { readonly to: Millis; readonly readBackTo: Millis } | undefined;
  /** How often the requests of a run did not suffice for the stretch. */
  readonly runs: number;
  /** When it was last asked. */
  readonly sweptAt: Millis | undefined;
  /** Why the last run did not come to the end: a trouble as JSON. */
  readonly trouble: string | undefined;
  /** The latest period that was given up. */
  readonly uncovered: { readonly from: Millis; readonly to: Millis } | undefined;
}

interface SweepRow extends Row {
  account: string;
  region: string;
  kind: string;
  swept_until: number;
  stretch_to: number | null;
  read_back_to: number | null;
  runs: number;
  swept_at: number | null;
  trouble: string | null;
  uncovered_from: number | null;
  uncovered_to: number | null;
}

function readSweep(row: SweepRow): Sweep {
  const { stretch_to: to, uncovered_from: from, uncovered_to: until } = row;
  return {
    account: row.account,
    region: row.region,
    kind: row.kind as SweepKind,
    sweptUntil: row.swept_until,
    stretch: to === null ? undefined : { to, readBackTo: row.read_back_to ?? to },
    runs: row.runs,
    sweptAt: row.swept_at ?? undefined,
    trouble: row.trouble ?? undefined,
    uncovered: from === null || until === null ? undefined : { from, to: until },
  };
}

/** Where a sweep stands. One that is new begins at `from`: nobody was connected before. */
export async function openSweep(sql: Sql, { account, region, kind }: SweepKey, from: Millis): Promise<Sweep> {
  await sql.run(
    `insert into sweeps (account, region, kind, swept_until, runs) values ($1, $2, $3, $4, 0)
      on conflict (account, region, kind) do nothing`,
    [account, region, kind, from],
  );
  const [row] = await sql.all<SweepRow>(
    'select * from sweeps where account = $1 and region = $2 and kind = $3',
    [account, region, kind],
  );
  if (!row) throw new Error(`the sweep of ${account} in ${region} is gone`);
  return readSweep(row);
}

/** Writes where a sweep stands. */
export async function writeSweep(sql: Sql, sweep: Sweep): Promise<void> {
  await sql.run(
    `update sweeps set swept_until = $4, stretch_to = $5, read_back_to = $6, runs = $7, swept_at = $8, trouble = $9,
        uncovered_from = $10, uncovered_to = $11
      where account = $1 and region = $2 and kind = $3`,
    [
      sweep.account,
      sweep.region,
      sweep.kind,
      sweep.sweptUntil,
      sweep.stretch?.to ?? null,
      sweep.stretch?.readBackTo ?? null,
      sweep.runs,
      sweep.sweptAt ?? null,
      sweep.trouble ?? null,
      sweep.uncovered?.from ?? null,
      sweep.uncovered?.to ?? null,
    ],
  );
}

export async function allSweeps(sql: Sql): Promise<Sweep[]> {
  const rows = await sql.all<SweepRow>('select * from sweeps order by account, region, kind');
  return rows.map(readSweep);
}

export async function forgetSweep(sql: Sql, { account, region, kind }: SweepKey): Promise<void> {
  await sql.run('delete from sweeps where account = $1 and region = $2 and kind = $3', [
    account,
    region,
    kind,
  ]);
}

/** So many keys are asked for in one statement, as many as a page of LookupEvents has events. */
const AT_ONCE = 50;

/** Which of these records are stored. */
export async function storedKeys(sql: Sql, keys: readonly string[]): Promise<Set<string>> {
  const stored = new Set<string>();
  const places = Array.from({ length: AT_ONCE }, (_, index) => `$${index + 1}`).join(', ');
  for (let from = 0; from < keys.length; from += AT_ONCE) {
    const some = keys.slice(from, from + AT_ONCE);
    const values = Array.from({ length: AT_ONCE }, (_, index) => some[index] ?? null);
    const rows = await sql.all<{ key: string }>(`select key from records where key in (${places})`, values);
    for (const { key } of rows) stored.add(key);
  }
  return stored;
}
