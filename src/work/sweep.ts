import { type Clock, HOUR, type Millis, nextTurn } from '../kernel/time.ts';
import { pruneRecords } from '../store/records.ts';
import { pruneRejects } from '../store/rejects.ts';
import { pruneSeen } from '../store/seen.ts';
import type { Database, Sql } from '../store/sql.ts';
import { pruneSuppressions } from '../store/suppressions.ts';

const BATCH = 500;
/** Slack delivers again within minutes; an hour is plenty. */
const SEEN_FOR: Millis = HOUR;

type Prune = (sql: Sql, before: Millis, limit: number) => Promise<number>;

/**
 * Deletes records (and what hangs on them) received longer than `keep` ago, a batch at a time, so that arriving events
 * never wait long. Returns how many records went.
 */
export async function sweep(tools: { db: Database; clock: Clock }, keep: Millis): Promise<number> {
  const now = tools.clock.now();
  const old = now - keep;
  await prune(tools.db, pruneSeen, now - SEEN_FOR);
  await prune(tools.db, pruneRejects, old);
  await prune(tools.db, pruneSuppressions, old);
  return prune(tools.db, pruneRecords, old);
}

async function prune(db: Database, step: Prune, before: Millis): Promise<number> {
  let total = 0;
  for (;;) {
    const gone = await db.tx((sql) => step(sql, before, BATCH));
    total += gone;
    if (gone === 0) return total;
    await nextTurn();
  }
}
