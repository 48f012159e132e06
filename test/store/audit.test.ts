import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { auditHead, auditSince, insertAudit } from '../../src/store/audit.ts';
import { chainEntriesBefore } from '../../src/store/audit-before.ts';
import { type AuditEntry, FIRST_PREVIOUS, hashOf } from '../../src/store/audit-chain.ts';
import { openStore } from '../../src/store/open.ts';
import type { Database, Sql } from '../../src/store/sql.ts';
import { verifyAudit } from '../../src/work/audit.ts';
import { temporaryFolder, temporaryStore } from '../support/store.ts';

const AT = Date.UTC(2026, 10, 20, 9, 15);

const entry = (id: string | number, detail = `A-${id} acknowledged`): AuditEntry => ({
  id: `e${id}`,
  at: AT + Number(id),
  userId: 'U0ALICE01',
  teamId: 'T0TEAM001',
  kind: 'operation',
  detail,
});

test('an entry carries the hash of the one before, and the head is that of the last', async () => {
  const db = await temporaryStore();
  for (const id of [1, 2, 3]) await insertAudit(db, entry(id));
  const entries = await auditSince(db, 0);
  expect(entries.map(({ number }) => number)).toEqual([1, 2, 3]);
  expect(entries.map(({ previous }) => previous)).toEqual([
    FIRST_PREVIOUS,
    ...entries.slice(0, 2).map(({ hash }) => hash),
  ]);
  expect(entries.map(hashOf)).toEqual(entries.map(({ hash }) => hash));
  expect(await auditHead(db)).toEqual({ number: 3, hash: entries[2]?.hash });
});

test('the hash is what everybody can come to without Trailbot', () => {
  const made = hashOf({ ...entry(7, 'A-7 "näh" \u{1F600}'), number: 7, previous: FIRST_PREVIOUS });
  const canonical =
    '{"at":"2026-11-20T09:15:00.007Z","detail":"A-7 \\"näh\\" 😀","id":"e7","kind":"operation","number":7,' +
    `"previous":"${FIRST_PREVIOUS}","team":"T0TEAM001","user":"U0ALICE01"}`;
  expect(made).toBe(createHash('sha256').update(canonical).digest('hex'));
});

test('a hundred at once stand one after the other, each once', async () => {
  const db = await temporaryStore();
  await Promise.all(Array.from({ length: 100 }, (_, id) => insertAudit(db, entry(id))));
  const entries = await auditSince(db, 0);
  expect(entries.map(({ number }) => number)).toEqual(Array.from({ length: 100 }, (_, at) => at + 1));
  expect(new Set(entries.map(({ id }) => id)).size).toBe(100);
  expect((await verifyAudit(db)).findings).toEqual([]);
});

test('whoever finds that the head has moved on comes after the other', async () => {
  const db = await temporaryStore();
  let rivals = 3;
  await db.tx(async (sql) => {
    const raced: Sql = {
      run: sql.run,
      async all<T extends object>(statement: string, values?: Parameters<Sql['all']>[1]) {
        const found = await sql.all<T>(statement, values);
        if (rivals > 0) await insertAudit(sql, entry(rivals--));
        return found;
      },
    };
    await insertAudit(raced, entry(9));
  });
  expect((await auditSince(db, 0)).map(({ id }) => id)).toEqual(['e3', 'e2', 'e1', 'e9']);
  expect((await verifyAudit(db)).findings).toEqual([]);
});

test('an entry belongs to its transaction: what is taken back leaves no trace and no gap', async () => {
  const db = await temporaryStore();
  await insertAudit(db, entry(1));
  const failed = db.tx(async (sql) => {
    await insertAudit(sql, entry(2));
    throw new Error('taken back');
  });
  await expect(failed).rejects.toThrow('taken back');
  await insertAudit(db, entry(3));
  expect((await auditSince(db, 0)).map(({ id, number }) => [id, number])).toEqual([
    ['e1', 1],
    ['e3', 2],
  ]);
});

test('text that a database would give back otherwise is kept so that its hash holds', async () => {
  const db = await temporaryStore();
  await insertAudit(db, entry(1, 'half \ud800 and \0 nothing'));
  expect((await auditSince(db, 0))[0]?.detail).toBe('half \ufffd and \ufffd nothing');
  expect((await verifyAudit(db)).findings).toEqual([]);
});

describe('entries from before the chain', () => {
  async function writeBefore(sql: Sql, id: number, number: number): Promise<void> {
    await sql.run(
      `insert into audit_before (id, at, user_id, team_id, kind, detail, number)
        values ($1, $2, 'U0BOB00001', 'T0TEAM001', 'question', 'key', $3)`,
      [`old${id}`, AT, number],
    );
  }

  test('get their place at the start, the oldest first, and new ones follow', async () => {
    const folder = temporaryFolder();
    const db = await openStore(folder);
    await db.tx(async (sql) => {
      for (let id = 0; id < 1500; id++) await writeBefore(sql, id, id < 500 ? 0 : id);
    });
    await db.close();
    const again = await temporaryStore(folder);
    await insertAudit(again, entry(1));
    const report = await verifyAudit(again);
    expect(report).toMatchObject({ entries: 1501, findings: [], head: { number: 1501 } });
    const kept = await auditSince(again, 0);
    expect(kept.slice(0, 500).map(({ id }) => Number(id.slice(3)))).toSatisfy((ids: number[]) =>
      ids.every((id) => id < 500),
    );
    expect([kept[500]?.id, kept[1499]?.id, kept[1500]?.id]).toEqual(['old500', 'old1499', 'e1']);
  });

  test('an interruption in between loses none and takes none twice', async () => {
    const db = await temporaryStore();
    await db.tx(async (sql) => {
      for (let id = 0; id < 1200; id++) await writeBefore(sql, id, id);
    });
    let transactions = 0;
    const dying: Database = {
      ...db,
      tx: (work) => {
        if (transactions++ === 1) throw new Error('killed');
        return db.tx(work);
      },
    };
    await expect(chainEntriesBefore(dying)).rejects.toThrow('killed');
    await chainEntriesBefore(db);
    expect(await verifyAudit(db)).toMatchObject({ entries: 1200, findings: [] });
    expect(await db.all('select id from audit_before')).toEqual([]);
  });
});
