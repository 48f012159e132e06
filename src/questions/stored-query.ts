import type { Millis } from '../kernel/time.ts';

/** What the own store is asked: one selective column, then the narrowing of the question. */
export interface StoredQuery {
  /**
   * - `keyId`, `address`, `eventName`, `eventSource`: as in the record
   * - `actorName`: name of the user or of the role session
   * - `role`: name of the role whose session it was
   * - `named`: a name, id or ARN that `namesIn` finds in the record
   * - `kind`: kind of the actor, such as `root`
   * - `failed`: every call with an error; the value is not looked at
   */
  readonly by: {
    readonly column:
      | 'keyId'
      | 'address'
      | 'eventName'
      | 'eventSource'
      | 'actorName'
      | 'role'
      | 'named'
      | 'kind'
      | 'failed';
    readonly value: string;
  };
  readonly from: Millis;
  readonly to: Millis;
  readonly account?: string | undefined;
  readonly region?: string | undefined;
  readonly access?: 'reads' | 'writes' | undefined;
  readonly failed?: boolean | undefined;
}
