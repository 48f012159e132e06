import { describe, expect, it } from 'vitest';
import { type Delivery, readDelivery } from '../../src/cloudtrail/delivery.ts';
import { countRecords } from '../../src/store/records.ts';
import { createFresh } from '../../src/work/fresh.ts';
import { createIntake } from '../../src/work/intake.ts';
import { tally } from '../support/evaluation.ts';
import { record } from '../support/records.ts';
import { temporaryStore } from '../support/store.ts';

function delivery(...values: unknown[]): Delivery {
  const read = readDelivery(JSON.stringify(values));
  if ('notJson' in read) throw new Error(read.notJson);
  return read;
}

describe('the intake', () => {
  it('shares one commit among deliveries that arrive together', async () => {
    const db = await temporaryStore();
    let commits = 0;
    const counting = { ...db, tx: ((work) => db.tx(work).finally(() => commits++)) as typeof db.tx };
    const intake = createIntake(counting, tally(), createFresh(), () => {});
    const taken = await Promise.all(Array.from({ length: 100 }, () => intake.accept(delivery(record()), 1)));
    expect(taken.every((one) => one.stored === 1)).toBe(true);
    expect(commits).toBeLessThan(5);
    expect((await countRecords(db)).stored).toBe(100);
  });

  it('keeps what is no record, once, beside what is', async () => {
    const db = await temporaryStore();
    const intake = createIntake(db, tally(), createFresh(), () => {});
    const mixed = delivery(record(), { hello: 'world' }, 7);
    expect(await intake.accept(mixed, 1)).toEqual({ stored: 1, duplicates: 0, rejected: 2 });
    expect(await intake.accept(mixed, 2)).toEqual({ stored: 0, duplicates: 1, rejected: 2 });
    expect(await countRecords(db)).toMatchObject({ stored: 1, rejected: 2 });
  });

  it('tells each delivery apart when one cannot be stored', async () => {
    const db = await temporaryStore();
    const intake = createIntake(db, tally(), createFresh(), () => {});
    const good = delivery(record());
    const bad: Delivery = {
      records: good.records.map((one) => ({ ...one, key: undefined as unknown as string })),
      rejects: [],
    };
    const results = await Promise.allSettled([intake.accept(bad, 1), intake.accept(good, 1)]);
    expect(results.map((result) => result.status)).toEqual(['rejected', 'fulfilled']);
    expect((await countRecords(db)).stored).toBe(1);
  });

  it('says no when storage is in trouble, and nothing was kept', async () => {
    const db = await temporaryStore();
    await db.run(`create trigger full before insert on records begin select raise(abort, 'disk full'); end`);
    const intake = createIntake(db, tally(), createFresh(), () => {});
    await expect(intake.accept(delivery(record()), 1)).rejects.toThrow('disk full');
    expect((await countRecords(db)).stored).toBe(0);
  });
});
