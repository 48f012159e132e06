import { sayInstant } from '../kernel/time.ts';
import { BREAK_WORDS, type Break } from '../work/verify/break.ts';
import { notJudgedYet } from '../work/verify/newest.ts';
import type { ChainReport } from '../work/verify/report.ts';
import type { Period } from '../work/verify/trails.ts';
import type { Verified } from '../work/verify/verify-trails.ts';
import { harmlessJson } from './columns.ts';
import { verdictOf } from './verify-logs-text.ts';

/** Everything that was found, for programs; times are RFC 3339 in UTC. */
export function verifiedJson(found: Verified): string {
  const { period, trails, chains, troubles } = found;
  const open = notJudgedYet(chains, period);
  const said = {
    verdict: verdictOf(found),
    period: periodOf(period),
    notJudgedYet: open && periodOf(open),
    trails: trails.map(({ arn, name, bucket, prefix, validated }) => ({
      arn,
      name,
      bucket,
      prefix,
      validated,
      chains: chains.filter(({ chain }) => chain.trail.arn === arn).map(chainOf),
    })),
    troubles: troubles.map(({ place, trouble: { what, remedy } }) => ({ place, what, remedy })),
  };
  return `${harmlessJson(JSON.stringify(said, null, 2))}\n`;
}

function chainOf(report: ChainReport): object {
  const { chain, proved, gaps, breaks, trouble, ...counts } = report;
  return {
    account: chain.source.account,
    region: chain.source.region,
    digests: counts.digests,
    backfillDigests: counts.backfill,
    logs: { ...counts.logs, unread: counts.unread },
    unreferencedLogs: counts.unreferenced,
    proved: proved && periodOf(proved),
    breaks: breaks.map(breakOf),
    moreBreaks: counts.moreBreaks,
    gaps: gaps.map((gap) => ({ ...periodOf(gap), backfill: gap.backfill })),
    unproved: counts.unproved,
    notes: counts.notes,
    trouble: trouble && { what: trouble.what, remedy: trouble.remedy },
  };
}

function breakOf({ kind, at, time, said }: Break): object {
  const { means, remedy } = BREAK_WORDS[kind];
  return { kind, file: `s3://${at.bucket}/${at.key}`, hourUntil: sayInstant(time), said, means, remedy };
}

function periodOf({ from, to }: Period): object {
  return { from: sayInstant(from), to: sayInstant(to) };
}
