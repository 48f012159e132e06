import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { listAlerts } from '../../src/store/alerts.ts';
import { migrate } from '../../src/store/migrate.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import { T0 } from '../support/alerts.ts';
import { temporaryFolder, temporaryStore } from '../support/store.ts';

const FIRST = '001_main.sql';

it('alerts from before there were assignees belong to who acknowledged them, and nobody is reminded', async () => {
  const folder = temporaryFolder();
  const old = openSqlite(join(folder, 'trailbot.db'));
  const schema = join(import.meta.dirname, '../../src/store/schema', FIRST);
  await migrate(old, [{ name: FIRST, text: readFileSync(schema, 'utf8') }]);
  const insert = (id: string, state: string, version: number, by: string | null) =>
    old.run(
      `insert into alerts (id, fingerprint, rule_id, rule_name, title, level, quiet_for, facts, state, version,
          match_count, first_at, last_at, opened_at, acknowledged_by, acknowledged_at, channel, group_wait)
        values ($1, $1, 'r', 'r', 't', 'high', 0, '{}', $2, $3, 1, $4, $4, $4, $5, $4, 'C1', 0)`,
      [id, state, version, T0, by],
    );
  await insert('A-1', 'firing', 1, null);
  await insert('A-2', 'firing', 3, null);
  await insert('A-3', 'acknowledged', 2, 'U0ALICE01');
  await old.close();
  const db = await temporaryStore(folder);
  const alerts = await listAlerts(db, { states: ['firing', 'acknowledged'], limit: 5 });
  expect(alerts.toSorted((a, b) => a.id.localeCompare(b.id))).toMatchObject([
    { id: 'A-1', again: false, needs: 1, assignee: undefined, acknowledgements: [] },
    { id: 'A-2', again: true },
    { id: 'A-3', again: false, assignee: 'U0ALICE01', heldSince: undefined },
  ]);
  expect(await listAlerts(db, { states: ['acknowledged'], mine: 'U0ALICE01', limit: 5 })).toHaveLength(1);
});
