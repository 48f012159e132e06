import type { Schedule } from '../alerts/schedule/schedule.ts';
import type { Config } from '../config/config.ts';
import { Fault } from '../kernel/problem.ts';
import type { Random } from '../kernel/random.ts';
import { type Clock, SECOND } from '../kernel/time.ts';
import type { OnCallDesk } from '../slack/on-call/on-call-desk.ts';
import { enqueue } from '../store/jobs.ts';
import type { Database } from '../store/sql.ts';
import type { Directory } from '../work/directory.ts';
import { type ChangeTools, giveShift } from '../work/on-call/change.ts';
import { comingOverrides, endShift } from '../work/on-call/end.ts';
import { HAND_OVER_JOB, handOver } from '../work/on-call/hand-over.ts';
import { lookAtSchedule } from '../work/on-call/look.ts';
import type { LinkTo } from '../work/on-call/open-alerts.ts';
import type { Roster } from '../work/on-call/roster.ts';
import { makeSwap, offerSwap } from '../work/on-call/swap.ts';
import { GROUP_JOB, syncGroup } from '../work/on-call/user-group.ts';
import type { Handler } from '../work/worker.ts';

export interface OnCallOptions extends Pick<ChangeTools, 'mayRespond' | 'mayAdminister'> {
  readonly db: Database;
  readonly settings: () => Config;
  readonly roster: Roster;
  /** Slack, once the bot is connected to it. */
  readonly slack: () => { readonly directory: Directory; readonly linkTo: LinkTo } | undefined;
  /** There is work to do at once. */
  readonly wake: () => void;
  readonly clock: Clock;
  readonly random: Random;
}

/** Schedules in Slack: what people ask and change, hand-overs, user groups. */
export interface OnCall {
  readonly desk: OnCallDesk;
  readonly handlers: ReadonlyMap<string, Handler>;
  /** Looks at every schedule anew: after the start, and whenever settings or a calendar may have changed. */
  follow(): Promise<void>;
}

export function createOnCall(options: OnCallOptions): OnCall {
  const { db, settings, roster, slack, wake, clock } = options;
  const schedules = (): ReadonlyMap<string, Schedule> => settings().schedules;
  const channelOf = (name: string) => schedules().get(name)?.channel;
  const linkTo: LinkTo = async (message) => slack()?.linkTo(message);
  const tools = { ...options, schedules, channelOf, linkTo };
  const groups = {
    ...tools,
    usualChannel: () => settings().routes.channel,
    directory: {
      setMembers: (group: string, people: readonly string[]) => {
        const directory = slack()?.directory;
        if (!directory) throw Fault.later('the bot is not connected to Slack yet', SECOND);
        return directory.setMembers(group, people);
      },
    },
  };
  const waking = async <T>(change: Promise<T>): Promise<T> => {
    const outcome = await change;
    wake();
    return outcome;
  };
  return {
    desk: {
      schedules: () => roster.names(),
      look: (name) => lookAtSchedule(tools, name),
      give: (give) => waking(giveShift(tools, give)),
      offer: (wish) => offerSwap(tools, wish),
      swap: (offer, by, other) => waking(makeSwap(tools, offer, by, other)),
      overrides: () => comingOverrides(tools, roster.names()),
      end: (id, by) => waking(endShift(tools, id, by)),
    },
    handlers: new Map<string, Handler>([
      [HAND_OVER_JOB, (name) => handOver(tools, name)],
      [GROUP_JOB, (name) => syncGroup(groups, name)],
    ]),
    async follow() {
      for (const name of schedules().keys()) await enqueue(db, HAND_OVER_JOB, name, clock.now());
      wake();
    },
  };
}
