import type { Alert } from '../alerts/alert.ts';
import type { Change } from '../alerts/change.ts';
import { awake } from '../alerts/transition.ts';
import type { Random } from '../kernel/random.ts';
import type { Millis } from '../kernel/time.ts';
import { LEVELS, type Level } from '../rules/rule.ts';
import { changeAlert, changeLoudness } from '../store/alerts.ts';
import type { Sql } from '../store/sql.ts';
import { followChange } from './follow-change.ts';
import { recordOwnAct } from './own-act.ts';
import { enqueueReminder } from './remind.ts';

/**
 * A match of an open alert that its rule takes more seriously by now: the alert gets that level, and is not snoozed any
 * longer. It never becomes less serious than whoever works on it has read.
 */
export async function liftAlert(
  sql: Sql,
  tools: { readonly random: Random },
  alert: Alert,
  level: Level,
  now: Millis,
): Promise<void> {
  if (LEVELS.indexOf(level) <= LEVELS.indexOf(alert.level)) return;
  const snoozed = alert.snoozedUntil !== undefined;
  const change: Change = { level, ...(snoozed ? awake(alert, now) : {}) };
  if (!(await changeAlert(sql, alert.id, alert.version, change)))
    throw new Error(`${alert.id} changed during evaluation`);
  // Digests are for what is not taken seriously.
  await changeLoudness(sql, alert.id, 'usual');
  const after: Alert = { ...alert, ...change, loudness: 'usual', version: alert.version + 1 };
  const detail = `raised from ${alert.level} to ${level}, as its rule says now${snoozed ? '; the snooze ended' : ''}`;
  await recordOwnAct(sql, tools.random, { alertId: alert.id, kind: 'lift', detail }, now);
  await followChange(sql, tools, after, now);
  if (snoozed) await enqueueReminder(sql, alert.id, after.version, 'raised', now);
}
