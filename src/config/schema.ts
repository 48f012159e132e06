import { z } from 'zod';
import type { JsonObject } from '../kernel/json.ts';
import { DAY } from '../kernel/time.ts';
import { LEVELS } from '../rules/rule.ts';
import { access } from './access.ts';
import { acknowledgement } from './acknowledgement.ts';
import { aws, identityCenter, organization, queues, watch } from './connection.ts';
import { digests } from './digests.ts';
import { escalations, pagerduty, webhooks } from './escalations.ts';
import { askActor, people } from './people.ts';
import { inhibitions, muteWindows } from './quiet.ts';
import { routes, silence } from './routing.ts';
import { schedules } from './schedules.ts';
import { timeIntervals } from './time-intervals.ts';
import { duration, region, text } from './values.ts';

/*
 * The configuration file, once: what is accepted, its defaults, and the words for editors (descriptions and
 * examples go into the JSON Schema, and into the remedy of a problem). Messages complete "… must be".
 */

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

const SLACK_API = 'https://slack.com/api/';

/** An address or a host name to listen on, without a port. */
export const HOST = /^[\w.:-]{1,253}$/u;

const ACCOUNT_ID = /^\d{12}$/;

const level = z.enum(LEVELS);

const listen = z
  .strictObject({
    host: z
      .string()
      .regex(HOST, 'an address or a host name, without a port')
      .default('127.0.0.1')
      .meta({
        description: 'Address to listen on. TRAILBOT_HOST goes before it.',
        examples: ['0.0.0.0'],
      }),
    port: z
      .int()
      .min(0)
      .max(65_535)
      .default(3000)
      .meta({
        description: 'Port of the webhook and of Slack requests; 0 takes any free one.',
        examples: [3000],
      }),
  })
  .prefault({})
  .meta({ description: 'Where the bot listens.', examples: [{ port: 3000 }] });

const account = z
  .strictObject({
    name: text.meta({ description: 'What people call it.', examples: ['Production'] }),
    environment: z
      .string()
      .regex(/^\S{1,100}$/u, 'one word')
      .optional()
      .meta({
        description: 'The label `environment` of routes and silences.',
        examples: ['production'],
      }),
    reader_role: z
      .string()
      .regex(
        /^(arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,512}|[\w+=,.@-]{1,64})$/u,
        'the name or the ARN of a role in that account',
      )
      .optional()
      .meta({
        description:
          'Role in the account that questions are asked through; not for the account of the bot itself.',
        examples: ['TrailbotReader'],
      }),
  })
  .meta({
    description: 'One AWS account.',
    examples: [{ name: 'Production', environment: 'production' }],
  });

const accounts = z
  .record(
    z.string().regex(ACCOUNT_ID, 'an AWS account id: 12 digits, in quotes because one may begin with 0'),
    account,
  )
  .default({})
  .meta({
    description: 'The AWS accounts by their id (12 digits, in quotes).',
    examples: [{ '111122223333': { name: 'Production' } }],
  });

const lists = z
  .record(
    z.string().regex(/^[A-Za-z][\w-]{0,99}$/, 'a name of letters, digits, _ and -'),
    z.array(text).meta({ description: 'Values, as text.', examples: [['111122223333']] }),
  )
  .default({})
  .meta({
    description:
      'Values for placeholders in rules: the list `admins` is %admins%. known_accounts always has the ids of accounts.',
    examples: [{ known_accounts: ['111122223333'] }],
  });

const ruleName = text.meta({ description: 'A rule, by its id or name.', examples: ['root-api-use'] });

const rules = z
  .strictObject({
    paths: z
      .array(text)
      .min(1)
      .default(['builtin'])
      .meta({
        description: 'Files and folders with rules; the word builtin stands for the rules that come with it.',
        examples: [['builtin', './rules']],
      }),
    disabled: z
      .array(ruleName)
      .default([])
      .meta({ description: 'Rules that are left out, by id or name.', examples: [['root-api-use']] }),
    levels: z
      .record(text, level.meta({ description: 'The level instead of its own.', examples: ['low'] }))
      .default({})
      .meta({
        description: 'Another level for a rule, by id or name. informational matches never alert.',
        examples: [{ 'root-api-use': 'low' }],
      }),
    needs: z
      .record(
        text,
        z
          .int()
          .min(1)
          .max(5)
          .meta({ description: 'How many people, 1 to 5.', examples: [2] }),
      )
      .default({})
      .meta({
        description:
          'How many different people have to acknowledge the alerts of a rule, by id or name; 1 for every other rule that does not say so itself.',
        examples: [{ 'root-api-use': 2 }],
      }),
  })
  .prefault({})
  .meta({ description: 'Which rules run.', examples: [{ paths: ['builtin', './rules'] }] });

const history = z
  .strictObject({
    records: duration(
      2 * DAY,
      '14d or 30d, at least 2d (EventBridge delivers again for a day) and at most 3650d',
    )
      .prefault('30d')
      .meta({
        description: 'How long events are kept, at least 2d: EventBridge delivers again for a day.',
        examples: ['30d'],
      }),
    lookup_events: z
      .boolean()
      .default(true)
      .meta({
        description:
          "Whether questions are also asked of CloudTrail's event history (LookupEvents), with the AWS credentials that the bot finds.",
        examples: [true],
      }),
    regions: z
      .union([z.literal('enabled'), z.array(region).min(1)], { error: 'enabled, or a list of regions' })
      .default('enabled')
      .meta({
        description: 'Regions whose event history is asked: all that are enabled in an account, or a list.',
        examples: [['us-east-1', 'eu-west-1']],
      }),
  })
  .prefault({})
  .meta({
    description: 'What is kept and how long, and what questions are asked of.',
    examples: [{ records: '30d', regions: 'enabled' }],
  });

const eventSources = (of: string) =>
  z
    .array(z.string().regex(/^[\w-]+(\.[\w-]+)+$/u, 'an event source such as s3.amazonaws.com'))
    .optional()
    .meta({
      description: `Event sources whose ${of} events reach the bot; [] for none. Default: not known.`,
      examples: [['s3.amazonaws.com']],
    });

const sources = z
  .strictObject({
    management: z
      .enum(['writes', 'all'])
      .optional()
      .meta({
        description:
          'Which management events reach the bot: writes, or all, those that only read included. Default: not known.',
        examples: ['writes'],
      }),
    data: eventSources('data'),
    network: eventSources('network activity'),
    insights: z
      .boolean()
      .optional()
      .meta({
        description: 'Whether CloudTrail Insights events reach the bot. Default: not known.',
        examples: [false],
      }),
    regions: z
      .array(region)
      .min(1)
      .optional()
      .meta({
        description: 'Regions whose events reach the bot. Default: not known.',
        examples: [['us-east-1', 'eu-west-1']],
      }),
  })
  .prefault({})
  .meta({
    description:
      'What reaches the bot: "trailbot rules check" then warns of rules that can never fire. It changes nothing else.',
    examples: [{ management: 'writes', data: ['s3.amazonaws.com'], regions: ['us-east-1', 'eu-west-1'] }],
  });

const publicUrl = z
  .string()
  .regex(/^https?:\/\/[\w.:[\]-]+(\/[\w./-]*)?$/u, 'an http or https address without ? or #')
  .transform((url) => url.replace(/\/+$/u, ''))
  .optional()
  .meta({
    description: 'How Slack and EventBridge reach the bot from outside; used in the manifest and in links.',
    examples: ['https://trailbot.example.com'],
  });

const slack = z
  .strictObject({
    api_url: z
      .string()
      .transform((written, context) => {
        const url = written.endsWith('/') ? written : `${written}/`;
        if (url === SLACK_API || isLoopback(url)) return url;
        context.addIssue({ code: 'custom', message: `${SLACK_API}, or a loopback http address in tests` });
        return z.NEVER;
      })
      .prefault(SLACK_API)
      .meta({
        description: 'Where Slack answers. A loopback http address only with a token of the local workspace.',
        examples: [SLACK_API],
      }),
    socket: z
      .boolean()
      .default(false)
      .meta({
        description:
          'Whether the bot and its local workspace speak Socket Mode. With Slack, SLACK_APP_TOKEN turns it on.',
        examples: [false],
      }),
  })
  .prefault({})
  .meta({ description: 'Slack, apart from its secrets.', examples: [{ api_url: SLACK_API }] });

/** The whole file; `z.output` of it is what a checked file says, with defaults. */
export const fileSchema = z.strictObject({
  listen,
  data_dir: text
    .default('.trailbot')
    .meta({ description: 'Folder of the database.', examples: ['/var/lib/trailbot'] }),
  public_url: publicUrl,
  accounts,
  lists,
  rules,
  routes,
  silences: z
    .array(silence)
    .default([])
    .meta({
      description: 'Silences that are permanent or end at an instant.',
      examples: [[{ match: ['actor=scanner'], reason: 'the scanner of the security team' }]],
    }),
  mute_windows: muteWindows,
  inhibitions,
  time_intervals: timeIntervals,
  schedules,
  escalations,
  webhooks,
  pagerduty,
  access,
  acknowledgement,
  digests,
  people,
  ask_actor: askActor,
  history,
  aws,
  queues,
  watch,
  organization,
  identity_center: identityCenter,
  sources,
  log: z
    .strictObject({
      level: z
        .enum(LOG_LEVELS)
        .default('info')
        .meta({ description: 'The least important line that is written.', examples: ['debug'] }),
    })
    .prefault({})
    .meta({ description: 'The log.', examples: [{ level: 'info' }] }),
  slack,
});

export type FileSettings = z.output<typeof fileSchema>;

/** Whether Slack's API would be looked for on this machine, as tests and the local workspace do. */
export function isLoopback(url: string): boolean {
  return /^http:\/\/(127\.0\.0\.1|\[::1\]|localhost)(:\d{1,5})?\/([\w./-]*)$/u.test(url);
}

/** The JSON Schema of the file, for editors: docs/trailbot.schema.json. */
export function describeSchema(): JsonObject {
  const schema = z.toJSONSchema(fileSchema, {
    io: 'input',
    // zod leaves out the examples of what it transforms, for fear that they are of the output. Ours are not.
    override: ({ zodSchema, jsonSchema }) => {
      const examples = z.globalRegistry.get(zodSchema)?.examples;
      if (Array.isArray(examples)) jsonSchema.examples = examples;
    },
  });
  return JSON.parse(JSON.stringify({ ...schema, title: 'Configuration of Trailbot' }));
}
