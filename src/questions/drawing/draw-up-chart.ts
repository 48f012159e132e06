import { DAY, HOUR, MINUTE, type Millis, sayInstant } from '../../kernel/time.ts';
import type { Part } from '../answer.ts';
import { type Call, isDenied } from '../call.ts';
import type { Period } from '../question.ts';
import { sum } from './tally.ts';

const MOST_LABELS = 20;
/** Days keep a bar each for as long as CloudTrail's event history reaches, and a little more. */
const MOST_DAYS = 92;
const YEAR: Millis = 365 * DAY;

/** Lengths of a bar that read well; a longer one is a number of days. */
const LENGTHS: readonly (readonly [Millis, string])[] = [
  [MINUTE, 'minute'],
  [2 * MINUTE, '2 minutes'],
  [5 * MINUTE, '5 minutes'],
  [10 * MINUTE, '10 minutes'],
  [15 * MINUTE, '15 minutes'],
  [30 * MINUTE, '30 minutes'],
  [HOUR, 'hour'],
  [2 * HOUR, '2 hours'],
  [3 * HOUR, '3 hours'],
  [6 * HOUR, '6 hours'],
  [12 * HOUR, '12 hours'],
  [DAY, 'day'],
];

/** The two series of a chart, and which calls belong to the second. */
export interface Split {
  readonly names: readonly [string, string];
  readonly second: (call: Call) => boolean;
}

const BY_DENIAL: Split = {
  names: ['allowed', 'denied'],
  second: (call) => isDenied(call.errorCode),
};

/**
 * Calls over the period, every call in one bar. When all of them lie within a small part of the period, the chart
 * shows that part. Nothing when there would be one bar alone.
 */
export function drawChart(calls: readonly Call[], period: Period, split: Split = BY_DENIAL): Part[] {
  if (calls.length < 2) return [];
  const { first, last } = sum('', calls);
  const short = (last - first) * 8 < period.to - period.from;
  const [from, to] = short ? [first, last] : [Math.min(first, period.from), Math.max(last, period.to)];
  const bars = barsBetween(from, to);
  if (bars.count < 2) return [];
  const values = [Array<number>(bars.count).fill(0), Array<number>(bars.count).fill(0)] as const;
  for (const call of calls) {
    const row = values[split.second(call) ? 1 : 0];
    const bar = Math.floor((call.at - bars.start) / bars.length);
    row[bar] = (row[bar] ?? 0) + 1;
  }
  return [
    {
      kind: 'chart',
      title: `Calls per ${bars.said} (UTC)`,
      unit: 'calls',
      labels: labelsOf(bars),
      series: [
        { name: split.names[0], values: values[0] },
        { name: split.names[1], values: values[1] },
      ],
    },
  ];
}

interface Bars {
  readonly start: Millis;
  readonly length: Millis;
  readonly count: number;
  readonly said: string;
}

/**
 * The finest bars, at most twenty, that hold both instants; of single days there may be more. Bars of days begin at
 * midnight in UTC.
 */
function barsBetween(from: Millis, to: Millis): Bars {
  for (const [length, said] of LENGTHS) {
    const start = Math.floor(from / length) * length;
    const count = Math.floor((to - start) / length) + 1;
    if (count <= (length === DAY ? MOST_DAYS : MOST_LABELS)) return { start, length, count, said };
  }
  const end = (Math.floor(to / DAY) + 1) * DAY;
  const days = end / DAY - Math.floor(from / DAY);
  const width = Math.ceil(days / MOST_LABELS);
  const count = Math.ceil(days / width);
  const length = width * DAY;
  return { start: end - count * length, length, count, said: `${width} days` };
}

function labelsOf({ start, length, count }: Bars): string[] {
  const whole = length * count;
  const oneDay = sayInstant(start).slice(0, 10) === sayInstant(start + whole - 1).slice(0, 10);
  return Array.from({ length: count }, (_, bar) => {
    const at = start + bar * length;
    if (length < DAY) {
      const time = sayInstant(at).slice(11, 16);
      return oneDay ? time : `${sayDay(at)} ${time}`;
    }
    if (whole >= YEAR) return sayInstant(at).slice(0, 10);
    if (length === DAY) return sayDay(at);
    return sayDays(at, at + length - DAY);
  });
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `Nov 5`, in UTC. */
function sayDay(at: Millis): string {
  const [, month, day] = /^.*-(\d\d)-(\d\d)T/.exec(sayInstant(at)) ?? [];
  return `${MONTHS[Number(month) - 1] ?? ''} ${Number(day)}`;
}

/** `Nov 5–6`, `Oct 31–Nov 1`. */
function sayDays(first: Millis, last: Millis): string {
  const [from, to] = [sayDay(first), sayDay(last)];
  const month = from.slice(0, 4);
  return `${from}–${to.startsWith(month) ? to.slice(4) : to}`;
}
