import type { Schedule } from '../../alerts/schedule/schedule.ts';
import { type Clock, DAY, type Millis } from '../../kernel/time.ts';
import { groupState } from '../../store/on-call.ts';
import type { Database } from '../../store/sql.ts';
import type { Roster, Shift } from './roster.ts';

/** A schedule as people ask for it. */
export interface ScheduleLook {
  readonly name: string;
  /** `undefined`: nobody. */
  readonly now: Shift | undefined;
  /** Who has the pager after that; not whoever has it now. */
  readonly next: Shift | undefined;
  /** The next seven days; each with its true end. */
  readonly week: readonly Shift[];
  /** The user group that Slack does not let the bot change, and why. */
  readonly trouble: { readonly group: string; readonly why: string } | undefined;
}

const WEEK: Millis = 7 * DAY;
const NEXT_WITHIN: Millis = 35 * DAY;

export interface LookTools {
  readonly db: Database;
  readonly clock: Clock;
  readonly roster: Roster;
  readonly schedules: () => ReadonlyMap<string, Schedule>;
}

/** Who is on call now, next, and in the days to come. */
export async function lookAtSchedule(tools: LookTools, name: string): Promise<ScheduleLook> {
  const { db, clock, roster } = tools;
  const at = clock.now();
  const now = await roster.onCall(db, name, at);
  const week = await roster.shifts(db, name, at, at + WEEK);
  const last = week.at(-1);
  const cut = last && last.until === at + WEEK;
  const whole = cut ? await roster.onCall(db, name, last.from) : undefined;
  const shown = whole && last ? [...week.slice(0, -1), { ...last, until: whole.until }] : week;
  return {
    name,
    now,
    next: await nextIn(tools, name, now, at),
    week: shown,
    trouble: await trouble(tools, name),
  };
}

async function nextIn(
  { db, roster }: LookTools,
  name: string,
  now: Shift | undefined,
  at: Millis,
): Promise<Shift | undefined> {
  const from = now?.until ?? at;
  const [first] = await roster.shifts(db, name, from, from + NEXT_WITHIN);
  const next = first && (await roster.onCall(db, name, first.from));
  // A shift without an end is cut somewhere.
  return next?.person === now?.person ? undefined : next;
}

async function trouble({ db, schedules }: LookTools, name: string): Promise<ScheduleLook['trouble']> {
  const group = schedules().get(name)?.userGroup;
  const state = group === undefined ? undefined : await groupState(db, name);
  if (group === undefined || state?.group !== group || state.trouble === undefined) return undefined;
  return { group, why: state.trouble };
}
