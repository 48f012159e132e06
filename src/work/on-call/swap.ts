import type { Operator } from '../../alerts/alert.ts';
import type { Refusal } from '../../kernel/problem.ts';
import { DAY, type Millis } from '../../kernel/time.ts';
import { enqueue } from '../../store/jobs.ts';
import { rememberOperator } from '../../store/operators.ts';
import { insertOverride } from '../../store/overrides.ts';
import type { Sql } from '../../store/sql.ts';
import { type ChangeTools, nameOf, recordChange, sayPeriod, sayTo } from './change.ts';
import { HAND_OVER_JOB } from './hand-over.ts';

/** A stretch of time. */
export interface Stretch {
  readonly from: Millis;
  readonly until: Millis;
}

/** Two people's shifts that could be exchanged. */
export interface SwapOffer {
  readonly schedule: string;
  readonly mine: Stretch;
  readonly other: string;
  readonly theirs: Stretch;
}

/** What somebody wants to exchange. */
export interface SwapWish {
  readonly me: string;
  readonly other: string;
  /** `undefined`: in whatever schedule both have shifts. */
  readonly schedule: string | undefined;
  /** The day on which my shift is; `undefined`: my next one. */
  readonly day: Stretch | undefined;
}

/** Whoever has no shift for so long has none. */
const REACH: Millis = 400 * DAY;

/** My next shift (or that of a day) and the other person's next one, or why there is nothing to exchange. */
export async function offerSwap(tools: ChangeTools, wish: SwapWish): Promise<SwapOffer | Refusal> {
  const { roster } = tools;
  if (wish.me === wish.other) return { refused: 'A swap takes two: name somebody else.' };
  const names = wish.schedule === undefined ? roster.names() : [wish.schedule];
  const offers: (SwapOffer | Refusal)[] = [];
  for (const name of names) offers.push(await offerIn(tools, name, wish));
  const possible = offers.filter((one): one is SwapOffer => !('refused' in one));
  if (possible.length > 1) {
    const several = possible.map(({ schedule }) => schedule).join(', ');
    return {
      refused: `You both have shifts in ${several}. Say which schedule is meant, after the person's name.`,
    };
  }
  return possible[0] ?? offers[0] ?? { refused: 'No schedule is configured.' };
}

async function offerIn(tools: ChangeTools, name: string, wish: SwapWish): Promise<SwapOffer | Refusal> {
  const now = tools.clock.now();
  const shifts = await tools.roster.shifts(tools.db, name, now, now + REACH);
  // What reaches to the end of the time that was looked at has no end to speak of.
  const whole = shifts.filter(({ until }) => until < now + REACH);
  const { me, other, day } = wish;
  const own = whole.filter(({ person }) => person === me);
  const mine = day
    ? own.find(({ from, until }) => from < day.until && until > day.from)
    : own.find(({ from }) => from > now);
  const theirs = whole.find(({ person, from }) => person === other && from > now);
  if (!mine) {
    const when = day ? 'on that day' : 'coming';
    return {
      refused: `You have no shift ${when} in ${name} that could be exchanged. /trail oncall next shows who has which.`,
    };
  }
  if (!theirs) {
    return {
      refused: `<@${other}> has no shift coming in ${name} that could be exchanged. /trail oncall next shows who has which.`,
    };
  }
  const stretch = ({ from, until }: Stretch) => ({ from, until });
  return { schedule: name, mine: stretch(mine), other, theirs: stretch(theirs) };
}

/** Exchanges the two shifts, if both are still as they were shown, and tells both people. */
export async function makeSwap(
  tools: ChangeTools,
  offer: SwapOffer,
  by: Operator,
  other: Operator,
): Promise<{ swapped: SwapOffer } | Refusal> {
  const refused = (await tools.mayRespond(by.userId)) ?? (await refuseOther(tools, offer.other));
  if (refused !== undefined) return { refused };
  return tools.db.tx(async (sql): Promise<{ swapped: SwapOffer } | Refusal> => {
    const now = tools.clock.now();
    const { schedule, theirs } = offer;
    const mine = { ...offer.mine, from: Math.max(offer.mine.from, now) };
    const stands =
      theirs.from > now &&
      (await hasAlone(sql, tools, schedule, by.userId, mine)) &&
      (await hasAlone(sql, tools, schedule, offer.other, theirs));
    if (!stands)
      return {
        refused:
          'Nothing was changed: one of the two shifts is not as it was any more. Ask for the swap again.',
      };
    await write(sql, tools, { ...offer, mine }, { by, other }, now);
    return { swapped: { ...offer, mine } };
  });
}

async function refuseOther(tools: ChangeTools, other: string): Promise<string | undefined> {
  if ((await tools.mayRespond(other)) === undefined) return undefined;
  return `<@${other}> may not act on alerts here and could do nothing with the pager. Choose somebody else.`;
}

async function hasAlone(
  sql: Sql,
  { roster }: ChangeTools,
  schedule: string,
  person: string,
  { from, until }: Stretch,
): Promise<boolean> {
  if (from >= until) return false;
  const shifts = await roster.shifts(sql, schedule, from, until);
  const [only] = shifts;
  return shifts.length === 1 && only?.person === person && only.from === from && only.until === until;
}

async function write(
  sql: Sql,
  tools: ChangeTools,
  { schedule, mine, theirs }: SwapOffer,
  { by, other }: { readonly by: Operator; readonly other: Operator },
  now: Millis,
): Promise<void> {
  const swapId = tools.random.id();
  const both = { schedule, kind: 'swap', swapId, madeBy: by.userId, madeAt: now } as const;
  const first = tools.random.id();
  await insertOverride(sql, { ...both, id: first, person: other.userId, ...mine });
  await insertOverride(sql, { ...both, id: tools.random.id(), person: by.userId, ...theirs });
  await rememberOperator(sql, other, now);
  const says = `${schedule}: ${nameOf(other)} takes over ${sayPeriod(mine)}, ${nameOf(by)} ${sayPeriod(theirs)} (swap)`;
  await recordChange(sql, tools, by, says, now);
  const content = {
    schedule,
    by: by.userId,
    other: other.userId,
    mine: { ...mine },
    theirs: { ...theirs },
    id: first,
  };
  for (const to of [by.userId, other.userId]) {
    await sayTo(sql, `oncall_swapped:${swapId}:${to}`, 'oncall_swapped', to, { ...content, to }, now);
  }
  const channel = tools.channelOf(schedule);
  if (channel !== undefined)
    await sayTo(sql, `oncall_swapped:${swapId}`, 'oncall_swapped', channel, content, now);
  await enqueue(sql, HAND_OVER_JOB, schedule, now);
}
