import type { JsonObject } from '../../src/kernel/json.ts';
import { insertCalls, searchableOf } from '../../src/store/calls.ts';
import { insertRecord, markEvaluated } from '../../src/store/records.ts';
import type { Database } from '../../src/store/sql.ts';
import { EVENT_TIME, readable } from './records.ts';

/** Stores records that questions find at once, received when they happened unless told otherwise. */
export async function storeSearchable(
  db: Database,
  records: readonly JsonObject[],
  receivedAt?: number,
): Promise<void> {
  const read = records.map((overrides) => readable(overrides));
  await db.tx(async (sql) => {
    const received = (at: number) => receivedAt ?? Math.max(at, EVENT_TIME);
    for (const record of read) {
      await insertRecord(sql, record, received(record.eventTime));
      await markEvaluated(sql, { key: record.key, receivedAt: received(record.eventTime), size: 0 });
    }
    await insertCalls(
      sql,
      read.map((record) => searchableOf(record, received(record.eventTime))),
    );
  });
}
