import { z } from 'zod';
import type { WrittenRoute } from '../alerts/route.ts';
import { MINUTE } from '../kernel/time.ts';
import { channel, duration, instant, matcher, text } from './values.ts';

const matchers = z.array(matcher).meta({
  description:
    'Matchers, all of which must pass: label, operator, value. Labels: level, rule (id or name), tag, account, environment, region, actor. Operators: = != =~ !~, and for level also >= > <= <.',
  examples: [['level>=high', 'environment=production']],
});

const settings = {
  channel: channel.optional(),
  group_by: z
    .array(z.string().regex(/^[^\s,]{1,200}$/u, 'the name of a field, without spaces'))
    .min(1)
    .optional()
    .meta({
      description:
        "What makes two matches of a rule one alert: account, actor, region, or dotted fields of the event. Default: what the rule says, else account and actor. It goes before the rule's own.",
      examples: [['account', 'actor'], ['sourceIPAddress']],
    }),
  group_wait: duration(0, '30s or 5m')
    .optional()
    .meta({
      description: 'How long the first message of an alert waits for more matches.',
      examples: ['0s', '30s'],
    }),
  escalation: text.optional().meta({
    description: 'Who is paged: the name of one of escalations. Default: nobody.',
    examples: ['security'],
  }),
  repeat: z
    .union([z.literal('never'), duration(MINUTE, '4h, at least 1m')], {
      error: 'never, or a length of time such as 4h',
    })
    .optional()
    .meta({
      description:
        'How often an alert that nobody has acknowledged says so again in its channel, while nobody is being paged for it. Default: 4h for critical, 1d for high, never for the others.',
      examples: ['4h', 'never'],
    }),
};

const routeList: z.ZodType<WrittenRoute[]> = z.array(z.lazy(() => route)).meta({
  id: 'routes',
  description: 'Routes under this one; the first that matches takes the alert.',
  examples: [[{ match: ['level>=high'], channel: '#security-urgent' }]],
});

const route = z
  .strictObject({
    match: matchers.optional(),
    continue: z
      .boolean()
      .optional()
      .meta({
        description: 'true: the routes after this one are asked as well. Default false.',
        examples: [true],
      }),
    hours: text.optional().meta({
      description:
        'The name of one of time_intervals: outside of it the route takes no alerts, and the routes after it are asked.',
      examples: ['office'],
    }),
    ...settings,
    routes: routeList.optional(),
  })
  .meta({ id: 'route', description: 'A route: what is left out is as in the route above.' });

/** `routes`: the top of the tree, which takes everything, so it has no matchers. */
export const routes = z
  .strictObject({ ...settings, routes: routeList.optional() })
  .prefault({})
  .meta({
    description:
      'Where alerts go: a tree as in Alertmanager. This top takes everything (channel #security-alerts unless it says otherwise); the routes under it take their part away.',
    examples: [{ channel: '#security-alerts' }],
  });

/** One of `silences`. A silence without matchers would silence everything, so it needs one. */
export const silence = z
  .strictObject({
    match: matchers.min(1),
    reason: text.meta({
      description: 'Why, for the person who wonders.',
      examples: ['the scanner of the security team'],
    }),
    until: instant.optional().meta({
      description: 'When it ends, as an instant with a zone. Default: never.',
      examples: ['2027-01-31T18:00:00Z'],
    }),
  })
  .meta({
    description: 'Matches that are recorded and alert nobody.',
    examples: [{ match: ['actor=scanner'], reason: 'the scanner of the security team' }],
  });
