import { type Clock, DAY, HOUR, type Millis, nextTurn } from '../kernel/time.ts';
import { pruneCalls } from '../store/calls.ts';
import { pruneDue } from '../store/calls-due.ts';
import { pruneLate } from '../store/gaps-late.ts';
import { prunePosts } from '../store/posts.ts';
import { pruneQuestions } from '../store/questions.ts';
import { pruneRecords } from '../store/records.ts';
import { pruneRejects } from '../store/rejects.ts';
import { pruneSeen } from '../store/seen.ts';
import type { Database, Sql } from '../store/sql.ts';
import { pruneSuppressions } from '../store/suppressions.ts';

const BATCH = 500;
/** Slack delivers again within minutes; an hour is plenty. */
const SEEN_FOR: Millis = HOUR;
/** A button on an older answer says that the answer is too old. */
const QUESTIONS_FOR: Millis = 30 * DAY;

type Prune = (sql: Sql, before: Millis, limit: number) => Promise<number>;

/**
 * Deletes records (and what hangs on them) received longer than `keep` ago, a batch at a time, so that arriving events
 * never wait long. Returns how many records went.
 */
export async function sweep(tools: { db: Database; clock: Clock }, keep: Millis): Promise<number> {
  const now = tools.clock.now();
  const old = now - keep;
  await prune(tools.db, pruneSeen, now - SEEN_FOR);
  await prune(tools.db, pruneQuestions, now - QUESTIONS_FOR);
  await prune(tools.db, prunePosts, old);
  await prune(tools.db, pruneRejects, old);
  await prune(tools.db, pruneSuppressions, old);
  await prune(tools.db, pruneDue, old);
  await prune(tools.db, pruneCalls, old);
  await prune(tools.db, pruneLate, old);
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
