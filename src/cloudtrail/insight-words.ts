import { readActor } from './actor.ts';
import type { Attribution, Insight, Share } from './insight.ts';

const MOST_SHARES = 3;

/**
 * `RunInstances 12 × its usual rate (61 a minute instead of 5), top caller role deploy, for 4 minutes so far`,
 * without a full stop.
 */
export function sayInsight(insight: Insight, eventName: string): string {
  const caller = insight.shares.get('userIdentityArn')?.[0];
  return [
    `${eventName} ${sayRates(insight)}`,
    ...(caller ? [`top caller ${sayCaller(caller.value)}`] : []),
    ...saySpan(insight),
  ].join(', ');
}

/** The first few of everything that an Insight breaks down, a label and a line each. */
export function sayShares({ shares }: Insight): [label: string, text: string][] {
  return [...shares].map(([attribute, list]) => {
    const label = LABELS[attribute];
    const shown = list.slice(0, MOST_SHARES).map((share) => sayShare(attribute, share));
    const rest = list.length - shown.length;
    return [label, [...shown, ...(rest > 0 ? [`${rest} more`] : [])].join(' · ')];
  });
}

const LABELS: Readonly<Record<Attribution, string>> = {
  userIdentityArn: 'Callers',
  userAgent: 'Clients',
  errorCode: 'Errors',
  resourceArn: 'Resources',
};

/** How often now and before: of calls, or of those that failed: `12 × its usual rate (61 a minute instead of 5)`. */
export function sayRates({ kind, errorCode, rate, usual }: Insight): string {
  const failing = kind === 'errors' ? `failing with ${cut(errorCode ?? 'an error')} ` : '';
  if (rate === undefined) return `${failing}at an unusual rate`;
  if (usual === undefined) return `${failing}${sayRate(rate)}, how often usually is not known`;
  if (usual === 0) return `${failing}${sayRate(rate)}, usually never`;
  const times = sayTimes(rate / usual);
  return `${failing}${times} × its usual rate (${sayRate(rate)} instead of ${sayUsual(rate, usual)})`;
}

function saySpan({ state, minutes }: Insight): string[] {
  const over = state === 'end' ? '; it is over' : '';
  if (minutes === undefined || minutes < 1) return over === '' ? [] : ['and it is over'];
  const length = `${sayAmount(minutes)} ${Math.round(minutes) === 1 ? 'minute' : 'minutes'}`;
  return [`for ${length}${state === 'start' ? ' so far' : over}`];
}

/** A caller as any actor: `role deploy`, `user bob`. AWS gives roles with and without a session. */
function sayCaller(arn: string): string {
  return readActor({ arn }, {}).label;
}

function sayShare(attribute: Attribution, { value, rate, usual }: Share): string {
  const who = attribute === 'userIdentityArn' ? sayCaller(value) : value;
  const named = value === 'null' ? 'no error' : cut(who);
  if (rate === undefined) return named;
  return `${named} ${sayRate(rate)} (${usual === undefined ? 'new' : `usually ${sayUsual(rate, usual)}`})`;
}

const LONGEST_VALUE = 80;

function cut(text: string): string {
  return text.length <= LONGEST_VALUE ? text : `${text.slice(0, LONGEST_VALUE - 1).toWellFormed()}…`;
}

const PER: readonly (readonly [perMinute: number, unit: string])[] = [
  [1, 'a minute'],
  [60, 'an hour'],
  [1440, 'a day'],
];

/** A rate in the unit in which it is at least one: `61 a minute`, `2.4 a day`. */
function sayRate(perMinute: number): string {
  const [factor, unit] = unitOf(perMinute);
  return `${sayAmount(perMinute * factor)} ${unit}`;
}

/** Without the unit where it is the one that was just said. */
function sayUsual(rate: number, usual: number): string {
  if (usual === 0) return 'none';
  return unitOf(rate)[1] === unitOf(usual)[1] ? sayAmount(usual * unitOf(usual)[0]) : sayRate(usual);
}

function unitOf(perMinute: number): readonly [number, string] {
  return PER.find(([factor]) => perMinute * factor >= 1) ?? [1440, 'a day'];
}

function sayTimes(times: number): string {
  return times > 9999 ? 'over 10,000' : sayAmount(times);
}

/** One decimal where it tells something: `12`, `2.4`, `0.3`, `1,204`. */
function sayAmount(amount: number): string {
  const digits = amount < 10 ? 1 : 0;
  if (amount > 0 && amount < 0.1) return 'less than 0.1';
  return new Intl.NumberFormat('en-US', { maximumFractionDigits: digits }).format(amount);
}
