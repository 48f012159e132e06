import type { Millis } from '../kernel/time.ts';
import type { Sql } from './sql.ts';

/** `lost`: sent and not back in time. `unsent`: AWS did not take it. */
export type OutageKind = 'lost' | 'unsent';

/** From where no canaries come. */
export interface CanaryOutage {
  readonly id: string;
  /** `*` for all. */
  readonly account: string;
  /** `*` for all. */
  readonly region: string;
  readonly kind: OutageKind;
  /** When the canary was sent, or was to be, with which it began. */
  readonly sentAt: Millis;
  /** The record that reports it, as JSON, and its key. */
  readonly report: string;
  readonly recordKey: string;
}

const COLUMNS = 'id, account, region, kind, sent_at as "sentAt", report, record_key as "recordKey"';

/** Nothing happens when one of that kind is open there. */
export async function openOutage(sql: Sql, outage: CanaryOutage): Promise<void> {
  const { id, account, region, kind, sentAt, report, recordKey } = outage;
  await sql.run(
    `insert into canary_outages (id, account, region, kind, sent_at, report, record_key, told)
      values ($1, $2, $3, $4, $5, $6, $7, 0) on conflict do nothing`,
    [id, account, region, kind, sentAt, report, recordKey],
  );
}

/** Those that go on. */
export async function openOutages(sql: Sql): Promise<CanaryOutage[]> {
  return sql.all<CanaryOutage>(
    `select ${COLUMNS} from canary_outages where ended_at is null order by sent_at, account, region`,
  );
}

/** Whether an outage that goes on has a record among those of the alert. */
export async function hasOpenOutage(sql: Sql, alertId: string): Promise<boolean> {
  const rows = await sql.all(
    `select 1 as found from canary_outages o join alert_records m on m.record_key = o.record_key
      where m.alert_id = $1 and o.ended_at is null limit 1`,
    [alertId],
  );
  return rows.length > 0;
}

/** Where `*` stands for all. */
const COVERED = `(o.account = '*' or c.account = o.account) and (o.region = '*' or c.region = o.region)`;

/** Outages with the canaries that may show their end. */
const SHOWN_BY = `select o.id, o.account, o.region, o.kind, o.sent_at as "sentAt", o.report, o.record_key as "recordKey",
    c.account as "byAccount", c.region as "byRegion", coalesce(c.returned_at, c.sent_at) as "byAt"
  from canary_outages o join canaries c on ${COVERED}`;

/** An outage that can end, with what ends it. */
export interface EndingOutage extends CanaryOutage {
  /** The place that shows it. */
  readonly by: { readonly account: string; readonly region: string; readonly at: Millis };
}

/**
 * Outages that are over: of those lost, where a canary is back that was sent no earlier than the lost one; of those not
 * sent, where a later one could be.
 */
export async function endingOutages(sql: Sql): Promise<EndingOutage[]> {
  const rows = await sql.all<CanaryOutage & { byAccount: string; byRegion: string; byAt: number }>(
    `${SHOWN_BY} and c.state = 'returned' and c.sent_at >= o.sent_at where o.ended_at is null and o.kind = 'lost'
      union all
      ${SHOWN_BY} and c.state in ('sent', 'returned') and c.sent_at > o.sent_at
        where o.ended_at is null and o.kind = 'unsent'
      order by "byAt" desc`,
  );
  const ending = new Map(
    rows.map(({ byAccount: account, byRegion: region, byAt: at, ...outage }) => [
      outage.id,
      { ...outage, by: { account, region, at } },
    ]),
  );
  return [...ending.values()];
}

/** False when another has ended it. */
export async function endOutage(sql: Sql, id: string, now: Millis, why: string): Promise<boolean> {
  const changed = await sql.run(
    'update canary_outages set ended_at = $2, ended_by = $3 where id = $1 and ended_at is null',
    [id, now, why],
  );
  return changed === 1;
}

/** Outages whose beginning nobody has been told of, after a crash perhaps. */
export async function untoldOutages(sql: Sql): Promise<CanaryOutage[]> {
  return sql.all<CanaryOutage>(`select ${COLUMNS} from canary_outages where told = 0 order by sent_at`);
}

export async function markTold(sql: Sql, id: string): Promise<void> {
  await sql.run('update canary_outages set told = 1 where id = $1', [id]);
}

/** Forgets outages that ended before `before`. */
export async function pruneOutages(sql: Sql, before: Millis): Promise<void> {
  await sql.run('delete from canary_outages where ended_at < $1', [before]);
}
