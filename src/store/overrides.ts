import type { Override } from '../alerts/schedule/schedule.ts';
import type { Millis } from '../kernel/time.ts';
import type { Sql } from './sql.ts';

/** An override with where it belongs and who made it. */
export interface StoredOverride extends Override {
  readonly schedule: string;
  readonly kind: 'override' | 'swap';
  /** The same for both halves of a swap. */
  readonly swapId: string | undefined;
  /** A Slack user id. */
  readonly madeBy: string;
  /** Ended by somebody before its time; `until` is not later than this. */
  readonly endedAt: Millis | undefined;
}

type OverrideRow = {
  id: string;
  schedule: string;
  person: string;
  from_at: number;
  until_at: number;
  kind: string;
  swap_id: string | null;
  made_by: string;
  made_at: number;
  ended_at: number | null;
};

/** False when one of this id is there already: a press that came twice makes one. */
export async function insertOverride(sql: Sql, override: Omit<StoredOverride, 'endedAt'>): Promise<boolean> {
  const { id, schedule, person, from, until, kind, swapId, madeBy, madeAt } = override;
  const added = await sql.run(
    `insert into overrides (id, schedule, person, from_at, until_at, kind, swap_id, made_by, made_at)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing`,
    [id, schedule, person, from, until, kind, swapId ?? null, madeBy, madeAt],
  );
  return added === 1;
}

/** What counts for the period, the earliest first; one that was ended is as long as it counted. */
export async function overridesBetween(
  sql: Sql,
  schedule: string,
  from: Millis,
  until: Millis,
): Promise<StoredOverride[]> {
  const rows = await sql.all<OverrideRow>(
    `select * from overrides
      where schedule = $1 and until_at > $2 and from_at < $3
        and (ended_at is null or (ended_at > $2 and ended_at > from_at))
      order by from_at, made_at, id`,
    [schedule, from, until],
  );
  return rows.map(readOverride);
}

/** `undefined` when there is none. */
export async function overrideById(sql: Sql, id: string): Promise<StoredOverride | undefined> {
  const [row] = await sql.all<OverrideRow>('select * from overrides where id = $1', [id]);
  return row && readOverride(row);
}

/** From now on it counts no longer; false when it was over or ended already. */
export async function endOverride(sql: Sql, id: string, now: Millis): Promise<boolean> {
  const changed = await sql.run(
    'update overrides set ended_at = $2 where id = $1 and ended_at is null and until_at > $2',
    [id, now],
  );
  return changed === 1;
}

function readOverride(row: OverrideRow): StoredOverride {
  return {
    id: row.id,
    schedule: row.schedule,
    person: row.person,
    from: row.from_at,
    until: Math.min(row.until_at, row.ended_at ?? row.until_at),
    kind: row.kind === 'swap' ? 'swap' : 'override',
    swapId: row.swap_id ?? undefined,
    madeBy: row.made_by,
    madeAt: row.made_at,
    endedAt: row.ended_at ?? undefined,
  };
}
