import type { Millis } from '../kernel/time.ts';
import type { Sql } from './sql.ts';

/** When an event happened, arrived, and stood in Slack as an alert. */
export interface PostDelay {
  readonly eventAt: Millis;
  readonly receivedAt: Millis | undefined;
  readonly postedAt: Millis;
}

/** Written with the first post of an alert's message; false when it was posted before. */
export async function insertPostDelay(sql: Sql, alertId: string, delay: PostDelay): Promise<boolean> {
  const changed = await sql.run(
    `insert into post_delays (alert_id, event_at, received_at, posted_at) values ($1, $2, $3, $4)
      on conflict (alert_id) do nothing`,
    [alertId, delay.eventAt, delay.receivedAt ?? null, delay.postedAt],
  );
  return changed === 1;
}

/** From the event to the first post; `undefined` when there was none yet. */
export async function eventToPost(sql: Sql, alertId: string): Promise<Millis | undefined> {
  const [row] = await sql.all<{ delay: number }>(
    'select posted_at - event_at as delay from post_delays where alert_id = $1',
    [alertId],
  );
  return row?.delay;
}

/** From the event to the first post, of alerts posted since then. */
export interface DelaySummary {
  readonly alerts: number;
  readonly median: Millis;
  readonly worst: Millis;
}

/** `undefined` when none was posted. */
export async function delaysSince(sql: Sql, since: Millis): Promise<DelaySummary | undefined> {
  const [all] = await sql.all<{ alerts: number; worst: number | null }>(
    'select count(*) as alerts, max(posted_at - event_at) as worst from post_delays where posted_at >= $1',
    [since],
  );
  if (!all || all.alerts === 0) return undefined;
  const [middle] = await sql.all<{ delay: number }>(
    `select posted_at - event_at as delay from post_delays where posted_at >= $1
      order by posted_at - event_at, alert_id limit 1 offset $2`,
    [since, Math.floor((all.alerts - 1) / 2)],
  );
  return { alerts: all.alerts, median: Math.max(0, middle?.delay ?? 0), worst: Math.max(0, all.worst ?? 0) };
}
