import type { Disposition } from '../alerts/alert.ts';
import type { Millis } from '../kernel/time.ts';
import type { Level } from '../rules/rule.ts';
import type { StoredRecord } from './records.ts';
import type { Sql } from './sql.ts';

/** A record that a rule has matched, and what became of it. */
export interface RuleMatch extends StoredRecord {
  readonly eventTime: Millis;
  /** `undefined`: it was kept quiet. */
  readonly alert:
    | { readonly id: string; readonly level: Level; readonly disposition: Disposition | undefined }
    | undefined;
}

type MatchRow = {
  key: string;
  account: string;
  region: string;
  body: string;
  receivedAt: number;
  eventTime: number;
  alertId: string | null;
  level: string | null;
  disposition: string | null;
};

/** What a rule has matched since, the newest first: in alerts, and what was kept quiet. */
export async function matchesOfRule(
  sql: Sql,
  ruleId: string,
  since: Millis,
  limit: number,
): Promise<RuleMatch[]> {
  const columns = `r.key, r.account, r.region, r.body, r.received_at as "receivedAt", r.event_time as "eventTime"`;
  const rows = await sql.all<MatchRow>(
    `select ${columns}, a.id as "alertId", a.level, a.disposition
      from alerts a join alert_records m on m.alert_id = a.id join records r on r.key = m.record_key
      where a.rule_id = $1 and a.last_at >= $2 and r.event_time >= $2
      union all
      select ${columns}, null as "alertId", null as level, null as disposition
      from suppressions s join records r on r.key = s.record_key
      where s.rule_id = $1 and s.at >= $2 and r.event_time >= $2
        and s.kind in ('silence', 'quiet', 'mute', 'window', 'inhibition')
      order by 6 desc, 1 desc limit $3`,
    [ruleId, since, limit],
  );
  return rows.map(({ alertId, level, disposition, ...record }) => ({
    ...record,
    alert:
      alertId === null
        ? undefined
        : {
            id: alertId,
            level: level as Level,
            disposition: (disposition as Disposition | null) ?? undefined,
          },
  }));
}
