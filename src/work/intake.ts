import type { Delivery } from '../cloudtrail/delivery.ts';
import type { CloudTrailRecord } from '../cloudtrail/record.ts';
import { type Millis, nextTurn } from '../kernel/time.ts';
import { takeCanary } from '../store/canaries.ts';
import { insertLate } from '../store/gaps-late.ts';
import { countStored, insertRecord } from '../store/records.ts';
import { insertReject } from '../store/rejects.ts';
import type { Database, Sql } from '../store/sql.ts';
import type { Place } from './cloud-history.ts';
import type { Counters } from './counters.ts';
import type { Fresh } from './fresh.ts';

/** What became of one delivery. Rejected pieces are kept too, with their reason. */
export interface Taken {
  readonly stored: number;
  readonly duplicates: number;
  readonly rejected: number;
}

/** What became of one delivery, with its new records and their sizes. */
interface Outcome {
  readonly taken: Taken;
  readonly records: readonly (readonly [CloudTrailRecord, number])[];
  /** How long each canary took; `undefined` for one that counts for nothing. */
  readonly canaries: readonly (Millis | undefined)[];
}

/** A delivery that the sweep went for: its records are marked late. */
export interface Late {
  readonly place: Place;
  /** Keys of those for which a rule is true. */
  readonly matched: ReadonlySet<string>;
}

interface Waiting {
  readonly delivery: Delivery;
  readonly receivedAt: Millis;
  readonly late: Late | undefined;
  readonly resolve: (taken: Taken) => void;
  readonly reject: (error: unknown) => void;
}

const LARGEST_BATCH = 500;

/**
 * Stores deliveries durably. Those that arrive while a commit is under way share the next one, so that the
 * disk is flushed once for many (group commit). `accept` resolves when the delivery is on disk and rejects
 * when nothing of it is.
 */
export function createIntake(db: Database, counters: Counters, fresh: Fresh, stored: () => void) {
  let waiting: Waiting[] = [];
  let busy = false;

  async function drain(): Promise<void> {
    busy = true;
    while (waiting.length > 0) {
      await nextTurn();
      const batch = waiting.slice(0, LARGEST_BATCH);
      waiting = waiting.slice(LARGEST_BATCH);
      await commit(batch);
    }
    busy = false;
  }

  async function commit(batch: readonly Waiting[]): Promise<void> {
    try {
      const results = await db.tx(async (sql) => {
        const outcomes: Outcome[] = [];
        for (const one of batch) outcomes.push(await take(sql, one));
        await countStored(
          sql,
          outcomes.reduce((sum, { taken }) => sum + taken.stored, 0),
        );
        return outcomes;
      });
      settle(batch, results);
    } catch (error) {
      // One delivery that cannot be stored must not take the others down with it.
      if (batch.length > 1) for (const one of batch) await commit([one]);
      else for (const one of batch) one.reject(error);
    }
  }

  function settle(batch: readonly Waiting[], results: readonly Outcome[]): void {
    batch.forEach((one, index) => {
      const result = results[index];
      if (!result) return;
      const { taken, records, canaries } = result;
      for (const [record, size] of records) fresh.add(record, size);
      counters.received(taken.stored + taken.duplicates);
      if (taken.duplicates > 0) counters.duplicate(taken.duplicates);
      if (taken.rejected > 0) counters.rejected(taken.rejected);
      for (const took of canaries) countCanary(counters, took);
      one.resolve(taken);
    });
    stored();
  }

  return {
    accept(delivery: Delivery, receivedAt: Millis, late?: Late): Promise<Taken> {
      return new Promise((resolve, reject) => {
        waiting.push({ delivery, receivedAt, late, resolve, reject });
        if (!busy) void drain();
      });
    },
  };
}

async function take(sql: Sql, { delivery, receivedAt, late }: Waiting): Promise<Outcome> {
  const records: [CloudTrailRecord, number][] = [];
  for (const record of delivery.records) {
    const size = await insertRecord(sql, record, receivedAt);
    if (size === 0) continue;
    records.push([record, size]);
    if (late)
      await insertLate(sql, record, late.place, { receivedAt, matched: late.matched.has(record.key) });
  }
  for (const reject of delivery.rejects) await insertReject(sql, reject, receivedAt);
  const stored = records.length;
  const duplicates = delivery.records.length - stored;
  const canaries: (Millis | undefined)[] = [];
  for (const canary of delivery.canaries ?? []) canaries.push(await takeCanary(sql, canary, receivedAt));
  return { taken: { stored, duplicates, rejected: delivery.rejects.length }, records, canaries };
}

function countCanary(counters: Counters, took: Millis | undefined): void {
  counters.canary(took === undefined ? 'unknown' : 'returned');
  if (took !== undefined) counters.canaryTook(took);
}
