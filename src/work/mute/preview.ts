import { type MuteTerm, termsHold } from '../../alerts/mute.ts';
import { readRecord } from '../../cloudtrail/record.ts';
import { DAY, type Millis } from '../../kernel/time.ts';
import type { Level } from '../../rules/rule.ts';
import { matchesOfRule, type RuleMatch } from '../../store/rule-matches.ts';
import type { Sql } from '../../store/sql.ts';

/** What a mute would have hidden of late. */
export interface Preview {
  readonly matches: number;
  /** In so many alerts. */
  readonly alerts: number;
  /** The newest three of them. */
  readonly latest: readonly PreviewedMatch[];
  /** High and critical alerts among them of which somebody said that they were real. */
  readonly real: readonly { readonly id: string; readonly level: Level }[];
  /** Only the newest matches were looked at: those since then. `undefined`: all. */
  readonly cutAt: Millis | undefined;
}

interface PreviewedMatch {
  readonly at: Millis;
  readonly eventName: string;
  readonly actor: string;
  /** `undefined`: it alerted nobody then, either. */
  readonly alertId: string | undefined;
}

const LOOKS_BACK: Millis = 7 * DAY;
const MOST_MATCHES = 5000;
const SHOWN = 3;

/** Asks the same question of the last seven days that a mute with these terms will ask of what comes. */
export async function previewMute(
  sql: Sql,
  ruleId: string,
  terms: readonly MuteTerm[],
  now: Millis,
  most = MOST_MATCHES,
): Promise<Preview> {
  const found = await matchesOfRule(sql, ruleId, now - LOOKS_BACK, most + 1);
  const seen = found.slice(0, most);
  const keys = new Set<string>();
  const alerts = new Map<string, NonNullable<RuleMatch['alert']>>();
  const latest: PreviewedMatch[] = [];
  for (const match of seen) {
    if (keys.has(match.key) || !termsHold(terms, JSON.parse(match.body))) continue;
    keys.add(match.key);
    if (match.alert) alerts.set(match.alert.id, match.alert);
    if (latest.length < SHOWN) latest.push(shown(match));
  }
  const real = [...alerts.values()].filter(
    ({ level, disposition }) => disposition === 'true_positive' && (level === 'high' || level === 'critical'),
  );
  return {
    matches: keys.size,
    alerts: alerts.size,
    latest,
    real: real.map(({ id, level }) => ({ id, level })),
    cutAt: found.length > most ? seen.at(-1)?.eventTime : undefined,
  };
}

function shown({ body, account, region, eventTime, alert }: RuleMatch): PreviewedMatch {
  const record = readRecord(JSON.parse(body), { account, region });
  const known = 'unreadable' in record ? undefined : record;
  return {
    at: eventTime,
    eventName: known?.eventName ?? 'an event',
    actor: known?.actor.label ?? 'somebody',
    alertId: alert?.id,
  };
}
