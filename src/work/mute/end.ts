import type { Operator } from '../../alerts/alert.ts';
import type { Mute } from '../../alerts/mute.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { Refusal } from '../../kernel/problem.ts';
import type { Random } from '../../kernel/random.ts';
import type { Clock, Millis } from '../../kernel/time.ts';
import { type HiddenCount, hiddenBy } from '../../store/hidden-counts.ts';
import { closeMute, muteById } from '../../store/mutes.ts';
import { rememberOperator } from '../../store/operators.ts';
import type { Database, Sql } from '../../store/sql.ts';
import { sayAnew, saySoon } from '../posting.ts';
import type { Result } from '../worker.ts';
import { madePost } from './made-post.ts';
import type { MuteTools } from './mute-tools.ts';
import { recordMute } from './record-mute.ts';

/** Job: a mute is over. Its subject is the mute. */
export const END_JOB = 'mute_end';

const SHOWN_ACTORS = 3;

interface EndTools {
  readonly db: Database;
  readonly clock: Clock;
  readonly random: Random;
}

/** Ends a mute whose time has come, and reports what it hid; once, however often it is called. */
export async function endDueMute({ db, clock, random }: EndTools, id: string): Promise<Result> {
  return db.tx(async (sql) => {
    const now = clock.now();
    const mute = await muteById(sql, id);
    if (!mute || mute.endedAt !== undefined) return 'done';
    if (mute.until > now) return { again: mute.until };
    await close(sql, random, mute, undefined, now);
    return 'done';
  });
}

/** Somebody does not want to wait for its end. */
export async function endMute(
  tools: MuteTools,
  id: string,
  operator: Operator,
): Promise<{ readonly ended: Mute } | Refusal> {
  const refused = await tools.refuse(operator.userId);
  if (refused !== undefined) return { refused };
  return tools.db.tx(async (sql) => {
    const now = tools.clock.now();
    await rememberOperator(sql, operator, now);
    const mute = await muteById(sql, id);
    if (!mute)
      return { refused: `${id} is not known here; it may belong to another installation of Trailbot.` };
    if (!(await close(sql, tools.random, mute, operator, now))) {
      return { refused: `Nothing changed: ${id} is over already. /trail mutes lists those that hold.` };
    }
    return { ended: { ...mute, endedAt: now, endedBy: operator.userId } };
  });
}

/** False when it was over already. */
async function close(
  sql: Sql,
  random: Random,
  mute: Mute,
  by: Operator | undefined,
  now: Millis,
): Promise<boolean> {
  if (!(await closeMute(sql, mute.id, now, by?.userId))) return false;
  const hidden = await hiddenBy(sql, mute.id);
  const total = hidden.reduce((sum, { number }) => sum + number, 0);
  const how = by ? `ended the mute ${mute.id} early` : `the mute ${mute.id} ended`;
  await recordMute(sql, random, mute, by, `${how}; it hid ${sayMatches(total)}`, now);
  const made = madePost({ ...mute, endedAt: now });
  await sayAnew(sql, made.id, now, made.content);
  const place = { place: undefined, alertId: mute.alertId, inThread: true, broadcast: total > 0 } as const;
  const content = reportOf(mute, hidden, total, by);
  await saySoon(sql, { id: `mute_over:${mute.id}`, kind: 'mute_over', ...place, content }, now);
  return true;
}

function reportOf(
  mute: Mute,
  hidden: readonly HiddenCount[],
  total: number,
  by: Operator | undefined,
): JsonObject {
  return {
    muteId: mute.id,
    by: mute.madeBy,
    since: mute.madeAt,
    reason: mute.reason,
    endedBy: by?.userId ?? null,
    total,
    actors: hidden.slice(0, SHOWN_ACTORS).map(({ name, number }) => ({ name, number })),
    others: Math.max(0, hidden.length - SHOWN_ACTORS),
    firstAt: total === 0 ? null : Math.min(...hidden.map(({ firstAt }) => firstAt)),
    lastAt: total === 0 ? null : Math.max(...hidden.map(({ lastAt }) => lastAt)),
  };
}

function sayMatches(total: number): string {
  return total === 1 ? '1 match' : `${total} matches`;
}
