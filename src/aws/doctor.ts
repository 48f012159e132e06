import { type Clock, DAY, type Millis, sayDuration } from '../kernel/time.ts';
import { LookupTrouble, type Place } from '../work/cloud-history.ts';
import type { Checkup, Diagnosis, Verdict } from '../work/doctor/checkup.ts';
import type { Trail, Trails } from '../work/verify/trails.ts';
import { awsClockCheckup } from './clock-checkup.ts';
import type { Connector } from './connect/connect.ts';
import { allSteps, type Plan } from './connect/plan.ts';
import { sayRotation } from './connect/rotation.ts';
import type { Step } from './connect/step.ts';
import { permissionCheckup } from './permission-checkup.ts';
import type { PermissionOptions } from './permission-trials.ts';

export interface AwsDoctorOptions {
  readonly trails: Trails;
  /** Who looks at what `aws apply` has made. */
  readonly connector: Connector;
  /** The accounts that should be seen, besides the bot's own. */
  readonly accounts: readonly string[];
  /** The webhook's. */
  readonly keys: readonly string[];
  /** By what the bot does, and with whose credentials; what the trails are is added. */
  readonly permissions: Omit<PermissionOptions, 'trails'>;
  readonly clock: Clock;
}

const AREA = 'aws';
/** AWS recommends to change long-lived secrets; a year is what many rules of companies allow at most. */
const OLD_KEY: Millis = 365 * DAY;
const SHOWN = 3;

/** Who the bot is in AWS, whether trails log, and whether everything is there that brings events. */
export function awsCheckups(options: AwsDoctorOptions): Checkup[] {
  const planned = options.connector.plan('everything');
  // Where that fails, the first of the checks says it, and one is enough.
  const looked = planned.catch(() => undefined);
  const trails = onceOf(options.trails);
  return [
    { area: AREA, check: 'aws-setup', look: async () => connected(options, await planned) },
    {
      area: AREA,
      check: 'aws-trails',
      async look(signal) {
        const plan = await looked;
        return plan ? trailsOf({ ...options, trails }, plan.home, signal) : [];
      },
    },
    permissionCheckup({
      ...options.permissions,
      trails: async (signal) => (await trails.all(signal)).trails,
    }),
    awsClockCheckup(options.permissions),
  ];
}

/** The same trails for every check, asked for once. */
function onceOf(trails: Trails): Trails {
  let all: ReturnType<Trails['all']> | undefined;
  return {
    ...trails,
    all(signal) {
      all ??= trails.all(signal);
      return all;
    },
  };
}

function connected(options: AwsDoctorOptions, plan: Plan): Diagnosis[] {
  const { account, region } = plan.home;
  return [
    diagnose('aws-account', 'fine', `the bot is at home in account ${account}, and events in ${region}`),
    ...setUp(plan),
    ...deadLetters(plan),
    ...keyAge(options, plan),
  ];
}

/** Source: EventBridge user guide, "AWS service events delivered via AWS CloudTrail": none arrive without a trail that logs. */
async function trailsOf(
  { accounts, trails }: AwsDoctorOptions,
  home: Place,
  signal: AbortSignal,
): Promise<Diagnosis[]> {
  const all = await trails.all(signal);
  const logging: Trail[] = [];
  for (const trail of all.trails) {
    const state = await trails.state(trail, trail.homeRegion, signal).catch(unlessTrouble);
    if (state?.logging) logging.push(trail);
  }
  const unseen = new Set(all.troubles.map(({ place }) => place));
  const told = [...new Set([home.account, ...accounts])]
    .filter((account) => !unseen.has(account))
    .map((account) => trailsIn(account, logging));
  return [...told, ...troublesIn(all.troubles)];
}

function trailsIn(account: string, logging: readonly Trail[]): Diagnosis {
  const own = logging.filter(({ seenBy }) => seenBy.includes(account));
  const everywhere = own.find(({ everyRegion }) => everyRegion);
  if (everywhere)
    return diagnose('aws-trails', 'fine', `the trail ${everywhere.name} logs all regions of ${account}`);
  if (own.length > 0) {
    const names = own.map(({ name, homeRegion }) => `${name} (${homeRegion})`).join(', ');
    const says = `no trail logs all regions of ${account}, only ${names}: EventBridge gets nothing from the others`;
    return diagnose(
      'aws-trails',
      'doubt',
      says,
      'make the trail a multi-region trail ("aws cloudtrail update-trail --is-multi-region-trail")',
    );
  }
  const says = `no trail logs in ${account}, so EventBridge gets no CloudTrail events from it`;
  return diagnose(
    'aws-trails',
    'fault',
    says,
    'make one ("aws cloudtrail create-trail --is-multi-region-trail …", then "aws cloudtrail start-logging")',
  );
}

function troublesIn(troubles: Awaited<ReturnType<Trails['all']>>['troubles']): Diagnosis[] {
  return troubles
    .slice(0, SHOWN)
    .map(({ place, trouble }) =>
      diagnose(
        'aws-trails',
        'unknown',
        `the trails of ${place} cannot be seen: ${trouble.what}`,
        trouble.remedy,
      ),
    );
}

function unlessTrouble(error: unknown): undefined {
  if (error instanceof LookupTrouble) return undefined;
  throw error;
}

function setUp(plan: Plan): Diagnosis[] {
  const { foreign, troubles, hints, looked } = plan;
  const steps = [...allSteps(plan), ...plan.held];
  return [
    steps.length === 0
      ? diagnose('aws-setup', 'fine', `everything that brings events is as it should be (${looked} places)`)
      : diagnose(
          'aws-setup',
          'fault',
          `${steps.length} things are not as they should be: ${sayAll(steps.map(sayStep))}`,
          'look with "trailbot aws plan", mend with "trailbot aws apply"',
        ),
    ...foreign
      .slice(0, SHOWN)
      .map(({ what, why, site }) =>
        diagnose(
          'aws-setup',
          'doubt',
          `${what} in ${site.region} is not Trailbot's: ${why}`,
          'rename or remove it, or set another aws.name',
        ),
      ),
    ...troubles
      .slice(0, SHOWN)
      .map(({ account, region, trouble }) =>
        diagnose('aws-setup', 'unknown', `${account} ${region}: ${trouble.what}`, trouble.remedy),
      ),
    ...hints.map((hint) => diagnose('aws-setup', 'doubt', hint, 'see "trailbot aws plan"')),
  ];
}

function sayStep({ verb, what, site }: Step): string {
  return `${verb} ${what} in ${site.region}`;
}

function sayAll(parts: readonly string[]): string {
  const more = parts.length - SHOWN;
  return `${parts.slice(0, SHOWN).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function deadLetters({ givenUp }: Plan): Diagnosis[] {
  if (givenUp.length === 0)
    return [diagnose('aws-dead-letters', 'fine', 'EventBridge has given up no event')];
  return givenUp.map(({ account, region, queue, messages }) =>
    diagnose(
      'aws-dead-letters',
      'fault',
      `${messages} ${messages === 1 ? 'event lies' : 'events lie'} in ${queue} (${account} ${region}): what EventBridge could not deliver`,
      'the message attributes ERROR_CODE and ERROR_MESSAGE say why; list the queue under queues to take them in',
    ),
  );
}

function keyAge({ keys, clock }: AwsDoctorOptions, plan: Plan): Diagnosis[] {
  const { connection } = plan;
  if (connection?.authorizedAt === undefined) return [];
  const age = clock.now() - connection.authorizedAt;
  const rotation = sayRotation(keys, plan);
  const says = `the key of the webhook is in use for ${sayDuration(age)}`;
  const old = diagnose(
    'aws-key',
    'doubt',
    says,
    'put a new one first in TRAILBOT_WEBHOOK_KEYS, then run "trailbot aws apply"',
  );
  return [
    age > OLD_KEY ? old : diagnose('aws-key', 'fine', says),
    ...(rotation === undefined ? [] : [diagnose('aws-key', 'fine', rotation)]),
  ];
}

function diagnose(check: string, verdict: Verdict, says: string, remedy?: string): Diagnosis {
  return { area: AREA, check, verdict, says, ...(remedy === undefined ? {} : { remedy }) };
}
