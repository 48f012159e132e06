import type { Millis } from '../kernel/time.ts';
import type { StoredRecord } from './records.ts';
import type { Sql } from './sql.ts';

/** The newest records of an alert that happened within a span, both ends included, newest first. */
export async function recordsOfAlert(
  sql: Sql,
  alertId: string,
  { from, to }: { readonly from: Millis; readonly to: Millis },
  limit: number,
): Promise<StoredRecord[]> {
  return sql.all(
    `select r.key, r.account, r.region, r.body, r.received_at as "receivedAt"
      from alert_records m join records r on r.key = m.record_key
      where m.alert_id = $1 and r.event_time >= $2 and r.event_time <= $3
      order by r.event_time desc, r.key desc limit $4`,
    [alertId, from, to, limit],
  );
}

/** The id of the alert that was opened last; of those of one moment, the highest. */
export async function newestAlertId(sql: Sql): Promise<string | undefined> {
  const [row] = await sql.all<{ id: string }>(
    'select id from alerts order by opened_at desc, length(id) desc, id desc limit 1',
  );
  return row?.id;
}
