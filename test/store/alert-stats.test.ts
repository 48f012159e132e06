import { describe, expect, it } from 'vitest';
import type { Alert } from '../../src/alerts/alert.ts';
import { MINUTE } from '../../src/kernel/time.ts';
import { alertStats } from '../../src/store/alert-stats.ts';
import { changeAlert, insertAlert } from '../../src/store/alerts.ts';
import type { Database } from '../../src/store/sql.ts';
import { anAlert, T0 } from '../support/alerts.ts';
import { temporaryStore } from '../support/store.ts';

let made = 0;

/** Stores an alert and what people did with it. */
async function happened(db: Database, alert: Partial<Alert>, then?: Parameters<typeof changeAlert>[3]) {
  made += 1;
  const full = anAlert({ id: `A-${made}`, fingerprint: `f${made}`, ...alert });
  await insertAlert(db, full);
  if (then) await changeAlert(db, full.id, full.version, then);
}

describe('how the alerts did', () => {
  it('counts by rule, the most frequent first, with the median times to acknowledge and resolve', async () => {
    const db = await temporaryStore();
    const acknowledgedIn = (minutes: number) => ({ acknowledgedAt: T0 + minutes * MINUTE });
    const key = {
      ruleId: 'key',
      ruleName: 'key-made',
      title: 'Access key created',
      level: 'medium',
    } as const;
    await happened(db, { count: 10 });
    await happened(db, key, { state: 'acknowledged', ...acknowledgedIn(1) });
    await happened(db, key, {
      state: 'resolved',
      ...acknowledgedIn(3),
      resolvedAt: T0 + 20 * MINUTE,
      disposition: 'false_positive',
    });
    await happened(
      db,
      { ...key, count: 4 },
      { state: 'resolved', ...acknowledgedIn(100), resolvedAt: T0 + 30 * MINUTE },
    );
    expect(await alertStats(db, T0, T0)).toEqual([
      {
        ruleName: 'key-made',
        title: 'Access key created',
        level: 'medium',
        alerts: 3,
        events: 6,
        open: 1,
        acknowledgedAfter: 3 * MINUTE,
        resolvedAfter: 25 * MINUTE,
        falsePositives: 1,
      },
      {
        ruleName: 'root-sign-in',
        title: 'Root signed in to the console',
        level: 'high',
        alerts: 1,
        events: 10,
        open: 1,
        acknowledgedAfter: undefined,
        resolvedAfter: undefined,
        falsePositives: 0,
      },
    ]);
  });

  it('counts alerts of the period alone, a renamed rule as one by its latest name', async () => {
    const db = await temporaryStore();
    await happened(db, { openedAt: T0 - 1 });
    await happened(db, { openedAt: T0, ruleName: 'old-name' });
    await happened(db, { openedAt: T0 + 5, ruleName: 'new-name' });
    await happened(db, { openedAt: T0 + 6, ruleId: 'other' });
    expect(await alertStats(db, T0, T0 + 5)).toMatchObject([{ ruleName: 'new-name', alerts: 2 }]);
    expect(await alertStats(db, T0 + 7, T0 + 9)).toEqual([]);
  });
});
