import { digestFolder } from '../../cloudtrail/digest.ts';
import { HOUR, type Millis, sayDuration, sayUtc } from '../../kernel/time.ts';
import { addBreak, type ChainReport } from './report.ts';
import type { Period, TrailState } from './trails.ts';

/** A digest is written each hour, and lies there soon after; so late the next one is at the latest. */
const LATEST: Millis = 2 * HOUR;

/**
 * The end of the period, of which no digest tells yet: only the next one could say that a later one was there. That
 * of the chain that ends first; chains that end so early that something is wrong have notes of their own.
 */
export function notJudgedYet(chains: readonly ChainReport[], { to }: Period): Period | undefined {
  const ends = chains.flatMap(({ newest }) => newest ?? []).filter((end) => end < to && to - end <= LATEST);
  return ends.length === 0 ? undefined : { from: Math.min(...ends), to };
}

/**
 * What the chain itself cannot tell, since nothing points to its newest digest: whether it ends too early. `state`
 * is `undefined` when CloudTrail does not tell it, or not of that account.
 */
export function judgeEnd(report: ChainReport, state: TrailState | undefined, period: Period): void {
  const { newest, chain, proved } = report;
  const delivered = state?.digestAt ?? 0;
  // What was delivered after the period says nothing of the end of the period.
  const within = delivered <= period.to + HOUR;
  if (within && delivered - Math.max(newest ?? period.from, period.from) > LATEST) {
    const at = { bucket: chain.trail.bucket, key: digestFolder(chain.source) };
    const there = newest === undefined ? 'none lies there' : `the newest there is of ${sayUtc(newest)}`;
    const said = `holds none of the latest digests: CloudTrail delivered one at ${sayUtc(delivered)}, and ${there}`;
    addBreak(report, { kind: 'newest missing', at, time: delivered, said });
  } else if (within && newest !== undefined && state?.logging && delivered - newest > HOUR) {
    report.unproved = true;
    report.notes.push(
      `CloudTrail delivered a digest at ${sayUtc(delivered)}, and the newest there is of ${sayUtc(newest)}: one was deleted, or is on its way. Verify again in an hour, when the next one names it.`,
    );
  } else if (newest === undefined) {
    report.notes.push(
      `There is no digest of this period${reasonOf(report, state)}: nothing about it is proved.`,
    );
  } else if (period.to - newest > LATEST) {
    report.notes.push(
      `Nothing after ${sayUtc(newest)} is proved: no later digest of the period lies there${reasonOf(report, state)}.`,
    );
  }
  if (proved && newest !== undefined && proved.from > period.from && report.digests.broken === 0) {
    report.notes.push(`Nothing before ${sayUtc(proved.from)} is proved: the chain begins there.`);
  }
  noteGaps(report, state);
}

function reasonOf({ chain }: ChainReport, state: TrailState | undefined): string {
  if (!chain.trail.validated)
    return ' (log file validation is off: aws cloudtrail update-trail --enable-log-file-validation)';
  if (state?.digestError)
    return ` (CloudTrail cannot deliver digests: ${state.digestError}; correct the policy of the bucket)`;
  if (state && !state.logging) return ' (logging is off: aws cloudtrail start-logging)';
  return '';
}

function noteGaps({ gaps, notes }: ChainReport, state: TrailState | undefined): void {
  if (gaps.length === 0) return;
  const { startedAt, stoppedAt, digestError } = state ?? {};
  const length = gaps.reduce((sum, { from, to }) => sum + to - from, 0);
  notes.push(
    `Nothing is proved within the gaps (${sayDuration(length)} in all): a chain ended and a new one began, as when logging or validation was switched off and on, or the trail was made anew.`,
  );
  if (stoppedAt !== undefined) notes.push(`Logging was last stopped at ${sayUtc(stoppedAt)}.`);
  if (startedAt !== undefined && gaps.some(({ to }) => Math.abs(to - startedAt) <= LATEST)) {
    notes.push(`Logging was last started at ${sayUtc(startedAt)}, where a gap ends.`);
  }
  if (digestError)
    notes.push(`The last digest could not be delivered: ${digestError}. Correct the policy of the bucket.`);
}
