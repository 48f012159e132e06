import { z } from 'zod';
import type { Range, TimeInterval } from '../alerts/time-interval.ts';
import { isTimeZone } from '../kernel/zone.ts';

/*
 * Hours and days, as Alertmanager's time intervals have them. A message completes the sentence "… must be".
 */

const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
const MONTHS = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
];

export const timeZone = z
  .string()
  .refine(isTimeZone, 'a time zone as IANA names it, such as Europe/Berlin or UTC');

/** `09:00` as minutes since midnight; `24:00` is the end of a day. */
export const timeOfDay = z.string().transform((written, context) => {
  const [, hours, minutes] = /^(\d\d):(\d\d)$/u.exec(written) ?? [];
  const total = Number(hours) * 60 + Number(minutes);
  if (Number(minutes) < 60 && total <= 1440) return total;
  context.addIssue({ code: 'custom', message: 'a time of day from 00:00 to 24:00, in quotes' });
  return z.NEVER;
});

/** `monday`, `monday:friday` or `saturday:sunday`, as numbers from 1 (Monday) to 7. */
const weekday = z.string().transform((written, context): number[] => {
  const [first = 0, last = first] = written.split(':').map((name) => numberIn(WEEKDAYS, name));
  if (first > 0 && last > 0 && written.split(':').length <= 2) {
    const length = ((last - first + 7) % 7) + 1;
    return Array.from({ length }, (_, index) => ((first - 1 + index) % 7) + 1);
  }
  context.addIssue({
    code: 'custom',
    message: 'a weekday such as monday, or two with a colon: monday:friday',
  });
  return z.NEVER;
});

/** Numbers from 1 to 7, each once. */
export const weekdays = z
  .array(weekday)
  .min(1)
  .transform((lists) => [...new Set(lists.flat())]);

function range(what: string, least: number, most: number, names: readonly string[] = []) {
  const written = z.union([z.string(), z.int()], { error: what });
  return written.transform((written, context): Range => {
    const parts = String(written).split(':');
    const [first = Number.NaN, last = first] = parts.map(
      (part) => numberIn(names, part) || wholeNumber(part),
    );
    const right = [first, last].every((value) => value !== 0 && value >= least && value <= most);
    const inOrder = first <= last || (first > 0 && last < 0);
    if (right && inOrder && parts.length <= 2) return [first, last];
    context.addIssue({ code: 'custom', message: what });
    return z.NEVER;
  });
}

/** From 1; 0 when the name is none of them. A name may be cut to its first three letters. */
function numberIn(names: readonly string[], name: string): number {
  const meant = name.trim().toLowerCase();
  return names.findIndex((one) => one === meant || one.slice(0, 3) === meant) + 1;
}

function wholeNumber(text: string): number {
  return /^-?\d{1,4}$/u.test(text.trim()) ? Number(text) : Number.NaN;
}

const part = z
  .strictObject({
    location: timeZone.default('UTC').meta({
      description: 'The time zone of everything in it, as IANA names it.',
      examples: ['Europe/Berlin'],
    }),
    times: z
      .array(
        z
          .strictObject({
            from: timeOfDay.meta({ description: 'Begin, in quotes.', examples: ['09:00'] }),
            to: timeOfDay.meta({ description: 'End, in quotes; at most 24:00.', examples: ['17:00'] }),
          })
          .refine(
            ({ from, to }) => from < to,
            'two times of one day, the later one after "to" (over midnight it is two: 22:00 to 24:00, and 00:00 to 06:00)',
          ),
      )
      .min(1)
      .optional()
      .meta({
        description: 'Times of day. Default: the whole day.',
        examples: [[{ from: '09:00', to: '17:00' }]],
      }),
    weekdays: weekdays.optional().meta({
      description: 'Weekdays, or ranges of them. Default: every day.',
      examples: [['monday:friday']],
    }),
    days_of_month: z
      .array(range('days such as 1, 1:7 or -3:-1 (from the end of the month)', -31, 31))
      .min(1)
      .optional()
      .meta({
        description: 'Days of the month, or ranges of them; negative ones count from its end. Default: all.',
        examples: [['1:7', '-1']],
      }),
    months: z
      .array(range('months such as december, 12 or january:march', 1, 12, MONTHS))
      .min(1)
      .optional()
      .meta({ description: 'Months, or ranges of them. Default: all.', examples: [['december', '1:3']] }),
    years: z
      .array(range('years such as 2027 or 2027:2029', 1970, 9999))
      .min(1)
      .optional()
      .meta({ description: 'Years, or ranges of them. Default: all.', examples: [['2027:2029']] }),
  })
  .meta({ description: 'Hours and days: all of what is given must hold.' });

/** The names under which hours and days are kept. */
export const timeIntervals = z
  .record(
    z.string().regex(/^[A-Za-z][\w.-]{0,99}$/u, 'a name of letters, digits, ., _ and -'),
    z.union([part, z.array(part).min(1)], { error: 'one interval, or a list of them' }),
  )
  .default({})
  .meta({
    description:
      "Hours and days by name, as Alertmanager's time_intervals: for hours of routes, conditions of escalations and mute windows.",
    examples: [{ office: { location: 'Europe/Berlin', weekdays: ['monday:friday'] } }],
  });

/** As the rest of the program has them. */
export function timeIntervalsOf(
  written: z.output<typeof timeIntervals>,
): ReadonlyMap<string, readonly TimeInterval[]> {
  return new Map(
    Object.entries(written).map(([name, parts]) => [
      name,
      (Array.isArray(parts) ? parts : [parts]).map(partOf),
    ]),
  );
}

function partOf(written: z.output<typeof part>): TimeInterval {
  return {
    zone: written.location,
    times: written.times ?? [],
    weekdays: written.weekdays ?? [],
    daysOfMonth: written.days_of_month ?? [],
    months: written.months ?? [],
    years: written.years ?? [],
  };
}
