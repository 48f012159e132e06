import type { Digest, DigestSource, HashedFile, PreviousDigest } from '../../cloudtrail/digest.ts';
import { prefixOf } from '../../cloudtrail/digest.ts';
import { HOUR, sayUtc } from '../../kernel/time.ts';
import { LookupTrouble } from '../cloud-history.ts';
import type { TrailFiles } from '../trail-files.ts';
import { type Beside, createBeside } from './beside.ts';
import type { Break } from './break.ts';
import { checkLog } from './check-log.ts';
import {
  compareWithNext,
  type DigestPlace,
  type Inspected,
  inspectDigest,
  type Keys,
  placeOf,
} from './inspect-digest.ts';
import { listDigests } from './list-digests.ts';
import { addBreak, type ChainReport } from './report.ts';
import type { Period } from './trails.ts';

export interface ChainTools {
  /** Waits for a turn with each file. */
  readonly files: TrailFiles;
  readonly keys: Keys;
  readonly signal: AbortSignal;
  /** Hears of each file as soon as it was looked at. */
  readonly hear: (what: 'digest' | 'log' | 'break') => void;
  /** Hears of each log file that a valid digest names. */
  readonly named?: ((log: HashedFile) => void) | undefined;
}

/** Where the walk back through one chain stands. */
interface Walk extends ChainTools {
  readonly report: ChainReport;
  readonly period: Period;
  readonly backfill: boolean;
  readonly logs: Beside;
  readonly inspect: (place: DigestPlace) => Promise<Inspected>;
  /** Changes when the trail had another prefix before. */
  source: DigestSource;
  /** Oldest first: those that lie there and were not looked at yet. */
  listed: DigestPlace[];
}

interface Step {
  readonly place: DigestPlace;
  /** What the digest after it says of it. */
  readonly expected?: PreviousDigest | undefined;
}

/** Digests that are fetched before it is their turn. */
const AHEAD = 8;
/** Log files of one chain that are looked at beside its digests. */
const LOGS_BESIDE = 32;
/** After so many log files that cannot be read, the rest most likely cannot be, either. */
const MOST_UNREAD = 20;

/**
 * Follows the chain from its newest digest back to the beginning of the period, then its backfill digests, and
 * compares every log file that they name. What is found goes into `report`. Throws LookupTrouble.
 */
export async function verifyChain(tools: ChainTools, report: ChainReport, period: Period): Promise<void> {
  const { trail, source } = report.chain;
  const { places, after } = await listDigests(tools, { source, bucket: trail.bucket }, period);
  for (const backfill of [false, true]) {
    const listed = places.filter((place) => place.backfill === backfill);
    if (!backfill) report.newest = listed.at(-1)?.at;
    const logs = createBeside(LOGS_BESIDE);
    const early = new Map<string, Promise<Inspected>>();
    const walk: Walk = {
      ...tools,
      report,
      period,
      backfill,
      logs,
      source,
      listed,
      inspect: (place) => inspectAhead(walk, early, place),
    };
    try {
      let step = backfill ? nextListed(walk) : await firstStep(walk, after);
      while (step) step = await visit(walk, step);
    } finally {
      await logs.done();
    }
  }
}

/**
 * The newest of the period; where the hour at its end has none, what the first digest after the period says was
 * before it. That one is a pointer alone, and its log files are not looked at.
 */
async function firstStep(walk: Walk, after: DigestPlace | undefined): Promise<Step | undefined> {
  const newest = walk.listed.at(-1);
  if (!after || (newest && newest.at >= walk.period.to)) return nextListed(walk);
  const ofItsTime = { from: after.at - HOUR, to: after.at + 2 * HOUR };
  const found = await inspectDigest({ ...walk, keys: () => walk.keys(ofItsTime) }, after);
  if ('kind' in found) {
    const next = nextListed(walk);
    noteDigest(walk, withHole(walk, found, next));
    return next;
  }
  const { previous } = found.digest;
  const source = sourceOf(walk, previous);
  const before = previous && placeOf(source, previous);
  if (before && (before.bucket !== after.bucket || source.prefix !== walk.source.prefix)) {
    const there = await listDigests(walk, { source, bucket: before.bucket }, walk.period);
    walk.source = source;
    walk.listed = there.places.filter(({ at, backfill }) => !backfill && at < before.at);
    walk.report.newest = walk.listed.at(-1)?.at;
    const between = there.after && there.after.at <= before.at;
    return between ? firstStep(walk, there.after) : { place: before, expected: previous };
  }
  return stepBefore(walk, after, found.digest);
}

/** The digest, and meanwhile those that most likely come next. */
function inspectAhead(
  walk: Walk,
  early: Map<string, Promise<Inspected>>,
  place: DigestPlace,
): Promise<Inspected> {
  for (const next of [place, ...walk.listed.slice(-AHEAD)]) {
    if (early.has(next.key)) continue;
    const looking = inspectDigest(walk, next);
    looking.catch(() => undefined);
    early.set(next.key, looking);
  }
  const found = early.get(place.key) ?? inspectDigest(walk, place);
  early.delete(place.key);
  return found;
}

async function visit(walk: Walk, { place, expected }: Step): Promise<Step | undefined> {
  const found = await walk.inspect(place);
  walk.hear('digest');
  if ('kind' in found) {
    const next = nextListed(walk, place);
    const seen = withHole(walk, found, next);
    noteDigest(walk, expected ? weighed(seen, expected) : seen);
    return next;
  }
  const swapped = expected && compareWithNext(found, place, expected);
  if (swapped) {
    noteDigest(walk, swapped);
    return nextListed(walk, place);
  }
  await take(walk, place, found.digest);
  return found.digest.from < walk.period.from ? undefined : stepBefore(walk, place, found.digest);
}

/** What a digest lost or a stranger signed may still be the one that CloudTrail wrote: the next one knows. */
function weighed(found: Break, expected: PreviousDigest): Break {
  if (found.hash !== expected.hash) return found;
  const said = `${found.said === '' ? '' : `${found.said}, but `}has the content that the digest after it says`;
  return { ...found, said };
}

/** Nothing says which digest was before one that is not to be trusted: only the hours tell that more are gone. */
function withHole({ period }: Walk, found: Break, next: Step | undefined): Break {
  const until = next?.place.at ?? period.from;
  if (found.time - until < 2 * HOUR) return found;
  const said = `has a hole before it: no digest lies there between ${sayUtc(until)} and it`;
  return { ...found, said: found.said === '' ? said : `${found.said}, and ${said}` };
}

function noteDigest({ report, backfill, hear }: Walk, broken: Break): void {
  report[backfill ? 'backfill' : 'digests'].broken += 1;
  addBreak(report, broken);
  hear('break');
}

/** The newest that lies there and is older. */
function nextListed({ listed }: Walk, place?: DigestPlace): Step | undefined {
  let next = listed.pop();
  while (next && place && next.at >= place.at) next = listed.pop();
  return next && { place: next };
}

/** A valid digest counts, and so do the log files that it names. */
async function take(walk: Walk, { at }: DigestPlace, { from, to, logs }: Digest): Promise<void> {
  const { report, period, backfill } = walk;
  report[backfill ? 'backfill' : 'digests'].valid += 1;
  report.proved = {
    from: Math.min(report.proved?.from ?? Number.POSITIVE_INFINITY, Math.max(from, period.from)),
    to: Math.max(report.proved?.to ?? 0, Math.min(to, period.to)),
  };
  for (const log of logs) {
    walk.named?.(log);
    await walk.logs.add(compareLog(walk, log, at));
  }
}

async function compareLog(walk: Walk, log: HashedFile, time: number): Promise<void> {
  const { report } = walk;
  try {
    const broken = await checkLog(walk, log, time);
    report.logs[broken ? 'broken' : 'valid'] += 1;
    walk.hear('log');
    if (!broken) return;
    addBreak(report, broken);
    walk.hear('break');
  } catch (error) {
    if (!(error instanceof LookupTrouble) || walk.signal.aborted) throw error;
    report.unread += 1;
    report.trouble ??= error.trouble;
    if (report.unread >= MOST_UNREAD) throw error;
  }
}

/** Where the digest says that the one before it lies. */
async function stepBefore(
  walk: Walk,
  place: DigestPlace,
  { previous, from }: Digest,
): Promise<Step | undefined> {
  const source = sourceOf(walk, previous);
  const before = previous && placeOf(source, previous);
  if (!before || before.backfill !== walk.backfill) {
    const next = nextListed(walk, place);
    if (next) walk.report.gaps.push({ from: next.place.at, to: from, backfill: walk.backfill });
    return next;
  }
  if (before.bucket !== place.bucket || source.prefix !== walk.source.prefix) {
    walk.source = source;
    const there = await listDigests(
      walk,
      { source, bucket: before.bucket },
      { ...walk.period, to: before.at },
    );
    walk.listed = there.places.filter(({ at, backfill }) => backfill === walk.backfill && at < before.at);
  } else {
    await lookBeside(walk, before);
  }
  return { place: before, expected: previous };
}

function sourceOf({ source }: Walk, previous: PreviousDigest | undefined): DigestSource {
  return { ...source, prefix: previous && prefixOf(previous.key) };
}

/** Digests that the chain passes by are judged by themselves: CloudTrail may have delivered one twice. */
async function lookBeside(walk: Walk, before: DigestPlace): Promise<void> {
  for (let next = walk.listed.at(-1); next && next.at >= before.at; next = walk.listed.at(-1)) {
    walk.listed.pop();
    if (next.key === before.key) continue;
    const found = await walk.inspect(next);
    walk.hear('digest');
    if ('kind' in found) noteDigest(walk, found);
    else await take(walk, next, found.digest);
  }
}
