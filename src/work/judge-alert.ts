import { type CloudTrailRecord, readRecord } from '../cloudtrail/record.ts';
import { callOf } from '../questions/call.ts';
import type { CountedEvents, JudgedAlert } from '../questions/judgement.ts';
import { type Correlation, usesOf } from '../rules/correlation/correlation.ts';
import { type Candidate, explainCounted } from '../rules/explain/counted.ts';
import { explainFormula } from '../rules/explain/explain.ts';
import type { Ruleset } from '../rules/ruleset.ts';
import { recordsOfAlert } from '../store/alert-events.ts';
import { alertById } from '../store/alerts.ts';
import { alertsOfRecord } from '../store/memberships.ts';
import type { StoredRecord } from '../store/records.ts';
import type { Sql } from '../store/sql.ts';

const MOST_ALERTS = 20;
/** An alert keeps at most so many of the events that it opened with. */
const MOST_RECORDS = 200;
const MOST_RULES = 5;

/** The alerts that a record is in; those of correlations in force with what they counted. */
export async function judgeAlerts(sql: Sql, ruleset: Ruleset, recordKey: string): Promise<JudgedAlert[]> {
  const judged: JudgedAlert[] = [];
  for (const id of (await alertsOfRecord(sql, recordKey)).slice(0, MOST_ALERTS)) {
    const alert = await alertById(sql, id);
    if (!alert) continue;
    const { ruleId, title, level, facts, openedAt } = alert;
    const correlation = ruleset.correlations.find(({ rule }) => rule.id === ruleId);
    const counted = correlation && (await countedFor(sql, ruleset, correlation, id, facts));
    judged.push({ id, ruleId, title, level, summary: facts.summary, openedAt, counted });
  }
  return judged;
}

/** What the window held that ends with the event which opened the alert. */
async function countedFor(
  sql: Sql,
  ruleset: Ruleset,
  correlation: Correlation,
  alertId: string,
  opened: { readonly eventId: string; readonly eventTime: number },
): Promise<CountedEvents | undefined> {
  const window = { from: opened.eventTime - correlation.timespan, to: opened.eventTime };
  const stored = await recordsOfAlert(sql, alertId, window, MOST_RECORDS);
  const candidates = stored
    .flatMap(readStored)
    // The one that opened it tells the group.
    .sort((a, b) => Number(b.eventId === opened.eventId) - Number(a.eventId === opened.eventId))
    .map((record) => ({ record, rules: ruleset.rulesFor(record.body) }));
  const uses = usesOf(ruleset.correlations);
  const counted = explainCounted(correlation, uses, candidates, stored.length === MOST_RECORDS);
  return (
    counted && {
      holds: counted.holds,
      says: counted.says,
      calls: counted.candidates.map(({ record }) => callOf(record)),
      rules: explainEach(ruleset, counted.candidates),
    }
  );
}

/** Every rule that is true for one of the records, for the first that it is true for. */
function explainEach({ compiled }: Ruleset, candidates: readonly Candidate[]): CountedEvents['rules'] {
  const first = new Map<string, CloudTrailRecord>();
  for (const { record, rules } of candidates) {
    for (const { id } of rules) if (!first.has(id)) first.set(id, record);
  }
  return compiled
    .flatMap(({ rule, formula }) => {
      const record = first.get(rule.id);
      return record ? [{ rule, explanation: explainFormula(formula, record.body) }] : [];
    })
    .slice(0, MOST_RULES);
}

function readStored({ body, account, region }: StoredRecord): CloudTrailRecord[] {
  const record = readRecord(JSON.parse(body), { account, region });
  return 'unreadable' in record ? [] : [record];
}
