import { z } from 'zod';
import { MINUTE } from '../kernel/time.ts';
import { duration, region, text } from './values.ts';

/*
 * How the bot is connected to AWS, and how it notices that it is not. A message completes the sentence "… must be".
 */

const accountId = z.string().regex(/^\d{12}$/, 'an AWS account id: 12 digits, in quotes');

const NAME = /^[A-Za-z][\w-]{0,31}$/;
const ROLE = /^(arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,512}|[\w+=,.@-]{1,64})$/u;

/** What `trailbot aws apply` makes. Without it nothing of AWS is watched. */
export const aws = z
  .strictObject({
    region: region.meta({
      description: 'The home region: all events are sent here, and from here to the bot.',
      examples: ['eu-west-1'],
    }),
    regions: z
      .array(region)
      .min(1)
      .optional()
      .meta({
        description:
          'Regions whose events are sent to the bot. Default: all that are enabled in an account. us-east-1 has the events of IAM and other global services.',
        examples: [['us-east-1', 'eu-west-1']],
      }),
    accounts: z
      .array(accountId)
      .min(1)
      .optional()
      .meta({
        description: 'Accounts whose events are sent to the bot. Default: its own and all under accounts.',
        examples: [['111122223333', '444455556666']],
      }),
    organization: z
      .string()
      .regex(/^o-[a-z0-9]{10,32}$/, 'the id of an organization such as o-a1b2c3d4e5')
      .optional()
      .meta({
        description: 'Lets every account of this organization send events; default: the accounts alone.',
        examples: ['o-a1b2c3d4e5'],
      }),
    setup_role: z
      .string()
      .regex(ROLE, 'the name or the ARN of a role')
      .optional()
      .meta({
        description: 'Role in the other accounts that "trailbot aws apply" assumes.',
        examples: ['TrailbotSetup'],
      }),
    name: z
      .string()
      .regex(NAME, 'up to 32 letters, digits, - and _, beginning with a letter')
      .default('trailbot')
      .meta({ description: 'What all that is made in AWS is called.', examples: ['trailbot'] }),
    deliver: z
      .enum(['webhook', 'queue'])
      .default('webhook')
      .meta({
        description:
          'How events come: posted to public_url, or through a queue (SQS) that the bot reads, which needs no inbound port.',
        examples: ['webhook'],
      }),
    rate: z
      .int()
      .min(1)
      .max(300)
      .default(100)
      .meta({ description: 'Most events a second that are posted to the webhook.', examples: [100] }),
  })
  .optional()
  .meta({
    description:
      'What "trailbot aws apply" makes in AWS. With it the bot also sends canaries, looks for gaps and notices silence.',
    examples: [{ region: 'eu-west-1' }],
  });

const queueUrl = z
  .string()
  .regex(/^https?:\/\/[\w.:[\]-]+\/\d{12}\/[\w-]{1,80}(\.fifo)?$/u, 'the URL of an SQS queue');

export const queues = z
  .array(
    z.strictObject({
      url: queueUrl.meta({
        description: 'Queue with events or with notifications of trail files.',
        examples: ['https://sqs.eu-west-1.amazonaws.com/111122223333/trailbot'],
      }),
    }),
  )
  .default([])
  .meta({
    description:
      'SQS queues that are read: EventBridge events, or notifications (from S3, SNS or EventBridge) of trail files, which are then fetched.',
    examples: [[{ url: 'https://sqs.eu-west-1.amazonaws.com/111122223333/trailbot' }]],
  });

export const watch = z
  .strictObject({
    canary: z
      .boolean()
      .default(true)
      .meta({
        description:
          'Whether a harmless event goes from each connected account and region through EventBridge to the bot every 15 minutes.',
        examples: [true],
      }),
    canary_late: duration(MINUTE, '5m')
      .prefault('5m')
      .meta({ description: 'After how long a canary counts as lost.', examples: ['5m'] }),
    sweep: z
      .boolean()
      .default(true)
      .meta({
        description:
          "Whether CloudTrail's event history is compared with what arrived, and what is missing is fetched.",
        examples: [true],
      }),
    sweep_every: duration(10 * MINUTE, '30m or 1h, at least 10m')
      .prefault('1h')
      .meta({ description: 'How often the history is compared.', examples: ['1h'] }),
    silence: z
      .boolean()
      .default(true)
      .meta({
        description:
          'Whether an account or a region from which nothing comes any more, against its habit, is reported.',
        examples: [true],
      }),
    trails: z
      .boolean()
      .default(false)
      .meta({
        description:
          'Whether the digests of the trails are verified once a day (needs access to their files).',
        examples: [true],
      }),
  })
  .prefault({})
  .meta({
    description: 'How the bot notices that it does not see everything. Only with aws.',
    examples: [{ canary_late: '5m', sweep_every: '1h' }],
  });

export const organization = z
  .strictObject({
    names: z
      .boolean()
      .default(false)
      .meta({
        description: 'Whether names of accounts that are not under accounts come from AWS Organizations.',
        examples: [true],
      }),
  })
  .prefault({})
  .meta({ description: 'AWS Organizations.', examples: [{ names: true }] });

export const identityCenter = z
  .strictObject({
    start_url: z
      .string()
      .regex(/^https:\/\/[\w.-]+(\/[\w-]+)*\/?$/u, 'the address of the AWS access portal')
      .meta({
        description: 'Address of the AWS access portal.',
        examples: ['https://acme.awsapps.com/start'],
      }),
    role: text.optional().meta({
      description: 'Permission set with which links open the console. Default: the portal asks.',
      examples: ['ReadOnlyAccess'],
    }),
  })
  .optional()
  .meta({
    description: 'IAM Identity Center: links to the console then lead to the right account.',
    examples: [{ start_url: 'https://acme.awsapps.com/start', role: 'ReadOnlyAccess' }],
  });
