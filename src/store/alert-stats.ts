import type { Millis } from '../kernel/time.ts';
import type { RuleStats } from '../questions/material.ts';
import type { Sql } from './sql.ts';

interface AlertRow {
  readonly ruleId: string;
  readonly ruleName: string;
  readonly title: string;
  readonly level: string;
  readonly state: string;
  readonly disposition: string | null;
  readonly events: number;
  readonly openedAt: number;
  readonly acknowledgedAt: number | null;
  readonly resolvedAt: number | null;
}

/**
 * How the alerts of each rule did that were opened from `from` to `to`, both inclusive; the rule with most alerts
 * first. A rule that was renamed counts as one, by its latest name.
 */
export async function alertStats(sql: Sql, from: Millis, to: Millis): Promise<RuleStats[]> {
  const rows = await sql.all<AlertRow>(
    `select rule_id as "ruleId", rule_name as "ruleName", title, level, state, disposition, match_count as events,
        opened_at as "openedAt", acknowledged_at as "acknowledgedAt", resolved_at as "resolvedAt"
      from alerts where opened_at >= $1 and opened_at <= $2 order by opened_at desc, id desc`,
    [from, to],
  );
  return [...Map.groupBy(rows, ({ ruleId }) => ruleId).values()]
    .map(statsOf)
    .sort((a, b) => b.alerts - a.alerts || b.events - a.events || (a.ruleName < b.ruleName ? -1 : 1));
}

/** `alerts`: those of one rule, newest first. */
function statsOf(alerts: readonly AlertRow[]): RuleStats {
  const [latest] = alerts;
  return {
    ruleName: latest?.ruleName ?? '',
    title: latest?.title ?? '',
    level: latest?.level ?? '',
    alerts: alerts.length,
    events: alerts.reduce((sum, { events }) => sum + events, 0),
    open: alerts.filter(({ state }) => state !== 'resolved').length,
    acknowledgedAfter: median(
      alerts.flatMap(({ acknowledgedAt, openedAt }) => after(acknowledgedAt, openedAt)),
    ),
    resolvedAfter: median(alerts.flatMap(({ resolvedAt, openedAt }) => after(resolvedAt, openedAt))),
    falsePositives: alerts.filter(({ disposition }) => disposition === 'false_positive').length,
  };
}

function after(at: Millis | null, openedAt: Millis): Millis[] {
  return at === null ? [] : [at - openedAt];
}

/** The middle one, or the mean of the middle two. */
function median(values: readonly Millis[]): Millis | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  return low === undefined || high === undefined ? undefined : (low + high) / 2;
}
