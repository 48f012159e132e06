import type { Millis } from '../kernel/time.ts';
import type { StoredRecord } from './records.ts';
import type { Sql } from './sql.ts';

/** From now on this alert holds back what is known by the key, while it is open and until the instant. */
export async function insertInhibitor(sql: Sql, alertId: string, key: string, until: Millis): Promise<void> {
  await sql.run(
    'insert into inhibitors (alert_id, key, until) values ($1, $2, $3) on conflict (alert_id, key) do nothing',
    [alertId, key, until],
  );
}

/** The open alert of another rule that holds back what is known by the key; the oldest of several. */
export async function inhibitorOf(
  sql: Sql,
  key: string,
  target: { readonly ruleId: string; readonly now: Millis },
): Promise<{ alertId: string; title: string } | undefined> {
  const [row] = await sql.all<{ alertId: string; title: string }>(
    `select a.id as "alertId", a.title from inhibitors i join alerts a on a.id = i.alert_id
      where i.key = $1 and i.until > $2 and a.state <> 'resolved' and a.rule_id <> $3
      order by a.opened_at, a.id limit 1`,
    [key, target.now, target.ruleId],
  );
  return row;
}

/** Matches that an alert has held back, the oldest first, as far as their records are kept. */
export async function heldBackBy(
  sql: Sql,
  alertId: string,
  limit: number,
): Promise<(StoredRecord & { ruleId: string })[]> {
  return sql.all(
    `select r.key, r.account, r.region, r.body, r.received_at as "receivedAt", s.rule_id as "ruleId"
      from suppressions s join records r on r.key = s.record_key
      where s.source = $1 and s.kind = 'inhibition' order by r.received_at, r.key, s.rule_id limit $2`,
    [alertId, limit],
  );
}

/** It is held back no longer. False when somebody else has let it go. */
export async function letGo(sql: Sql, recordKey: string, ruleId: string): Promise<boolean> {
  const gone = await sql.run(
    `delete from suppressions where record_key = $1 and rule_id = $2 and kind = 'inhibition'`,
    [recordKey, ruleId],
  );
  return gone === 1;
}
