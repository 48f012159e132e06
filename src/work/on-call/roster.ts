import type { Millis } from '../../kernel/time.ts';
import type { Sql } from '../../store/sql.ts';

/** One stretch of time in which one person is on call. */
export interface Shift {
  readonly schedule: string;
  /** A Slack user id. */
  readonly person: string;
  readonly from: Millis;
  /** Somebody else, or nobody, from here on. */
  readonly until: Millis;
  readonly because: 'rotation' | 'override' | 'calendar';
  /** The layer's name; absent for overrides and calendars. */
  readonly layer: string | undefined;
}

/** Who is on call: the configured schedules, the calendars that they follow, and what people changed from Slack. */
export interface Roster {
  /** The schedules' names, in the order of the configuration. */
  names(): readonly string[];
  /** `undefined`: nobody, or no such schedule. */
  onCall(sql: Sql, schedule: string, at: Millis): Promise<Shift | undefined>;
  /** What overlaps the period, in order, cut to it; where nobody is on call there is a gap. */
  shifts(sql: Sql, schedule: string, from: Millis, until: Millis): Promise<readonly Shift[]>;
}
