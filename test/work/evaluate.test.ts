import { describe, expect, it } from 'vitest';
import { readDelivery } from '../../src/cloudtrail/delivery.ts';
import { systemRandom } from '../../src/kernel/random.ts';
import { HOUR, MINUTE, SECOND } from '../../src/kernel/time.ts';
import { alertById, listAlerts } from '../../src/store/alerts.ts';
import { alertsOfRecord, callsOfAlert } from '../../src/store/memberships.ts';
import { countRecords, recordsByEventId } from '../../src/store/records.ts';
import { StorageTrouble } from '../../src/store/sql.ts';
import { suppressionsOfRecord } from '../../src/store/suppressions.ts';
import { evaluatePending } from '../../src/work/evaluate.ts';
import { createFresh } from '../../src/work/fresh.ts';
import { createIntake } from '../../src/work/intake.ts';
import { operate } from '../../src/work/operate.ts';
import { ALICE } from '../support/alerts.ts';
import { type Evaluation, startEvaluation } from '../support/evaluation.ts';
import { record, roleSession, user } from '../support/records.ts';

const KEY_RULE = `
title: Access key created
id: 6f0a1a52-6b1e-4f0a-9c55-0f8f4d4f6a01
name: key-created
level: high
author: Jane Doe
description: Keys outlive sessions.
logsource: { product: aws, service: cloudtrail }
detection:
  selection: { eventSource: iam.amazonaws.com, eventName: CreateAccessKey }
  condition: selection
fields: [requestParameters.userName]
trailbot:
  summary: "{actor} created a key for {requestParameters.userName}"
  quiet_for: 1h
`;

const ALL = ['firing', 'acknowledged', 'resolved'] as const;
const alertsIn = ({ db }: Evaluation) => listAlerts(db, { states: ALL, limit: 50 });

async function resolveFirst(evaluation: Evaluation): Promise<string> {
  const [alert] = await alertsIn(evaluation);
  if (!alert) throw new Error('no alert');
  await operate(
    { db: evaluation.db, clock: evaluation.clock, random: systemRandom, refuse: async () => undefined },
    {
      alertId: alert.id,
      version: alert.version,
      operation: { kind: 'resolve', disposition: 'expected', note: undefined },
      operator: ALICE,
      pressId: systemRandom.id(),
    },
  );
  return alert.id;
}

describe('a match', () => {
  it('opens one alert that says who did what', async () => {
    const evaluation = await startEvaluation(KEY_RULE, 'accounts: {"111122223333": {name: prod-core}}');
    await evaluation.take([record()]);
    const [alert] = await alertsIn(evaluation);
    expect(alert).toMatchObject({
      id: 'A-1',
      title: 'Access key created',
      level: 'high',
      state: 'firing',
      count: 1,
      channel: '#security-alerts',
      author: 'Jane Doe',
      facts: {
        summary: 'user alice created a key for bob',
        accountName: 'prod-core',
        eventName: 'CreateAccessKey',
        outcome: 'Success',
        fields: [['requestParameters.userName', 'bob']],
      },
    });
    expect(evaluation.counters.seen.get('alert high')).toBe(1);
  });

  it('of the same event, three times, at once and hours later, is one record and one alert', async () => {
    const evaluation = await startEvaluation(KEY_RULE);
    const event = record();
    await evaluation.take([event, event]);
    await evaluation.clock.advance(3 * HOUR);
    await evaluation.take([event]);
    expect(await alertsIn(evaluation)).toMatchObject([{ id: 'A-1', count: 1 }]);
    expect((await countRecords(evaluation.db)).stored).toBe(1);
    expect(evaluation.counters.seen.get('duplicate')).toBe(2);
  });

  it('of the same actor is counted in the open alert, with the first and last event time in any order', async () => {
    const evaluation = await startEvaluation(KEY_RULE);
    await evaluation.take([record({ eventTime: '2026-11-20T09:10:00Z' })]);
    await evaluation.take([
      record({ eventTime: '2026-11-20T09:12:00Z' }),
      record({ eventTime: '2026-11-20T09:01:00Z' }),
    ]);
    const [alert] = await alertsIn(evaluation);
    expect(alert).toMatchObject({
      count: 3,
      firstAt: Date.UTC(2026, 10, 20, 9, 1),
      lastAt: Date.UTC(2026, 10, 20, 9, 12),
      version: 1,
    });
    expect(await callsOfAlert(evaluation.db, 'A-1')).toMatchObject([
      { eventName: 'CreateAccessKey', count: 3 },
    ]);
  });

  it('of another actor is another alert; all sessions of a role are one actor', async () => {
    const evaluation = await startEvaluation(KEY_RULE);
    await evaluation.take([
      record({ userIdentity: user('alice') }),
      record({ userIdentity: user('carol') }),
      record({ userIdentity: roleSession('Admin', 'one') }),
      record({ userIdentity: roleSession('Admin', 'two') }),
    ]);
    expect((await alertsIn(evaluation)).map((alert) => alert.count).sort()).toEqual([1, 1, 2]);
  });

  it('follows the route: channel, grouping and waiting', async () => {
    const evaluation = await startEvaluation(
      KEY_RULE,
      `
routes:
  routes:
    - match: ["level>=high", "account=111122223333"]
      channel: "#cloud-ops"
      group_by: [account]
      group_wait: 30s
`,
    );
    await evaluation.take([record({ userIdentity: user('alice') }), record({ userIdentity: user('carol') })]);
    expect(await alertsIn(evaluation)).toMatchObject([
      { channel: '#cloud-ops', count: 2, groupWait: 30 * SECOND },
    ]);
  });

  it('under a silence makes no alert and leaves the reason', async () => {
    const evaluation = await startEvaluation(
      KEY_RULE,
      'silences: [{match: ["actor=alice"], reason: "alice rotates keys on Fridays"}]',
    );
    await evaluation.take([record({ eventID: 'event-1' })]);
    expect(await alertsIn(evaluation)).toEqual([]);
    const [stored] = await recordsByEventId(evaluation.db, 'event-1');
    expect(await suppressionsOfRecord(evaluation.db, stored?.key ?? '')).toMatchObject([
      { reason: 'silenced: alice rotates keys on Fridays' },
    ]);
  });

  it('after a resolve stays quiet for quiet_for, then opens a new alert', async () => {
    const evaluation = await startEvaluation(KEY_RULE);
    await evaluation.take([record()]);
    await resolveFirst(evaluation);
    await evaluation.clock.advance(30 * MINUTE);
    await evaluation.take([record()]);
    expect(await alertsIn(evaluation)).toHaveLength(1);
    await evaluation.clock.advance(31 * MINUTE);
    await evaluation.take([record()]);
    expect((await alertsIn(evaluation)).map((alert) => alert.id)).toEqual(['A-2', 'A-1']);
  });

  it('of an informational rule never alerts', async () => {
    const evaluation = await startEvaluation(KEY_RULE.replace('level: high', 'level: informational'));
    await evaluation.take([record({ eventID: 'event-1' })]);
    expect(await alertsIn(evaluation)).toEqual([]);
    const [stored] = await recordsByEventId(evaluation.db, 'event-1');
    expect(await suppressionsOfRecord(evaluation.db, stored?.key ?? '')).toHaveLength(1);
  });

  describe('in a corrected copy of an event (addendum UPDATED_DATA)', () => {
    const correction = (originalEventID: string, over = {}) =>
      record({ addendum: { reason: 'UPDATED_DATA', originalEventID }, ...over });

    it('is no second match of the same rule', async () => {
      const evaluation = await startEvaluation(KEY_RULE);
      await evaluation.take([record({ eventID: 'original' })]);
      await evaluation.take([correction('original', { eventID: 'correction' })]);
      expect(await alertsIn(evaluation)).toMatchObject([{ count: 1 }]);
    });

    it('alerts when the original was never seen, or is this very event', async () => {
      const evaluation = await startEvaluation(KEY_RULE);
      await evaluation.take([correction('never seen'), correction('itself', { eventID: 'itself' })]);
      expect(await alertsIn(evaluation)).toMatchObject([{ count: 2 }]);
    });

    it('alerts when only the corrected data match', async () => {
      const evaluation = await startEvaluation(KEY_RULE);
      await evaluation.take([record({ eventID: 'original', eventName: 'ListUsers' })]);
      await evaluation.take([correction('original')]);
      expect(await alertsIn(evaluation)).toMatchObject([{ count: 1 }]);
    });
  });

  it('knows its records, so that a record can say which alert it belongs to', async () => {
    const evaluation = await startEvaluation(KEY_RULE);
    await evaluation.take([record({ eventID: 'event-1' })]);
    const [stored] = await recordsByEventId(evaluation.db, 'event-1');
    expect(await alertsOfRecord(evaluation.db, stored?.key ?? '')).toEqual(['A-1']);
  });
});

describe('evaluation', () => {
  it('goes on past a record that breaks it, and keeps that record with the reason', async () => {
    const evaluation = await startEvaluation(KEY_RULE);
    const ruleset = evaluation.tools.ruleset();
    const fragile = {
      ...evaluation.tools,
      ruleset: () => ({
        ...ruleset,
        match: (one: Parameters<typeof ruleset.match>[0]) => {
          if (one.eventId === 'bad') throw new Error('the engine has a fault');
          return ruleset.match(one);
        },
      }),
    };
    const intake = createIntake(evaluation.db, evaluation.counters, createFresh(), () => {});
    const delivery = readDelivery(JSON.stringify([record({ eventID: 'bad' }), record({ eventID: 'good' })]));
    if ('notJson' in delivery) throw new Error(delivery.notJson);
    await intake.accept(delivery, evaluation.clock.now());
    expect(await evaluatePending(fragile, 50)).toBe(2);
    expect(await evaluatePending(fragile, 50)).toBe(0);
    expect(await alertById(evaluation.db, 'A-1')).toMatchObject({ count: 1 });
    expect((await countRecords(evaluation.db)).rejected).toBe(1);
  });

  it('waits while the disk is full, and then alerts on every record', async () => {
    const evaluation = await startEvaluation(KEY_RULE, 'routes: { group_by: [eventID] }');
    const intake = createIntake(evaluation.db, evaluation.counters, createFresh(), () => {});
    const delivery = readDelivery(JSON.stringify(Array.from({ length: 60 }, () => record())));
    if ('notJson' in delivery) throw new Error(delivery.notJson);
    await intake.accept(delivery, evaluation.clock.now());
    const [size] = await evaluation.db.all<{ page_count: number }>('pragma page_count');
    await evaluation.db.all(`pragma max_page_count = ${(size?.page_count ?? 0) + 4}`);
    await expect(evaluatePending(evaluation.tools, 50)).rejects.toThrow(StorageTrouble);
    expect(await countRecords(evaluation.db)).toMatchObject({ pending: 60, rejected: 0 });
    await evaluation.db.all('pragma max_page_count = 1000000');
    while ((await evaluatePending(evaluation.tools, 50)) > 0);
    expect(await listAlerts(evaluation.db, { states: ALL, limit: 100 })).toHaveLength(60);
    expect((await countRecords(evaluation.db)).rejected).toBe(0);
  });

  it('takes large records a few at a time', async () => {
    const evaluation = await startEvaluation(KEY_RULE);
    const intake = createIntake(evaluation.db, evaluation.counters, createFresh(), () => {});
    for (let index = 0; index < 12; index++) {
      const delivery = readDelivery(JSON.stringify(record({ padding: 'x'.repeat(900_000) })));
      if ('notJson' in delivery) throw new Error(delivery.notJson);
      await intake.accept(delivery, evaluation.clock.now());
    }
    expect(await evaluatePending(evaluation.tools, 50)).toBe(4);
    while ((await evaluatePending(evaluation.tools, 50)) > 0);
    expect(await alertsIn(evaluation)).toMatchObject([{ count: 12 }]);
  });

  it('run twice at once takes each record once', async () => {
    const evaluation = await startEvaluation(KEY_RULE);
    const intake = createIntake(evaluation.db, evaluation.counters, createFresh(), () => {});
    const delivery = readDelivery(JSON.stringify(Array.from({ length: 30 }, () => record())));
    if ('notJson' in delivery) throw new Error(delivery.notJson);
    await intake.accept(delivery, evaluation.clock.now());
    await Promise.all(Array.from({ length: 4 }, () => evaluatePending(evaluation.tools, 50)));
    expect(await alertsIn(evaluation)).toMatchObject([{ count: 30 }]);
  });
});
