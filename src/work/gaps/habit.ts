import { HOUR, MINUTE, type Millis, nextTurn } from '../../kernel/time.ts';
import {
  type ArrivalHour,
  addArrivals,
  allSources,
  arrivalBehind,
  arrivedBetween,
  countFrom,
  nextArrival,
  pruneArrivals,
  readMark,
  type Source,
  type SourceState,
  writeMark,
  writeSource,
} from '../../store/silence.ts';
import type { Database } from '../../store/sql.ts';

/** Hours: four weeks make the habit, and one more so that the oldest of them is whole. */
const REMEMBERED = 5 * 7 * 24;
/** Arrivals are counted in steps of so long, or of so many: nothing else goes on in the process meanwhile. */
const LONGEST_STEP: Millis = 2 * HOUR;
const LARGEST_STEP = 2000;
/** What is being stored just now is counted the next time. */
const BEING_STORED: Millis = MINUTE;
/** After so long without a look the bot was not there, or asleep. */
const AWAY: Millis = 15 * MINUTE;
/** Hours: a longer pause is noted for the latest of them. */
const LONGEST_PAUSE = 7 * 24;

/**
 * Counts what arrived since the last time into the habits, at most `most` steps. Answers false while there is more to
 * count. Where the bot itself was away, all silences begin anew.
 */
export async function learnHabits(db: Database, now: Millis, most = 50): Promise<boolean> {
  const end = now - BEING_STORED;
  // What is stored already is a habit, too.
  let at = (await readMark(db, 'read')) ?? end - REMEMBERED * HOUR;
  for (let step = 0; step < most && at < end; step += 1) {
    const from = Math.min((await nextArrival(db, at)) ?? end, end);
    const many = (await arrivalBehind(db, from, LARGEST_STEP)) ?? end;
    at = Math.min(from + LONGEST_STEP, Math.max(many, from + 1), end);
    if (from < at) await countStep(db, from, at);
    await nextTurn();
  }
  if (at < end) return false;
  await db.tx(async (sql) => {
    await writeMark(sql, 'read', Math.max(at, end));
    if (now - ((await readMark(sql, 'watched')) ?? 0) > AWAY) await countFrom(sql, now);
    await writeMark(sql, 'watched', now);
    await pruneArrivals(sql, hourOf(now) - REMEMBERED, now - REMEMBERED * HOUR);
  });
  return true;
}

async function countStep(db: Database, from: Millis, to: Millis): Promise<void> {
  await db.tx(async (sql) => {
    const sources = new Map((await allSources(sql)).map((source) => [idOf(source), source]));
    const changed = new Set<string>();
    const hours = new Map<string, ArrivalHour>();
    for (const { account, region, at, events } of await arrivedBetween(sql, from, to)) {
      for (const source of sourcesOf(account, region)) {
        const before = sources.get(idOf(source));
        for (const hour of hoursOf(source, before, at, events)) addHour(hours, hour);
        const heard = { countedFrom: at, silentSince: undefined, ...before, ...source, lastAt: at };
        sources.set(idOf(source), heard);
        changed.add(idOf(source));
      }
    }
    for (const hour of hours.values()) await addArrivals(sql, hour);
    for (const source of sources.values()) if (changed.has(idOf(source))) await writeSource(sql, source);
    await writeMark(sql, 'read', to);
  });
}

/** Whom an arrival is heard from: the region, its account, and everything together. */
function sourcesOf(account: string, region: string): Source[] {
  return [
    { account: '*', region: '*' },
    { account, region: '*' },
    { account, region },
  ];
}

/** The hour of the arrival, and those that the pause before it touches. A pause that was reported is no habit. */
function hoursOf(source: Source, before: SourceState | undefined, at: Millis, events: number): ArrivalHour[] {
  const last = hourOf(at);
  const since = before && before.silentSince === undefined ? heardSince(before) : at;
  const first = Math.max(hourOf(since), last - LONGEST_PAUSE);
  const { account, region } = source;
  return Array.from({ length: Math.max(1, last - first + 1) }, (_, index) => ({
    account,
    region,
    hour: last - index,
    events: index === 0 ? events : 0,
    longestPause: Math.max(0, at - since),
  }));
}

function addHour(hours: Map<string, ArrivalHour>, hour: ArrivalHour): void {
  const id = `${idOf(hour)}|${hour.hour}`;
  const known = hours.get(id);
  hours.set(id, {
    ...hour,
    events: hour.events + (known?.events ?? 0),
    longestPause: Math.max(hour.longestPause, known?.longestPause ?? 0),
  });
}

/** From when on the silence of a source counts. */
export function heardSince({ lastAt, countedFrom }: SourceState): Millis {
  return Math.max(lastAt, countedFrom);
}

export function hourOf(at: Millis): number {
  return Math.floor(at / HOUR);
}

function idOf({ account, region }: Source): string {
  return `${account}|${region}`;
}
