import type { WebClient } from '@slack/web-api';
import { Fault } from '../kernel/problem.ts';
import { type Clock, HOUR, MINUTE, type Millis } from '../kernel/time.ts';
import type { Directory } from '../work/directory.ts';
import { classify, refusalOf } from './classify.ts';

/** Addresses and time zones change seldom. */
const KEPT_FOR: Millis = HOUR;
/** Whoever joins the workspace is to be found soon. */
const UNKNOWN_KEPT_FOR: Millis = 5 * MINUTE;
/** Rights have to end soon after they were taken away. */
const MEMBERS_KEPT_FOR: Millis = MINUTE;
/** Slack counts how often it is asked of user groups, 20 times a minute at most: a refusal is not asked for again at once. */
const FAILURE_KEPT_FOR: Millis = MINUTE;
const MOST_KEPT = 1000;

/**
 * Asks Slack (`users.lookupByEmail`, scope `users:read.email`; `users.info`, `users:read`; `usergroups.users.list`,
 * `usergroups:read`; `usergroups.users.update`, `usergroups:write`) and remembers what it said: members of a group for a
 * minute, the rest for an hour.
 */
export function createDirectory({ client, clock }: { client: WebClient; clock: Clock }): Directory {
  const people = createMemory(
    clock,
    (address) => askByEmail(client, address),
    (found) => (found === undefined ? UNKNOWN_KEPT_FOR : KEPT_FOR),
  );
  const zones = createMemory(
    clock,
    (userId) => askZone(client, userId),
    () => KEPT_FOR,
  );
  const standings = createMemory(
    clock,
    (userId) => askMember(client, userId),
    () => MEMBERS_KEPT_FOR,
  );
  const members = createMemory(
    clock,
    (groupId) => askMembers(client, groupId),
    () => MEMBERS_KEPT_FOR,
  );
  return {
    userByEmail: (address) => people.get(address.trim().toLowerCase()),
    zoneOf: (userId) => zones.get(userId),
    isMember: (userId) => standings.get(userId),
    membersOf: (groupId) => members.get(groupId),
    async setMembers(groupId, userIds) {
      try {
        await client.usergroups.users.update({ usergroup: groupId, users: userIds.join(',') });
      } catch (error) {
        throw classify(error);
      } finally {
        members.forget(groupId);
      }
    },
  };
}

async function askByEmail(client: WebClient, email: string): Promise<string | undefined> {
  try {
    return (await client.users.lookupByEmail({ email })).user?.id;
  } catch (error) {
    if (refusalOf(error) === 'users_not_found') return undefined;
    throw classify(error);
  }
}

async function askZone(client: WebClient, user: string): Promise<string | undefined> {
  try {
    return (await client.users.info({ user })).user?.tz;
  } catch (error) {
    throw classify(error);
  }
}

/** Source: Slack, "User object". */
async function askMember(client: WebClient, userId: string): Promise<boolean> {
  try {
    const { user } = await client.users.info({ user: userId });
    const no = [
      user?.is_restricted,
      user?.is_ultra_restricted,
      user?.is_stranger,
      user?.deleted,
      user?.is_bot,
    ];
    return user !== undefined && !no.includes(true);
  } catch (error) {
    if (refusalOf(error) === 'user_not_found') return false;
    throw classify(error);
  }
}

async function askMembers(client: WebClient, usergroup: string): Promise<readonly string[]> {
  try {
    const { users } = await client.usergroups.users.list({ usergroup });
    if (users) return users;
  } catch (error) {
    throw classify(error);
  }
  throw Fault.later('Slack answered without the members of the group', MINUTE);
}

/** Answers by what they are about. */
interface Memory<T> {
  /** Whoever asks while Slack is being asked gets the same answer. Rejects with the Fault that asking ended in. */
  get(key: string): Promise<T>;
  forget(key: string): void;
}

function createMemory<T>(
  clock: Clock,
  ask: (key: string) => Promise<T>,
  keptFor: (answer: T) => Millis,
): Memory<T> {
  const known = new Map<string, { readonly answer: Promise<T>; until: Millis }>();

  function look(key: string): Promise<T> {
    const entry = { answer: ask(key), until: Number.POSITIVE_INFINITY };
    entry.answer.then(
      (answer) => {
        entry.until = clock.now() + keptFor(answer);
      },
      (error: unknown) => {
        const wait = (error instanceof Fault ? error.retryAfter : undefined) ?? FAILURE_KEPT_FOR;
        entry.until = clock.now() + Math.min(wait, FAILURE_KEPT_FOR);
      },
    );
    known.delete(key);
    const [oldest] = known.keys();
    if (known.size >= MOST_KEPT && oldest !== undefined) known.delete(oldest);
    known.set(key, entry);
    return entry.answer;
  }

  return {
    get(key) {
      const kept = known.get(key);
      return kept && clock.now() < kept.until ? kept.answer : look(key);
    },
    forget(key) {
      known.delete(key);
    },
  };
}
