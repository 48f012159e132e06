import { expect, it } from 'vitest';
import { allSweeps, openSweep, storedKeys, writeSweep } from '../../src/store/gaps.ts';
import { countLate, insertLate, markReported, pruneLate, unreportedGap } from '../../src/store/gaps-late.ts';
import { insertRecord } from '../../src/store/records.ts';
import { readable } from '../support/records.ts';
import { temporaryStore } from '../support/store.ts';

const PLACE = { account: '111122223333', region: 'eu-west-1' };

it('a sweep begins where it was first opened, and stands where it was written', async () => {
  const db = await temporaryStore();
  const key = { ...PLACE, kind: 'changes' } as const;
  await openSweep(db, key, 1000);
  const sweep = await openSweep(db, key, 5000);
  expect(sweep).toMatchObject({ sweptUntil: 1000, stretch: undefined, sweptAt: undefined });
  const written = {
    ...sweep,
    sweptUntil: 2000,
    stretch: { to: 4000, readBackTo: 3000 },
    runs: 2,
    sweptAt: 5000,
    trouble: '{}',
    uncovered: { from: 100, to: 900 },
  };
  await writeSweep(db, written);
  expect(await allSweeps(db)).toEqual([written]);
});

it('knows which of many records are stored', async () => {
  const db = await temporaryStore();
  const records = Array.from({ length: 120 }, () => readable());
  for (const record of records.slice(0, 70)) await insertRecord(db, record, 1);
  const stored = await storedKeys(
    db,
    records.map(({ key }) => key),
  );
  expect([...stored].sort()).toEqual(
    records
      .slice(0, 70)
      .map(({ key }) => key)
      .sort(),
  );
});

it('a gap is reported once, and its marks go with their records', async () => {
  const db = await temporaryStore();
  const late = [1, 2, 3].map((receivedAt) => ({ record: readable(), receivedAt, matched: receivedAt === 2 }));
  for (const { record, ...how } of late) await insertLate(db, record, PLACE, how);
  expect(await unreportedGap(db, PLACE, 2)).toMatchObject({ missing: 2, matched: 1, foundAt: 2 });
  await markReported(db, PLACE, 2);
  expect(await unreportedGap(db, PLACE, 9)).toMatchObject({
    missing: 1,
    matched: 0,
    names: [{ name: 'CreateAccessKey', count: 1 }],
  });
  await markReported(db, PLACE, 9);
  expect(await unreportedGap(db, PLACE, 9)).toBeUndefined();
  expect(await pruneLate(db, 3, 1)).toBe(1);
  expect(await pruneLate(db, 3, 10)).toBe(1);
  expect(await countLate(db, 0)).toEqual([{ ...PLACE, events: 1 }]);
});
