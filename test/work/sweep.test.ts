import { describe, expect, it } from 'vitest';
import { readDelivery } from '../../src/cloudtrail/delivery.ts';
import { DAY, HOUR } from '../../src/kernel/time.ts';
import { alertById } from '../../src/store/alerts.ts';
import { callsOfAlert } from '../../src/store/memberships.ts';
import { countRecords, pendingRecords } from '../../src/store/records.ts';
import { firstTime } from '../../src/store/seen.ts';
import { createFresh } from '../../src/work/fresh.ts';
import { createIntake } from '../../src/work/intake.ts';
import { sweep } from '../../src/work/sweep.ts';
import { startEvaluation } from '../support/evaluation.ts';
import { record } from '../support/records.ts';

const RULE = `
title: Access key created
id: 6f0a1a52-6b1e-4f0a-9c55-0f8f4d4f6a01
level: high
logsource: { product: aws, service: cloudtrail }
detection: { selection: { eventName: CreateAccessKey }, condition: selection }
`;

describe('sweeping', () => {
  it('deletes records older than they are kept, in batches, and leaves younger ones and all alerts', async () => {
    const evaluation = await startEvaluation(RULE);
    const { db, clock } = evaluation;
    await evaluation.take(Array.from({ length: 1200 }, () => record()));
    await clock.advance(31 * DAY);
    await evaluation.take([record()]);
    expect(await sweep({ db, clock }, 30 * DAY)).toBe(1200);
    expect((await countRecords(db)).stored).toBe(1);
    expect(await alertById(db, 'A-1')).toMatchObject({ count: 1201 });
    expect(await callsOfAlert(db, 'A-1')).toMatchObject([{ count: 1 }]);
    expect(await sweep({ db, clock }, 30 * DAY)).toBe(0);
  });

  it('never deletes a record that no rule has seen', async () => {
    const { db, clock, counters } = await startEvaluation(RULE);
    const delivery = readDelivery(JSON.stringify(record()));
    if ('notJson' in delivery) throw new Error(delivery.notJson);
    await createIntake(db, counters, createFresh(), () => {}).accept(delivery, clock.now());
    await clock.advance(90 * DAY);
    expect(await sweep({ db, clock }, 30 * DAY)).toBe(0);
    expect(await pendingRecords(db, 9)).toHaveLength(1);
  });

  it('keeps what is no record as long as records, and handled deliveries for an hour', async () => {
    const { db, clock, counters } = await startEvaluation(RULE);
    await createIntake(db, counters, createFresh(), () => {}).accept(
      { records: [], rejects: [{ reason: 'no record', body: '7' }] },
      clock.now(),
    );
    await firstTime(db, 'a press', clock.now());
    await clock.advance(2 * HOUR);
    await sweep({ db, clock }, 30 * DAY);
    expect((await countRecords(db)).rejected).toBe(1);
    expect(await firstTime(db, 'a press', clock.now())).toBe(true);
    await clock.advance(31 * DAY);
    await sweep({ db, clock }, 30 * DAY);
    expect((await countRecords(db)).rejected).toBe(0);
  });
});
