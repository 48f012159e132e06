import type { JsonObject } from '../../kernel/json.ts';
import { compareConnection, type FoundConnection, isThere, readConnection } from './connection.ts';
import type { Control } from './control.ts';
import { compareDestination, type FoundDestination, readDestination } from './destination.ts';
import { STACK_TAG } from './mark.ts';
import { comparePermissions, readPermissions } from './permissions.ts';
import { compareQueues, type FoundQueue, readQueues } from './queues.ts';
import { bridgeOf, compareRoles, type FoundRole, readRoles } from './roles.ts';
import { compareRules, type FoundRule, readRules } from './rules.ts';
import { type Differences, together } from './step.ts';
import { NOTHING, type Site, type WantedPlace } from './wanted.ts';

/** What is at one place under our name. */
export interface FoundPlace {
  readonly queues: readonly FoundQueue[];
  readonly roles: readonly FoundRole[];
  readonly connection: FoundConnection | undefined;
  readonly destination: FoundDestination | undefined;
  readonly permissions: readonly JsonObject[];
  readonly rules: readonly FoundRule[];
}

/** Throws LookupTrouble. */
export async function readPlace(control: Control, site: Site, name: string): Promise<FoundPlace> {
  // The one request that every region can answer: where it fails the others would, too.
  const permissions = await readPermissions(control, site, name);
  const [queues, roles, connection, destination, rules] = await Promise.all([
    readQueues(control, site, name),
    readRoles(control, site, name),
    readConnection(control, site, name),
    readDestination(control, site, name),
    readRules(control, site, name),
  ]);
  return { queues, roles, connection, destination, permissions, rules };
}

interface Aim {
  readonly name: string;
  /** The first of the webhook's. */
  readonly key: string | undefined;
  /** A queue that still has messages is not taken away. */
  readonly keepFull: boolean;
}

/**
 * The steps from what is there to what should be, in an order in which each finds what it needs. Nothing is made or
 * replaced at a place where somebody else has what we would need.
 */
export function comparePlace(
  site: Site,
  wanted: WantedPlace,
  found: FoundPlace,
  { name, key, keepFull }: Aim,
): Differences {
  const { connection, destination } = found;
  const connectionArn = isThere(connection) ? connection.arn : undefined;
  const connectionKey = wanted.destination ? (key ?? '') : undefined;
  const targets = found.rules.flatMap((rule) => rule.targets.map(({ Arn: arn = '' }) => arn));
  const bridge = bridgeOf(wanted.role, found.roles, targets, wanted.rules[0]?.target.arn);
  const bridged = found.roles.map((role) => (role.name === bridge?.name ? { ...role, ...bridge } : role));
  const kinds = {
    queues: compareQueues(site, name, wanted.queues, found.queues, keepFull),
    roles: compareRoles(site, name, bridge ?? wanted.role, found.roles),
    connection: compareConnection(site, name, connectionKey, connection),
    destination: compareDestination(site, name, wanted.destination, destination, connectionArn),
    permissions: comparePermissions(site, wanted.permissions, found.permissions),
    rules: compareRules(site, name, wanted.rules, found.rules, destination?.arn),
  };
  const { queues, roles, permissions, rules } = kinds;
  const crossed = bridge
    ? [{ ...compareRoles(site, name, wanted.role, bridged), removes: [], foreign: [] }]
    : [];
  const built = together([
    queues,
    roles,
    kinds.connection,
    kinds.destination,
    permissions,
    rules,
    ...crossed,
  ]);
  // These have no tags: beside what belongs to a stack they do, too.
  const untagged = [permissions, kinds.destination, kinds.connection];
  const torn = together([rules, ...(hasStack(found) ? [] : untagged), roles, queues]);
  if (built.foreign.length === 0) return { ...built, removes: torn.removes };
  // What is there goes on working as it did, unless all of it is to go.
  return { ...built, makes: [], removes: wanted === NOTHING ? torn.removes : [] };
}

function hasStack({ queues, roles, rules }: FoundPlace): boolean {
  return [...queues, ...roles, ...rules].some(({ tags }) => tags.has(STACK_TAG));
}
