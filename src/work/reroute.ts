import { fingerprintOf } from '../alerts/fingerprint.ts';
import { groupValues, labelsOf } from '../alerts/labels.ts';
import { type Decision, routesFor } from '../alerts/route.ts';
import { readRecord } from '../cloudtrail/record.ts';
import { groupIn } from '../rules/correlation/group.ts';
import type { Match } from '../rules/rule.ts';
import { alertById, moveAlert, openAlert } from '../store/alerts.ts';
import { insertHistory } from '../store/history.ts';
import { parkedSubjects } from '../store/jobs.ts';
import { firstRecordOf } from '../store/memberships.ts';
import { messageState } from '../store/receipts.ts';
import type { Sql } from '../store/sql.ts';
import type { EvaluateTools } from './evaluate.ts';

/**
 * An alert keeps the channel it was opened for. Where that channel turned out to be wrong, so that the alert
 * was never posted, it goes where the routes of today send it. Called before given-up work is tried again.
 */
export async function rerouteUndelivered(tools: EvaluateTools): Promise<void> {
  for (const alertId of await parkedSubjects(tools.db, 'notify')) {
    await tools.db.tx((sql) => reroute(sql, tools, alertId));
  }
}

async function reroute(sql: Sql, tools: EvaluateTools, alertId: string): Promise<void> {
  const alert = await alertById(sql, alertId);
  if (!alert || (await messageState(sql, alertId))?.receipt) return;
  const match = await matchOf(sql, tools, alertId, alert.ruleId);
  if (!match) return;
  const { routes, accounts } = tools.settings();
  const decisions = routesFor(routes, labelsOf(match, accounts), tools.clock.now());
  const [decision] = decisions;
  if (!decision || decisions.some(({ channel }) => channel === alert.channel)) return;
  const fingerprint = await freeFingerprint(sql, match, decision, alert.fingerprint);
  if (!(await moveAlert(sql, alert, { channel: decision.channel, fingerprint }))) return;
  await insertHistory(sql, {
    id: tools.random.id(),
    alertId,
    at: tools.clock.now(),
    kind: 'rerouted',
    userId: undefined,
    teamId: undefined,
    detail: `could not be posted to ${alert.channel}; now routed to ${decision.channel} by route ${decision.path}`,
  });
}

async function matchOf(
  sql: Sql,
  tools: EvaluateTools,
  alertId: string,
  ruleId: string,
): Promise<Match | undefined> {
  const { rules, correlations } = tools.ruleset();
  const stored = await firstRecordOf(sql, alertId);
  if (!stored) return undefined;
  const record = readRecord(JSON.parse(stored.body), { account: stored.account, region: stored.region });
  if ('unreadable' in record) return undefined;
  const rule = rules.find(({ id }) => id === ruleId);
  if (rule) return { rule, record };
  const correlation = correlations.find((one) => one.rule.id === ruleId);
  const group = correlation && groupIn(correlation, record);
  if (!group) return undefined;
  return { rule: correlation.rule, record, firing: { group, count: 1, values: [], records: [], fresh: 0 } };
}

/** That of the new channel, unless matches since have opened an alert there: then this one stays by itself. */
async function freeFingerprint(sql: Sql, match: Match, decision: Decision, own: string): Promise<string> {
  const values = groupValues(match, decision.groupBy);
  const wanted = fingerprintOf(match.rule.id, values, decision.channel);
  return (await openAlert(sql, wanted)) ? own : wanted;
}
