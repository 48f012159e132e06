import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { eventsBetween } from '../../src/alerts/schedule/calendar-events.ts';
import { readCalendar } from '../../src/alerts/schedule/calendar-file.ts';
import { parseJson } from '../../src/kernel/json.ts';
import { rememberOperator } from '../../src/store/operators.ts';
import { insertOverride } from '../../src/store/overrides.ts';
import { temporaryFolder, temporaryStore } from '../support/store.ts';
import { call } from './command.ts';

const YAML = `
data_dir: data
schedules:
  primary:
    time_zone: Europe/Berlin
    layers: [{ name: week, rotation: weekly, start: 2026-01-05T09:00, people: [U0ALICE01, bob@example.com] }]
  office:
    time_zone: UTC
    gaps: true
    layers: [{ name: one, rotation: daily, start: 2026-01-05T09:00, people: [U0CAROL01], restrictions: [{ days: [monday], from: '09:00', to: '17:00' }] }]
`;

/** A folder with a configuration and the database of a bot: in it is one override, and Alice's name. */
async function someFolder(): Promise<string> {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'trailbot.yaml'), YAML);
  const db = await temporaryStore(join(folder, 'data'));
  await rememberOperator(db, { userId: 'U0ALICE01', teamId: 'T1', name: 'alice' }, 0);
  const [from, until] = [Date.parse('2026-03-28T17:00:00Z'), Date.parse('2026-03-29T04:00:00Z')];
  const override = { id: 'o1', schedule: 'primary', person: 'U0DAVE001', from, until, madeAt: 1 };
  await insertOverride(db, { ...override, kind: 'override', swapId: undefined, madeBy: 'U0DAVE001' });
  await db.close();
  return folder;
}

test('the shifts of a schedule are a table on its clocks, with overrides and over the change to summer time', async () => {
  const folder = await someFolder();
  const { code, out } = await call(['schedules', 'show', 'primary', '--from', '2026-03-28', '--days', '4'], {
    folder,
  });
  expect(code).toBe(0);
  expect(out).toBe(`primary, on the clocks of Europe/Berlin
from                  until                 on call            because of
Sat 2026-03-28 00:00  Sat 2026-03-28 18:00  bob@example.com    layer week
Sat 2026-03-28 18:00  Sun 2026-03-29 06:00  U0DAVE001          override
Sun 2026-03-29 06:00  Mon 2026-03-30 09:00  bob@example.com    layer week
Mon 2026-03-30 09:00  Wed 2026-04-01 01:00  alice (U0ALICE01)  layer week
`);
});

test('times without anybody are told', async () => {
  const folder = await someFolder();
  const { out } = await call(['schedules', 'show', 'office', '--from', '2026-03-29', '--days', '3'], {
    folder,
  });
  expect(out.split('\n').slice(2, 5)).toEqual([
    'Sun 2026-03-29 00:00  Mon 2026-03-30 09:00  nobody',
    'Mon 2026-03-30 09:00  Mon 2026-03-30 17:00  U0CAROL01  layer one',
    'Mon 2026-03-30 17:00  Wed 2026-04-01 00:00  nobody',
  ]);
});

test('who is on call now: one line a schedule, or JSON', async () => {
  const folder = await someFolder();
  const { code, out } = await call(['schedules'], { folder });
  expect(code).toBe(0);
  expect(out).toMatch(
    /^primary {2}(alice \(U0ALICE01\)|bob@example\.com) +until Mon .+ 09:00 +Europe\/Berlin\noffice .+\n$/u,
  );
  const json = parseJson((await call(['schedules', 'now', '--json'], { folder })).out);
  expect(json).toMatchObject([{ schedule: 'primary', onCall: { layer: 'week' } }, { schedule: 'office' }]);
});

test('the export is a calendar that says the same', async () => {
  const folder = await someFolder();
  const { out } = await call(['schedules', 'export', 'primary', '--from', '2026-03-28', '--days', '4'], {
    folder,
  });
  const [from, until] = [Date.parse('2026-03-01T00:00:00Z'), Date.parse('2026-05-01T00:00:00Z')];
  const events = eventsBetween(readCalendar(out), 'Asia/Tokyo', from, until);
  expect(events.map(({ people }) => people[0])).toEqual([
    'bob@example.com',
    'U0DAVE001',
    'bob@example.com',
    'U0ALICE01',
  ]);
  expect(out).toContain('SUMMARY:alice (U0ALICE01)');
});

test('a name, a day or a number that is none is one sentence', async () => {
  const folder = await someFolder();
  const wrong = async (...args: string[]) => {
    const { code, err } = await call(['schedules', ...args], { folder });
    return [code, err];
  };
  expect(await wrong('show', 'prmary')).toEqual([
    2,
    'There is no schedule prmary; did you mean "primary"?\n',
  ]);
  expect(await wrong('show', 'primary', '--from', 'tomorrow')).toEqual([
    2,
    'tomorrow is no day; give one such as 2026-01-31, or 2026-01-31T09:00.\n',
  ]);
  expect((await wrong('show', 'primary', '--days', '9999'))[0]).toBe(2);
});
