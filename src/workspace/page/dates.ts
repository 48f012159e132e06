import { dayNumber } from './time.ts';

/** How the reader sees time: `zone` and `hour12` default to those of the browser. */
export interface TimeStyle {
  /** Milliseconds since 1970, for "today" and "5 minutes ago". */
  readonly now: number;
  readonly zone?: string;
  readonly hour12?: boolean;
}

interface Moment {
  readonly at: number;
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: string;
  readonly second: string;
}

/**
 * A time in words, by Slack's date tokens: `{date_short_pretty} {time_secs}`. `undefined` when the time is no
 * time or the format holds no known token, which is when Slack shows the fallback.
 */
export function formatDate(seconds: number, format: string, style: TimeStyle): string | undefined {
  if (!Number.isFinite(seconds) || Math.abs(seconds) > 8.64e12) return undefined;
  const moment = momentOf(seconds * 1000, style);
  let known = false;
  const words = format.replace(/\{(\w+)\}/g, (token, name: string) => {
    const drawn = drawToken(name, moment, style);
    known ||= drawn !== undefined;
    return drawn ?? token;
  });
  return known ? words : undefined;
}

/** `9:05 AM` or `09:05`, as the reader is used to. */
export function clockTime(seconds: number, style: TimeStyle): string {
  return formatDate(seconds, '{time}', style) ?? '';
}

/** `Today`, `Yesterday`, `Friday, November 20th, 2026`: the heading over a day's messages. */
export function dayHeading(seconds: number, style: TimeStyle): string {
  return capitalized(formatDate(seconds, '{date_long_pretty}', style) ?? '');
}

/** With a capital first letter, as at the start of a line. */
export function capitalized(words: string): string {
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}

/** A full, unambiguous time for a tooltip. */
export function fullTime(seconds: number, style: TimeStyle): string {
  return formatDate(seconds, '{date_long} at {time_secs}', style) ?? '';
}

function drawToken(name: string, moment: Moment, style: TimeStyle): string | undefined {
  if (name === 'ago') return ago(moment.at, style.now);
  if (name === 'time') return time(moment, style, false);
  if (name === 'time_secs') return time(moment, style, true);
  const pretty = name.endsWith('_pretty');
  const base = pretty ? name.slice(0, -'_pretty'.length) : name;
  const date = drawDate(base === 'day_divider' ? 'date_long' : base, moment, style);
  return date !== undefined && pretty ? (nearbyDay(moment, style) ?? date) : date;
}

function drawDate(name: string, moment: Moment, style: TimeStyle): string | undefined {
  const { year, month, day } = moment;
  const two = (value: number) => String(value).padStart(2, '0');
  const full = `${word(moment, style, { month: 'long' })} ${ordinal(day)}, ${year}`;
  switch (name) {
    case 'date_num':
      return `${year}-${two(month)}-${two(day)}`;
    case 'date_slash':
      return `${two(month)}/${two(day)}/${year}`;
    case 'date':
      return full;
    case 'date_short':
      return `${word(moment, style, { month: 'short' })} ${day}, ${year}`;
    case 'date_long':
    case 'date_long_full':
      return `${word(moment, style, { weekday: 'long' })}, ${full}`;
    default:
      return undefined;
  }
}

function time(moment: Moment, style: TimeStyle, withSeconds: boolean): string {
  const rest = withSeconds ? `${moment.minute}:${moment.second}` : moment.minute;
  const hour12 =
    style.hour12 ?? new Intl.DateTimeFormat(undefined, { hour: 'numeric' }).resolvedOptions().hour12;
  if (hour12 !== true) return `${String(moment.hour).padStart(2, '0')}:${rest}`;
  return `${moment.hour % 12 === 0 ? 12 : moment.hour % 12}:${rest} ${moment.hour < 12 ? 'AM' : 'PM'}`;
}

function nearbyDay(moment: Moment, style: TimeStyle): string | undefined {
  const today = momentOf(style.now, style);
  const apart =
    dayNumber(moment.year, moment.month, moment.day) - dayNumber(today.year, today.month, today.day);
  return new Map([
    [-1, 'yesterday'],
    [0, 'today'],
    [1, 'tomorrow'],
  ]).get(apart);
}

function ago(at: number, now: number): string {
  const seconds = Math.round((at - now) / 1000);
  const relative = new Intl.RelativeTimeFormat('en');
  const steps: readonly [Intl.RelativeTimeFormatUnit, number][] = [
    ['day', 86_400],
    ['hour', 3600],
    ['minute', 60],
  ];
  for (const [unit, size] of steps) {
    if (Math.abs(seconds) >= size) return relative.format(Math.trunc(seconds / size), unit);
  }
  return relative.format(seconds, 'second');
}

function momentOf(at: number, style: TimeStyle): Moment {
  const parts = new Map<string, string>();
  const format = new Intl.DateTimeFormat('en-US', {
    ...zoneOf(style),
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
    second: '2-digit',
  });
  for (const part of format.formatToParts(at)) parts.set(part.type, part.value);
  const number = (name: string) => Number(parts.get(name));
  const two = (name: string) => String(number(name)).padStart(2, '0');
  return {
    at,
    year: number('year'),
    month: number('month'),
    day: number('day'),
    hour: number('hour'),
    minute: two('minute'),
    second: two('second'),
  };
}

function word(moment: Moment, style: TimeStyle, part: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat('en-US', { ...zoneOf(style), ...part }).format(moment.at);
}

function zoneOf(style: TimeStyle): Intl.DateTimeFormatOptions {
  return style.zone === undefined ? {} : { timeZone: style.zone };
}

function ordinal(day: number): string {
  const suffix = new Map([
    ['one', 'st'],
    ['two', 'nd'],
    ['few', 'rd'],
  ]).get(new Intl.PluralRules('en', { type: 'ordinal' }).select(day));
  return `${day}${suffix ?? 'th'}`;
}
