import { expect, it } from 'vitest';
import { systemRandom } from '../../src/kernel/random.ts';
import { HOUR } from '../../src/kernel/time.ts';
import { alertById, changeAlert, insertAlert } from '../../src/store/alerts.ts';
import { historyOf } from '../../src/store/history.ts';
import { liftAlert } from '../../src/work/lift.ts';
import { anAlert, T0 } from '../support/alerts.ts';
import { temporaryStore } from '../support/store.ts';

it('a match that its rule takes more seriously by now raises the alert and ends its snooze; a lesser one does not', async () => {
  const db = await temporaryStore();
  await insertAlert(db, anAlert());
  await changeAlert(db, 'A-7', 1, { snoozedUntil: T0 + HOUR, snoozedBy: 'U0ALICE01' });
  const lift = async (level: 'medium' | 'critical') => {
    const alert = await alertById(db, 'A-7');
    if (alert) await db.tx((sql) => liftAlert(sql, { random: systemRandom }, alert, level, T0));
    return alertById(db, 'A-7');
  };
  expect(await lift('medium')).toMatchObject({ level: 'high', snoozedUntil: T0 + HOUR, version: 2 });
  expect(await lift('critical')).toMatchObject({ level: 'critical', snoozedUntil: undefined, version: 3 });
  expect((await historyOf(db, 'A-7')).map(({ detail }) => detail)).toEqual([
    'raised from high to critical, as its rule says now; the snooze ended',
  ]);
});
