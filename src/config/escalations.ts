import { z } from 'zod';
import { type Condition, type Hours, type Policy, parseTarget } from '../alerts/escalation.ts';
import { parseMatcher } from '../alerts/matcher.ts';
import type { TimeInterval } from '../alerts/time-interval.ts';
import { DAY, MINUTE } from '../kernel/time.ts';
import { LEVELS } from '../rules/rule.ts';
import { channel, duration } from './values.ts';

/*
 * Who is paged, in which order, and what is told besides Slack. A message completes the sentence "… must be".
 */

const NAME = 'a name of letters, digits, ., _ and -';
const name = z.string().regex(/^[A-Za-z][\w.-]{0,99}$/u, NAME);

/** Source: PagerDuty, "Events API v2", service regions. */
const PAGERDUTY = 'https://events.pagerduty.com/v2/enqueue';
const PAGERDUTY_EU = 'https://events.eu.pagerduty.com/v2/enqueue';

const target = z.string().transform((written, context) => {
  const read = parseTarget(written);
  if (read) return read;
  context.addIssue({
    code: 'custom',
    message:
      "somebody to page: a user id (U…), an e-mail address, schedule:NAME, a user group's id (S…), a channel in quotes, webhook:NAME or pagerduty:NAME",
  });
  return z.NEVER;
});

/** `>=high`, `high`: the levels that it stands for, and how it was written. */
const levels = z.string().transform((written, context) => {
  const text = /^[=!<>]/u.test(written) ? written : `=${written}`;
  const matcher = parseMatcher(`level${text}`);
  if (typeof matcher !== 'string') {
    const turned = matcher.operator.startsWith('!');
    return { text, levels: LEVELS.filter((level) => matcher.accepts(level) !== turned) };
  }
  context.addIssue({ code: 'custom', message: 'a level with its operator, such as ">=high"' });
  return z.NEVER;
});

const onlyIf = z.strictObject({
  level: levels.optional().meta({ description: 'Levels of alerts, in quotes.', examples: ['>=high'] }),
  hours: name
    .optional()
    .meta({ description: 'A time interval that must hold when the step is due.', examples: ['office'] }),
  outside: name
    .optional()
    .meta({ description: 'A time interval that must not hold then.', examples: ['office'] }),
});

const step = z.strictObject({
  page: z
    .array(target)
    .min(1)
    .meta({
      description:
        'Whom: Slack user ids, e-mail addresses, schedule:NAME, ids of user groups (S…), channels, webhook:NAME, pagerduty:NAME. It is asked when the step is due who is on call and in a group.',
      examples: [['schedule:primary', '#security-leads']],
    }),
  wait: duration(MINUTE, '5m or 1h, at least 1m and at most 24h')
    .refine((wait) => wait <= DAY, 'a length of time such as 5m or 1h, at least 1m and at most 24h')
    .prefault('5m')
    .meta({
      description: 'How long it waits for an answer before the next step, 1m to 24h.',
      examples: ['5m'],
    }),
  only_if: onlyIf.optional().meta({
    description: 'When the step is taken; otherwise it is passed over at once.',
    examples: [{ level: '>=high', outside: 'office' }],
  }),
});

const escalation = z
  .strictObject({
    steps: z
      .array(step)
      .min(1)
      .meta({
        description: 'One after the other, until somebody acknowledges.',
        examples: [[{ page: ['schedule:primary'], wait: '5m' }]],
      }),
    repeat: z
      .int()
      .min(0)
      .max(5)
      .default(0)
      .meta({
        description: 'How many more times it begins again with the first step, 0 to 5.',
        examples: [2],
      }),
    at_end: z
      .union([z.literal('here'), channel], { error: 'here, or a channel' })
      .optional()
      .meta({
        description:
          "When nobody has answered, that is said in the alert's thread and shown in its channel. here: to everybody who is online there (@here). A channel: in that one, too.",
        examples: ['here', '#security-leads'],
      }),
  })
  .meta({ description: 'Who is paged for an alert, step by step.' });

export const escalations = z
  .record(name, escalation)
  .default({})
  .meta({
    description: 'Who is paged for an alert, by name; a route names one of them.',
    examples: [{ security: { steps: [{ page: ['schedule:primary'], wait: '5m' }], repeat: 1 } }],
  });

const LOOPBACK = /^http:\/\/(127\.0\.0\.1|\[::1\]|localhost)(:\d{1,5})?\//u;

const webhookUrl = z
  .string()
  .refine(
    (url) => URL.canParse(url) && (url.startsWith('https://') || LOOPBACK.test(url)),
    'an https address',
  );

export const webhooks = z
  .record(
    name,
    z
      .strictObject({
        url: webhookUrl.meta({
          description: 'Where to post.',
          examples: ['https://siem.example.com/trailbot'],
        }),
      })
      .meta({ description: 'One address.' }),
  )
  .default({})
  .meta({
    description:
      'Addresses that escalations tell of alerts, by name. TRAILBOT_WEBHOOK_SECRET_NAME, where it is set, signs what is posted.',
    examples: [{ siem: { url: 'https://siem.example.com/trailbot' } }],
  });

export const pagerduty = z
  .record(
    name,
    z
      .strictObject({
        url: z
          .string()
          .refine(
            (url) => url === PAGERDUTY || url === PAGERDUTY_EU || LOOPBACK.test(url),
            `${PAGERDUTY} or ${PAGERDUTY_EU}`,
          )
          .default(PAGERDUTY)
          .meta({ description: "PagerDuty's address of your service region.", examples: [PAGERDUTY_EU] }),
      })
      .meta({ description: 'One service with an Events API v2 integration.' }),
  )
  .default({})
  .meta({
    description:
      'Services of PagerDuty that escalations tell of alerts, by name. The routing key of each is the environment variable TRAILBOT_PAGERDUTY_NAME.',
    examples: [{ security: {} }],
  });

type Written = z.output<typeof escalation>;
type Intervals = ReadonlyMap<string, readonly TimeInterval[]>;

/** As the rest of the program has them. */
export function escalationsOf(
  written: z.output<typeof escalations>,
  intervals: Intervals,
): ReadonlyMap<string, Policy> {
  return new Map(Object.entries(written).map(([key, one]) => [key, policyOf(key, one, intervals)]));
}

function policyOf(key: string, { steps, repeat, at_end: end }: Written, intervals: Intervals): Policy {
  return {
    name: key,
    steps: steps.map(({ page, wait, only_if: only }) => ({
      page,
      wait,
      onlyIf: only && conditionOf(only, intervals),
    })),
    repeat,
    end: { here: end === 'here', channel: end === 'here' ? undefined : end },
  };
}

function conditionOf({ level, hours, outside }: z.output<typeof onlyIf>, intervals: Intervals): Condition {
  const named = (key: string | undefined): Hours | undefined =>
    key === undefined ? undefined : { name: key, intervals: intervals.get(key) ?? [] };
  return { levels: level?.levels, level: level?.text, hours: named(hours), outside: named(outside) };
}
