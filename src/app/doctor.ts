import { join } from 'node:path';
import { channelsOf } from '../alerts/route.ts';
import type { Config } from '../config/config.ts';
import type { Log } from '../kernel/log.ts';
import { sayProblem } from '../kernel/problem.ts';
import { systemRandom } from '../kernel/random.ts';
import { type Clock, sayDuration } from '../kernel/time.ts';
import { lintRules } from '../rules/lint/lint.ts';
import type { CompiledRule } from '../rules/ruleset.ts';
import type { Sql } from '../store/sql.ts';
import { auditCheckup } from '../work/doctor/audit.ts';
import type { Checkup, Diagnosis } from '../work/doctor/checkup.ts';
import { dataCheckups, heardCheckups } from '../work/doctor/data.ts';
import { scheduleCheckups } from '../work/doctor/schedules.ts';
import { watchCheckups } from '../work/doctor/watch.ts';
import { type AwsStandIn, type Cloud, createCloud } from './cloud.ts';
import { abilitiesOf, connectOptionsOf } from './connect.ts';
import { type OrganizationNames, readNamesOnce } from './names.ts';
import { openTrails } from './trails.ts';
import { usesOf } from './uses.ts';

export interface DoctorTools {
  readonly config: Config;
  readonly compiled: readonly CompiledRule[];
  /** `undefined` where there is no database yet. */
  readonly sql: Sql | undefined;
  readonly standIn?: AwsStandIn | undefined;
  /** The bot's own way to the event history, which knows how often AWS may be asked; another one unless it runs. */
  readonly cloud?: Cloud | undefined;
  /** How the names from AWS Organizations stand in the running bot; they are read anew unless it runs. */
  readonly names?: Pick<OrganizationNames, 'state'> | undefined;
  readonly clock: Clock;
  readonly log: Log;
  /** Ends what is under way in AWS. */
  readonly signal: AbortSignal;
}

/** What can be looked at, and how to let go of what that needs. */
export interface Checkups {
  readonly all: readonly Checkup[];
  close(): void;
}

/** Everything that can be looked at with this configuration, in the order in which it is told. */
export async function checkupsFor(tools: DoctorTools): Promise<Checkups> {
  const { config, sql, clock } = tools;
  const aws = await awsFor(tools);
  const all = [
    ...(await slackFor(tools)),
    ...(sql && config.slack.mode !== 'local'
      ? heardCheckups(sql, clock, config.slack.mode === 'socket')
      : []),
    ...aws.all,
    ...(config.organizationNames ? [namesCheckup(tools)] : []),
    ...(sql ? watchCheckups(sql, clock, (id) => config.accounts.get(id)?.name ?? id, config.watch) : []),
    ...(sql ? scheduleCheckups(sql, config.schedules, clock) : []),
    { area: 'rules', check: 'rules', look: async () => rules(tools) },
    ...(sql ? [...dataCheckups(config.dataDir), auditCheckup(sql)] : [noData(config)]),
  ];
  return { all, close: aws.close };
}

async function slackFor({ config, clock, log }: DoctorTools): Promise<Checkup[]> {
  const { slack } = config;
  if (slack.mode === 'local') {
    const says = 'no SLACK_BOT_TOKEN is set, so the local workspace stands in for Slack';
    return [told({ area: 'slack', check: 'slack-token', verdict: 'fine', says })];
  }
  const { slackCheckups } = await import('../slack/doctor.ts');
  const checkups = slackCheckups({
    token: slack.botToken,
    apiUrl: slack.apiUrl,
    teamId: config.access.team,
    channels: channelsOf(config.routes),
    ...usesOf(config),
    clock,
    log,
  });
  if (slack.mode !== 'socket') return checkups;
  const { socketCheckup } = await import('../slack/socket/checkup.ts');
  return [...checkups, socketCheckup({ appToken: slack.appToken, apiUrl: slack.apiUrl, log })];
}

async function awsFor({ config, compiled, standIn, signal, ...tools }: DoctorTools): Promise<Checkups> {
  if (!config.aws) {
    const says =
      'the configuration has no part "aws": events come as somebody has set it up, and nothing of AWS is watched';
    const remedy = 'set aws.region, then run "trailbot aws plan"';
    // Whoever only tries the bot has nothing to be told of.
    const verdict = config.slack.mode === 'local' ? 'unknown' : 'doubt';
    const none = told({ area: 'aws', check: 'aws-setup', verdict, says, remedy });
    return { all: [none], close: () => {} };
  }
  const { awsCheckups } = await import('../aws/doctor.ts');
  const { createConnector } = await import('../aws/connect/connect.ts');
  const { clock, log } = tools;
  const readers = new Map([...config.history.readerRoles].map(([id, readerRole]) => [id, { readerRole }]));
  const connect = connectOptionsOf(config, config.aws, compiled);
  const trails = await openTrails(config, { clock, log, standIn });
  const ways = { readers, clock, log, endpoint: standIn?.endpoint, credentials: standIn?.credentials };
  const connector = createConnector(connect, { ...ways, random: systemRandom, signal });
  const cloud = tools.cloud ?? createCloud({ clock, log, standIn });
  const history = await cloud.history(config);
  const { accounts, keys, region, regions } = connect;
  const permissions = {
    ...ways,
    abilities: abilitiesOf(config, config.aws),
    region,
    regions,
    history: 'off' in history ? undefined : history,
  };
  return {
    all: awsCheckups({ trails, connector, accounts, keys, permissions, clock }),
    close() {
      trails.close();
      connector.close();
      if (!tools.cloud) cloud.close();
    },
  };
}

/** Whether accounts are shown by the names that AWS Organizations has for them. */
function namesCheckup({ config, names, standIn, clock, log, signal }: DoctorTools): Checkup {
  const told = (verdict: Diagnosis['verdict'], says: string, remedy?: string): Diagnosis[] => [
    { area: 'aws', check: 'aws-names', verdict, says, ...(remedy === undefined ? {} : { remedy }) },
  ];
  return {
    area: 'aws',
    check: 'aws-names',
    async look() {
      const state = names ? names.state() : await readNamesOnce(config, { clock, log, standIn, signal });
      if (!state || (!state.trouble && state.readAt === undefined)) {
        return told('unknown', 'the names of accounts were not read yet', 'look again in a minute');
      }
      const { known, readAt, trouble } = state;
      if (!trouble) return told('fine', `AWS Organizations names ${known} account${known === 1 ? '' : 's'}`);
      const shown =
        readAt === undefined
          ? 'accounts are shown by their ids'
          : `accounts are shown by the names of ${sayDuration(clock.now() - readAt)} ago`;
      return told('doubt', `${shown}: ${trouble.what}`, trouble.remedy);
    },
  };
}

/** Rules that cannot fire on what reaches the bot. */
function rules({ config, compiled }: DoctorTools): Diagnosis[] {
  const findings = lintRules(compiled, config.sources).filter(({ code }) => code === 'unreachable');
  if (findings.length === 0) {
    const says = `none of the ${compiled.length} rules is known to be out of reach`;
    return [{ area: 'rules', check: 'rules', verdict: 'fine', says }];
  }
  return findings.map((finding) => ({
    area: 'rules',
    check: 'rules',
    verdict: 'doubt',
    says: sayProblem({ ...finding, remedy: '' }).replace(/; $/, ''),
    remedy: finding.remedy,
  }));
}

function noData(config: Config): Checkup {
  const says = `there is no database in ${join(config.dataDir)} yet`;
  return told({ area: 'data', check: 'database', verdict: 'unknown', says, remedy: 'start the bot once' });
}

function told(diagnosis: Diagnosis): Checkup {
  return { area: diagnosis.area, check: diagnosis.check, look: async () => [diagnosis] };
}
