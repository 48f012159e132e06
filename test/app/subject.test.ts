import { expect, test } from 'vitest';
import type { AlertFacts } from '../../src/alerts/alert.ts';
import { subjectOf } from '../../src/app/subject.ts';
import { DAY, HOUR } from '../../src/kernel/time.ts';
import { insertAlert } from '../../src/store/alerts.ts';
import { anAlert, T0 } from '../support/alerts.ts';
import { temporaryStore } from '../support/store.ts';

const KEY = 'AKIAIOSFODNN7EXAMPLE';

/** What is asked about an alert of which no event is kept. */
async function left(facts: Partial<AlertFacts>) {
  const sql = await temporaryStore();
  const alert = anAlert();
  await insertAlert(sql, { ...alert, facts: { ...alert.facts, ...facts } });
  return subjectOf(sql, alert.id, T0 + HOUR);
}

test.each<[string, Partial<AlertFacts>, string, string]>([
  ['the key', { fields: [['userIdentity.accessKeyId', KEY]] }, 'key', KEY],
  ['the root user', {}, 'root', ''],
  ['the user', { actorArn: 'arn:aws:iam::111122223333:user/ops/alice' }, 'user', 'alice'],
  [
    'the session',
    { actorArn: 'arn:aws:sts::111122223333:assumed-role/Admin/bob@example.com' },
    'user',
    'bob@example.com',
  ],
  ['the address', { actorArn: undefined }, 'address', '203.0.113.7'],
  ['the address of a role', { actorArn: 'arn:aws:iam::111122223333:role/Admin' }, 'address', '203.0.113.7'],
])('when its events are gone, %s that the alert has kept', async (_, facts, kind, value) => {
  const period = { from: T0 - DAY, to: T0 + HOUR, said: 'since a day before A-7' };
  expect(await left(facts)).toEqual({ kind, value, scope: { period } });
});

test('when nothing is left of them, it says that they are no longer kept', async () => {
  expect(await left({ actorArn: undefined, sourceAddress: undefined })).toEqual({
    refused:
      'A-7 names no key, actor or address to look into, and its events are no longer kept (history.records says how long they are).',
  });
});

test('an alert that is not known is said to be so', async () => {
  expect(await subjectOf(await temporaryStore(), 'A-99', T0)).toEqual({
    refused: 'A-99 is not known here; it may belong to another installation of Trailbot.',
  });
});
