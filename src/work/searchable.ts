import { type CloudTrailRecord, readRecord } from '../cloudtrail/record.ts';
import type { Log } from '../kernel/log.ts';
import { sayError } from '../kernel/problem.ts';
import { type Clock, type Millis, nextTurn, SECOND } from '../kernel/time.ts';
import { insertCalls, type Searchable, searchableOf } from '../store/calls.ts';
import { type DueRecord, dueRecords, takeDue } from '../store/calls-due.ts';
import { recordByKey } from '../store/records.ts';
import { type Database, StorageTrouble } from '../store/sql.ts';

export interface SearchableTools {
  readonly db: Database;
  readonly log: Log;
}

/**
 * Makes stored records findable by questions, those received last first: one transaction writes their calls and
 * takes them off the list, so a crash repeats the batch or finds it done. Returns how many it took off the list.
 */
export async function makeSearchable(tools: SearchableTools, limit: number): Promise<number> {
  const due = await dueRecords(tools.db, limit);
  const found = new Map<string, Searchable>();
  for (const one of due) {
    const record = await readAgain(tools, one);
    if (record) found.set(one.key, searchableOf(record, one.receivedAt));
  }
  await nextTurn();
  try {
    await commit(tools.db, due, found);
  } catch (error) {
    if (error instanceof StorageTrouble) throw error;
    tools.log.error({ error }, 'a batch of records could not be made searchable; trying each by itself');
    for (const one of due) await commitAlone(tools, one, found);
  }
  return due.length;
}

/** `undefined` when it was deleted meanwhile, or when it cannot be read: then evaluation has kept the reason. */
async function readAgain({ db }: SearchableTools, { key }: DueRecord): Promise<CloudTrailRecord | undefined> {
  const stored = await recordByKey(db, key);
  const record = stored && readRecord(JSON.parse(stored.body), stored);
  return record && 'unreadable' in record ? undefined : record;
}

async function commit(
  db: Database,
  due: readonly DueRecord[],
  found: ReadonlyMap<string, Searchable>,
): Promise<void> {
  if (due.length === 0) return;
  await db.tx(async (sql) => {
    const taken = await takeDue(sql, due);
    const searchable = due.flatMap(({ key }) => (taken.has(key) ? (found.get(key) ?? []) : []));
    await insertCalls(sql, searchable);
  });
}

/** One record that cannot be indexed must not hold up the rest. It stays stored; only questions miss it. */
async function commitAlone(
  tools: SearchableTools,
  one: DueRecord,
  found: ReadonlyMap<string, Searchable>,
): Promise<void> {
  try {
    await commit(tools.db, [one], found);
  } catch (error) {
    if (error instanceof StorageTrouble) throw error;
    tools.log.error({ record: one.key }, `questions will not find this record: ${sayError(error)}`);
    await commit(tools.db, [one], new Map());
  }
}

const AT_ONCE = 100;
/** Records are gathered so long: the more are written together, the less each costs. */
const GATHER: Millis = SECOND;
/** Above this share of time the process is too busy with what matters more. */
const BUSY = 0.6;
/** Busy or not, one batch goes after so many looks in a row, so that it never stands still. */
const MOST_PATIENCE = 10;

/**
 * Background work that gives way to arriving events and to the rules; each step says how long to rest after it.
 * `load`: the share of time in which the process was busy since it was last asked.
 */
export function searchableStep(
  tools: SearchableTools & { clock: Clock; load: () => number },
): () => Promise<Millis> {
  let patience = MOST_PATIENCE;
  return async () => {
    if (tools.load() > BUSY && patience > 0) {
      patience -= 1;
      return GATHER;
    }
    patience = MOST_PATIENCE;
    const startedAt = tools.clock.now();
    const taken = await makeSearchable(tools, AT_ONCE);
    // Half of the time at most.
    const rest = taken < AT_ONCE ? GATHER : tools.clock.now() - startedAt;
    // Its own work is no reason to wait.
    tools.load();
    return rest;
  };
}
