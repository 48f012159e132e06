import type { Schedule } from '../../alerts/schedule/schedule.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { type Clock, DAY, HOUR, MINUTE, type Millis } from '../../kernel/time.ts';
import { enqueue } from '../../store/jobs.ts';
import { groupState, type SeenOnCall, seenOnCall, writeOnCall } from '../../store/on-call.ts';
import { operatorNames } from '../../store/operators.ts';
import { overridesBetween, type StoredOverride } from '../../store/overrides.ts';
import { postById } from '../../store/posts.ts';
import type { Database, Sql } from '../../store/sql.ts';
import { saySoon } from '../posting.ts';
import type { Result } from '../worker.ts';
import { type LinkTo, openAlertsFor } from './open-alerts.ts';
import type { Roster, Shift } from './roster.ts';
import { GROUP_JOB } from './user-group.ts';

/** The job of every schedule: tells of hand-overs. It never ends as long as there is the schedule. */
export const HAND_OVER_JOB = 'oncall_handover';

export interface HandOverTools {
  readonly db: Database;
  readonly clock: Clock;
  readonly roster: Roster;
  readonly schedules: () => ReadonlyMap<string, Schedule>;
  readonly linkTo: LinkTo;
}

/** So long before, the next person is told. */
export const AHEAD: Millis = 30 * MINUTE;
/** What was missed for longer is no news any more. */
const STALE: Millis = HOUR;
/** Calendars and settings may change without a word. */
const LOOK_AGAIN: Millis = 15 * MINUTE;
/** How far a gap is looked over for whoever comes next. */
const NEXT_WITHIN: Millis = 35 * DAY;
/** A shift that lasts longer is said to have no end. */
const ENDLESS: Millis = 390 * DAY;

/** Looks who is on call, says so where that has changed, and tells the next person in time. */
export async function handOver(tools: HandOverTools, name: string): Promise<Result> {
  const { db, clock, roster } = tools;
  const schedule = tools.schedules().get(name);
  if (!schedule) return 'done';
  const now = clock.now();
  const seen = await seenOnCall(db, name);
  const shift = await roster.onCall(db, name, now);
  const next = await nextChange(db, roster, name, shift, now);
  const coming = await comingAfter(db, roster, name, next);
  const soon = await dueSoon(db, name, coming, now);
  const changed = seen !== undefined && seen.person !== shift?.person;
  // Slack is asked for links before anything is written.
  const alerts = changed || soon ? await openAlertsFor(db, name, tools.linkTo) : {};
  const written = await db.tx(async (sql) => {
    if (!(await writeOnCall(sql, name, seen, shift?.person, now))) return false;
    if (changed) await sayHandOver(sql, tools, { schedule, seen, shift, next, alerts }, now);
    if (soon) await saySoonYours(sql, name, soon, shift, alerts, now);
    if (await wantsGroup(sql, schedule, shift, changed)) await enqueue(sql, GROUP_JOB, name, now);
    return true;
  });
  return { again: written ? nextLook([next?.at, coming && coming.from - AHEAD], now) : now };
}

/** When somebody else has the pager next, and who. */
interface NextChange {
  readonly at: Millis;
  readonly shift: Shift | undefined;
}

async function nextChange(
  sql: Sql,
  roster: Roster,
  name: string,
  shift: Shift | undefined,
  now: Millis,
): Promise<NextChange | undefined> {
  if (shift) return { at: shift.until, shift: await roster.onCall(sql, name, shift.until) };
  const [first] = await roster.shifts(sql, name, now, now + NEXT_WITHIN);
  return first && { at: first.from, shift: await roster.onCall(sql, name, first.from) };
}

/** Whoever has the pager next; after a gap, too. */
async function comingAfter(
  sql: Sql,
  roster: Roster,
  name: string,
  next: NextChange | undefined,
): Promise<Shift | undefined> {
  if (!next || next.shift) return next?.shift;
  const [first] = await roster.shifts(sql, name, next.at, next.at + NEXT_WITHIN);
  return first && roster.onCall(sql, name, first.from);
}

function nextLook(times: readonly (Millis | undefined)[], now: Millis): Millis {
  return Math.min(now + LOOK_AGAIN, ...times.filter((at) => at !== undefined).filter((at) => at > now));
}

/** The shift that begins so soon that its person is to be told, unless that was done. */
async function dueSoon(
  sql: Sql,
  name: string,
  coming: Shift | undefined,
  now: Millis,
): Promise<Shift | undefined> {
  const at = coming?.from ?? now;
  if (!coming || now < at - AHEAD || now >= at) return undefined;
  if (await postById(sql, soonId(name, coming))) return undefined;
  // Whoever is given the pager at short notice is told of that at once.
  const overrides = await overridesBetween(sql, name, at - 1, at + 1);
  const short = overrides.some(
    ({ from, until, madeAt }) => (from === at || until === at) && madeAt > at - AHEAD,
  );
  return short ? undefined : coming;
}

function soonId(name: string, { from, person }: Shift): string {
  return `oncall_soon:${name}:${from}:${person}`;
}

async function saySoonYours(
  sql: Sql,
  name: string,
  soon: Shift,
  before: Shift | undefined,
  alerts: JsonObject,
  now: Millis,
): Promise<void> {
  const content = {
    schedule: name,
    from: soon.from,
    in: soon.from - now,
    ...untilOf(soon),
    // After a gap it is nobody's place that is taken.
    ...(before?.until === soon.from ? { before: before.person } : {}),
    ...alerts,
  };
  const place = { kind: 'oncall_soon', place: soon.person, alertId: undefined };
  await saySoon(sql, { id: soonId(name, soon), ...place, inThread: false, broadcast: false, content }, now);
}

interface HandedOver {
  readonly schedule: Schedule;
  readonly seen: SeenOnCall;
  readonly shift: Shift | undefined;
  readonly next: NextChange | undefined;
  readonly alerts: JsonObject;
}

async function sayHandOver(sql: Sql, tools: HandOverTools, what: HandedOver, now: Millis): Promise<void> {
  const { schedule, seen, shift, next, alerts } = what;
  const { name, channel } = schedule;
  const at = await changedAt(sql, tools.roster, name, seen, shift, now);
  if (channel === undefined || at <= now - STALE) return;
  const override = shift?.because === 'override' ? await overrideAt(sql, name, now) : undefined;
  const names = await operatorNames(sql);
  const called = shift && names.get(shift.person);
  const content: JsonObject = {
    schedule: name,
    at,
    ...(shift ? { person: shift.person, ...untilOf(shift) } : next ? { until: next.at } : {}),
    ...(called === undefined ? {} : { name: called }),
    ...(seen.person === undefined ? {} : { was: seen.person }),
    ...(override ? { by: override.madeBy, made: override.kind } : {}),
    ...(!shift && schedule.userGroup !== undefined ? { group: schedule.userGroup } : {}),
    ...alerts,
  };
  const id = `oncall_handover:${name}:${at}`;
  const place = { kind: 'oncall_handover', place: channel, alertId: undefined };
  await saySoon(sql, { id, ...place, inThread: false, broadcast: false, content }, now);
}

/** When the pager changed hands: at a boundary since it was looked at last, else (new settings) just now. */
async function changedAt(
  sql: Sql,
  roster: Roster,
  name: string,
  seen: SeenOnCall,
  shift: Shift | undefined,
  now: Millis,
): Promise<Millis> {
  const at = shift?.from ?? (await roster.shifts(sql, name, seen.seenAt, now)).at(-1)?.until;
  return at !== undefined && at > seen.seenAt ? at : now;
}

async function overrideAt(sql: Sql, name: string, now: Millis): Promise<StoredOverride | undefined> {
  const holding = await overridesBetween(sql, name, now, now + 1);
  return holding.sort((a, b) => b.madeAt - a.madeAt)[0];
}

/** Whether the user group has another member than it should; one that Slack has refused looks after itself. */
async function wantsGroup(
  sql: Sql,
  { name, userGroup }: Schedule,
  shift: Shift | undefined,
  changed: boolean,
): Promise<boolean> {
  if (userGroup === undefined || !shift) return false;
  const state = await groupState(sql, name);
  return changed || state?.group !== userGroup || (state.member !== shift.person && !state.trouble);
}

function untilOf({ from, until }: Shift): { until?: Millis } {
  return until - from >= ENDLESS ? {} : { until };
}
