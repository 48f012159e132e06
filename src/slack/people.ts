import type { UsersInfoResponse, WebClient } from '@slack/web-api';
import type { Operator } from '../alerts/alert.ts';
import type { Log } from '../kernel/log.ts';
import { type Clock, HOUR, MINUTE, type Millis, SECOND } from '../kernel/time.ts';
import { isTimeZone } from '../kernel/zone.ts';
import { UTC, type Zone } from './snooze.ts';
import { clean } from './text.ts';

/** What the bot needs to know of a person. */
interface Profile {
  /** As Slack shows the person in mentions; absent where Slack gives none. */
  readonly name: string | undefined;
  readonly zone: Zone;
  /** Workspaces that the person is a full member of. */
  readonly memberOf: readonly string[];
}

/** A profile, and since when it is known. */
interface Known {
  readonly profile: Profile;
  readonly at: Millis;
}

/** Whom the bot deals with, as Slack describes them. */
export interface People {
  /** The same person under the real name: requests of Slack carry the handle only. */
  named(operator: Operator): Promise<Operator>;
  /** The time zone that the person has set; UTC where Slack does not say. */
  zone(userId: string): Promise<Zone>;
  /** Whether the person is no full member of the own workspace: a guest, or from another company. Rejects where Slack does not say. */
  isGuest(operator: Operator): Promise<boolean>;
}

/** Names and time zones change seldom. */
const KEPT_FOR: Millis = HOUR;
/** Rights have to end soon after they were taken away. */
const RIGHTS_KEPT_FOR: Millis = MINUTE;
const MOST_KEPT = 1000;
/** A name is not worth more waiting to somebody who has pressed a button. */
const PATIENCE: Millis = 2 * SECOND;

/**
 * Asks Slack (`users.info`, scope `users:read`) and remembers the answers. For names and time zones nothing fails:
 * Slack's silence means the handle and UTC.
 */
export function createPeople(tools: {
  readonly client: WebClient;
  readonly clock: Clock;
  readonly log: Log;
}): People {
  const { client, clock, log } = tools;
  const known = new Map<string, Known>();

  async function look(userId: string, keptFor: Millis): Promise<Profile> {
    const kept = known.get(userId);
    if (kept && clock.now() - kept.at < keptFor) return kept.profile;
    const profile = await ask(client, userId);
    remember(userId, profile);
    return profile;
  }

  async function profileOf(userId: string): Promise<Profile | undefined> {
    const enough = new AbortController();
    try {
      const late = clock.sleep(PATIENCE, enough.signal).then(() => undefined);
      return await Promise.race([look(userId, KEPT_FOR), late]);
    } catch (error) {
      log.warn(
        { error, user: userId },
        'could not ask Slack for a name and time zone; going by handle and UTC',
      );
      return undefined;
    } finally {
      enough.abort();
    }
  }

  function remember(userId: string, profile: Profile): void {
    known.delete(userId);
    const [oldest] = known.keys();
    if (known.size >= MOST_KEPT && oldest !== undefined) known.delete(oldest);
    known.set(userId, { profile, at: clock.now() });
  }

  return {
    async named(operator) {
      const name = (await profileOf(operator.userId))?.name;
      return name === undefined ? operator : { ...operator, name };
    },
    zone: async (userId) => (await profileOf(userId))?.zone ?? UTC,
    async isGuest({ userId, teamId }) {
      const { memberOf } = await look(userId, RIGHTS_KEPT_FOR);
      return !memberOf.includes(teamId);
    },
  };
}

async function ask(client: WebClient, userId: string): Promise<Profile> {
  const { user } = await client.users.info({ user: userId });
  const { profile } = user ?? {};
  const given = [profile?.real_name, user?.real_name, profile?.display_name];
  // Signs of markup would be read as such in the sentences that the name goes into.
  const name = given.map((one) => clean((one ?? '').replace(/[<>]/g, ''), 80)).find((one) => one !== '');
  return { name, zone: zoneOf(user), memberOf: membershipsOf(user) };
}

/** Slack names the zone, and says how far it is from UTC now. Source: Slack, "User object". */
function zoneOf(user: UsersInfoResponse['user']): Zone {
  const { tz = '', tz_offset: seconds = 0 } = user ?? {};
  return isTimeZone(tz) ? { name: tz } : { offset: seconds * SECOND };
}

/** None for guests, strangers and people who have left. Source: Slack, "User object". */
function membershipsOf(user: UsersInfoResponse['user']): string[] {
  const outside = [user?.is_restricted, user?.is_ultra_restricted, user?.is_stranger, user?.deleted];
  if (!user || outside.includes(true)) return [];
  return [user.team_id, ...(user.enterprise_user?.teams ?? [])].filter((team) => team !== undefined);
}
