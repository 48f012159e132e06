import type { Reject } from '../cloudtrail/delivery.ts';
import { readRecord } from '../cloudtrail/record.ts';
import type { Log } from '../kernel/log.ts';
import { sayError } from '../kernel/problem.ts';
import type { Match } from '../rules/rule.ts';
import type { Ruleset } from '../rules/ruleset.ts';
import { type PendingRecord, recordByKey } from '../store/records.ts';
import type { Sql } from '../store/sql.ts';
import type { Fresh } from './fresh.ts';

/** A record with what the rules say of it. */
export interface Judged {
  readonly pending: PendingRecord;
  readonly matches: readonly Match[];
  /** Set when no rule could look at it: kept with the reason. */
  readonly reject: Reject | undefined;
}

export interface JudgeTools {
  readonly db: Sql;
  readonly fresh: Fresh;
  readonly log: Log;
}

/** Lets the rules see a record, from memory where it was stored a moment ago. */
export async function judge(tools: JudgeTools, ruleset: Ruleset, pending: PendingRecord): Promise<Judged> {
  const fresh = tools.fresh.take(pending.key);
  const stored = fresh ? undefined : await recordByKey(tools.db, pending.key);
  try {
    const record = fresh ?? readRecord(JSON.parse(stored?.body ?? 'null'), stored);
    if ('unreadable' in record) return rejected(tools, pending, record.unreadable);
    return { pending, matches: ruleset.match(record), reject: undefined };
  } catch (error) {
    tools.log.error({ error, record: pending.key }, 'the rules failed on a record; it is kept as rejected');
    return rejected(tools, pending, `the rules failed on it: ${sayError(error)}`);
  }
}

/** No match, and the reason why nobody could say. */
export async function rejected(tools: JudgeTools, pending: PendingRecord, reason: string): Promise<Judged> {
  const body = (await recordByKey(tools.db, pending.key))?.body ?? '';
  return { pending, matches: [], reject: { reason, body } };
}
