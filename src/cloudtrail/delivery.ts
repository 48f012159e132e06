import type { CloudTrailRecord } from './record.ts';

/** Something inside a delivery that is no CloudTrail record, kept with the reason. */
export interface Reject {
  readonly reason: string;
  /** What came, as JSON text, redacted like a record and cut to a bounded length. */
  readonly body: string;
}

/** What one POST, queue message or file held, in its order. */
export interface Delivery {
  readonly records: readonly CloudTrailRecord[];
  readonly rejects: readonly Reject[];
}
