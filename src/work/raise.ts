import type { Alert } from '../alerts/alert.ts';
import { factsOf, factsOfBothHalves } from '../alerts/facts.ts';
import { fingerprintOf } from '../alerts/fingerprint.ts';
import { type Accounts, groupValues, labelsOf } from '../alerts/labels.ts';
import { type Decision, type Route, routesFor } from '../alerts/route.ts';
import { type Silence, silencedBy } from '../alerts/silence.ts';
import type { Portal } from '../cloudtrail/console.ts';
import { correctedEvent } from '../cloudtrail/correction.ts';
import type { Random } from '../kernel/random.ts';
import { type Millis, sayDuration } from '../kernel/time.ts';
import type { Match } from '../rules/rule.ts';
import { addMatch, changeFacts, insertAlert, lastResolved, nextAlertId, openAlert } from '../store/alerts.ts';
import { insertHistory } from '../store/history.ts';
import { enqueue } from '../store/jobs.ts';
import { addRecordToAlert, matchedBefore } from '../store/memberships.ts';
import type { Sql } from '../store/sql.ts';
import { insertSuppression, type Suppression } from '../store/suppressions.ts';

/** What making alerts needs; the configuration is asked each time, so that a reload takes effect. */
export interface RaiseTools {
  readonly settings: () => {
    routes: Route;
    silences: readonly Silence[];
    accounts: Accounts;
    identityCenter?: Portal | undefined;
  };
  readonly random: Random;
}

/** One match: suppressed with a reason, added to the open alert, or a new alert. Returns the levels opened. */
export async function raise(sql: Sql, tools: RaiseTools, match: Match, now: Millis): Promise<string[]> {
  const { routes, silences, accounts } = tools.settings();
  const labels = labelsOf(match, accounts);
  const suppressed = (await suppressionOf(sql, match)) ?? silenceOf(match, silencedBy(silences, labels, now));
  if (suppressed) {
    await insertSuppression(sql, suppressed, now);
    return [];
  }
  const opened: string[] = [];
  for (const decision of routesFor(routes, labels)) {
    const values = groupValues(match, decision.groupBy);
    const fingerprint = fingerprintOf(match.rule.id, values, decision.channel);
    if (await openOrCount(sql, tools, match, decision, fingerprint, now)) opened.push(match.rule.level);
  }
  return opened;
}

/** True when a new alert was opened. */
async function openOrCount(
  sql: Sql,
  tools: RaiseTools,
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
    const changed = factsOfBothHalves(open.facts, match, tools.settings().accounts);
    if (changed) await changeFacts(sql, open, { ...open.facts, ...changed });
    await addRecords(sql, open.id, match, match.firing?.fresh);
    await enqueue(sql, 'notify', open.id, now);
    return false;
  }
  const quiet = quietOf(match, await lastResolved(sql, fingerprint), now);
  if (quiet) {
    await insertSuppression(sql, quiet, now);
    return false;
  }
  const alert = newAlert(await nextAlertId(sql), match, decision, fingerprint, tools.settings(), now);
  await insertAlert(sql, alert);
  await addRecords(sql, alert.id, match);
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

/** The record; of a correlation's alert those that it counted, for an open one the `first` that are new to it. */
async function addRecords(
  sql: Sql,
  alertId: string,
  { record, firing }: Match,
  first?: number,
): Promise<void> {
  const keys = new Set([record.key, ...(firing?.records.slice(0, first) ?? [])]);
  for (const key of keys) await addRecordToAlert(sql, alertId, key);
}

function newAlert(
  id: string,
  match: Match,
  decision: Decision,
  fingerprint: string,
  { accounts, identityCenter }: ReturnType<RaiseTools['settings']>,
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
    facts: factsOf(match, accounts, identityCenter),
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
