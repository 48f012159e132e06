import type { Millis } from '../kernel/time.ts';
import type { Sql } from './sql.ts';

/** Why a match made no alert. */
export interface Suppression {
  readonly recordKey: string;
  readonly ruleId: string;
  readonly kind:
    | 'informational'
    | 'silence'
    | 'quiet'
    | 'correction'
    | 'seen'
    | 'learning'
    | 'late'
    | 'mute'
    | 'window'
    | 'inhibition'
    | 'confirmed';
  readonly reason: string;
  /** The mute, or the alert that held it back. */
  readonly source?: string | undefined;
}

/** False when the match was suppressed before: the reason of then stays. */
export async function insertSuppression(sql: Sql, suppression: Suppression, at: Millis): Promise<boolean> {
  const { recordKey, ruleId, kind, reason, source } = suppression;
  const added = await sql.run(
    `insert into suppressions (record_key, rule_id, at, kind, reason, source) values ($1, $2, $3, $4, $5, $6)
      on conflict (record_key, rule_id) do nothing`,
    [recordKey, ruleId, at, kind, reason, source ?? null],
  );
  return added === 1;
}

export async function suppressionsOfRecord(
  sql: Sql,
  recordKey: string,
): Promise<{ ruleId: string; reason: string }[]> {
  return sql.all(
    'select rule_id as "ruleId", reason from suppressions where record_key = $1 order by rule_id',
    [recordKey],
  );
}

export async function pruneSuppressions(sql: Sql, before: Millis, limit: number): Promise<number> {
  return sql.run(
    `delete from suppressions where record_key in
      (select record_key from suppressions where at < $1 order by at limit $2) and at < $1`,
    [before, limit],
  );
}
