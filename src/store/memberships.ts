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
