import { z } from 'zod';
import { channelsOf, type Route } from '../alerts/route.ts';
import { channel } from './values.ts';

/** Everybody, or these people (`U…`, `W…`) and everybody in these user groups (`S…`). */
export type People = 'everyone' | readonly string[];

/** Who may do what, and where. */
export interface Access {
  /** The only workspace that is answered; `undefined`: the token's. */
  readonly team: string | undefined;
  readonly ask: People;
  readonly respond: People;
  readonly admin: People;
  /** Channel names and ids; direct messages with the bot are always allowed. */
  readonly channels: 'everywhere' | readonly string[];
  readonly questionsPerMinute: number;
}

const WHO = 'everyone, or a list of Slack user ids and user groups';

const people = z.union(
  [
    z.literal('everyone'),
    z
      .array(
        z
          .string()
          .regex(/^[UWS][A-Z0-9]{2,20}$/, 'the id of a Slack user (U0123456789) or user group (S0123456789)'),
      )
      .min(1),
  ],
  { error: WHO },
);

const described = (may: string, fallback = 'everyone') => ({
  description: `Who may ${may}: ${fallback}, or a list of Slack user ids and user groups.`,
  examples: [['U0123456789', 'S0123456789']],
});

export const access = z
  .strictObject({
    team: z
      .string()
      .regex(/^[TE][A-Z0-9]{2,20}$/, 'the id of a Slack workspace such as T0123456789')
      .optional()
      .meta({
        description: 'The only Slack workspace that is answered. Default: the one the token belongs to.',
        examples: ['T0123456789'],
      }),
    ask: people.default('everyone').meta(described('ask questions', 'everyone but guests')),
    respond: people
      .default('everyone')
      .meta(described('act on alerts: acknowledge, resolve, snooze, assign, escalate')),
    admin: people
      .optional()
      .meta(
        described('mute, and change who is on call for others', 'whoever may act on alerts (the default)'),
      ),
    channels: z
      .union([z.literal('everywhere'), z.array(channel).min(1)], {
        error: 'everywhere, or a list of channels',
      })
      .optional()
      .meta({
        description:
          'Where questions may be asked, besides direct messages with the bot. Default: the channels that alerts go to. Never in channels shared with another company, group messages, or direct messages between people.',
        examples: [['#security-alerts', '#incidents']],
      }),
    questions_per_minute: z
      .int()
      .min(1)
      .max(600)
      .default(20)
      .meta({ description: 'How many questions one person may ask a minute.', examples: [20] }),
  })
  .prefault({})
  .meta({ description: 'Who may do what.', examples: [{ respond: 'everyone' }] });

/** What the file says about rights, with what follows from it. */
export function accessOf(written: z.output<typeof access>, routes: Route): Access {
  const { questions_per_minute: questionsPerMinute, channels, admin, team, ...rest } = written;
  return {
    ...rest,
    team,
    admin: admin ?? rest.respond,
    channels: channels ?? channelsOf(routes),
    questionsPerMinute,
  };
}
