import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { auditHead, insertAudit } from '../../src/store/audit.ts';
import { openStore } from '../../src/store/open.ts';
import { rememberOperator } from '../../src/store/operators.ts';
import type { Database } from '../../src/store/sql.ts';
import { temporaryFolder } from '../support/store.ts';
import { call } from './command.ts';

const NINE = Date.UTC(2026, 10, 20, 9);
const MINUTE = 60_000;
const ALICE = { userId: 'U0ALICE01', teamId: 'T0TEAM001' };

let folder: string;
let head: string;

beforeEach(async () => {
  folder = temporaryFolder();
  await withStore(async (db) => {
    await db.tx(async (sql) => {
      await rememberOperator(sql, { ...ALICE, name: 'Alice Martin' }, NINE);
      for (let id = 1; id <= 6; id++) {
        const detail = id === 3 ? '=cmd "näh"\u202e' : `A-${id} acknowledged`;
        await insertAudit(sql, { id: `e${id}`, at: NINE + id * MINUTE, kind: 'operation', detail, ...ALICE });
      }
    });
    head = (await auditHead(db)).hash;
  });
});

async function withStore(work: (db: Database) => Promise<unknown>): Promise<void> {
  const db = await openStore(folder);
  await work(db);
  await db.close();
}

const audit = (...args: string[]) => call(['audit', ...args, '--data', '.'], { folder });

const verifyText = (text: string, ...args: string[]) =>
  call(['audit', 'verify', '-', ...args], { folder, stdin: [text] });

describe('audit export', () => {
  it('prints who did what with the names that are known, the oldest first', async () => {
    const { code, out } = await audit('export');
    expect(code).toBe(0);
    const entries = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(entries.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(entries[0]).toEqual({
      number: 1,
      at: '2026-11-20T09:01:00.000Z',
      user: 'U0ALICE01',
      name: 'Alice Martin',
      team: 'T0TEAM001',
      kind: 'operation',
      detail: 'A-1 acknowledged',
      id: 'e1',
      previous: '0'.repeat(64),
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  it('prints a period, and CSV that no spreadsheet takes for formulas', async () => {
    const { out } = await audit(
      ...['export', '--since', '2026-11-20T09:03:00Z', '--until', '2026-11-20T09:04:00Z', '--format', 'csv'],
    );
    const lines = out.split('\r\n');
    expect(lines[0]).toBe('number,at,user,name,team,kind,detail,id,previous,hash');
    expect(lines[1]).toContain(
      `3,2026-11-20T09:03:00.000Z,U0ALICE01,Alice Martin,T0TEAM001,operation,"'=cmd ""näh""",e3,`,
    );
    expect(lines.map((line) => line.split(',')[0])).toEqual(['number', '3', '4', '']);
  });

  it('says where there is no database, and which format there is', async () => {
    const nowhere = await call(['audit', 'export', '--data', 'elsewhere'], { folder });
    expect(nowhere).toMatchObject({ code: 2, out: '' });
    expect(nowhere.err).toMatch(/^There is no database in .*elsewhere\. Start the bot once/);
    expect((await audit('export', '--format', 'xml')).err).toContain('ndjson, csv');
  });
});

describe('audit verify', () => {
  it('says that nothing was changed, and what to keep elsewhere', async () => {
    const { code, out } = await audit('verify');
    expect(code).toBe(0);
    expect(out).toBe(
      `6 entries, 1 to 6: none was changed, none is missing.\nThe last is entry 6: ${head}\n` +
        'Keep that hash elsewhere; with --head it shows later that nothing up to there was written anew.\n',
    );
    expect((await audit('verify', '--head', head.toUpperCase())).code).toBe(0);
  });

  it('names what was changed in the database, and ends with 1', async () => {
    await withStore((db) => db.run(`update audit set user_id = 'U0MALLORY' where number in (2, 5)`));
    const { code, out } = await audit('verify');
    expect(code).toBe(1);
    expect(out).toContain('entry 2 was changed: its hash is not that of what it says\nentry 5 was changed');
    expect(out).toContain('2 findings in 6 entries, 1 to 6.');
    const json = JSON.parse((await audit('verify', '--json')).out);
    expect(json.findings.map(({ number }: { number: number }) => number)).toEqual([2, 5]);
  });

  it('notices by the hash of the last time that all was written anew', async () => {
    const { code, out } = await audit('verify', '--head', 'f'.repeat(64));
    expect(code).toBe(1);
    expect(out).toContain(`no entry has the hash ${'f'.repeat(64)}`);
    expect(await audit('verify', '--head', 'abc')).toMatchObject({
      code: 2,
      err: expect.stringContaining('64'),
    });
  });

  it('reads what was exported: whole, a piece of it, and whatever was done to it', async () => {
    const { out } = await audit('export');
    const lines = out.trimEnd().split('\n');
    const says = async (text: readonly (string | undefined)[]) =>
      (await verifyText(`${text.join('\n')}\n`)).out;
    expect(await says(lines)).toContain('6 entries, 1 to 6: none was changed');
    expect(await says(lines.slice(2))).toContain(
      '4 entries, 3 to 6: none was changed, none is missing; of those before 3',
    );
    expect(await says(lines.toSpliced(3, 1))).toContain(
      'entry 4 is missing\n1 finding in 5 entries, 1 to 6.',
    );
    expect(await says(lines.with(1, lines[2] ?? '').with(2, lines[1] ?? ''))).toContain(
      'entry 2 stands after entry 3',
    );
    expect(await says(lines.toSpliced(2, 0, '{"number":2}'))).toContain(
      'line 3 of the file, after entry 2, is no entry',
    );
    expect(await says(lines.map((line) => line.replace('A-5 ack', 'A-5 unack')))).toContain(
      'entry 5 was changed',
    );
    const cut = await verifyText(`${lines.slice(0, 5).join('\n')}\n`, '--head', head);
    expect(cut).toMatchObject({ code: 1, out: expect.stringContaining(`no entry has the hash ${head}`) });
  });

  it('takes a file by its name, and nothing empty', async () => {
    writeFileSync(join(folder, 'audit.ndjson'), (await audit('export')).out);
    expect((await call(['audit', 'verify', 'audit.ndjson'], { folder })).code).toBe(0);
    writeFileSync(join(folder, 'empty'), '');
    expect(await call(['audit', 'verify', 'empty'], { folder })).toMatchObject({
      code: 2,
      err: 'empty is empty. Give what "trailbot audit export" printed.\n',
    });
  });
});
