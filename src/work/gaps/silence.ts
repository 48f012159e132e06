import type { Random } from '../../kernel/random.ts';
import { MINUTE, type Millis, sayDuration, sayUtc } from '../../kernel/time.ts';
import {
  type ArrivalHour,
  allSources,
  arrivalsIn,
  type Source,
  type SourceState,
  writeSource,
} from '../../store/silence.ts';
import type { Database, Sql } from '../../store/sql.ts';
import type { createIntake } from '../intake.ts';
import { sayOver } from '../over.ts';
import { heardSince, hourOf } from './habit.ts';
import { takeOwnEvent } from './own-event.ts';

/** What is needed to notice silence. */
export interface SilenceTools {
  readonly db: Database;
  readonly intake: Pick<ReturnType<typeof createIntake>, 'accept'>;
  readonly random: Random;
  /** Twelve digits: the account under which a silence of all accounts is reported. */
  readonly home: string;
  /** Whether a source is connected still. */
  readonly watches: (source: Source) => boolean;
}

const WEEKS = [1, 2, 3, 4];
const WEEK_HOURS = 7 * 24;
/** A shift of clocks by an hour moves a habit to the hour beside. */
const BESIDE = [-1, 0, 1];
/** Fewer events in these hours of four weeks are no habit. */
const FEWEST_EVENTS = 20;
const FEWEST_WEEKS = 2;
const TIMES = 3;
const SHORTEST: Millis = 30 * MINUTE;

/** What is usual for a source at an hour of the week. */
export interface Usual {
  readonly longestPause: Millis;
  /** A longer silence is reported. */
  readonly limit: Millis;
}

/**
 * From the same hour of the last four weeks and the hours beside it; `undefined` without enough events for a habit. A
 * silence is unusual when it is longer than three times the longest pause of these hours, and than half an hour.
 */
export function usualOf(
  hours: readonly Pick<ArrivalHour, 'hour' | 'events' | 'longestPause'>[],
  now: Millis,
): Usual | undefined {
  const heard = hours.filter(({ events }) => events > 0);
  const weeks = new Set(heard.map(({ hour }) => Math.round((hourOf(now) - hour) / WEEK_HOURS)));
  const events = heard.reduce((sum, one) => sum + one.events, 0);
  if (weeks.size < FEWEST_WEEKS || events < FEWEST_EVENTS) return undefined;
  const longestPause = Math.max(...hours.map((one) => one.longestPause));
  return { longestPause, limit: Math.max(SHORTEST, TIMES * longestPause) };
}

async function usualAt(sql: Sql, source: Source, now: Millis): Promise<Usual | undefined> {
  const hours = WEEKS.flatMap((week) => BESIDE.map((beside) => hourOf(now) - week * WEEK_HOURS + beside));
  return usualOf(await arrivalsIn(sql, source, hours), now);
}

/** How a source is doing: of a silent one nothing below it is reported, of a doubtful one nothing yet. */
type Standing = 'heard' | 'doubtful' | 'silent';

/** Reports who has fallen silent and who speaks again, once each; the widest silence speaks for all within it. */
export async function noticeSilence(tools: SilenceTools, now: Millis): Promise<void> {
  const standings = new Map<string, Standing>();
  let sources = (await allSources(tools.db)).filter((source) => tools.watches(source));
  for (const { account, region } of sources) {
    const source = sources.find((one) => one.account === account && one.region === region);
    if (!source) continue;
    const above = [...standings].filter(([id]) => isWithin(source, id)).map(([, standing]) => standing);
    const { standing, returned } = await judgeSource(tools, source, above, now);
    standings.set(`${account}|${region}`, standing);
    // Who was silent with the others has had no chance to speak yet.
    if (returned) sources = await beginAnew(tools.db, source, sources, now);
  }
}

async function judgeSource(
  tools: SilenceTools,
  source: SourceState,
  above: readonly Standing[],
  now: Millis,
): Promise<{ standing: Standing; returned: boolean }> {
  const { silentSince } = source;
  if (silentSince !== undefined) {
    if (source.lastAt <= silentSince) return { standing: 'silent', returned: false };
    await report(tools, 'SourceReturned', source, silentSince, now);
    await close(tools, source, silentSince, now);
    return { standing: 'heard', returned: true };
  }
  const usual = await usualAt(tools.db, source, now);
  const since = heardSince(source);
  if (!usual || now - since <= usual.longestPause) return { standing: 'heard', returned: false };
  if (now - since <= usual.limit) return { standing: 'doubtful', returned: false };
  if (above.includes('silent') || above.includes('doubtful'))
    return { standing: 'doubtful', returned: false };
  await report(tools, 'SourceSilent', source, since, now, usual);
  await writeSource(tools.db, { ...source, silentSince: since });
  return { standing: 'silent', returned: false };
}

function isWithin({ account, region }: Source, above: string): boolean {
  return (above === '*|*' && account !== '*') || (above === `${account}|*` && region !== '*');
}

async function beginAnew(
  db: Database,
  returned: Source,
  sources: readonly SourceState[],
  now: Millis,
): Promise<SourceState[]> {
  const next: SourceState[] = [];
  for (const source of sources) {
    const anew =
      isWithin(source, `${returned.account}|${returned.region}`) && source.silentSince === undefined;
    const changed = anew ? { ...source, countedFrom: now } : source;
    if (anew) await writeSource(db, changed);
    next.push(changed);
  }
  return next;
}

/** The alert is over with the silence. */
async function close(
  { db, random, home }: SilenceTools,
  source: SourceState,
  since: Millis,
  now: Millis,
): Promise<void> {
  const account = source.account === '*' ? home : source.account;
  const recordKey = `${account}|${source.region}|trailbot-SourceSilent-${idOf(source, since)}`;
  const note = `Events come from ${sayWhere(source)} again, since ${sayUtc(source.lastAt)}.`;
  await db.tx(async (sql) => {
    await sayOver(sql, random, { recordKey, note, now });
    await writeSource(sql, { ...source, silentSince: undefined });
  });
}

function idOf({ account, region }: Source, since: Millis): string {
  return `${account}-${region}-${since}`;
}

/** Named by the beginning of the silence, so that a crash in between reports nothing twice. */
async function report(
  { intake, home }: SilenceTools,
  name: 'SourceSilent' | 'SourceReturned',
  source: SourceState,
  since: Millis,
  now: Millis,
  usual?: Usual,
): Promise<void> {
  const { account, region, lastAt } = source;
  const silence = sayDuration((name === 'SourceSilent' ? now : lastAt) - since);
  const details = {
    where: sayWhere({ account, region }),
    silence,
    since: sayUtc(since),
    ...(usual && { usual: sayDuration(usual.longestPause) }),
  };
  const where = { account: account === '*' ? home : account, region };
  await takeOwnEvent(intake, { name, id: idOf(source, since), at: now, ...where, details }, now);
}

function sayWhere({ account, region }: Source): string {
  if (account === '*') return 'any account';
  return region === '*' ? `account ${account}` : `account ${account} in ${region}`;
}
