import type { DigestSource } from '../../cloudtrail/digest.ts';
import type { Millis } from '../../kernel/time.ts';
import type { Trouble } from '../../questions/coverage.ts';
import type { Break } from './break.ts';
import type { Period, Trail } from './trails.ts';

/** All digests of one trail about one account in one region. */
export interface Chain {
  readonly trail: Trail;
  readonly source: DigestSource;
}

/** Time without digests that nothing proves to have been deleted: validation or logging was off. */
interface Gap extends Period {
  readonly backfill: boolean;
}

export interface Tally {
  valid: number;
  broken: number;
}

/** What came of one chain. */
export interface ChainReport {
  readonly chain: Chain;
  readonly digests: Tally;
  readonly backfill: Tally;
  readonly logs: Tally;
  /** Log files that could not be fetched, for a reason of our own. */
  unread: number;
  /** Log files that no digest names, where somebody asked for them. */
  unreferenced: number | undefined;
  /** What the valid digests cover, within what was asked for; `undefined` when there is none. */
  proved: Period | undefined;
  /** The first so many; `moreBreaks` says how many there are besides. */
  readonly breaks: Break[];
  moreBreaks: number;
  readonly gaps: Gap[];
  /** The end of the newest digest that lies there, valid or not. */
  newest: Millis | undefined;
  /** Why it was not read to the end, or why log files could not be read. */
  trouble: Trouble | undefined;
  /** Whether digests are missing that should lie there, and nothing proves that they were deleted; `notes` says which. */
  unproved: boolean;
  /** What else somebody should know, each one sentence. */
  readonly notes: string[];
}

/** More than anybody reads; a bucket that was emptied must not fill the memory. */
const MOST_BREAKS = 500;

export function emptyReport(chain: Chain): ChainReport {
  return {
    chain,
    digests: { valid: 0, broken: 0 },
    backfill: { valid: 0, broken: 0 },
    logs: { valid: 0, broken: 0 },
    unread: 0,
    unreferenced: undefined,
    proved: undefined,
    breaks: [],
    moreBreaks: 0,
    gaps: [],
    newest: undefined,
    trouble: undefined,
    unproved: false,
    notes: [],
  };
}

export function addBreak(report: ChainReport, found: Break): void {
  if (report.breaks.length < MOST_BREAKS) report.breaks.push(found);
  else report.moreBreaks += 1;
}

/** All breaks of a chain, also those that were not kept. */
export function countBreaks({ breaks, moreBreaks }: ChainReport): number {
  return breaks.length + moreBreaks;
}
