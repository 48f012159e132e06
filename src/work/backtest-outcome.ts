import type { Accounts } from '../alerts/labels.ts';
import { type CloudTrailRecord, readRecord } from '../cloudtrail/record.ts';
import type { Millis } from '../kernel/time.ts';
import type { Rule } from '../rules/rule.ts';
import type { Ruleset } from '../rules/ruleset.ts';
import { alertsByRule, suppressedByRule, topActors } from '../store/backtest.ts';
import { type SeenState, seenStates } from '../store/first-seen.ts';
import { countRecords, recordByKey } from '../store/records.ts';
import type { Sql } from '../store/sql.ts';
import type { Suppression } from '../store/suppressions.ts';

/** Why a match made no alert; `counted`: it counts in correlations, and alerts only there. */
export type NoAlert = Suppression['kind'] | 'counted';

/** What a rule, or a correlation, would have done. */
export interface RuleOutcome {
  readonly rule: Rule;
  /** Events that the rule is true for; of a correlation those in its alerts. */
  readonly matches: number;
  readonly alerts: number;
  /** Events in its alerts, and when the first and the last happened. */
  readonly events: number;
  readonly first: Millis | undefined;
  readonly last: Millis | undefined;
  /** Those with the most of these events, at most three; and how many there are. */
  readonly topActors: readonly { readonly actor: string; readonly events: number }[];
  readonly actors: number;
  readonly noAlert: ReadonlyMap<NoAlert, number>;
  /** Of a first-seen rule. */
  readonly learning: { readonly until: Millis; readonly crowdedOut: number } | undefined;
}

export interface BacktestOutcome {
  /** All there are: rules in their order, then correlations. */
  readonly rules: readonly RuleOutcome[];
  /** Records that matched something, each once, and how many came again. */
  readonly stored: number;
  readonly duplicates: number;
  /** Records that could not be evaluated. */
  readonly failed: number;
}

const TOP = 3;

/** Reads what the evaluation has left behind. `matches`: by rule id. */
export async function outcomeOf(
  sql: Sql,
  { rules, correlations }: Ruleset,
  matches: ReadonlyMap<string, number>,
  accounts: Accounts,
): Promise<Pick<BacktestOutcome, 'rules' | 'failed'>> {
  const alerts = new Map((await alertsByRule(sql)).map((one) => [one.ruleId, one]));
  const actors = Map.groupBy(await topActors(sql, TOP), ({ ruleId }) => ruleId);
  const suppressed = Map.groupBy(await suppressedByRule(sql), ({ ruleId }) => ruleId);
  const states = new Map((await seenStates(sql)).map((state) => [state.ruleId, state]));
  const outcomes: RuleOutcome[] = [];
  for (const rule of [...rules, ...correlations.map((one) => one.rule)]) {
    const made = alerts.get(rule.id);
    const matched = matches.get(rule.id) ?? made?.events ?? 0;
    const noAlert = new Map<NoAlert, number>(
      suppressed.get(rule.id)?.map(({ kind, matches: number }) => [kind, number]),
    );
    const other = [...noAlert.values()].reduce((sum, number) => sum + number, 0);
    if (rule.correlated && matched > other) noAlert.set('counted', matched - other);
    const top = actors.get(rule.id) ?? [];
    const records: (CloudTrailRecord | undefined)[] = [];
    for (const { recordKey } of top) records.push(await recordOf(sql, recordKey));
    const names = namesOf(records, accounts);
    outcomes.push({
      rule,
      matches: matched,
      alerts: made?.alerts ?? 0,
      events: made?.events ?? 0,
      first: made?.first,
      last: made?.last,
      topActors: top.map(({ events }, index) => ({ actor: names[index] ?? '', events })),
      actors: top[0]?.actors ?? 0,
      noAlert,
      learning: learningOf(rule, states.get(rule.id)),
    });
  }
  return { rules: outcomes, failed: (await countRecords(sql)).rejected };
}

function learningOf({ firstSeen }: Rule, state: SeenState | undefined): RuleOutcome['learning'] {
  return firstSeen && state && { until: state.since + firstSeen.learn, crowdedOut: state.crowdedOut };
}

async function recordOf(sql: Sql, key: string): Promise<CloudTrailRecord | undefined> {
  const stored = await recordByKey(sql, key);
  const record = stored && readRecord(JSON.parse(stored.body), stored);
  return record && 'unreadable' in record ? undefined : record;
}

/** An actor is a role in all its sessions; two of one name are told apart by their accounts. */
function namesOf(records: readonly (CloudTrailRecord | undefined)[], accounts: Accounts): string[] {
  const names = records.map((record) => {
    const { role, label } = record?.actor ?? { role: undefined, label: 'unknown' };
    return role === undefined ? label : `role ${role}`;
  });
  return names.map((name, index) => {
    const account = records[index]?.actor.account;
    if (account === undefined || names.indexOf(name) === names.lastIndexOf(name)) return name;
    return `${name} in ${accounts.get(account)?.name ?? account}`;
  });
}
