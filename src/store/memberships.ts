import type { StoredRecord } from './records.ts';
import type { Sql } from './sql.ts';

/** Notes that a record belongs to an alert. */
export async function addRecordToAlert(sql: Sql, alertId: string, recordKey: string): Promise<void> {
  await sql.run(
    'insert into alert_records (alert_id, record_key) values ($1, $2) on conflict (alert_id, record_key) do nothing',
    [alertId, recordKey],
  );
}

export async function alertsOfRecord(sql: Sql, recordKey: string): Promise<string[]> {
  const rows = await sql.all<{ alert_id: string }>(
    'select alert_id from alert_records where record_key = $1 order by alert_id',
    [recordKey],
  );
  return rows.map((row) => row.alert_id);
}

/** The record that came first among those of an alert, while it is kept. */
export async function firstRecordOf(sql: Sql, alertId: string): Promise<StoredRecord | undefined> {
  const [row] = await sql.all<StoredRecord>(
    `select r.key, r.account, r.region, r.body, r.received_at as "receivedAt"
      from alert_records m join records r on r.key = m.record_key
      where m.alert_id = $1 order by r.received_at, r.key limit 1`,
    [alertId],
  );
  return row;
}

/**
 * Whether this rule has matched another record of the event, so that people have heard of it (or chose not to). A
 * value that was only remembered is neither.
 */
export async function matchedBefore(
  sql: Sql,
  event: { eventId: string; otherThan: string; ruleId: string },
): Promise<boolean> {
  const rows = await sql.all(
    `select 1 as found from records r join alert_records m on m.record_key = r.key
        join alerts a on a.id = m.alert_id
      where r.event_id = $1 and r.key <> $2 and a.rule_id = $3
      union all
      select 1 as found from records r join suppressions s on s.record_key = r.key
      where r.event_id = $1 and r.key <> $2 and s.rule_id = $3 and s.kind not in ('seen', 'learning')
      limit 1`,
    [event.eventId, event.otherThan, event.ruleId],
  );
  return rows.length > 0;
}

/** What an alert's records called, how often, from how many addresses; most frequent first. */
export interface CallCount {
  readonly eventSource: string;
  readonly eventName: string;
  readonly count: number;
  readonly addresses: number;
  readonly anAddress: string | undefined;
}

export async function callsOfAlert(sql: Sql, alertId: string): Promise<CallCount[]> {
  const rows = await sql.all<{
    source: string;
    name: string;
    number: number;
    addresses: number;
    address: string | null;
  }>(
    `select r.event_source as source, r.event_name as name, count(*) as number,
        count(distinct r.source_address) as addresses, min(r.source_address) as address
      from alert_records m join records r on r.key = m.record_key
      where m.alert_id = $1 group by r.event_source, r.event_name
      order by count(*) desc, r.event_source, r.event_name`,
    [alertId],
  );
  return rows.map((row) => ({
    eventSource: row.source,
    eventName: row.name,
    count: row.number,
    addresses: row.addresses,
    anAddress: row.address ?? undefined,
  }));
}
