import { sayError } from '../../kernel/problem.ts';
import { type Clock, type Millis, SECOND, sayDuration } from '../../kernel/time.ts';
import { LookupTrouble } from '../cloud-history.ts';

/** `fine`; `doubt`: it works, but not as it should; `fault`: something is not seen or not said; `unknown`: could not look. */
export type Verdict = 'fine' | 'doubt' | 'fault' | 'unknown';

/** One line of the doctor. */
export interface Diagnosis {
  /** What it is about: `slack`, `aws`, `rules`, `data`, `machine`. */
  readonly area: string;
  /** Stays the same from version to version, for programs: `slack-scopes`. */
  readonly check: string;
  readonly verdict: Verdict;
  /** A sentence without its end. */
  readonly says: string;
  /** What to do, with the command where there is one; absent when it is fine. */
  readonly remedy?: string;
}

/** Looks at one thing. What it throws becomes a diagnosis. */
export interface Checkup {
  readonly area: string;
  readonly check: string;
  look(signal: AbortSignal): Promise<readonly Diagnosis[]>;
}

/** A check that hangs must not keep the others from being told. */
const LONGEST: Millis = 20 * SECOND;

/** Makes all checks at the same time, and tells of them in their order. */
export async function* examine(checkups: readonly Checkup[], clock: Clock): AsyncGenerator<Diagnosis> {
  const under = checkups.map((checkup) => looked(checkup, clock));
  for (const diagnoses of under) yield* await diagnoses;
}

async function looked(checkup: Checkup, clock: Clock): Promise<readonly Diagnosis[]> {
  const { area, check } = checkup;
  const late = new AbortController();
  const done = new AbortController();
  const tooLate = clock.sleep(LONGEST, done.signal).then((): Diagnosis[] => {
    late.abort();
    const says = `no answer within ${sayDuration(LONGEST)}`;
    return [{ area, check, verdict: 'unknown', says, remedy: 'check the network, then run it again' }];
  });
  const answered = checkup.look(late.signal).catch((error: unknown): Diagnosis[] => {
    const remedy = error instanceof LookupTrouble ? error.trouble.remedy : 'mend that, then run it again';
    return [{ area, check, verdict: 'unknown', says: `could not look: ${sayError(error)}`, remedy }];
  });
  try {
    return await Promise.race([answered, tooLate]);
  } finally {
    done.abort();
  }
}
