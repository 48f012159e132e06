import { z } from 'zod';
import { DAY, HOUR, MINUTE, type Millis } from '../kernel/time.ts';
import { LEVELS, type Level } from '../rules/rule.ts';
import { duration } from './values.ts';

const wait = z
  .union([z.literal('never'), duration(MINUTE, '4h')], {
    error: 'a length of time such as 4h, at least 1m, or never',
  })
  .optional();

const byLevel = (level: Level, example: string) =>
  wait.meta({ description: `The same for ${level} alerts.`, examples: [example, 'never'] });

const EXAMPLES: Readonly<Record<Level, string>> = {
  informational: '24h',
  low: '24h',
  medium: '8h',
  high: '4h',
  critical: '1h',
};

const remindAfter = z
  .union(
    [
      z.literal('never'),
      duration(MINUTE, '4h'),
      z.strictObject({
        low: byLevel('low', EXAMPLES.low),
        medium: byLevel('medium', EXAMPLES.medium),
        high: byLevel('high', EXAMPLES.high),
        critical: byLevel('critical', EXAMPLES.critical),
      }),
    ],
    {
      error:
        'a length of time such as 4h (at least 1m), never, or one of these for each of low, medium, high and critical',
    },
  )
  .optional()
  .meta({
    description:
      'After how long whoever has acknowledged an alert is asked whether they are still on it: a length of time, never, or one of these for each level. Default: critical 1h, high 4h, medium 8h, low 24h.',
    examples: ['4h', { critical: '1h', high: '4h', medium: '8h', low: 'never' }],
  });

/** `acknowledgement`: how long an acknowledgement is believed. */
export const acknowledgement = z
  .strictObject({
    remind_after: remindAfter,
    expires_after: duration(MINUTE, '30m, at least 1m')
      .prefault('30m')
      .meta({
        description:
          'How long the answer to that question may take; then the alert is un-acknowledged and its escalation goes on.',
        examples: ['30m'],
      }),
  })
  .prefault({})
  .meta({
    description: 'How long an acknowledgement is believed.',
    examples: [{ remind_after: '4h', expires_after: '30m' }],
  });

/** `remindAfter`: `undefined` is never. */
export interface Acknowledgement {
  readonly remindAfter: Readonly<Record<Level, Millis | undefined>>;
  readonly expiresAfter: Millis;
}

const USUAL: Readonly<Record<Level, Millis>> = {
  informational: DAY,
  low: DAY,
  medium: 8 * HOUR,
  high: 4 * HOUR,
  critical: HOUR,
};

/** With the default of each level that the file does not name. */
export function acknowledgementOf(written: z.output<typeof acknowledgement>): Acknowledgement {
  const { remind_after: remind, expires_after: expiresAfter } = written;
  const own: Readonly<Partial<Record<Level, 'never' | Millis | undefined>>> =
    typeof remind === 'object' ? remind : Object.fromEntries(LEVELS.map((level) => [level, remind] as const));
  const after = (level: Level) => {
    const wanted = own[level] ?? USUAL[level];
    return wanted === 'never' ? undefined : wanted;
  };
  return {
    remindAfter: {
      informational: after('informational'),
      low: after('low'),
      medium: after('medium'),
      high: after('high'),
      critical: after('critical'),
    },
    expiresAfter,
  };
}
