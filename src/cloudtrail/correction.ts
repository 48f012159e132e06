import { objectOf, textOf } from '../kernel/json.ts';
import type { CloudTrailRecord } from './record.ts';

/**
 * The id of the event of which a record is a corrected copy, delivered later; `undefined` for any other record.
 * Source: AWS CloudTrail user guide, "addendum" (reason UPDATED_DATA).
 */
export function correctedEvent(record: CloudTrailRecord): string | undefined {
  const addendum = objectOf(record.body, 'addendum');
  if (!addendum || textOf(addendum, 'reason') !== 'UPDATED_DATA') return undefined;
  return textOf(addendum, 'originalEventID');
}

/** The key of the record that a corrected copy is of. */
export function correctedKey(record: CloudTrailRecord): string | undefined {
  const eventId = correctedEvent(record);
  // What stands before the id is the same for both, however the copy says where it happened.
  return eventId && record.key.slice(0, -record.eventId.length) + eventId;
}
