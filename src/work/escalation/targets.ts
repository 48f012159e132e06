import type { Step, Target } from '../../alerts/escalation.ts';
import { Fault } from '../../kernel/problem.ts';
import { type Clock, DAY, MINUTE, type Millis } from '../../kernel/time.ts';
import type { Database } from '../../store/sql.ts';
import type { Directory } from '../directory.ts';
import type { Roster } from '../on-call/roster.ts';

/** Where it is known who is to be paged. */
export interface FindTools {
  readonly db: Database;
  readonly roster: Roster;
  readonly directory: Directory;
  readonly clock: Clock;
}

/** Why somebody is paged. */
export type Reason =
  | { readonly kind: 'named' }
  | { readonly kind: 'schedule'; readonly name: string; readonly until?: Millis }
  | { readonly kind: 'group'; readonly group: string };

/** Whom a step reaches at an instant. */
export interface Found {
  /** Each person once, with the first reason. */
  readonly people: readonly { readonly user: string; readonly reason: Reason }[];
  readonly channels: readonly string[];
  readonly outside: readonly { readonly kind: 'webhook' | 'pagerduty'; readonly name: string }[];
  /** Sentences on who could not be found, and why. */
  readonly troubles: readonly string[];
}

/** The end of a shift that is further away tells nobody anything. */
const FAR: Millis = 15 * DAY;
/** So long after it was due a step waits for Slack to say who is meant; then it does without. */
const PATIENCE: Millis = MINUTE;

/** Asks for everybody at the moment when the step is taken. Throws a Fault to be tried again soon after `dueAt`. */
export async function findTargets(tools: FindTools, { page }: Step, dueAt: Millis): Promise<Found> {
  const people = new Map<string, Reason>();
  const channels = new Set<string>();
  const outside = new Map<string, { kind: 'webhook' | 'pagerduty'; name: string }>();
  const troubles: string[] = [];
  for (const target of page) {
    if (target.kind === 'channel') channels.add(target.channel);
    else if (target.kind === 'webhook' || target.kind === 'pagerduty')
      outside.set(`${target.kind}:${target.name}`, target);
    else {
      const found = await findPeople(tools, target, dueAt);
      if (typeof found === 'string') troubles.push(found);
      else for (const user of found.users) if (!people.has(user)) people.set(user, found.reason);
    }
  }
  return {
    people: [...people].map(([user, reason]) => ({ user, reason })),
    channels: [...channels],
    outside: [...outside.values()],
    troubles,
  };
}

type PeopleTarget = Exclude<Target, { kind: 'channel' | 'webhook' | 'pagerduty' }>;

/** A sentence where there is nobody. */
async function findPeople(
  tools: FindTools,
  target: PeopleTarget,
  dueAt: Millis,
): Promise<{ users: readonly string[]; reason: Reason } | string> {
  switch (target.kind) {
    case 'person':
      return { users: [target.user], reason: { kind: 'named' } };
    case 'schedule':
      return onCall(tools, target.name);
    case 'address': {
      const user = await asking(tools, dueAt, () => tools.directory.userByEmail(target.address));
      if (user instanceof Fault) return `Slack does not say who ${target.address} is: ${user.message}.`;
      if (user === undefined) return `Slack knows nobody with the address ${target.address}.`;
      return { users: [user], reason: { kind: 'named' } };
    }
    case 'group': {
      const { group } = target;
      const users = await asking(tools, dueAt, () => tools.directory.membersOf(group));
      if (users instanceof Fault)
        return `Slack does not say who is in the user group ${group}: ${users.message}.`;
      return users.length === 0
        ? `The user group ${group} is empty.`
        : { users, reason: { kind: 'group', group } };
    }
  }
}

async function onCall(
  { db, roster, clock }: FindTools,
  name: string,
): Promise<{ users: readonly string[]; reason: Reason } | string> {
  const now = clock.now();
  const shift = await roster.onCall(db, name, now);
  const soon = shift && shift.until <= now + FAR ? { until: shift.until } : {};
  if (shift) return { users: [shift.person], reason: { kind: 'schedule', name, ...soon } };
  if (!roster.names().includes(name)) return `There is no schedule ${name} any more.`;
  return `Nobody is on call in ${name} now.`;
}

async function asking<T>({ clock }: FindTools, dueAt: Millis, ask: () => Promise<T>): Promise<T | Fault> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    if (error.retryAfter !== undefined && clock.now() + error.retryAfter <= dueAt + PATIENCE) throw error;
    return error;
  }
}
