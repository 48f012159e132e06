import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Misuse } from '../../src/kernel/problem.ts';
import { addToCounter, readCounter } from '../../src/store/counters.ts';
import { migrate } from '../../src/store/migrate.ts';
import { openStore } from '../../src/store/open.ts';
import { temporaryFolder, temporaryStore } from '../support/store.ts';

describe('the database', () => {
  it('is all or nothing', async () => {
    const db = await temporaryStore();
    const failing = db.tx(async (sql) => {
      await addToCounter(sql, 'x', 1);
      throw new Error('half-way');
    });
    await expect(failing).rejects.toThrow('half-way');
    expect(await readCounter(db, 'x')).toBe(0);
  });

  it('lets no other statement slip into a transaction', async () => {
    const db = await temporaryStore();
    const order: string[] = [];
    const long = db.tx(async (sql) => {
      await addToCounter(sql, 'x', 1);
      await Promise.resolve();
      await addToCounter(sql, 'x', 1);
      order.push('transaction');
    });
    const read = readCounter(db, 'x').then((value) => order.push(`read ${value}`));
    await Promise.all([long, read]);
    expect(order).toEqual(['transaction', 'read 2']);
  });

  it('goes on after a failed transaction', async () => {
    const db = await temporaryStore();
    await expect(db.tx((sql) => sql.run('insert into nowhere values (1)'))).rejects.toThrow();
    expect(await addToCounter(db, 'x', 5)).toBe(5);
  });

  it('keeps what was committed when it is opened again', async () => {
    const folder = temporaryFolder();
    const db = await temporaryStore(folder);
    await addToCounter(db, 'x', 3);
    await db.close();
    expect(await readCounter(await temporaryStore(folder), 'x')).toBe(3);
  });

  it('refuses data that a newer version wrote', async () => {
    const db = await temporaryStore();
    await db.run(`insert into migrations (name) values ('999_future.sql')`);
    await expect(migrate(db, [])).rejects.toThrow('newer version');
  });

  it('is for one process at a time', async () => {
    const folder = temporaryFolder();
    const first = await temporaryStore(folder);
    await expect(openStore(folder)).rejects.toThrow('another Trailbot is running with it');
    await first.close();
    await temporaryStore(folder);
  });

  it('says in one sentence that a folder cannot be used', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'file'), '');
    await expect(openStore(join(folder, 'file', 'data'))).rejects.toThrow(Misuse);
    mkdirSync(join(folder, 'data'));
    writeFileSync(
      join(folder, 'data', 'trailbot.db'),
      'this is no database, whatever its name says'.repeat(50),
    );
    await expect(openStore(join(folder, 'data'))).rejects.toThrow(/data folder .* cannot be used/);
  });
});
