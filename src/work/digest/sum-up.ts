import { DISPOSITIONS } from '../../alerts/alert.ts';
import type { DigestDay } from '../../alerts/digest-time.ts';
import { HOUR, type Millis } from '../../kernel/time.ts';
import { LEVELS } from '../../rules/rule.ts';
import type { AlertFigure } from '../../store/digest.ts';
import type { Digest, NamedAlert, NoisyRule, Pace, RuleOutcome } from './digest.ts';
import { isLate, isUnattended, suggestionFor } from './suggest.ts';

/** What one channel's digest is summed up from. */
export interface Figures {
  readonly day: DigestDay;
  readonly now: Millis;
  /** Open alerts, the oldest first. */
  readonly open: readonly AlertFigure[];
  /** Those of which something happened in the time that it is about. */
  readonly period: readonly AlertFigure[];
  readonly low: readonly { readonly rule: string; readonly actor: string; readonly events: number }[];
  readonly hidden: readonly (readonly [kind: string, number: number])[];
  readonly nameOf: (userId: string) => string;
}

/** After how long an acknowledged alert counts as left lying. */
const LEFT_AFTER: Millis = 4 * HOUR;
const LEFT_SHOWN = 5;
const LOW_SHOWN = 15;
const NOISY_SHOWN = { daily: 3, weekly: 5 } as const;
const RULES_SHOWN = 8;
const PEOPLE_SHOWN = 10;

/** The sums for one channel. Links are the caller's to add, and so is whose a noisy rule's alerts all were. */
export function sumUp(figures: Figures): Digest {
  const { day, now, period, hidden } = figures;
  const { kind, from, until } = day;
  const within = (at: Millis | undefined) => at !== undefined && at >= from && at < until;
  const loud = period.filter(({ low }) => !low);
  const opened = loud.filter(({ openedAt }) => within(openedAt));
  const acknowledged = paceOf(
    loud.flatMap(({ acknowledgedAt: at, openedAt }) =>
      at !== undefined && within(at) ? [at - openedAt] : [],
    ),
  );
  const resolved = paceOf(
    loud.flatMap(({ resolvedAt: at, openedAt }) => (at !== undefined && within(at) ? [at - openedAt] : [])),
  );
  return {
    kind,
    from,
    until,
    madeAt: now,
    open: openByLevel(figures),
    left: leftLying(figures),
    opened: opened.length,
    ...(acknowledged ? { acknowledged } : {}),
    ...(resolved ? { resolved } : {}),
    noisy: rulesOf(opened, now)
      .filter(({ alerts, events }) => alerts > 1 || events >= 10)
      .slice(0, NOISY_SHOWN[kind]),
    low: lowLines(figures),
    hidden,
    ...(kind === 'weekly' ? { week: weekOf(figures, opened, loud) } : {}),
  };
}

function openByLevel({ open }: Figures): Digest['open'] {
  return LEVELS.toReversed().flatMap((level) => {
    const those = open.filter((alert) => alert.level === level);
    const [oldest] = those;
    return oldest ? [{ level, number: those.length, oldest: named(oldest) }] : [];
  });
}

function leftLying({ open, now, nameOf }: Figures): Digest['left'] {
  const left = open
    .filter(
      ({ state, acknowledgedAt: at }) =>
        state === 'acknowledged' && at !== undefined && now - at > LEFT_AFTER,
    )
    .toSorted((a, b) => (a.acknowledgedAt ?? 0) - (b.acknowledgedAt ?? 0));
  const alerts = left.slice(0, LEFT_SHOWN).map((alert) => {
    const { assignee } = alert;
    return { ...named(alert), ...(assignee === undefined ? {} : { who: nameOf(assignee) }) };
  });
  return { number: left.length, alerts };
}

function named({ id, title, level, openedAt }: AlertFigure): NamedAlert {
  return { id, title, level, openedAt };
}

/** The noisiest first. */
function rulesOf(alerts: readonly AlertFigure[], now: Millis): NoisyRule[] {
  return [...Map.groupBy(alerts, ({ ruleId }) => ruleId).values()]
    .map((own) => {
      const suggestion = suggestionFor(own, now);
      const events = own.reduce((sum, one) => sum + one.events, 0);
      const rule = own.at(-1)?.ruleName ?? '';
      return { rule, alerts: own.length, events, ...(suggestion ? { suggestion } : {}) };
    })
    .toSorted((a, b) => b.alerts - a.alerts || b.events - a.events || (a.rule < b.rule ? -1 : 1));
}

function lowLines({ low }: Figures): Digest['low'] {
  const sums = new Map<string, { rule: string; actor: string; events: number }>();
  for (const { rule, actor, events } of low) {
    const key = JSON.stringify([rule, actor]);
    sums.set(key, { rule, actor, events: events + (sums.get(key)?.events ?? 0) });
  }
  const sorted = [...sums.values()].sort((a, b) => b.events - a.events);
  const more = sorted.slice(LOW_SHOWN).reduce((sum, { events }) => sum + events, 0);
  return { lines: sorted.slice(0, LOW_SHOWN), more };
}

function weekOf(
  { nameOf, now }: Figures,
  opened: readonly AlertFigure[],
  acted: readonly AlertFigure[],
): NonNullable<Digest['week']> {
  const unattended = [...Map.groupBy(opened, ({ ruleId }) => ruleId).values()].filter(
    (own) => own.every(isUnattended) && own.some((alert) => isLate(alert, now)),
  );
  return {
    unattended: rulesOf(unattended.flat(), now).slice(0, RULES_SHOWN),
    outcomes: outcomesOf(opened, now),
    carried: carriedBy(acted, nameOf),
  };
}

function outcomesOf(opened: readonly AlertFigure[], now: Millis): RuleOutcome[] {
  return rulesOf(opened, now)
    .map(({ rule }) => {
      const own = opened.filter(({ ruleName }) => ruleName === rule);
      const outcomes = DISPOSITIONS.map(
        (one) => [one, own.filter(({ disposition }) => disposition === one).length] as const,
      );
      return { rule, outcomes: outcomes.filter(([, number]) => number > 0) };
    })
    .filter(({ outcomes }) => outcomes.length > 0)
    .slice(0, RULES_SHOWN);
}

/** Whoever has an alert carries it, or else whoever resolved it. */
function carriedBy(alerts: readonly AlertFigure[], nameOf: Figures['nameOf']) {
  const carrier = ({ assignee, resolvedBy }: AlertFigure) => assignee ?? resolvedBy;
  const people = Map.groupBy(alerts, carrier);
  return [...people]
    .flatMap(([userId, own]) => {
      if (userId === undefined) return [];
      const resolved = own.filter(({ state }) => state === 'resolved').length;
      return [{ who: nameOf(userId), alerts: own.length, resolved }];
    })
    .toSorted((a, b) => b.alerts - a.alerts || (a.who < b.who ? -1 : 1))
    .slice(0, PEOPLE_SHOWN);
}

function paceOf(times: readonly Millis[]): Pace | undefined {
  const sorted = times.toSorted((a, b) => a - b);
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  if (low === undefined || high === undefined) return undefined;
  return { number: sorted.length, median: Math.round((low + high) / 2) };
}
