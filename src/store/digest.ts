import type { AlertState, Disposition } from '../alerts/alert.ts';
import type { DigestDay } from '../alerts/digest-time.ts';
import type { Millis } from '../kernel/time.ts';
import type { Level } from '../rules/rule.ts';
import type { Sql } from './sql.ts';

/** An alert as far as sums need it. */
export interface AlertFigure {
  readonly id: string;
  readonly ruleId: string;
  readonly ruleName: string;
  readonly title: string;
  readonly level: Level;
  readonly state: AlertState;
  readonly channel: string;
  /** It stands in digests alone, or did. */
  readonly low: boolean;
  readonly events: number;
  readonly openedAt: Millis;
  readonly acknowledgedAt: Millis | undefined;
  readonly resolvedAt: Millis | undefined;
  readonly assignee: string | undefined;
  readonly resolvedBy: string | undefined;
  readonly disposition: Disposition | undefined;
}

interface FigureRow {
  readonly id: string;
  readonly ruleId: string;
  readonly ruleName: string;
  readonly title: string;
  readonly level: string;
  readonly state: string;
  readonly channel: string;
  readonly loudness: string;
  readonly events: number;
  readonly openedAt: number;
  readonly acknowledgedAt: number | null;
  readonly resolvedAt: number | null;
  readonly assignee: string | null;
  readonly resolvedBy: string | null;
  readonly disposition: string | null;
}

const FIGURE = `select id, rule_id as "ruleId", rule_name as "ruleName", title, level, state, channel, loudness,
    match_count as events, opened_at as "openedAt", acknowledged_at as "acknowledgedAt",
    resolved_at as "resolvedAt", assignee, resolved_by as "resolvedBy", disposition from alerts`;

/** All that are open; the oldest first. */
export async function openFigures(sql: Sql): Promise<AlertFigure[]> {
  return figures(sql, `${FIGURE} where state <> 'resolved' order by opened_at, length(id), id`, []);
}

/** All that were opened, acknowledged or resolved from `from` until just before `until`; the oldest first. */
export async function figuresOfPeriod(sql: Sql, from: Millis, until: Millis): Promise<AlertFigure[]> {
  return figures(
    sql,
    `${FIGURE} where (opened_at >= $1 and opened_at < $2) or (acknowledged_at >= $1 and acknowledged_at < $2)
        or (resolved_at >= $1 and resolved_at < $2) order by opened_at, length(id), id`,
    [from, until],
  );
}

async function figures(sql: Sql, query: string, values: readonly Millis[]): Promise<AlertFigure[]> {
  const rows = await sql.all<FigureRow>(query, [...values]);
  return rows.map(({ loudness, ...row }) => ({
    ...row,
    level: row.level as Level,
    state: row.state as AlertState,
    low: loudness !== 'usual',
    acknowledgedAt: row.acknowledgedAt ?? undefined,
    resolvedAt: row.resolvedAt ?? undefined,
    assignee: row.assignee ?? undefined,
    resolvedBy: row.resolvedBy ?? undefined,
    disposition: (row.disposition as Disposition | null) ?? undefined,
  }));
}

/** Who is behind an alert, as it says itself. */
export async function actorOf(sql: Sql, alertId: string): Promise<string> {
  const [row] = await sql.all<{ facts: string }>('select facts from alerts where id = $1', [alertId]);
  return row === undefined ? '' : String(JSON.parse(row.facts).actor);
}

/** The events of alerts that stand in digests alone which came from `from` until just before `until`, by alert. */
export async function lowEvents(
  sql: Sql,
  from: Millis,
  until: Millis,
): Promise<{ alertId: string; ruleName: string; channel: string; events: number }[]> {
  return sql.all(
    `select a.id as "alertId", a.rule_name as "ruleName", a.channel as channel, count(*) as events
      from records r join alert_records m on m.record_key = r.key join alerts a on a.id = m.alert_id
      where r.received_at >= $1 and r.received_at < $2 and a.loudness <> 'usual'
      group by a.id, a.rule_name, a.channel order by count(*) desc, a.id`,
    [from, until],
  );
}

/** How many matches alerted nobody, by reason and rule; `source`: the mute, or the alert that held them back. */
export interface HiddenFigure {
  readonly kind: string;
  readonly ruleId: string;
  readonly source: string | null;
  readonly number: number;
}

export async function hiddenFigures(sql: Sql, from: Millis, until: Millis): Promise<HiddenFigure[]> {
  return sql.all<HiddenFigure & object>(
    `select kind, rule_id as "ruleId", source, count(*) as number from suppressions
      where at >= $1 and at < $2 and kind in ('mute', 'window', 'inhibition', 'silence', 'quiet', 'confirmed')
      group by kind, rule_id, source order by count(*) desc, kind, rule_id`,
    [from, until],
  );
}

/** The channel of what hid matches, else that of the rule's latest alert; `undefined` where the rule never alerted. */
export async function channelOfHidden(
  sql: Sql,
  { source, ruleId }: HiddenFigure,
): Promise<string | undefined> {
  const [row] = await sql.all<{ channel: string }>(
    `select channel from alerts where id = $1 or id = (select alert_id from mutes where id = $1)
        or rule_id = $2
      order by case when id = $1 or id = (select alert_id from mutes where id = $1) then 0 else 1 end, last_at desc
      limit 1`,
    [source ?? '', ruleId],
  );
  return row?.channel;
}

/** Where the last digest of a kind before a day ended. */
export async function lastDigestEnd(sql: Sql, { kind, day }: DigestDay): Promise<Millis | undefined> {
  const [row] = await sql.all<{ at: number }>(
    'select until_at as at from digests where kind = $1 and day < $2 order by day desc limit 1',
    [kind, day],
  );
  return row?.at;
}

export async function digestMade(sql: Sql, { kind, day }: DigestDay): Promise<boolean> {
  return (
    (await sql.all('select 1 as found from digests where kind = $1 and day = $2', [kind, day])).length > 0
  );
}

export async function anyDigestMade(sql: Sql, kind: DigestDay['kind']): Promise<boolean> {
  return (await sql.all('select 1 as found from digests where kind = $1 limit 1', [kind])).length > 0;
}

/** Compare-and-set: false when the digest of that day was made before. */
export async function insertDigest(sql: Sql, { kind, day, from, until }: DigestDay): Promise<boolean> {
  const added = await sql.run(
    'insert into digests (kind, day, from_at, until_at) values ($1, $2, $3, $4) on conflict (kind, day) do nothing',
    [kind, day, from, until],
  );
  return added === 1;
}
