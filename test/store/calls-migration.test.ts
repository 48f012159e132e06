import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createLog } from '../../src/kernel/log.ts';
import { Misuse } from '../../src/kernel/problem.ts';
import { readCalls, searchable } from '../../src/store/calls.ts';
import { migrate } from '../../src/store/migrate.ts';
import { openStoreForReading } from '../../src/store/open.ts';
import { countStored, insertRecord, markEvaluated } from '../../src/store/records.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import { makeSearchable } from '../../src/work/searchable.ts';
import { EVENT_TIME, readable } from '../support/records.ts';
import { temporaryFolder, temporaryStore } from '../support/store.ts';

const FIRST = '001_main.sql';
const BOBS = {
  by: { column: 'named', value: 'bob' },
  from: EVENT_TIME,
  to: EVENT_TIME,
} as const;

/** A data folder as the version before questions left it: 30 records that the rules have seen and one that waits. */
async function oldFolder(): Promise<string> {
  const folder = temporaryFolder();
  const db = openSqlite(join(folder, 'trailbot.db'));
  const schema = join(import.meta.dirname, '../../src/store/schema', FIRST);
  await migrate(db, [{ name: FIRST, text: readFileSync(schema, 'utf8') }]);
  await db.tx(async (sql) => {
    for (let index = 0; index <= 30; index++) {
      const record = readable();
      await insertRecord(sql, record, EVENT_TIME + index);
      if (index < 30) await markEvaluated(sql, { key: record.key, receivedAt: EVENT_TIME + index, size: 0 });
    }
    await countStored(sql, 31);
  });
  await db.close();
  return folder;
}

describe('records from before there were questions', () => {
  it('wait, are counted, and become searchable a batch at a time', async () => {
    const db = await temporaryStore(await oldFolder());
    const tools = { db, log: createLog('silent') };
    expect(await searchable(db)).toEqual({ stored: 31, waiting: 31, since: undefined });
    expect(await makeSearchable(tools, 20)).toBe(20);
    expect(await searchable(db)).toEqual({ stored: 31, waiting: 11, since: EVENT_TIME });
    expect(await makeSearchable(tools, 20)).toBe(10);
    expect(await makeSearchable(tools, 20)).toBe(0);
    expect(await searchable(db)).toMatchObject({ waiting: 1 });
    expect(await readCalls(db, BOBS, 100)).toHaveLength(30);
  });
});

describe('the store beside a bot that runs with it', () => {
  it('is read while the bot writes', async () => {
    const folder = temporaryFolder();
    const db = await temporaryStore(folder);
    const reader = await openStoreForReading(folder);
    if (!reader) throw new Error('there is a database');
    expect(await searchable(reader)).toMatchObject({ stored: 0 });
    await countStored(db, 7);
    expect(await searchable(reader)).toMatchObject({ stored: 7 });
    await expect(reader.run('delete from counters')).rejects.toThrow(/readonly|read-only/);
    await reader.close();
    await countStored(db, 1);
    expect(await searchable(db)).toMatchObject({ stored: 8 });
  });

  it('is read when the bot has stopped, and leaves it free to start', async () => {
    const folder = temporaryFolder();
    const db = await temporaryStore(folder);
    await countStored(db, 7);
    await db.close();
    const reader = await openStoreForReading(folder);
    expect(reader && (await searchable(reader))).toMatchObject({ stored: 7 });
    const again = await temporaryStore(folder);
    await reader?.close();
    expect(await searchable(again)).toMatchObject({ stored: 7 });
  });

  it('may not be there', async () => {
    expect(await openStoreForReading(temporaryFolder())).toBeUndefined();
    expect(await openStoreForReading(join(temporaryFolder(), 'nowhere'))).toBeUndefined();
  });

  it('of another version is refused in one sentence with the remedy', async () => {
    await expect(openStoreForReading(await oldFolder())).rejects.toThrow(
      /an older version of Trailbot wrote it .*starting the bot brings it up to date/,
    );
    const folder = temporaryFolder();
    const db = await temporaryStore(folder);
    await db.run(`insert into migrations (name) values ('999_future.sql')`);
    await expect(openStoreForReading(folder)).rejects.toThrow(/a newer version of Trailbot wrote it/);
    await expect(openStoreForReading(folder)).rejects.toThrow(Misuse);
  });
});
