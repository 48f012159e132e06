import { DAY, type Millis, sayDuration, sayInstant, sayUtc } from '../kernel/time.ts';
import { sayCount, sayNumber } from '../questions/lines.ts';
import { LEVELS, type Rule } from '../rules/rule.ts';
import type { BacktestOutcome, NoAlert, RuleOutcome } from '../work/backtest-outcome.ts';
import { lengthOf, type Stretch } from '../work/event-days.ts';
import { aligned, onOneLine, wrapped } from './columns.ts';

/** What was read of the input. */
interface Reading {
  /** Those that were not understood included. */
  readonly records: number;
  readonly unread: number;
  /** Files that could not be read, or not to their end. */
  readonly broken: number;
  /** Event times; `undefined` when no record was understood. */
  readonly oldest: Millis | undefined;
  readonly newest: Millis | undefined;
  /** Time in between that does not count, as there is no event in it for so long. */
  readonly gaps: readonly Stretch[];
  /** Somebody did not want to wait for the rest. */
  readonly stopped: boolean;
}

export interface Report {
  readonly reading: Reading;
  readonly outcome: BacktestOutcome;
  readonly resolveAfter: Millis;
}

/** Reasons in the order in which they are said. */
const REASONS: readonly (readonly [NoAlert, string])[] = [
  ['silence', 'silenced'],
  ['mute', 'muted'],
  ['window', 'in a mute window'],
  ['inhibition', 'held back by a graver alert'],
  ['quiet', 'while the rule stays quiet'],
  ['informational', 'informational'],
  ['seen', 'not new'],
  ['learning', 'new while the rule learnt'],
  ['correction', 'corrections of events before'],
  ['late', 'too late for a correlation'],
  ['counted', 'counted by correlations alone'],
];
const INDENT = 10;
const TIED = '\u00a0';
const MOST_GAPS = 3;

/** Alerts of the whole time, for each of its days; of the first day's beginning they are those of the day. */
export function alertsADay({ reading, outcome }: Report): number {
  return alertsOf(outcome) / Math.max(1, timeOf(reading) / DAY);
}

function timeOf({ newest, oldest, gaps }: Reading): Millis {
  return (newest ?? 0) - (oldest ?? 0) - lengthOf(gaps);
}

/** For a terminal that is `room` columns wide. */
export function backtestLines(report: Report, all: boolean, room: number): string[] {
  const { rules } = report.outcome;
  const shown = rules.filter(isWorthALine).sort(byWeight);
  const silent = rules.filter((one) => !isWorthALine(one));
  const lines = shown.length > 0 ? [...tableOf(shown, room), ''] : [];
  lines.push(...summaryOf(report).flatMap((line) => broken(line, room)));
  if (silent.length > 0) lines.push(...broken(saySilent(silent, all), room));
  return lines;
}

function isWorthALine({ alerts, matches, noAlert }: RuleOutcome): boolean {
  return alerts + matches + noAlert.size > 0;
}

function byWeight(a: RuleOutcome, b: RuleOutcome): number {
  const levels = LEVELS.indexOf(b.rule.level) - LEVELS.indexOf(a.rule.level);
  return levels || b.alerts - a.alerts || b.matches - a.matches;
}

function tableOf(rules: readonly RuleOutcome[], room: number): string[] {
  const head = ['level', 'rule', 'alerts', 'events', 'first', 'last'];
  const rows = rules.map(({ rule, alerts, events, first, last }) => [
    rule.level,
    onOneLine(rule.name),
    sayNumber(alerts),
    sayNumber(events),
    sayMinute(first),
    sayMinute(last),
  ]);
  const [top = '', ...lines] = aligned(
    [head, ...rows],
    ['left', 'left', 'right', 'right', 'left', 'left'],
    room,
  );
  return [top, ...rules.flatMap((one, index) => [lines[index] ?? '', ...detailsOf(one, room)])];
}

function detailsOf({ topActors, actors, noAlert, learning }: RuleOutcome, room: number): string[] {
  const details: string[] = [];
  if (topActors.length > 0) {
    const more = actors > topActors.length ? [sayCount(actors - topActors.length, 'other')] : [];
    details.push(listed([...topActors.map(({ actor, events }) => `${actor} ${sayNumber(events)}`), ...more]));
  }
  const remembered = noAlert.get('learning') ?? 0;
  const why = sayReasons(new Map([...noAlert].filter(([kind]) => kind !== 'learning')));
  if (why !== '') details.push(`no alert: ${why}`);
  if (learning && remembered > 0) {
    const values = sayCount(remembered, 'new value');
    details.push(`learning until ${sayMinute(learning.until)}: ${values} only remembered`);
  }
  if (learning && learning.crowdedOut > 0) {
    details.push(`${sayNumber(learning.crowdedOut)} values gave way to others: there were too many`);
  }
  const indent = ' '.repeat(INDENT);
  return details.flatMap((line) => broken(line, room - INDENT)).map((line) => indent + line);
}

/** No line ends within one of the things that are listed. */
function listed(things: readonly string[]): string {
  return things.map((thing) => thing.replaceAll(' ', TIED)).join(', ');
}

function broken(line: string, room: number): string[] {
  return wrapped(onOneLine(line), room, 2).map((part) => part.replaceAll(TIED, ' '));
}

function sayReasons(noAlert: ReadonlyMap<NoAlert, number>): string {
  const said = REASONS.flatMap(([kind, reason]) => {
    const number = noAlert.get(kind);
    return number === undefined ? [] : [`${sayNumber(number)} ${reason}`];
  });
  return listed(said);
}

function summaryOf(report: Report): string[] {
  const { reading, outcome, resolveAfter } = report;
  const { records, unread, oldest, newest, stopped } = reading;
  const lines = [sayAlerts(report)];
  const of =
    oldest === undefined || newest === undefined ? '' : `, ${sayMinute(oldest)} to ${sayMinute(newest)}`;
  const again = outcome.duplicates > 0 ? `, ${sayNumber(outcome.duplicates)} of these again` : '';
  lines.push(`${sayCount(records, 'event')} read${of} UTC; ${sayNumber(outcome.stored)} matched${again}.`);
  if (reading.gaps.length > 0) lines.push(sayGaps(reading.gaps));
  if (stopped) lines.push('You stopped it: this is what was found until then.');
  const lost = [
    ...(unread > 0 ? [`${sayCount(unread, 'record')} not understood`] : []),
    ...(reading.broken > 0 ? [`${sayCount(reading.broken, 'file')} not read, or not to the end`] : []),
    ...(outcome.failed > 0 ? [`${sayCount(outcome.failed, 'event')} that could not be evaluated`] : []),
  ];
  if (lost.length > 0) lines.push(`Not in these numbers: ${lost.join(', ')}.`);
  const why = totalReasons(outcome);
  if (why.size > 0) lines.push(`Matches without an alert: ${sayReasons(why)}.`);
  if (why.has('learning')) {
    lines.push('Rules with first_seen learn from the first event on; with --learnt they do not.');
  }
  lines.push(
    `An alert counts as resolved when its group was silent for ${sayDuration(resolveAfter)} (--resolve-after).`,
  );
  return lines;
}

function sayGaps(gaps: readonly Stretch[]): string {
  const said = gaps.slice(0, MOST_GAPS).map(({ from, to }) => `${sayMinute(from)} to ${sayMinute(to)}`);
  if (gaps.length > MOST_GAPS)
    said.push(sayCount(gaps.length - MOST_GAPS, 'other stretch', 'other stretches'));
  return `No event from ${listed(said)}: that time does not count, and a date may be wrong or a file missing.`;
}

function sayAlerts(report: Report): string {
  const { reading, outcome } = report;
  const time = timeOf(reading);
  const by = outcome.rules.filter(({ alerts }) => alerts > 0).length;
  const made = `${sayCount(alertsOf(outcome), 'alert')} by ${by} of ${sayCount(outcome.rules.length, 'rule')}`;
  if (alertsOf(outcome) === 0) return `${made} in ${sayDuration(time)}.`;
  if (time < DAY) return `${made} in ${sayDuration(time)}: too short a time to say how many a day.`;
  return `${made} in ${sayDuration(time)}: ${sayRate(alertsADay(report))} a day.`;
}

function sayRate(rate: number): string {
  if (rate < 0.1) return 'less than 0.1';
  return `about ${rate < 10 ? rate.toFixed(1) : sayNumber(Math.round(rate))}`;
}

function saySilent(silent: readonly RuleOutcome[], all: boolean): string {
  const number = `${sayCount(silent.length, 'rule')} never matched`;
  if (!all) return `${number}; --all names them.`;
  return `${number}: ${silent.map(({ rule }) => rule.name).join(', ')}.`;
}

function alertsOf({ rules }: BacktestOutcome): number {
  return rules.reduce((sum, { alerts }) => sum + alerts, 0);
}

function totalReasons({ rules }: BacktestOutcome): Map<NoAlert, number> {
  const total = new Map<NoAlert, number>();
  for (const { noAlert } of rules) {
    for (const [kind, number] of noAlert) total.set(kind, (total.get(kind) ?? 0) + number);
  }
  return total;
}

/** For programs; rules that never matched only with `all`. */
export function backtestJson(report: Report, all: boolean): object {
  const { reading, outcome, resolveAfter } = report;
  const rules = outcome.rules.filter((one) => all || isWorthALine(one)).sort(byWeight);
  return {
    from: instantOf(reading.oldest),
    to: instantOf(reading.newest),
    gaps: reading.gaps.map(({ from, to }) => ({ from: sayInstant(from), to: sayInstant(to) })),
    complete: !reading.stopped && reading.broken === 0,
    records: reading.records,
    unread: reading.unread,
    brokenFiles: reading.broken,
    matched: outcome.stored,
    duplicates: outcome.duplicates,
    failed: outcome.failed,
    resolveAfterSeconds: resolveAfter / 1000,
    alerts: alertsOf(outcome),
    alertsADay: Math.round(alertsADay(report) * 1000) / 1000,
    noAlert: Object.fromEntries(totalReasons(outcome)),
    rulesWithoutMatch: outcome.rules.filter((one) => !isWorthALine(one)).length,
    rules: rules.map(ruleJson),
  };
}

function ruleJson(one: RuleOutcome): object {
  const { id, name, title, level }: Rule = one.rule;
  return {
    rule: id,
    name,
    title,
    level,
    alerts: one.alerts,
    events: one.events,
    first: instantOf(one.first),
    last: instantOf(one.last),
    actors: one.actors,
    topActors: one.topActors,
    matches: one.matches,
    noAlert: Object.fromEntries(one.noAlert),
    ...(one.learning ? { learningUntil: instantOf(one.learning.until) } : {}),
  };
}

function instantOf(at: Millis | undefined): string | null {
  return at === undefined ? null : sayInstant(at);
}

/** `2026-11-20 09:15`. */
function sayMinute(at: Millis | undefined): string {
  return at === undefined ? '' : sayUtc(at).slice(0, 16);
}
