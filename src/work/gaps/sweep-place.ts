import type { CloudTrailRecord } from '../../cloudtrail/record.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { Log } from '../../kernel/log.ts';
import { type Clock, HOUR, MINUTE, type Millis } from '../../kernel/time.ts';
import type { Trouble } from '../../questions/coverage.ts';
import type { Ruleset } from '../../rules/ruleset.ts';
import { openSweep, type Sweep, type SweepKind, storedKeys, writeSweep } from '../../store/gaps.ts';
import type { Database } from '../../store/sql.ts';
import { troubleOf } from '../ask/ask-follow.ts';
import { type CloudHistory, historyBegins, type Place } from '../cloud-history.ts';
import type { createIntake } from '../intake.ts';

/** What a sweep needs; what can change while the bot runs is asked for each time. */
export interface SweepTools {
  readonly db: Database;
  readonly intake: Pick<ReturnType<typeof createIntake>, 'accept'>;
  readonly ruleset: () => Ruleset;
  /** How long records are kept: what is older cannot be compared. */
  readonly keep: () => Millis;
  readonly clock: Clock;
  readonly log: Log;
}

/** One run at one place. */
export interface Run {
  readonly history: CloudHistory;
  readonly place: Place;
  /** Whether EventBridge should have delivered the record. */
  readonly expected: (body: JsonObject) => boolean;
  /** Requests that the run may still make here. */
  readonly budget: { left: number };
  readonly signal: AbortSignal;
}

/** CloudTrail's history is complete up to a quarter of an hour ago. Source: CloudTrail user guide, "Event history". */
const SETTLED: Millis = 20 * MINUTE;
/** What became visible in AWS's history later than it says is found by the next run. */
const OVERLAP: Millis = 10 * MINUTE;
/** A stretch that needs the requests of more runs is given up, so that what happens now is compared again. */
const MOST_RUNS = 12;

const OUT_OF_BUDGET: Trouble = {
  kind: 'out of time',
  what: 'more events than the requests of one run can read',
  remedy: 'nothing to do: the next run goes on; what stays open is listed as not compared',
};
const OUT_OF_TIME: Trouble = {
  kind: 'throttled',
  what: 'AWS turned requests away for too long',
  remedy: 'see what else calls LookupEvents there; the next run goes on',
};

/**
 * Compares what happened with what arrived, stretch by stretch, and takes in what is missing. Where it stands is on
 * disk after each page, so that the next run goes on from there, whatever ended this one.
 */
export async function sweepPlace(tools: SweepTools, run: Run, kind: SweepKind): Promise<void> {
  const now = tools.clock.now();
  const opened = await openSweep(tools.db, { ...run.place, kind }, now + OVERLAP);
  let sweep: Sweep = { ...withinReach(opened, now - tools.keep() + HOUR, now), sweptAt: now };
  const save = async (next: Sweep): Promise<void> => {
    sweep = next;
    await writeSweep(tools.db, next);
  };
  const nextStretch = async (): Promise<boolean> => {
    const to = now - SETTLED;
    if (!sweep.stretch && to > sweep.sweptUntil) await save({ ...sweep, stretch: { to, readBackTo: to } });
    return sweep.stretch !== undefined;
  };
  while (await nextStretch()) {
    const trouble = await compare(tools, run, () => sweep, save);
    if (run.signal.aborted) return;
    await save(trouble ? stopped(sweep, trouble) : finished(sweep));
    if (trouble) return;
  }
  await save({ ...sweep, trouble: undefined });
}

/** What AWS or the own store has no longer is given up. */
function withinReach(sweep: Sweep, keptSince: Millis, now: Millis): Sweep {
  const begin = Math.max(keptSince, historyBegins(now));
  if (sweep.sweptUntil >= begin) return sweep;
  const uncovered = { from: sweep.sweptUntil, to: begin };
  const stretch = sweep.stretch && sweep.stretch.readBackTo > begin ? sweep.stretch : undefined;
  return { ...sweep, sweptUntil: begin, stretch, uncovered };
}

function finished(sweep: Sweep): Sweep {
  return { ...sweep, sweptUntil: sweep.stretch?.to ?? sweep.sweptUntil, stretch: undefined, runs: 0 };
}

function stopped(sweep: Sweep, trouble: Trouble): Sweep {
  const runs = sweep.runs + (trouble === OUT_OF_BUDGET ? 1 : 0);
  const noted = { ...sweep, runs, trouble: JSON.stringify(trouble) };
  if (runs < MOST_RUNS || !sweep.stretch) return noted;
  return { ...finished(noted), uncovered: { from: sweep.sweptUntil, to: sweep.stretch.readBackTo } };
}

/** Reads the rest of a stretch, newest first. Says why when it did not come to its end. */
async function compare(
  tools: SweepTools,
  run: Run,
  sweep: () => Sweep,
  save: (next: Sweep) => Promise<void>,
): Promise<Trouble | undefined> {
  const { stretch, sweptUntil, kind } = sweep();
  if (!stretch) return undefined;
  const ended = new AbortController();
  const lookup = {
    place: run.place,
    attribute: { key: 'ReadOnly' as const, value: String(kind === 'reads') },
    period: { from: sweptUntil - OVERLAP, to: stretch.readBackTo, said: '' },
    patient: true,
    hear(what: 'sent' | 'turned away') {
      if (what === 'sent' && run.budget.left-- <= 0) ended.abort(OUT_OF_BUDGET);
    },
  };
  const late = tools.clock.sleep(LONGEST, ended.signal).then(() => ended.abort(OUT_OF_TIME));
  try {
    for await (const page of run.history.lookup(lookup, AbortSignal.any([run.signal, ended.signal]))) {
      await takeMissing(tools, run, page.records);
      const oldest = Math.min(stretch.readBackTo, ...page.records.map(({ eventTime }) => eventTime));
      await save({ ...sweep(), stretch: { ...stretch, readBackTo: oldest } });
    }
    return ended.signal.aborted ? ended.signal.reason : undefined;
  } catch (error) {
    return troubleOf(error, tools.log);
  } finally {
    ended.abort();
    await late;
  }
}

/** AWS answers in time or is asked again in the next run. */
const LONGEST: Millis = 20 * MINUTE;

async function takeMissing(tools: SweepTools, run: Run, records: readonly CloudTrailRecord[]): Promise<void> {
  const stored = await storedKeys(
    tools.db,
    records.map(({ key }) => key),
  );
  const ruleset = tools.ruleset();
  const matched = new Set<string>();
  const missing = records.filter(({ key, body }) => {
    if (stored.has(key)) return false;
    if (ruleset.rulesFor(body).length > 0) matched.add(key);
    return matched.has(key) || run.expected(body);
  });
  if (missing.length === 0) return;
  await tools.intake.accept({ records: missing, rejects: [] }, tools.clock.now(), {
    place: run.place,
    matched,
  });
}
