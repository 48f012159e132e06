import type { RuleFile } from '../src/rules/load.ts';
import { type Call, COMMON_CALLS, callsOf, RARE_CALLS } from './calls.ts';
import { ACCOUNTS, BUCKETS, ROLES, USERS } from './records.ts';
import { type Dice, dice } from './seeded.ts';

/**
 * G: every rule names its events. F: one in ten names none and looks at a user agent, an address, a role, an error
 * message or a user instead.
 */
export type Mix = 'G' | 'F';

/** Lines of YAML under `detection:`, without their indentation. */
type Detection = readonly string[];

/** Sigma documents in the shape of rules that people write for CloudTrail, one a file. */
export function ruleFiles(mix: Mix, count: number, seed = 7): RuleFile[] {
  const chance = dice(seed);
  return Array.from({ length: count }, (_, index) => {
    const free = mix === 'F' && index % 10 === 9;
    const detection = free ? freeDetection(chance) : gatedDetection(chance);
    return { path: `rules/rule-${index}.yml`, text: document(chance, index, detection) };
  });
}

function document(chance: Dice, index: number, detection: Detection): string {
  return `title: Benchmark rule ${index}
id: ${chance.uuid()}
status: test
description: Watches something that a team cares about, number ${index} of them.
tags: [attack.persistence, attack.t1098]
logsource:
  product: aws
  service: cloudtrail
detection:
${detection.map((line) => `  ${line}\n`).join('')}level: ${chance.pick(['low', 'medium', 'high', 'critical'])}
`;
}

const quoted = (text: string): string => `'${text}'`;
const several = (values: readonly string[]): string => `[${values.map(quoted).join(', ')}]`;

/** The same value is not in it twice. */
function some<T>(chance: Dice, of: readonly T[], most: number): T[] {
  return [...new Set(Array.from({ length: 1 + chance.below(most) }, () => chance.pick(of)))];
}

function gatedDetection(chance: Dice): Detection {
  const selection = ['selection:', ...gate(chance).map((line) => `  ${line}`)];
  if (chance.chance(0.38)) return [...selection, 'condition: selection'];
  const more = chance.pick(CONDITIONS)(chance);
  const condition = more.without ? 'selection and not filter' : 'selection';
  return [
    ...selection,
    ...more.lines.map((line) => `  ${line}`),
    ...(more.without ? ['filter:', `  ${more.without}`] : []),
    `condition: ${condition}`,
  ];
}

/** The event by its source, its name or both, and in most rules the account. */
function gate(chance: Dice): string[] {
  const call: Call = chance.chance(0.6) ? chance.pick(COMMON_CALLS) : chance.pick(RARE_CALLS);
  const names = chance.chance(0.65)
    ? [call.name]
    : [...new Set([call.name, ...some(chance, callsOf(call.source), 3).map(({ name }) => name)])];
  const by = chance.below(100);
  return [
    ...(by < 80 ? [`eventSource: ${call.source}`] : []),
    ...(by < 8 ? [] : [`eventName: ${names.length === 1 ? names[0] : several(names)}`]),
    ...(chance.chance(0.9) || by < 8 ? [`recipientAccountId: ${quoted(chance.pick(ACCOUNTS))}`] : []),
  ];
}

interface More {
  readonly lines: readonly string[];
  /** An item that must not be true. */
  readonly without?: string;
}

const CONDITIONS: readonly ((chance: Dice) => More)[] = [
  (chance) => ({
    lines: [],
    without: `userIdentity.type: ${several(some(chance, ['AWSService', 'AssumedRole', 'Root', 'SAMLUser'], 3))}`,
  }),
  (chance) => ({ lines: [`requestParameters.bucketName: ${several(some(chance, BUCKETS, 3))}`] }),
  (chance) => ({ lines: [`requestParameters.roleName|startswith: ${chance.pick(ROLES).slice(0, 6)}`] }),
  (chance) => ({
    lines: [`errorCode: ['AccessDenied', 'Client.${chance.pick(['Unauthorized', 'Invalid', 'DryRun'])}*']`],
  }),
  (chance) => ({
    lines: [`userIdentity.arn: 'arn:aws:*::${chance.pick(ACCOUNTS)}:*/${chance.pick(ROLES)}/*'`],
  }),
  () => ({
    lines: ["userIdentity.sessionContext.attributes.mfaAuthenticated: 'false'", 'errorCode: null'],
  }),
];

function freeDetection(chance: Dice): Detection {
  return [
    'selection:',
    ...chance
      .pick(FREE)(chance)
      .map((line) => `  ${line}`),
    'condition: selection',
  ];
}

const TOOLS = ['pacu', 'stratus', 'kali', 'parrot', 'trufflehog', 'cloudfox', 'prowler', 'nessus', 'scout'];
const WORDS = [
  'explicit deny',
  'service control',
  'boundary',
  'expired',
  'quota',
  'suspended',
  'not subscribed',
];

const FREE: readonly ((chance: Dice) => string[])[] = [
  (chance) => [
    `userAgent|contains: ${quoted(chance.chance(0.2) ? chance.pick(['HashiCorp', 'Boto3/1.34']) : `${chance.pick(TOOLS)}-${chance.hex(3)}`)}`,
  ],
  (chance) => [
    `userIdentity.sessionContext.sessionIssuer.userName: '*${chance.chance(0.5) ? `${chance.pick(ROLES)}-` : chance.hex(4)}*'`,
  ],
  (chance) => [`errorMessage|contains: ${quoted(`${chance.pick(WORDS)} ${chance.hex(2)}`)}`],
  (chance) => [`sourceIPAddress: ${several(Array.from({ length: 3 }, () => foreign(chance)))}`],
  (chance) => [`sourceIPAddress|startswith: ${quoted(`${45 + chance.below(40)}.${chance.below(256)}.`)}`],
  (chance) => [
    `sourceIPAddress|cidr: ${45 + chance.below(40)}.${chance.below(256)}.${chance.below(256)}.0/24`,
  ],
  (chance) => [
    `userIdentity.userName: ${quoted(`${chance.pick(USERS)}.${chance.hex(2)}`)}`,
    'userIdentity.type: IAMUser',
  ],
];

function foreign(chance: Dice): string {
  return `${45 + chance.below(40)}.${chance.below(256)}.${chance.below(256)}.${chance.below(256)}`;
}
