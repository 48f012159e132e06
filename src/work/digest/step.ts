import { type DigestDay, type DigestTimes, digestsOfDay, endOfDay } from '../../alerts/digest-time.ts';
import { type Clock, DAY, type Millis } from '../../kernel/time.ts';
import { anyDigestMade, digestMade, insertDigest, lastDigestEnd } from '../../store/digest.ts';
import type { Database } from '../../store/sql.ts';
import { saySoon } from '../posting.ts';
import { contentOf, DIGEST_POST, type Digest, saysSomething } from './digest.ts';
import { type FigureTools, readDigests } from './read-figures.ts';

export interface DigestTools extends FigureTools {
  readonly db: Database;
  readonly times: () => DigestTimes;
  /** Posts were written. */
  readonly changed: () => void;
  readonly clock: Clock;
}

/** After a longer break a digest is about so much of it. */
const LONGEST = { daily: 7 * DAY, weekly: 31 * DAY } as const;

/** Makes what is due, and answers how long to wait. What is due, the store and the clock alone decide. */
export function createDigestStep(tools: DigestTools): () => Promise<Millis> {
  return async () => {
    const now = tools.clock.now();
    const times = tools.times();
    await begin(tools.db, now);
    let next = endOfDay(times, now);
    for (const digest of digestsOfDay(times, now)) {
      if (digest.until > now) next = Math.min(next, digest.until);
      else if (!(await digestMade(tools.db, digest))) await make(tools, digest, now);
    }
    return Math.max(1, next - now);
  };
}

/** What was due before the first start is not made up for: the first digests are about the time since then. */
async function begin(db: Database, now: Millis): Promise<void> {
  for (const kind of ['daily', 'weekly'] as const) {
    if (!(await anyDigestMade(db, kind))) await insertDigest(db, { kind, day: '', from: now, until: now });
  }
}

async function make(tools: DigestTools, due: DigestDay, now: Millis): Promise<void> {
  const last = (await lastDigestEnd(tools.db, due)) ?? due.from;
  if (last >= due.until) return;
  const from = Math.min(due.until, Math.max(last, due.until - LONGEST[due.kind]));
  const day = { ...due, from };
  const digests = await readDigests(tools, day, now);
  const said = [...digests].filter(([, digest]) => saysSomething(digest));
  const made = await tools.db.tx(async (sql) => {
    if (!(await insertDigest(sql, day))) return false;
    for (const [channel, digest] of said) await saySoon(sql, postOf(day, channel, digest), now);
    // A week of silence is said, so that nobody takes a dead bot for a quiet one.
    if (said.length === 0 && day.kind === 'weekly') {
      const channel = tools.usualChannel();
      await saySoon(sql, postOf(day, channel, digests.get(channel) ?? nothing(day, now)), now);
    }
    return true;
  });
  if (made) tools.changed();
}

function nothing({ kind, from, until }: DigestDay, madeAt: Millis): Digest {
  const none = { left: { number: 0, alerts: [] }, low: { lines: [], more: 0 } };
  return { kind, from, until, madeAt, open: [], opened: 0, noisy: [], hidden: [], ...none };
}

function postOf({ kind, day }: DigestDay, channel: string, digest: Digest) {
  return {
    id: `digest:${kind}:${day}:${channel}`,
    kind: DIGEST_POST,
    place: channel,
    alertId: undefined,
    inThread: false,
    broadcast: false,
    content: contentOf(digest),
  };
}
