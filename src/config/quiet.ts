import { z } from 'zod';
import { defaultInhibitions, type Inhibition } from '../alerts/inhibition.ts';
import type { MuteWindow } from '../alerts/mute-window.ts';
import type { TimeInterval } from '../alerts/time-interval.ts';
import { DAY, MINUTE } from '../kernel/time.ts';
import { duration, matcher, text } from './values.ts';

/*
 * What is kept quiet by the calendar, and by graver alerts. A message completes the sentence "… must be".
 */

const LABELS = ['level', 'rule', 'tag', 'account', 'environment', 'region', 'actor'] as const;

const matchers = (description: string, example: string[]) =>
  z
    .array(matcher)
    .min(1)
    .meta({ description, examples: [example] });

const muteWindow = z
  .strictObject({
    match: matchers('Matchers, all of which must pass, as in routes.', ['account=sandbox', 'level<=high']),
    intervals: z
      .array(text)
      .min(1)
      .meta({
        description: 'Names of time_intervals; the window is open while one of them holds.',
        examples: [['maintenance']],
      }),
    reason: text.meta({ description: 'Why, for the person who wonders.', examples: ['patch night'] }),
  })
  .meta({ description: 'Matches that alert nobody at certain hours.' });

export const muteWindows = z
  .array(muteWindow)
  .default([])
  .meta({
    description: 'Hours and days in which matches are recorded and alert nobody.',
    examples: [[{ match: ['account=sandbox'], intervals: ['maintenance'], reason: 'patch night' }]],
  });

const inhibition = z
  .strictObject({
    source: matchers('Matchers of the alert that holds others back.', ['level=critical']),
    target: matchers('Matchers of what is held back.', ['level<=medium']),
    equal: z
      .array(z.enum(LABELS))
      .min(1)
      .meta({ description: 'Labels that both must share.', examples: [['actor', 'account']] }),
    for: duration(MINUTE, '1h, at least 1m and at most 24h')
      .refine((length) => length <= DAY, 'a length of time such as 1h, at least 1m and at most 24h')
      .prefault('1h')
      .meta({
        description: 'So long after it opened an alert holds others back, at most; 1m to 24h.',
        examples: ['1h'],
      }),
  })
  .meta({ description: 'Alerts that hold lesser ones back.' });

export const inhibitions = z
  .array(inhibition)
  .optional()
  .meta({
    description:
      "Open alerts that hold others back, as Alertmanager's inhibit_rules. Default: a critical alert holds back low and medium ones of the same actor and account for an hour; [] for none.",
    examples: [[{ source: ['level=critical'], target: ['level<=medium'], equal: ['actor'], for: '1h' }]],
  });

/** As the rest of the program has them. */
export function muteWindowsOf(
  written: z.output<typeof muteWindows>,
  known: ReadonlyMap<string, readonly TimeInterval[]>,
): MuteWindow[] {
  return written.map(({ match, intervals, reason }) => ({
    match,
    intervals: intervals.map((name) => ({ name, parts: known.get(name) ?? [] })),
    reason,
  }));
}

export function inhibitionsOf(written: z.output<typeof inhibitions>): readonly Inhibition[] {
  return written ?? defaultInhibitions();
}
