import { z } from 'zod';
import type { DigestTimes } from '../alerts/digest-time.ts';
import { isTimeZone } from '../kernel/zone.ts';
import type { Level } from '../rules/rule.ts';

const WEEKDAYS: readonly string[] = [
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
  'sunday',
];

const CLOCK = /^([01]\d|2[0-3]):([0-5]\d)$/u;

function readClock(written: string): { hour: number; minute: number } | undefined {
  const [, hour, minute] = CLOCK.exec(written) ?? [];
  return hour === undefined ? undefined : { hour: Number(hour), minute: Number(minute) };
}

const daily = z
  .string()
  .transform((written, context) => {
    if (written === 'never') return undefined;
    const time = readClock(written);
    if (time) return time;
    context.addIssue({ code: 'custom', message: 'a time of day such as 09:00, or never' });
    return z.NEVER;
  })
  .prefault('09:00')
  .meta({
    description: 'When the daily digest is posted: a time of day, or never.',
    examples: ['09:00', 'never'],
  });

const weekly = z
  .string()
  .transform((written, context) => {
    if (written === 'never') return undefined;
    const [day = '', clock = ''] = written.trim().split(/ +/u);
    const weekday = WEEKDAYS.indexOf(day.toLowerCase()) + 1;
    const time = readClock(clock);
    if (weekday > 0 && time) return { weekday, ...time };
    context.addIssue({
      code: 'custom',
      message: 'a day of the week and a time such as monday 09:00, or never',
    });
    return z.NEVER;
  })
  .prefault('monday 09:00')
  .meta({
    description: 'When the weekly digest is posted: a day of the week and a time, or never.',
    examples: ['monday 09:00', 'never'],
  });

/** `digests`: what the bot sums up, when, and what stands nowhere else. */
export const digests = z
  .strictObject({
    time_zone: z
      .string()
      .refine(isTimeZone, 'a time zone by its name, such as Europe/Berlin')
      .default('UTC')
      .meta({ description: 'The clocks by which digests are posted.', examples: ['Europe/Berlin'] }),
    daily,
    weekly,
    only: z
      .enum(['low', 'none'])
      .default('low')
      .meta({
        description:
          'Alerts of this level stand in digests alone: no message, no page. none: every alert is posted.',
        examples: ['low', 'none'],
      }),
  })
  .prefault({})
  .meta({
    description: 'What is summed up for each channel, and when.',
    examples: [{ time_zone: 'Europe/Berlin', daily: '09:00', weekly: 'monday 09:00', only: 'low' }],
  });

/** `only`: alerts of this level stand in digests alone; `undefined`: none do. */
export interface Digests extends DigestTimes {
  readonly only: Level | undefined;
}

export function digestsOf(written: z.output<typeof digests>): Digests {
  const { time_zone: zone, only, ...times } = written;
  return { zone, daily: times.daily, weekly: times.weekly, only: only === 'none' ? undefined : only };
}
