import type { Operator } from '../../alerts/alert.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { Refusal } from '../../kernel/problem.ts';
import type { Random } from '../../kernel/random.ts';
import { type Clock, DAY, MINUTE, type Millis, sayDuration, sayUtc } from '../../kernel/time.ts';
import { insertAudit } from '../../store/audit.ts';
import { enqueue } from '../../store/jobs.ts';
import { rememberOperator } from '../../store/operators.ts';
import { insertOverride, type StoredOverride } from '../../store/overrides.ts';
import type { Database, Sql } from '../../store/sql.ts';
import { saySoon } from '../posting.ts';
import { AHEAD, HAND_OVER_JOB } from './hand-over.ts';
import { type LinkTo, openAlertsFor } from './open-alerts.ts';
import type { Roster, Shift } from './roster.ts';

/** Where shifts are changed. The two rights say `undefined`, or whom to ask; they may ask Slack. */
export interface ChangeTools {
  readonly db: Database;
  readonly clock: Clock;
  readonly random: Random;
  readonly roster: Roster;
  /** Where changes of a schedule are told; `undefined`: nowhere. */
  readonly channelOf: (schedule: string) => string | undefined;
  readonly mayRespond: (userId: string) => Promise<string | undefined>;
  readonly mayAdminister: (userId: string) => Promise<string | undefined>;
  readonly linkTo: LinkTo;
}

/** Somebody is to have the pager for a time. */
export interface Give {
  readonly schedule: string;
  readonly person: Operator;
  readonly from: Millis;
  readonly until: Millis;
  readonly by: Operator;
}

export type Given = Omit<StoredOverride, 'endedAt'>;

const SHORTEST: Millis = MINUTE;
const LONGEST: Millis = 31 * DAY;
const FARTHEST: Millis = 366 * DAY;

/** Writes an override and tells those whom it concerns. Whoever takes a shift needs less right than who gives one. */
export async function giveShift(tools: ChangeTools, give: Give): Promise<{ given: Given } | Refusal> {
  const refused = (await refuseRight(tools, give)) ?? refusePeriod(give, tools.clock.now());
  if (refused !== undefined) return { refused };
  const { schedule, person, from, until, by } = give;
  // Whoever has the pager that soon hears at once what is open; Slack is asked for links before anything is written.
  const short = from <= tools.clock.now() + AHEAD && person.userId !== by.userId;
  const alerts = short ? await openAlertsFor(tools.db, schedule, tools.linkTo) : {};
  return tools.db.tx(async (sql): Promise<{ given: Given } | Refusal> => {
    const now = tools.clock.now();
    const before = await tools.roster.shifts(sql, schedule, from, until);
    const [only] = before;
    if (only?.person === person.userId && only.from <= from && only.until >= until) {
      return { refused: `<@${person.userId}> is on call for ${schedule} then anyway. Nothing was changed.` };
    }
    const given: Given = {
      id: tools.random.id(),
      schedule,
      person: person.userId,
      from,
      until,
      kind: 'override',
      swapId: undefined,
      madeBy: by.userId,
      madeAt: now,
    };
    await rememberOperator(sql, person, now);
    await insertOverride(sql, given);
    const period = sayPeriod(given);
    await recordChange(sql, tools, by, `${schedule}: ${nameOf(person)} is on call ${period}`, now);
    await tellGiven(sql, tools, given, { before, by, name: person.name, alerts }, now);
    return { given };
  });
}

async function refuseRight(tools: ChangeTools, { person, by }: Give): Promise<string | undefined> {
  if (person.userId === by.userId) return tools.mayRespond(by.userId);
  const refused = await tools.mayAdminister(by.userId);
  if (refused !== undefined) return refused;
  if ((await tools.mayRespond(person.userId)) === undefined) return undefined;
  return `<@${person.userId}> may not act on alerts here and could do nothing with the pager. Choose somebody else.`;
}

function refusePeriod({ from, until }: Give, now: Millis): string | undefined {
  const length = until - from;
  if (until <= now) return 'That time is over. Nothing was changed.';
  if (length < SHORTEST) return 'An override lasts a minute at least. Nothing was changed.';
  if (length > LONGEST)
    return `An override lasts 31 days at most, and this would be ${sayDuration(length)}. Nothing was changed; for longer, change the schedule in the configuration.`;
  if (from > now + FARTHEST) return 'An override begins within a year. Nothing was changed.';
  return undefined;
}

async function tellGiven(
  sql: Sql,
  tools: ChangeTools,
  given: Given,
  about: {
    readonly before: readonly Shift[];
    readonly by: Operator;
    readonly name: string;
    readonly alerts: JsonObject;
  },
  now: Millis,
): Promise<void> {
  const { id, schedule, person, from, until } = given;
  const by = about.by.userId;
  const relieved = [...new Set(about.before.map((shift) => shift.person))].filter((one) => one !== person);
  const content = { schedule, person, name: about.name, from, until, by, relieved, id };
  if (person !== by)
    await sayTo(sql, `oncall_given:${id}`, 'oncall_given', person, { ...content, ...about.alerts }, now);
  for (const one of relieved.filter((other) => other !== by)) {
    await sayTo(sql, `oncall_relieved:${id}:${one}`, 'oncall_relieved', one, content, now);
  }
  // Where the pager changes hands at once, the hand-over says it all.
  const [first] = about.before;
  const holder = first && first.from <= from ? first.person : undefined;
  const atOnce = from <= now && holder !== person;
  const channel = tools.channelOf(schedule);
  if (channel !== undefined && !atOnce)
    await sayTo(sql, `oncall_changed:${id}`, 'oncall_changed', channel, { ...content, what: 'given' }, now);
  await enqueue(sql, HAND_OVER_JOB, schedule, now);
}

/** Says something about shifts, to a person or in a channel. */
export async function sayTo(
  sql: Sql,
  id: string,
  kind: string,
  place: string,
  content: JsonObject,
  now: Millis,
): Promise<void> {
  const post = { id, kind, place, alertId: undefined, inThread: false, broadcast: false, content };
  await saySoon(sql, post, now);
}

/** Who did it goes into the audit log, and their name into memory. */
export async function recordChange(
  sql: Sql,
  { random }: Pick<ChangeTools, 'random'>,
  by: Operator,
  detail: string,
  now: Millis,
): Promise<void> {
  const { userId, teamId } = by;
  await rememberOperator(sql, by, now);
  await insertAudit(sql, { id: random.id(), at: now, kind: 'override', userId, teamId, detail });
}

/** `Bob Tanaka (U0123)`: a name alone is nobody for sure. */
export function nameOf({ userId, name }: Operator): string {
  return name === userId ? userId : `${name} (${userId})`;
}

/** For the audit log. */
export function sayPeriod({ from, until }: { readonly from: Millis; readonly until: Millis }): string {
  return `from ${sayUtc(from)} until ${sayUtc(until)}`;
}
