import { DAY, parseInstant, sayInstant } from '../kernel/time.ts';

/** The parts of a timestamp that a rule can ask for, with the numbers they have. */
export const TIME_PARTS = {
  minute: [0, 59],
  hour: [0, 23],
  day: [1, 31],
  week: [1, 53],
  month: [1, 12],
  year: [0, 9999],
} as const;

export type TimePart = keyof typeof TIME_PARTS;

/**
 * That part of a timestamp in RFC 3339, in UTC; the week is that of ISO 8601. `undefined` when the text is no
 * timestamp.
 */
export function timePart(text: string, part: TimePart): number | undefined {
  const at = /[+-]\d{4}$/.test(text) ? undefined : parseInstant(text);
  if (at === undefined || !isDate(text.slice(0, 10))) return undefined;
  if (part === 'week') return weekOf(Math.floor(at / DAY));
  const [year = 0, month, day, hour, minute] = partsOf(at);
  return { year, month, day, hour, minute }[part];
}

/** Leaves out dates such as 30 February. */
function isDate(text: string): boolean {
  const at = parseInstant(`${text}T00:00:00Z`);
  return at !== undefined && sayInstant(at).startsWith(text);
}

function partsOf(at: number): number[] {
  const found = /^([+-]?\d+)-(\d\d)-(\d\d)T(\d\d):(\d\d)/.exec(sayInstant(at));
  return found ? found.slice(1).map(Number) : [];
}

/** ISO 8601: weeks begin on Monday, and belong to the year that has their Thursday. `day`: since 1970-01-01. */
function weekOf(day: number): number {
  const sinceMonday = (((day + 3) % 7) + 7) % 7;
  const thursday = day - sinceMonday + 3;
  const [, month = 1, date = 1] = partsOf(thursday * DAY);
  const leapDay = isLeapDayBehind(thursday, month) ? 1 : 0;
  return Math.floor(((DAYS_BEFORE[month - 1] ?? 0) + leapDay + date - 1) / 7) + 1;
}

const DAYS_BEFORE = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];

function isLeapDayBehind(day: number, month: number): boolean {
  const [year = 0] = partsOf(day * DAY);
  return month > 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}
