import type { Alert } from '../alerts/alert.ts';
import { factsOf } from '../alerts/facts.ts';
import { fingerprintOf } from '../alerts/fingerprint.ts';
import { type Accounts, groupValues, labelsOf } from '../alerts/labels.ts';
import { type Decision, type Route, routesFor } from '../alerts/route.ts';
import { type Silence, silencedBy } from '../alerts/silence.ts';
import type { CloudTrailRecord } from '../cloudtrail/record.ts';
import { objectOf, textOf } from '../kernel/json.ts';
import { sayError } from '../kernel/problem.ts';
import type { Random } from '../kernel/random.ts';
import { type Clock, type Millis, sayDuration } from '../kernel/time.ts';
import type { Match } from '../rules/rule.ts';
import type { Ruleset } from '../rules/ruleset.ts';
import { addMatch, insertAlert, lastResolved, nextAlertId, openAlert } from '../store/alerts.ts';
import { addDue } from '../store/calls-due.ts';
import { insertHistory } from '../store/history.ts';
import { enqueue } from '../store/jobs.ts';
import { addRecordToAlert, matchedBefore } from '../store/memberships.ts';
import { markEvaluated, type PendingRecord, pendingRecords } from '../store/records.ts';
import { insertReject } from '../store/rejects.ts';
import { type Database, type Sql, StorageTrouble } from '../store/sql.ts';
import { insertSuppression, type Suppression } from '../store/suppressions.ts';
import type { Counters } from './counters.ts';
import { type Judged, type JudgeTools, judge, rejected } from './judge.ts';

/** What evaluation needs; rules and configuration are asked for each batch, so that a reload takes effect. */
export interface EvaluateTools extends JudgeTools {
  readonly db: Database;
  readonly ruleset: () => Ruleset;
  readonly settings: () => { routes: Route; silences: readonly Silence[]; accounts: Accounts };
  readonly counters: Counters;
  readonly clock: Clock;
  readonly random: Random;
}

/** So much text is judged at once; a single larger record still is. */
const MOST_TEXT = 4_000_000;

/**
 * Takes the oldest records that no rule has seen: match, group, route, silence; then one transaction writes
 * alerts, history and jobs, marks the records evaluated and notes that questions are to find them. A crash
 * repeats the batch or finds it done. Returns how many records it took.
 */
export async function evaluatePending(tools: EvaluateTools, limit: number): Promise<number> {
  const batch = boundedText(await pendingRecords(tools.db, limit));
  if (batch.length === 0) return 0;
  const ruleset = tools.ruleset();
  const judged: Judged[] = [];
  for (const pending of batch) judged.push(await judge(tools, ruleset, pending));
  try {
    await commit(tools, judged);
  } catch (error) {
    if (error instanceof StorageTrouble) throw error;
    tools.log.error({ error }, 'a batch of records could not be evaluated; trying each by itself');
    for (const one of judged) await commitAlone(tools, one);
  }
  return batch.length;
}

async function commit(tools: EvaluateTools, judged: readonly Judged[]): Promise<void> {
  const now = tools.clock.now();
  const opened = await tools.db.tx(async (sql) => {
    const levels: string[] = [];
    const evaluated: PendingRecord[] = [];
    for (const one of judged) {
      if (!(await markEvaluated(sql, one.pending))) continue;
      evaluated.push(one.pending);
      if (one.reject) await insertReject(sql, one.reject, now);
      for (const match of one.matches) levels.push(...(await apply(sql, tools, match, now)));
    }
    await addDue(sql, evaluated);
    return levels;
  });
  for (const level of opened) tools.counters.alert(level);
}

/** One record that breaks evaluation must not hold up the rest: it is kept as rejected, with the reason. */
async function commitAlone(tools: EvaluateTools, judged: Judged): Promise<void> {
  try {
    await commit(tools, [judged]);
  } catch (error) {
    if (error instanceof StorageTrouble) throw error;
    const { pending } = judged;
    tools.log.error({ error, record: pending.key }, 'a record could not be evaluated; kept as rejected');
    await commit(tools, [await rejected(tools, pending, `evaluation failed on it: ${sayError(error)}`)]);
  }
}

function boundedText(waiting: readonly PendingRecord[]): PendingRecord[] {
  let text = 0;
  return waiting.filter(({ size }, index) => {
    text += size;
    return index === 0 || text <= MOST_TEXT;
  });
}

/** One match: suppressed with a reason, added to the open alert, or a new alert. Returns the levels opened. */
async function apply(sql: Sql, tools: EvaluateTools, match: Match, now: Millis): Promise<string[]> {
  const { routes, silences, accounts } = tools.settings();
  const labels = labelsOf(match, accounts);
  const suppressed = (await suppressionOf(sql, match)) ?? silenceOf(match, silencedBy(silences, labels, now));
  if (suppressed) {
    await insertSuppression(sql, suppressed, now);
    return [];
  }
  const opened: string[] = [];
  for (const decision of routesFor(routes, labels)) {
    const values = groupValues(match.record, match.rule, decision.groupBy);
    const fingerprint = fingerprintOf(match.rule.id, values, decision.channel);
    if (await openOrCount(sql, tools, match, decision, fingerprint, now)) opened.push(match.rule.level);
  }
  return opened;
}

/** True when a new alert was opened. */
async function openOrCount(
  sql: Sql,
  tools: EvaluateTools,
  match: Match,
  decision: Decision,
  fingerprint: string,
  now: Millis,
): Promise<boolean> {
  const { record } = match;
  const open = await openAlert(sql, fingerprint);
  if (open) {
    if (!(await addMatch(sql, open, record.eventTime)))
      throw new Error(`${open.id} changed during evaluation`);
    await addRecordToAlert(sql, open.id, record.key);
    await enqueue(sql, 'notify', open.id, now);
    return false;
  }
  const quiet = quietOf(match, await lastResolved(sql, fingerprint), now);
  if (quiet) {
    await insertSuppression(sql, quiet, now);
    return false;
  }
  const alert = newAlert(
    await nextAlertId(sql),
    match,
    decision,
    fingerprint,
    tools.settings().accounts,
    now,
  );
  await insertAlert(sql, alert);
  await addRecordToAlert(sql, alert.id, record.key);
  await insertHistory(sql, {
    id: tools.random.id(),
    alertId: alert.id,
    at: now,
    kind: 'opened',
    userId: undefined,
    teamId: undefined,
    detail: `opened by event ${record.eventId}, routed to ${decision.channel} by route ${decision.path}`,
  });
  await enqueue(sql, 'notify', alert.id, now + decision.groupWait);
  return true;
}

function newAlert(
  id: string,
  match: Match,
  decision: Decision,
  fingerprint: string,
  accounts: Accounts,
  now: Millis,
): Alert {
  const { rule, record } = match;
  return {
    id,
    fingerprint,
    ruleId: rule.id,
    ruleName: rule.name,
    title: rule.title,
    level: rule.level,
    author: rule.author,
    why: rule.description,
    runbook: rule.runbook,
    quietFor: rule.quietFor ?? 0,
    facts: factsOf(match, accounts),
    state: 'firing',
    version: 1,
    snoozedUntil: undefined,
    snoozedBy: undefined,
    count: 1,
    firstAt: record.eventTime,
    lastAt: record.eventTime,
    openedAt: now,
    acknowledgedBy: undefined,
    acknowledgedAt: undefined,
    resolvedBy: undefined,
    resolvedAt: undefined,
    disposition: undefined,
    note: undefined,
    channel: decision.channel,
    groupWait: decision.groupWait,
  };
}

async function suppressionOf(sql: Sql, match: Match): Promise<Suppression | undefined> {
  const place = { recordKey: match.record.key, ruleId: match.rule.id };
  if (match.rule.level === 'informational') {
    return { ...place, kind: 'informational', reason: 'informational rules are counted and never alert' };
  }
  const original = correctedEvent(match.record);
  const event = { eventId: original ?? '', otherThan: match.record.key, ruleId: match.rule.id };
  if (original !== undefined && (await matchedBefore(sql, event))) {
    return {
      ...place,
      kind: 'correction',
      reason: `CloudTrail corrected event ${original}, which this rule has matched already`,
    };
  }
  return undefined;
}

/** CloudTrail user guide, "addendum": UPDATED_DATA is a corrected copy of an event delivered before. */
function correctedEvent(record: CloudTrailRecord): string | undefined {
  const addendum = objectOf(record.body, 'addendum');
  if (!addendum || textOf(addendum, 'reason') !== 'UPDATED_DATA') return undefined;
  return textOf(addendum, 'originalEventID');
}

function silenceOf(match: Match, silence: Silence | undefined): Suppression | undefined {
  if (!silence) return undefined;
  return {
    recordKey: match.record.key,
    ruleId: match.rule.id,
    kind: 'silence',
    reason: `silenced: ${silence.reason}`,
  };
}

function quietOf(match: Match, resolved: Alert | undefined, now: Millis): Suppression | undefined {
  const until = (resolved?.resolvedAt ?? 0) + (match.rule.quietFor ?? 0);
  if (!resolved || until <= now) return undefined;
  return {
    recordKey: match.record.key,
    ruleId: match.rule.id,
    kind: 'quiet',
    reason: `${resolved.id} was resolved ${sayDuration(now - (resolved.resolvedAt ?? now))} before, and the rule stays quiet for ${sayDuration(match.rule.quietFor ?? 0)}`,
  };
}
