import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { auditSince, insertAudit } from '../../src/store/audit.ts';
import { type ChainedEntry, FIRST_PREVIOUS, hashOf } from '../../src/store/audit-chain.ts';
import type { Database } from '../../src/store/sql.ts';
import { checkAudit, verifyAudit } from '../../src/work/audit.ts';
import { auditCheckup } from '../../src/work/doctor/audit.ts';
import { temporaryStore } from '../support/store.ts';

const AT = Date.UTC(2026, 10, 20, 9, 15);

let db: Database;

beforeEach(async () => {
  db = await temporaryStore();
  const who = { userId: 'U0ALICE01', teamId: 'T0TEAM001', kind: 'operation' } as const;
  await db.tx(async (sql) => {
    for (let id = 1; id <= 10; id++) {
      await insertAudit(sql, { id: `e${id}`, at: AT + id, detail: `A-${id} acknowledged`, ...who });
    }
  });
});

async function found(kept?: string): Promise<string[]> {
  const { findings } = await verifyAudit(db, kept === undefined ? {} : { kept });
  return findings.map(({ says }) => says);
}

/** The entry with what was changed in it, and a hash that fits. */
const forged = (entry: ChainedEntry, change: Partial<ChainedEntry>): ChainedEntry => {
  const changed = { ...entry, ...change };
  return { ...changed, hash: hashOf(changed) };
};

const entryAt = async (number: number): Promise<ChainedEntry> => {
  const entry = (await auditSince(db, 0))[number - 1];
  if (!entry) throw new Error(`no entry ${number}`);
  return entry;
};

test('a log that nobody has touched is fine, an empty one too', async () => {
  expect(await verifyAudit(db)).toMatchObject({ entries: 10, first: 1, head: { number: 10 }, findings: [] });
  const empty = await temporaryStore();
  expect(await verifyAudit(empty)).toMatchObject({ entries: 0, head: { number: 0 }, findings: [] });
});

describe('in the store', () => {
  test.each(['user_id', 'team_id', 'kind', 'detail', 'id', 'previous', 'hash'])(
    'an entry whose %s was changed is named',
    async (column) => {
      await db.run(`update audit set ${column} = $1 where number = 5`, ['U0MALLORY']);
      expect(await found()).toEqual(['entry 5 was changed: its hash is not that of what it says']);
    },
  );

  test('so is one whose time was changed', async () => {
    await db.run('update audit set at = at - 1 where number = 10');
    expect(await found()).toEqual([expect.stringMatching(/^entry 10 was changed/)]);
  });

  test('entries that were deleted are named, the first ones too', async () => {
    await db.run('delete from audit where number in (1, 5, 6)');
    expect(await found()).toEqual(['entry 1 is missing', 'entries 5 to 6 are missing']);
  });

  test('an end that was cut off is noticed by the head', async () => {
    await db.run('delete from audit where number > 8');
    expect(await found()).toEqual(['entries 9 to 10 are missing at the end: entry 10 was the last']);
  });

  test('an end that was cut off together with the head is noticed by a hash that was kept elsewhere', async () => {
    const [kept, left] = [(await entryAt(10)).hash, (await entryAt(8)).hash];
    expect(await found(kept)).toEqual([]);
    await db.run('delete from audit where number > 8');
    await db.run('update audit_head set number = 8, hash = $1', [left]);
    expect(await found()).toEqual([]);
    expect(await found(kept)).toEqual([
      expect.stringContaining(`no entry has the hash ${kept}: the end was cut`),
    ]);
  });

  test('two entries that changed places are named', async () => {
    await db.run('update audit set number = 99 where number = 5');
    await db.run('update audit set number = 5 where number = 6');
    await db.run('update audit set number = 6 where number = 99');
    expect(await found()).toEqual([
      expect.stringMatching(/^entry 5 was changed/),
      expect.stringMatching(/^entry 6 was changed/),
    ]);
  });

  test('an entry that was replaced with a hash of its own does not fit the next', async () => {
    const { hash } = forged(await entryAt(5), { detail: 'A-5 snoozed' });
    await db.run(`update audit set detail = 'A-5 snoozed', hash = $1 where number = 5`, [hash]);
    expect(await found()).toEqual(['entry 6 does not follow entry 5: one of the two was written anew']);
  });

  test('one that was put in behind the last is none of Trailbot’s', async () => {
    await db.run(
      `insert into audit (number, id, at, user_id, team_id, kind, detail, previous, hash)
        select 11, 'x', at, user_id, team_id, kind, detail, hash, hash from audit where number = 10`,
    );
    expect(await found()).toContain('entry 11 is not by Trailbot: its last entry was 10');
  });

  test('the last entries alone can be looked at', async () => {
    await db.run(`update audit set detail = 'x' where number in (3, 9)`);
    const { entries, findings } = await verifyAudit(db, { last: 4 });
    expect({ entries, numbers: findings.map(({ number }) => number) }).toEqual({ entries: 4, numbers: [9] });
    await db.run('delete from audit where number = 6');
    expect((await verifyAudit(db, { last: 4 })).findings.map(({ says }) => says)[0]).toBe(
      'entry 6 is missing',
    );
  });
});

test('the doctor looks at the end of it, and names what is wrong', async () => {
  const { look } = auditCheckup(db);
  const { signal } = new AbortController();
  const fine = { verdict: 'fine', says: 'the last 10 entries of the audit log are whole' };
  expect(await look(signal)).toMatchObject([fine]);
  await db.run(`update audit set detail = 'x' where number in (3, 9)`);
  expect(await look(signal)).toMatchObject([
    {
      verdict: 'fault',
      says: expect.stringMatching(/^the audit log is not whole: entry 3 was changed.* \(and 1 more\)$/),
    },
  ]);
});

describe('in a list of entries, such as an exported file', () => {
  async function foundIn(change: (entries: ChainedEntry[]) => readonly (ChainedEntry | undefined)[]) {
    const check = checkAudit({});
    for (const entry of change(await auditSince(db, 0))) if (entry) check.take(entry);
    return check.finish().findings.map(({ says }) => says);
  }

  test('a piece from the middle is fine by itself', async () => {
    expect(await foundIn((all) => all.slice(3, 7))).toEqual([]);
  });

  test('what was left out is named', async () => {
    expect(await foundIn((all) => all.filter(({ number }) => number !== 5))).toEqual(['entry 5 is missing']);
  });

  test('what stands in another order is named, and not missed', async () => {
    const swapped = (all: ChainedEntry[]) => [...all.slice(0, 4), all[5], all[4], ...all.slice(6)];
    expect(await foundIn(swapped)).toEqual(['entry 5 stands after entry 6: the order was changed']);
  });

  test('what was put in is named', async () => {
    const doubled = (all: ChainedEntry[]) => [...all.slice(0, 6), all[2], ...all.slice(6)];
    expect(await foundIn(doubled)).toEqual(['entry 3 is there a second time, after entry 6: it was put in']);
  });

  test('a first entry that claims something before it is found', async () => {
    const foreign = (all: ChainedEntry[]) =>
      all.map((one) => (one.number > 1 ? one : forged(one, { previous: 'f'.repeat(64) })));
    expect(await foundIn(foreign)).toContain(
      'entry 1 does not follow the beginning: one of the two was written anew',
    );
  });
});

test('whatever is done to an entry is found, as long as the last is known', async () => {
  const entries = await auditSince(db, 0);
  const last = entries.at(-1);
  const place = fc.nat(9);
  const text = fc.string({ minLength: 1 });
  const act = fc.oneof(
    fc.record({ act: fc.constant('change' as const), at: place, text }),
    fc.record({ act: fc.constant('forge' as const), at: place, text }),
    fc.record({ act: fc.constant('remove' as const), at: place }),
    fc.record({ act: fc.constant('repeat' as const), at: place, to: place }),
    fc.record({ act: fc.constant('swap' as const), at: place, to: place }).filter(({ at, to }) => at !== to),
  );
  type Act = typeof act extends fc.Arbitrary<infer One> ? One : never;
  const done = (all: ChainedEntry[], one: Act): ChainedEntry[] => {
    const [here, there] = [all[one.at], 'to' in one ? all[one.to] : undefined];
    if (!here) return all;
    if (one.act === 'change') return all.with(one.at, { ...here, detail: `${here.detail}${one.text}` });
    if (one.act === 'forge') return all.with(one.at, forged(here, { detail: `${here.detail}${one.text}` }));
    if (one.act === 'repeat') return all.toSpliced(one.to, 0, here);
    return one.act === 'swap' && there
      ? all.with(one.at, there).with(one.to, here)
      : all.toSpliced(one.at, 1);
  };
  fc.assert(
    fc.property(act, (one) => {
      const check = checkAudit({ start: { number: 0, hash: FIRST_PREVIOUS } });
      for (const entry of done(entries, one)) check.take(entry);
      expect(check.finish(last).findings).not.toEqual([]);
    }),
    { numRuns: 500 },
  );
});
