import type { Change } from '../alerts/change.ts';
import type { Random } from '../kernel/random.ts';
import type { Millis } from '../kernel/time.ts';
import { alertById, changeAlert } from '../store/alerts.ts';
import { insertHistory } from '../store/history.ts';
import { alertsOfRecord } from '../store/memberships.ts';
import type { Sql } from '../store/sql.ts';
import { followChange } from './follow-change.ts';
import { enqueueReminder } from './remind.ts';

/** Something that the bot had noticed is as it should be again. */
export interface Over {
  /** Of the record that reported it. */
  readonly recordKey: string;
  /** A sentence for the alert: what is well again, since when. */
  readonly note: string;
  /** Whether something else that the same alert reports goes on. */
  readonly unless?: (alertId: string) => Promise<boolean>;
  readonly now: Millis;
}

/**
 * What the bot itself reported is over: it resolves the alert where nobody has taken it. Whoever has acknowledged or
 * snoozed it keeps it, and reads the note in its thread.
 */
export async function sayOver(sql: Sql, random: Random, over: Over): Promise<void> {
  for (const alertId of await alertsOfRecord(sql, over.recordKey)) {
    const alert = await alertById(sql, alertId);
    if (!alert || alert.state === 'resolved' || (await over.unless?.(alertId))) continue;
    const taken =
      alert.state === 'acknowledged' || alert.assignee !== undefined || alert.snoozedUntil !== undefined;
    if (!taken) {
      const change: Change = {
        state: 'resolved',
        resolvedBy: undefined,
        resolvedAt: over.now,
        note: over.note,
      };
      if (!(await changeAlert(sql, alertId, alert.version, change))) {
        throw new Error(`${alertId} changed while it was closed`);
      }
      const after = { ...alert, ...change, version: alert.version + 1 };
      await followChange(sql, { random }, after, over.now);
    }
    await insertHistory(sql, {
      id: random.id(),
      alertId,
      at: over.now,
      kind: 'over',
      userId: undefined,
      teamId: undefined,
      detail: over.note,
    });
    if (taken) await enqueueReminder(sql, alertId, alert.version, 'over', over.now);
  }
}
