import type { Millis } from '../kernel/time.ts';
import type { Sql } from './sql.ts';
import type { Suppression } from './suppressions.ts';

/** What `resolveSilent` looks alerts up by; a bot, whose alerts people resolve, has no use for it. */
export async function indexSilence(sql: Sql): Promise<void> {
  await sql.run(`create index alerts_silence on alerts (last_at) where state <> 'resolved'`);
}

/** Resolves every alert whose last event is `silence` ago by `now`, as of the moment when it was. */
export async function resolveSilent(sql: Sql, silence: Millis, now: Millis): Promise<void> {
  await sql.run(
    `update alerts set state = 'resolved', version = version + 1, resolved_at = last_at + $1
      where state <> 'resolved' and last_at <= $2`,
    [silence, now - silence],
  );
}

/** All alerts of a rule, with the events in them. */
export interface AlertsOfRule {
  readonly ruleId: string;
  readonly alerts: number;
  /** Each once, in however many alerts it is. */
  readonly events: number;
  /** Event times. */
  readonly first: Millis;
  readonly last: Millis;
}

export async function alertsByRule(sql: Sql): Promise<AlertsOfRule[]> {
  return sql.all<AlertsOfRule>(
    `select a.rule_id as "ruleId", count(distinct a.id) as alerts, count(distinct m.record_key) as events,
        min(r.event_time) as first, max(r.event_time) as last
      from alerts a join alert_records m on m.alert_id = a.id join records r on r.key = m.record_key
      group by a.rule_id`,
  );
}

/** How often an actor is in the alerts of a rule. */
export interface ActorOfRule {
  readonly ruleId: string;
  readonly events: number;
  /** One of the records, which says what the actor is called. */
  readonly recordKey: string;
  /** How many actors the alerts of the rule have. */
  readonly actors: number;
}

/** The `most` actors of each rule with the most events, most first. */
export async function topActors(sql: Sql, most: number): Promise<ActorOfRule[]> {
  return sql.all<ActorOfRule>(
    `with counts as (
        select a.rule_id, r.actor, count(distinct r.key) as events, min(r.key) as record_key
        from alerts a join alert_records m on m.alert_id = a.id join records r on r.key = m.record_key
        group by a.rule_id, r.actor),
      ranks as (
        select rule_id, events, record_key, count(*) over (partition by rule_id) as actors,
          row_number() over (partition by rule_id order by events desc, actor) as place
        from counts)
      select rule_id as "ruleId", events, record_key as "recordKey", actors from ranks
      where place <= $1 order by rule_id, place`,
    [most],
  );
}

/** How many matches of a rule made no alert, by why. */
export async function suppressedByRule(
  sql: Sql,
): Promise<{ ruleId: string; kind: Suppression['kind']; matches: number }[]> {
  return sql.all(
    'select rule_id as "ruleId", kind, count(*) as matches from suppressions group by rule_id, kind',
  );
}
