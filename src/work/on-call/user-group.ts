import type { Schedule } from '../../alerts/schedule/schedule.ts';
import { Fault } from '../../kernel/problem.ts';
import { type Clock, DAY, HOUR, type Millis } from '../../kernel/time.ts';
import { groupState, writeGroupState } from '../../store/on-call.ts';
import type { Database } from '../../store/sql.ts';
import type { Directory } from '../directory.ts';
import { saySoon } from '../posting.ts';
import type { Result } from '../worker.ts';
import type { Roster } from './roster.ts';

/** The job that gives a schedule's user group its member. */
export const GROUP_JOB = 'oncall_group';

export interface UserGroupTools {
  readonly db: Database;
  readonly clock: Clock;
  readonly roster: Roster;
  readonly directory: Pick<Directory, 'setMembers'>;
  readonly schedules: () => ReadonlyMap<string, Schedule>;
  /** Where it is said that Slack refuses, when the schedule has no channel. */
  readonly usualChannel: () => string;
}

/** A refusal may be put right in Slack at any time. */
const TRY_AGAIN: Millis = HOUR;
const TELL_AGAIN: Millis = DAY;

/** Makes whoever is on call the one member of the group; while nobody is, it stays as it is: Slack takes no empty one. */
export async function syncGroup(tools: UserGroupTools, name: string): Promise<Result> {
  const { db, clock, roster, directory } = tools;
  const schedule = tools.schedules().get(name);
  const group = schedule?.userGroup;
  if (!schedule || group === undefined) return 'done';
  const now = clock.now();
  const shift = await roster.onCall(db, name, now);
  if (!shift) return 'done';
  const state = await groupState(db, name);
  const same = state?.group === group && state.member === shift.person;
  if (same && state.trouble === undefined) return 'done';
  try {
    await directory.setMembers(group, [shift.person]);
  } catch (error) {
    if (!(error instanceof Fault) || error.retryAfter !== undefined) throw error;
    await tell(tools, schedule, group, error.message, now);
    return { again: now + TRY_AGAIN };
  }
  const done = { group, member: shift.person, trouble: undefined, toldAt: undefined };
  await writeGroupState(db, name, done);
  return 'done';
}

async function tell(
  { db, usualChannel }: UserGroupTools,
  { name, channel }: Schedule,
  group: string,
  trouble: string,
  now: Millis,
): Promise<void> {
  await db.tx(async (sql) => {
    const before = await groupState(sql, name);
    const told = before?.group === group ? before.toldAt : undefined;
    const again = told === undefined || told + TELL_AGAIN <= now;
    const member = before?.group === group ? before.member : undefined;
    await writeGroupState(sql, name, { group, member, trouble, toldAt: again ? now : told });
    if (!again) return;
    const place = { kind: 'oncall_group', place: channel ?? usualChannel(), alertId: undefined };
    const content = { schedule: name, group, trouble };
    const id = `oncall_group:${name}:${now}`;
    await saySoon(sql, { id, ...place, inThread: false, broadcast: false, content }, now);
  });
}
