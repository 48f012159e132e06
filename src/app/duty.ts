import type { Config } from '../config/config.ts';
import { Fault } from '../kernel/problem.ts';
import type { Random } from '../kernel/random.ts';
import { type Clock, SECOND } from '../kernel/time.ts';
import type { Ruleset } from '../rules/ruleset.ts';
import type { SlackApp } from '../slack/bolt.ts';
import type { Desk } from '../slack/desk.ts';
import type { Database, Sql } from '../store/sql.ts';
import type { Counters } from '../work/counters.ts';
import type { Directory } from '../work/directory.ts';
import { createCalendarCopies } from '../work/on-call/calendar-copy.ts';
import { createRoster } from '../work/on-call/create-roster.ts';
import type { Roster } from '../work/on-call/roster.ts';
import type { PostTools } from '../work/posting.ts';
import type { Handler } from '../work/worker.ts';
import { createActorDesk, createActorEngine } from './ask-actor.ts';
import type { DeskTools } from './desk.ts';
import { createEscalationDesk, createEscalationEngine } from './escalation.ts';
import { createMuteDesk, muteHandlers } from './mutes.ts';
import { createOnCall } from './on-call.ts';

export interface DutyTools extends Pick<Desk, 'mayRespond' | 'mayAdminister'> {
  readonly db: Database;
  readonly settings: () => Config;
  readonly ruleset: () => Ruleset;
  readonly counters: Counters;
  /** Slack, once the bot has tried to reach it. */
  readonly slack: () => SlackApp | undefined;
  /** There is work to do at once. */
  readonly wake: () => void;
  readonly clock: Clock;
  readonly random: Random;
}

/** Who is on call, who is paged, what is put away, and who is asked: for Slack's side and for the engine's. */
export interface Duty {
  readonly roster: Roster;
  readonly directory: Directory;
  readonly desk: Pick<DeskTools, 'onCall' | 'escalation' | 'actors' | 'mutes'>;
  readonly handlers: ReadonlyMap<string, Handler>;
  readonly onRefused: NonNullable<PostTools['onRefused']>;
  /** Looks at the schedules anew: after the start, and whenever settings or a calendar may have changed. */
  follow(): Promise<void>;
  stop(): void;
}

export function createDuty(tools: DutyTools): Duty {
  const { settings, slack, mayRespond } = tools;
  const directory = laterDirectory(slack);
  const roster = createRoster({
    schedules: () => settings().schedules,
    events: createCalendarCopies().events,
  });
  const all = { ...tools, roster, directory, refuse: mayRespond };
  const onCall = createOnCall(all);
  const escalation = createEscalationEngine(all);
  const actors = createActorEngine(all);
  return {
    roster,
    directory,
    desk: {
      onCall: onCall.desk,
      escalation: createEscalationDesk(all),
      actors: createActorDesk(all),
      mutes: createMuteDesk(all),
    },
    handlers: new Map([...onCall.handlers, ...escalation.handlers, ...actors.handlers, ...muteHandlers(all)]),
    async onRefused(sql: Sql, post, reason, now) {
      await escalation.onRefused(sql, post, reason, now);
      await actors.onRefused(sql, post, reason, now);
    },
    follow: onCall.follow,
    stop: escalation.stop,
  };
}

/** The directory, as soon as there is one. */
function laterDirectory(slack: () => SlackApp | undefined): Directory {
  const now = (): Directory => {
    const app = slack();
    if (!app) throw Fault.later('the bot is not connected to Slack yet', SECOND);
    return app.directory;
  };
  return {
    userByEmail: async (address) => now().userByEmail(address),
    zoneOf: async (userId) => now().zoneOf(userId),
    isMember: async (userId) => now().isMember(userId),
    membersOf: async (groupId) => now().membersOf(groupId),
    setMembers: async (groupId, userIds) => now().setMembers(groupId, userIds),
  };
}
