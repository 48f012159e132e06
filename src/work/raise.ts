import type { Alert } from '../alerts/alert.ts';
import type { Policy } from '../alerts/escalation.ts';
import { factsOf, factsOfBothHalves } from '../alerts/facts.ts';
import { fingerprintOf } from '../alerts/fingerprint.ts';
import type { Inhibition } from '../alerts/inhibition.ts';
import { type Accounts, groupValues, labelsOf } from '../alerts/labels.ts';
import type { MuteWindow } from '../alerts/mute-window.ts';
import { type Decision, type Route, routesFor } from '../alerts/route.ts';
import { type Silence, silencedBy } from '../alerts/silence.ts';
import type { Portal } from '../cloudtrail/console.ts';
import { correctedEvent } from '../cloudtrail/correction.ts';
import type { Random } from '../kernel/random.ts';
import { type Millis, sayDuration } from '../kernel/time.ts';
import { LEVELS, type Level, type Match } from '../rules/rule.ts';
import { addMatch, changeFacts, insertAlert, lastResolved, nextAlertId, openAlert } from '../store/alerts.ts';
import { insertHistory } from '../store/history.ts';
import { enqueue } from '../store/jobs.ts';
import { addRecordToAlert, matchedBefore } from '../store/memberships.ts';
import type { Sql } from '../store/sql.ts';
import { insertSuppression, type Suppression } from '../store/suppressions.ts';
import { confirmedBefore, wantFurtherQuestion, wantQuestion } from './ask-actor/want.ts';
import { followAlert } from './escalation/follow.ts';
import { openEscalation } from './escalation/open.ts';
import { liftAlert } from './lift.ts';
import { heldBackNow, holdBack, holdOthersBack } from './mute/inhibit.ts';
import { countMuted, quietBy } from './mute/suppress.ts';

/** What making alerts needs; the configuration is asked each time, so that a reload takes effect. */
export interface RaiseTools {
  readonly settings: () => {
    routes: Route;
    silences: readonly Silence[];
    muteWindows?: readonly MuteWindow[];
    inhibitions?: readonly Inhibition[];
    accounts: Accounts;
    escalations?: ReadonlyMap<string, Policy>;
    digests?: { readonly only: Level | undefined };
    identityCenter?: Portal | undefined;
  };
  readonly random: Random;
}

/** One match: suppressed with a reason, added to the open alert, or a new alert. Returns the levels opened. */
export async function raise(sql: Sql, tools: RaiseTools, match: Match, now: Millis): Promise<string[]> {
  const { routes, silences, muteWindows, accounts } = tools.settings();
  const labels = labelsOf(match, accounts);
  const suppressed =
    (await suppressionOf(sql, match)) ??
    silenceOf(match, silencedBy(silences, labels, now)) ??
    (await quietBy(sql, muteWindows ?? [], match, labels, now));
  if (suppressed) {
    const place = { recordKey: match.record.key, ruleId: match.rule.id };
    if (await insertSuppression(sql, { ...place, ...suppressed }, now)) {
      await countMuted(sql, suppressed, match);
    }
    return [];
  }
  const opened: string[] = [];
  for (const decision of routesFor(routes, labels, now)) {
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
    await liftAlert(sql, tools, open, match.rule.level, now);
    await wantFurtherQuestion(sql, open, match, tools.settings().accounts, now);
    return false;
  }
  const quiet =
    quietOf(match, await lastResolved(sql, fingerprint), now) ??
    (await confirmedBefore(sql, match, fingerprint, now));
  if (quiet) {
    await insertSuppression(sql, quiet, now);
    return false;
  }
  const { inhibitions = [], accounts } = tools.settings();
  const labels = labelsOf(match, accounts);
  const by = await heldBackNow(sql, inhibitions, match, labels, now);
  if (by) {
    await holdBack(sql, match, by, now);
    return false;
  }
  const alert = newAlert(await nextAlertId(sql), match, decision, fingerprint, tools.settings(), now);
  await insertAlert(sql, alert);
  await holdOthersBack(sql, inhibitions, alert, labels);
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
  await openEscalation(sql, tools.settings().escalations, alert, decision);
  // What nobody is shown at once, nobody is woken for, unless it becomes more serious.
  if (alert.loudness === 'digest') await followAlert(sql, tools, alert, now);
  await wantQuestion(sql, alert, match, now);
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
  { accounts, identityCenter, digests }: ReturnType<RaiseTools['settings']>,
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
    again: false,
    needs: rule.needs ?? 1,
    acknowledgements: [],
    acknowledgedBy: undefined,
    acknowledgedAt: undefined,
    assignee: undefined,
    assignedBy: undefined,
    takenFrom: undefined,
    heldSince: undefined,
    confirmBy: undefined,
    resolvedBy: undefined,
    resolvedAt: undefined,
    disposition: undefined,
    note: undefined,
    channel: decision.channel,
    groupWait: decision.groupWait,
    loudness: isForDigest(rule.level, digests?.only) ? 'digest' : 'usual',
  };
}

/** Whether alerts of this level stand in digests alone. */
export function isForDigest(level: Level, only: Level | undefined): boolean {
  return only !== undefined && LEVELS.indexOf(level) <= LEVELS.indexOf(only);
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
