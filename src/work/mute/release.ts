import { readRecord } from '../../cloudtrail/record.ts';
import type { Clock } from '../../kernel/time.ts';
import { groupIn } from '../../rules/correlation/group.ts';
import type { Match } from '../../rules/rule.ts';
import type { Ruleset } from '../../rules/ruleset.ts';
import { alertById } from '../../store/alerts.ts';
import { heldBackBy, letGo } from '../../store/inhibitors.ts';
import type { StoredRecord } from '../../store/records.ts';
import type { Database } from '../../store/sql.ts';
import type { Counters } from '../counters.ts';
import { redrawPostsOf } from '../posting.ts';
import { type RaiseTools, raise } from '../raise.ts';
import type { Result } from '../worker.ts';

export interface ReleaseTools extends RaiseTools {
  readonly db: Database;
  readonly clock: Clock;
  readonly ruleset: () => Ruleset;
  readonly counters: Counters;
}

const AT_ONCE = 100;

/** Raises what the alert held back, each match once. Rules that are gone, and records that are not kept, are passed over. */
export async function releaseHeld(tools: ReleaseTools, alertId: string): Promise<Result> {
  const now = tools.clock.now();
  const opened = await tools.db.tx(async (sql) => {
    const alert = await alertById(sql, alertId);
    if (alert?.disposition !== 'false_positive') return undefined;
    const held = await heldBackBy(sql, alertId, AT_ONCE);
    const levels: string[] = [];
    for (const stored of held) {
      if (!(await letGo(sql, stored.key, stored.ruleId))) continue;
      const match = matchOf(tools.ruleset(), stored);
      if (match) levels.push(...(await raise(sql, tools, match, now)));
    }
    if (held.length > 0) await redrawPostsOf(sql, alertId, 'mute_held', now);
    return { levels, more: held.length === AT_ONCE };
  });
  for (const level of opened?.levels ?? []) tools.counters.alert(level);
  return opened?.more ? { again: now } : 'done';
}

function matchOf(
  { rules, correlations }: Ruleset,
  stored: StoredRecord & { ruleId: string },
): Match | undefined {
  const record = readRecord(JSON.parse(stored.body), { account: stored.account, region: stored.region });
  if ('unreadable' in record) return undefined;
  const rule = rules.find(({ id }) => id === stored.ruleId);
  if (rule) return { rule, record };
  const correlation = correlations.find((one) => one.rule.id === stored.ruleId);
  const group = correlation && groupIn(correlation, record);
  if (!group) return undefined;
  return { rule: correlation.rule, record, firing: { group, count: 1, values: [], records: [], fresh: 0 } };
}
