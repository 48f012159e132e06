import { describe, expect, it } from 'vitest';
import { readDelivery } from '../../src/cloudtrail/delivery.ts';
import type { JsonObject } from '../../src/kernel/json.ts';
import { DAY } from '../../src/kernel/time.ts';
import { readCalls, searchable } from '../../src/store/calls.ts';
import { keepQuestion, keptQuestion } from '../../src/store/questions.ts';
import { countRecords } from '../../src/store/records.ts';
import { type Database, type Sql, StorageTrouble } from '../../src/store/sql.ts';
import { evaluatePending } from '../../src/work/evaluate.ts';
import { createIntake } from '../../src/work/intake.ts';
import { makeSearchable, searchableStep } from '../../src/work/searchable.ts';
import { sweep } from '../../src/work/sweep.ts';
import { type Evaluation, startEvaluation } from '../support/evaluation.ts';
import { EVENT_TIME, record } from '../support/records.ts';

const RULE = `
title: Access key created
id: 6f0a1a52-6b1e-4f0a-9c55-0f8f4d4f6a01
level: high
logsource: { product: aws, service: cloudtrail }
detection: { selection: { eventName: CreateAccessKey }, condition: selection }
`;

const many = (count: number): JsonObject[] => Array.from({ length: count }, () => record());

async function store({ db, counters, clock, tools }: Evaluation, records: readonly JsonObject[]) {
  const delivery = readDelivery(JSON.stringify(records));
  if ('notJson' in delivery) throw new Error(delivery.notJson);
  await createIntake(db, counters, tools.fresh, () => {}).accept(delivery, clock.now());
}

async function eventIds(db: Sql): Promise<string[]> {
  const query = { by: { column: 'named', value: 'bob' }, from: EVENT_TIME, to: EVENT_TIME } as const;
  return (await readCalls(db, query, 10_000)).map(({ eventId }) => eventId);
}

/** The same database, where `meddle` sees every statement of a transaction before it runs. */
function meddled(db: Database, meddle: (statement: string, values: readonly unknown[]) => void): Database {
  return {
    ...db,
    tx: (work) =>
      db.tx((sql) =>
        work({
          all: (statement, values) => sql.all(statement, values),
          run(statement, values = []) {
            meddle(statement, values);
            return sql.run(statement, values);
          },
        }),
      ),
  };
}

describe('making records searchable', () => {
  it('counts as waiting what is stored and cannot be found yet', async () => {
    const evaluation = await startEvaluation(RULE);
    const { db, tools } = evaluation;
    await store(evaluation, many(30));
    expect(await searchable(db)).toMatchObject({ stored: 30, waiting: 30 });
    await evaluatePending(tools, 10);
    expect(await makeSearchable(tools, 4)).toBe(4);
    expect(await searchable(db)).toMatchObject({ stored: 30, waiting: 26 });
    expect(await eventIds(db)).toHaveLength(4);
    while ((await evaluatePending(tools, 10)) > 0);
    while ((await makeSearchable(tools, 10)) > 0);
    expect(await searchable(db)).toMatchObject({ stored: 30, waiting: 0 });
    expect(await eventIds(db)).toHaveLength(30);
  });

  it('begins with what was received last', async () => {
    const evaluation = await startEvaluation(RULE);
    const { db, tools, clock } = evaluation;
    for (const eventID of ['first', 'second', 'third']) {
      await store(evaluation, [record({ eventID })]);
      await clock.advance(5);
    }
    await evaluatePending(tools, 10);
    await makeSearchable(tools, 1);
    expect(await eventIds(db)).toEqual(['third']);
  });

  it('finds a record once, however often it is delivered and whoever does it', async () => {
    const evaluation = await startEvaluation(RULE);
    const { db, tools } = evaluation;
    const records = many(40);
    for (let time = 0; time < 2; time++) {
      await store(evaluation, records);
      while ((await evaluatePending(tools, 50)) > 0);
      await Promise.all(Array.from({ length: 4 }, () => makeSearchable(tools, 30)));
      while ((await makeSearchable(tools, 30)) > 0);
    }
    expect(await eventIds(db)).toHaveLength(40);
    expect(await searchable(db)).toMatchObject({ stored: 40, waiting: 0 });
  });

  it.each(['delete from calls_due', 'insert into calls ', 'insert into call_names'])(
    'is all or nothing when it ends at "%s"',
    async (fatal) => {
      const evaluation = await startEvaluation(RULE);
      const { db, tools } = evaluation;
      await store(evaluation, many(30));
      await evaluatePending(tools, 50);
      let seen = 0;
      const broken = meddled(db, (statement) => {
        if (statement.startsWith(fatal)) seen += 1;
        if (seen === 2) throw new StorageTrouble('the disk is full');
      });
      await expect(makeSearchable({ ...tools, db: broken }, 50)).rejects.toThrow(StorageTrouble);
      expect(await eventIds(db)).toEqual([]);
      expect(await searchable(db)).toMatchObject({ waiting: 30 });
      while ((await makeSearchable(tools, 50)) > 0);
      expect(await eventIds(db)).toHaveLength(30);
    },
  );

  it('goes on past a record that breaks it', async () => {
    const evaluation = await startEvaluation(RULE);
    const { db, tools } = evaluation;
    await store(evaluation, [record(), record({ userAgent: 'bad' }), record()]);
    await evaluatePending(tools, 50);
    const fragile = meddled(db, (statement, values) => {
      if (statement.startsWith('insert into calls ') && values.includes('bad')) throw new Error('a fault');
    });
    expect(await makeSearchable({ ...tools, db: fragile }, 50)).toBe(3);
    expect(await eventIds(db)).toHaveLength(2);
    expect(await searchable(db)).toMatchObject({ stored: 3, waiting: 0 });
  });

  it('gives way while the process is busy, but not for ever', async () => {
    const evaluation = await startEvaluation(RULE);
    const { db, tools, clock } = evaluation;
    await store(evaluation, many(10));
    await evaluatePending(tools, 10);
    const step = searchableStep({ db, clock, log: tools.log, load: () => 1 });
    expect(await step()).toBeGreaterThan(0);
    expect(await eventIds(db)).toEqual([]);
    for (let look = 0; look < 10; look++) await step();
    expect(await eventIds(db)).toHaveLength(10);
  });

  it('does what waits while the process has time', async () => {
    const evaluation = await startEvaluation(RULE);
    const { db, tools, clock } = evaluation;
    await store(evaluation, many(10));
    await evaluatePending(tools, 10);
    await searchableStep({ db, clock, log: tools.log, load: () => 0.2 })();
    expect(await eventIds(db)).toHaveLength(10);
  });
});

describe('sweeping', () => {
  it('forgets calls together with their records, waiting ones too', async () => {
    const evaluation = await startEvaluation(RULE);
    const { db, tools, clock } = evaluation;
    await evaluation.take(many(600));
    await store(evaluation, many(5));
    while ((await evaluatePending(tools, 50)) > 0);
    expect(await searchable(db)).toMatchObject({ stored: 605, waiting: 5 });
    await clock.advance(31 * DAY);
    await evaluation.take([record({ eventID: 'young' })]);
    await store(evaluation, []);
    expect(await sweep({ db, clock }, 30 * DAY)).toBe(605);
    expect(await eventIds(db)).toEqual(['young']);
    expect(await searchable(db)).toMatchObject({ stored: 1, waiting: 0 });
    for (const [table, rows] of [
      ['calls', 1],
      ['call_hours', 1],
      ['calls_due', 0],
    ] as const) {
      expect(await db.all(`select * from ${table}`), table).toHaveLength(rows);
    }
    expect(await db.all(`select distinct call_id from call_names`)).toHaveLength(1);
    await clock.advance(31 * DAY);
    await sweep({ db, clock }, 30 * DAY);
    expect(await db.all('select * from call_hours')).toEqual([]);
    expect(await searchable(db)).toEqual({ stored: 0, waiting: 0, since: undefined });
    expect((await countRecords(db)).stored).toBe(0);
  });

  it('keeps the questions behind buttons for thirty days', async () => {
    const { db, clock } = await startEvaluation(RULE);
    await keepQuestion(db, { id: 'q1', at: clock.now(), userId: 'U1', question: '{"kind":"stats"}' });
    await clock.advance(29 * DAY);
    await sweep({ db, clock }, DAY);
    expect(await keptQuestion(db, 'q1')).toBe('{"kind":"stats"}');
    await clock.advance(2 * DAY);
    await sweep({ db, clock }, DAY);
    expect(await keptQuestion(db, 'q1')).toBeUndefined();
  });
});
