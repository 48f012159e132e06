import { z } from 'zod';
import { type ActorQuestions, isAddress, isUser, type PersonEntry } from '../alerts/ask-actor.ts';
import type { TimeInterval } from '../alerts/time-interval.ts';
import { HOUR, MINUTE, type Millis } from '../kernel/time.ts';
import { duration, text } from './values.ts';

const WHO = 'the id of a Slack user (U0123456789) or an e-mail address';

/** `people`: who in Slack is behind an identity of AWS. */
export const people = z
  .record(
    z.string().min(1).max(300),
    z
      .string()
      .refine((who) => isUser(who) || isAddress(who), WHO)
      .meta({ description: 'A Slack user id, or the e-mail address in Slack.', examples: ['U0123456789'] }),
  )
  .optional()
  .meta({
    description:
      'Who in Slack is behind an identity of AWS: an ARN, a user name, a session name or an e-mail address, with * for any text. What is written out goes before patterns; of these the first counts.',
    examples: [{ 'arn:aws:iam::111122223333:user/alice': 'U0123456789', 'bob-*': 'bob@example.com' }],
  });

const USUAL_WAIT: Millis = 2 * HOUR;
/** So that somebody who works the same hours every day is asked once a day. */
const USUAL_QUIET: Millis = 21 * HOUR;

/** `ask_actor`: how people are asked whether it was them. */
export const askActor = z
  .strictObject({
    wait: duration(MINUTE, '2h, at least 1m')
      .optional()
      .meta({
        description: 'How long an answer may take; then the alert is escalated. Default: 2h.',
        examples: ['2h'],
      }),
    quiet_for: duration(MINUTE, '21h, at least 1m')
      .optional()
      .meta({
        description:
          'How long a yes keeps the same rule quiet for the same person in the same account. Default: 21h.',
        examples: ['21h'],
      }),
    hours: text.optional().meta({
      description:
        'A name under time_intervals: outside of these hours the question waits until they begin. Default: people are asked at any time.',
      examples: ['office'],
    }),
    resolve: z
      .array(z.enum(['low', 'medium'], { error: 'low or medium' }))
      .optional()
      .meta({
        description:
          'Alerts of these levels are resolved as expected when somebody says that it was them; high and critical never are. Default: none.',
        examples: [['low', 'medium']],
      }),
  })
  .optional()
  .meta({
    description: 'How people are asked "Was this you?", for rules with ask_actor.',
    examples: [{ wait: '2h', hours: 'office' }],
  });

interface Written {
  readonly people?: z.output<typeof people>;
  readonly ask_actor?: z.output<typeof askActor>;
}

/** In the order of the file. */
export function peopleOf({ people: written = {} }: Written): PersonEntry[] {
  return Object.entries(written).map(([pattern, who]) => ({ pattern, who }));
}

/** With all defaults. */
export function askActorOf(
  { people: mapped, ask_actor: written }: Written,
  timeIntervals: ReadonlyMap<string, readonly TimeInterval[]>,
): ActorQuestions {
  const { wait = USUAL_WAIT, quiet_for: quietFor = USUAL_QUIET, hours: name, resolve = [] } = written ?? {};
  const intervals = name === undefined ? undefined : timeIntervals.get(name);
  return {
    isSetUp: mapped !== undefined || written !== undefined,
    wait,
    quietFor,
    hours: name !== undefined && intervals ? { name, intervals } : undefined,
    resolve,
  };
}
