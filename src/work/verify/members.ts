import { HOUR, type Millis, sayUtc } from '../../kernel/time.ts';
import { type ChainReport, countBreaks } from './report.ts';
import type { Member, Period } from './trails.ts';

/** A chain that ends so much before another one of its trail lacks digests; an account that joined later may. */
const LATEST: Millis = 2 * HOUR;

interface Judged {
  readonly period: Period;
  /** Whether accounts were named, so that the others cannot tell how far digests reach. */
  readonly named: boolean;
  /** `undefined` when nobody tells who is a member. */
  readonly members: readonly Member[] | undefined;
}

/**
 * What no chain of an organization's trail tells by itself: that a member has no digests any more, or no newest
 * ones, while others have. That is no break, since members leave and are closed, but nothing is proved of them.
 */
export function judgeMembers(reports: readonly ChainReport[], judged: Judged): void {
  const ofOrganization = reports.filter(({ chain }) => chain.trail.ofOrganization);
  const ends = ofOrganization.flatMap(({ newest }) => newest ?? []);
  const latest = judged.named ? judged.period.to : Math.max(...ends);
  const alive = new Set(
    ofOrganization.flatMap(({ newest, chain }) => (newest === undefined ? [] : chain.source.account)),
  );
  if (!Number.isFinite(latest)) return;
  for (const report of ofOrganization) {
    const { chain, newest, trouble } = report;
    const { account } = chain.source;
    if (trouble || countBreaks(report) > 0 || latest - (newest ?? 0) <= LATEST) continue;
    if (hasLeft(judged, account)) continue;
    // Which regions an account has that cannot be entered is not known.
    if (newest === undefined && alive.has(account) && !chain.trail.seenBy.includes(account)) continue;
    report.unproved = true;
    report.notes.push(noteOf(newest, latest, judged));
  }
}

/** Who is no member, or not yet for long, has no digests. */
function hasLeft({ members, period }: Judged, account: string): boolean {
  if (members === undefined) return false;
  const member = members.find((one) => one.account === account);
  return member === undefined || (member.joinedAt ?? 0) > period.to - LATEST - HOUR;
}

function noteOf(newest: Millis | undefined, latest: Millis, { named, members }: Judged): string {
  const there =
    newest === undefined ? 'No digest of this account lies there' : `Its digests end at ${sayUtc(newest)}`;
  const others = named
    ? `and the period goes on until ${sayUtc(latest)}`
    : `and those of others of the trail go on until ${sayUtc(latest)}`;
  const why =
    members === undefined
      ? 'they were deleted, or the account left the organization or was closed (allow organizations:ListAccounts to tell)'
      : 'they were deleted, or CloudTrail could not deliver them, although the account is in the organization';
  return `${there}, ${others}: ${why}.`;
}
