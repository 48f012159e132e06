import { z } from 'zod';
import { firstGap } from '../alerts/schedule/coverage.ts';
import type { Layer, Rotation, Schedule } from '../alerts/schedule/schedule.ts';
import { DAY } from '../kernel/time.ts';
import { parseWallTime, sayLocal } from '../kernel/zone.ts';
import { timeOfDay, timeZone, weekdays } from './time-intervals.ts';
import { channel, text } from './values.ts';

/*
 * Who is on call. A message completes the sentence "… must be".
 */

const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];
const MOST_PEOPLE = 200;

const rotation = z.string().transform((written, context): Rotation => {
  if (written === 'daily') return { unit: 'days', every: 1 };
  if (written === 'weekly') return { unit: 'days', every: 7 };
  const hours = /^([1-9]\d{0,3})h$/u.exec(written)?.[1];
  if (hours !== undefined) return { unit: 'hours', every: Number(hours) };
  context.addIssue({ code: 'custom', message: 'daily, weekly, or a number of hours such as 12h' });
  return z.NEVER;
});

const wallTime = z.string().transform((written, context) => {
  const read = parseWallTime(written);
  if (read) return read;
  const message = "a date and a time on the schedule's clocks, without a zone, such as 2026-01-05T09:00";
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
});

const person = z
  .string()
  .regex(
    /^([UW][A-Z0-9]{2,20}|[^\s@<>|]{1,64}@[\w.-]{1,190}\.\w{2,63})$/u,
    'a Slack user id such as U0123456789, or an e-mail address',
  );

const restriction = z.strictObject({
  days: weekdays
    .optional()
    .meta({ description: 'Weekdays on which it begins. Default: every day.', examples: [['monday:friday']] }),
  from: timeOfDay.optional().meta({ description: 'Begin, in quotes. Default: 00:00.', examples: ['09:00'] }),
  to: timeOfDay.optional().meta({
    description: 'End, in quotes; not later than the begin: on the next day. Default: 24:00.',
    examples: ['17:00'],
  }),
});

const layer = z.strictObject({
  name: text.meta({ description: 'What people call it; each name once.', examples: ['week'] }),
  rotation: rotation.meta({
    description:
      'How long a turn is: daily and weekly hand over at the same time on the clocks, a number of hours (12h) in real hours.',
    examples: ['weekly', 'daily', '12h'],
  }),
  every: z
    .int()
    .min(1)
    .max(100)
    .default(1)
    .meta({
      description: 'Turns of so many days, weeks or hours more: 2 is every second week.',
      examples: [2],
    }),
  start: wallTime.meta({
    description: "The first hand-over, on the schedule's clocks. Before it nobody is on call in this layer.",
    examples: ['2026-01-05T09:00'],
  }),
  people: z
    .array(person)
    .min(1)
    .max(MOST_PEOPLE)
    .meta({
      description: 'In the order of their turns: Slack user ids, or e-mail addresses.',
      examples: [['U0123456789', 'bob@example.com']],
    }),
  restrictions: z
    .array(restriction)
    .min(1)
    .optional()
    .meta({
      description: 'Hours and days outside which nobody is on call in this layer. Default: none.',
      examples: [[{ days: ['monday:friday'], from: '09:00', to: '17:00' }]],
    }),
});

const calendar = z
  .string()
  .regex(
    /^(https:\/\/[^\s]{1,2000}|http:\/\/(127\.0\.0\.1|\[::1\]|localhost)(:\d{1,5})?\/\S{0,500}|(?!\w+:)[^\s]{1,500})$/u,
    'an https address of an iCalendar file, or a file such as ./on-call.ics',
  );

const schedule = z
  .strictObject({
    time_zone: timeZone.meta({
      description: 'Whose clocks its times are on, as IANA names it.',
      examples: ['Europe/Berlin'],
    }),
    layers: z
      .array(layer)
      .min(1)
      .optional()
      .meta({
        description: 'Rotations. Of several that have somebody, the last one answers.',
        examples: [
          [{ name: 'week', rotation: 'weekly', start: '2026-01-05T09:00', people: ['U0123456789'] }],
        ],
      }),
    calendar: calendar.optional().meta({
      description:
        'Instead of layers: the address (or the file) of an iCalendar whose events name the people.',
      examples: ['https://calendar.example.com/on-call.ics', './on-call.ics'],
    }),
    gaps: z
      .boolean()
      .default(false)
      .meta({ description: 'Whether there may be times when nobody is on call.', examples: [true] }),
    channel: channel.optional(),
    user_group: z
      .string()
      .regex(/^S[A-Z0-9]{2,20}$/u, 'the id of a Slack user group, such as S0123456789')
      .optional()
      .meta({
        description: 'A user group that is kept to whoever is on call. Default: none.',
        examples: ['S0123456789'],
      }),
  })
  .transform((written, context) => {
    const made = scheduleOf(written);
    const wrong = mistakeIn(made);
    if (!wrong) return made;
    context.addIssue({ code: 'custom', message: wrong.what, params: { ...wrong } });
    return z.NEVER;
  });

/** Everybody's schedules, by name. */
export const schedules = z
  .record(z.string().regex(/^[A-Za-z][\w.-]{0,99}$/u, 'a name of letters, digits, ., _ and -'), schedule)
  .superRefine((all, context) => {
    const owners = new Map<string, string>();
    for (const [name, { userGroup }] of Object.entries(all)) {
      if (userGroup === undefined) continue;
      const owner = owners.get(userGroup);
      owners.set(userGroup, owner ?? name);
      if (owner === undefined) continue;
      const what = `the schedule ${owner} keeps the user group ${userGroup} already`;
      const params = { what, remedy: 'give each schedule a group of its own' };
      context.addIssue({ code: 'custom', path: [name, 'user_group'], message: what, params });
    }
  })
  .default({})
  .meta({
    description: 'Who is on call, by the name of a schedule.',
    examples: [{ primary: { time_zone: 'Europe/Berlin', calendar: './on-call.ics' } }],
  });

/** As the rest of the program has them. */
export function schedulesOf(written: z.output<typeof schedules>): ReadonlyMap<string, Schedule> {
  return new Map(Object.entries(written).map(([name, made]) => [name, { name, ...made }]));
}

interface Written {
  readonly time_zone: string;
  readonly layers?: readonly z.output<typeof layer>[] | undefined;
  readonly calendar?: string | undefined;
  readonly gaps: boolean;
  readonly channel?: string | undefined;
  readonly user_group?: string | undefined;
}

function scheduleOf(written: Written): Omit<Schedule, 'name'> {
  return {
    zone: written.time_zone,
    layers: (written.layers ?? []).map(layerOf),
    calendar: written.calendar,
    gaps: written.gaps,
    channel: written.channel,
    userGroup: written.user_group,
  };
}

function layerOf({ name, rotation, every, start, people, restrictions }: z.output<typeof layer>): Layer {
  return {
    name,
    rotation: { ...rotation, every: rotation.every * every },
    start,
    people,
    restrictions: (restrictions ?? []).map(({ days = EVERY_DAY, from = 0, to = 1440 }) => ({
      days,
      from,
      to,
    })),
  };
}

/** What is right by itself and wrong together. */
function mistakeIn({ layers, calendar, gaps, zone }: Omit<Schedule, 'name'>) {
  const both = layers.length > 0 && calendar !== undefined;
  if (both) return { what: 'it has layers and a calendar', remedy: 'keep one of them' };
  if (layers.length === 0 && calendar === undefined) {
    return { what: 'it has neither layers nor a calendar', remedy: 'say with one of them who is on call' };
  }
  const names = layers.map(({ name }) => name);
  const doubled = names.find((name, index) => names.indexOf(name) < index);
  if (doubled !== undefined) {
    return {
      what: `two layers are called ${JSON.stringify(doubled)}`,
      remedy: 'give each a name of its own',
    };
  }
  const gap = gaps ? undefined : firstGap({ layers, zone });
  if (!gap) return undefined;
  const until = gap.until < gap.from + 365 * DAY ? ` to ${sayLocal(gap.until, zone)}` : ' on';
  return {
    what: `nobody is on call from ${sayLocal(gap.from, zone)}${until}`,
    remedy: 'add a layer for that time, widen the restrictions, or write gaps: true',
  };
}
