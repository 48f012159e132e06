import type { ConnectOptions } from '../aws/connect/options.ts';
import type { Abilities } from '../aws/connect/policies.ts';
import { parseArn, partitionOf } from '../cloudtrail/arn.ts';
import { OWN_SOURCE } from '../cloudtrail/own-event.ts';
import type { Config, Connection } from '../config/config.ts';
import { gateOf } from '../rules/gate.ts';
import { patternsOf } from '../rules/pattern/plan.ts';
import type { CompiledRule } from '../rules/ruleset.ts';

/** What is to be set up in AWS for these rules. */
export function connectOptionsOf(
  config: Config,
  connection: Connection,
  compiled: readonly CompiledRule[],
): ConnectOptions {
  const { name, region, regions, organization, deliver, rate, accounts, setupRole } = connection;
  const { changes, reads } = patternsOf(compiled.filter((one) => !isOwn(one)));
  return {
    name,
    region,
    regions,
    accounts: accounts ?? [...config.accounts.keys()],
    ownToo: accounts === undefined,
    organization,
    setupRole: setupRole === undefined ? undefined : roleName(setupRole),
    deliver,
    rate,
    publicUrl: config.publicUrl,
    keys: config.webhookKeys,
    patterns: { changes, reads },
    queues: config.queues,
  };
}

/** What the bot does by this configuration, as far as it takes permissions. */
export function abilitiesOf(config: Config, connection: Connection): Abilities {
  const { history, watch, queues, organizationNames } = config;
  const { name, region, deliver, setupRole } = connection;
  const partition = partitionOf(region) ?? 'aws';
  const readerRoles = [...history.readerRoles].flatMap(([account, role]) =>
    role === undefined ? [] : [`arn:${partition}:iam::${account}:role/${roleName(role)}`],
  );
  return {
    partition,
    name,
    deliver,
    setupRole: setupRole === undefined ? undefined : roleName(setupRole),
    history: history.lookupEvents || watch.sweep,
    readerRoles,
    canary: watch.canary,
    queues,
    trails: watch.trails,
    organization: organizationNames,
  };
}

/** A rule about what the bot itself has noticed needs nothing of AWS. */
function isOwn({ formula }: CompiledRule): boolean {
  const { sources } = gateOf(formula);
  return sources !== undefined && [...sources].every((source) => source === OWN_SOURCE);
}

/** An ARN names one account's role; what it is called there counts for all. */
function roleName(role: string): string {
  return parseArn(role)?.resource.replace(/^role\//, '') ?? role;
}
