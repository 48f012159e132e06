import { readRecord } from '../cloudtrail/record.ts';
import type { Millis } from '../kernel/time.ts';
import type { EventInFull } from '../questions/material.ts';
import { isLate } from '../store/gaps-late.ts';
import { alertsOfRecord } from '../store/memberships.ts';
import type { StoredRecord } from '../store/records.ts';
import type { Sql } from '../store/sql.ts';
import { suppressionsOfRecord } from '../store/suppressions.ts';

/** A stored event with what the bot did about it; `undefined` when it can no longer be read. */
export async function readStoredEvent(
  sql: Sql,
  stored: StoredRecord,
): Promise<(EventInFull & { readonly receivedAt: Millis }) | undefined> {
  const record = readRecord(JSON.parse(stored.body), { account: stored.account, region: stored.region });
  if ('unreadable' in record) return undefined;
  return {
    record,
    receivedAt: stored.receivedAt,
    late: await isLate(sql, stored.key),
    alertIds: await alertsOfRecord(sql, stored.key),
    suppressed: await suppressionsOfRecord(sql, stored.key),
  };
}
