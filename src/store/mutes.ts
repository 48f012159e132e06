import type { Mute, MuteTerm } from '../alerts/mute.ts';
import type { Millis } from '../kernel/time.ts';
import { addToCounter } from './counters.ts';
import type { Row, Sql } from './sql.ts';

interface MuteRow extends Row {
  id: string;
  rule_id: string;
  rule_title: string;
  terms: string;
  reason: string;
  made_by: string;
  made_by_name: string;
  made_at: number;
  until: number;
  alert_id: string;
  sample: string;
  ended_at: number | null;
  ended_by: string | null;
}

/** A fresh id, `M-1`, `M-2`, … */
export async function nextMuteId(sql: Sql): Promise<string> {
  return `M-${await addToCounter(sql, 'mutes', 1)}`;
}

export async function insertMute(sql: Sql, mute: Mute): Promise<void> {
  await sql.run(
    `insert into mutes (id, rule_id, rule_title, terms, reason, made_by, made_by_name, made_at, until, alert_id, sample)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      mute.id,
      mute.ruleId,
      mute.ruleTitle,
      JSON.stringify(mute.terms.map(({ field, value }) => [field, value])),
      mute.reason,
      mute.madeBy,
      mute.madeByName,
      mute.madeAt,
      mute.until,
      mute.alertId,
      mute.sample,
    ],
  );
}

export async function muteById(sql: Sql, id: string): Promise<Mute | undefined> {
  const [row] = await sql.all<MuteRow>('select * from mutes where id = $1', [id]);
  return row && readMute(row);
}

/** Those that have not ended, of one rule, or of all; the one that was made first comes first. */
export async function mutesInForce(sql: Sql, ruleId?: string): Promise<Mute[]> {
  const rows = await sql.all<MuteRow>(
    `select * from mutes where ended_at is null and ($1 = 0 or rule_id = $2)
      order by made_at, length(id), id`,
    [ruleId === undefined ? 0 : 1, ruleId ?? ''],
  );
  return rows.map(readMute);
}

/** Compare-and-set: false when it was ended already. */
export async function closeMute(sql: Sql, id: string, now: Millis, by: string | undefined): Promise<boolean> {
  const changed = await sql.run(
    'update mutes set ended_at = $2, ended_by = $3 where id = $1 and ended_at is null',
    [id, now, by ?? null],
  );
  return changed === 1;
}

function readMute(row: MuteRow): Mute {
  const terms: [string, string][] = JSON.parse(row.terms);
  return {
    id: row.id,
    ruleId: row.rule_id,
    ruleTitle: row.rule_title,
    terms: terms.map(([field, value]): MuteTerm => ({ field, value })),
    reason: row.reason,
    madeBy: row.made_by,
    madeByName: row.made_by_name,
    madeAt: row.made_at,
    until: row.until,
    alertId: row.alert_id,
    sample: row.sample,
    endedAt: row.ended_at ?? undefined,
    endedBy: row.ended_by ?? undefined,
  };
}
