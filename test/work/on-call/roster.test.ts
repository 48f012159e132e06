import { expect, test } from 'vitest';
import { readConfig } from '../../../src/config/config.ts';
import { HOUR, type Millis } from '../../../src/kernel/time.ts';
import { instantOf, parseWallTime } from '../../../src/kernel/zone.ts';
import { endOverride, insertOverride, overridesBetween } from '../../../src/store/overrides.ts';
import { rememberAddress } from '../../../src/store/schedule-people.ts';
import { createRoster } from '../../../src/work/on-call/create-roster.ts';
import { temporaryStore } from '../../support/store.ts';

const YAML = `
schedules:
  primary:
    time_zone: Europe/Berlin
    layers:
      - name: week
        rotation: weekly
        start: 2026-01-05T09:00
        people: [U0ALICE01, Bob@example.com]
  spare: { time_zone: UTC, layers: [{ name: one, rotation: daily, start: 2026-01-05T09:00, people: [U0CAROL01] }] }
`;

function at(text: string): Millis {
  const wall = parseWallTime(text);
  if (!wall) throw new Error(text);
  return instantOf(wall, 'Europe/Berlin');
}

async function someRoster() {
  const db = await temporaryStore();
  const read = readConfig({ text: YAML, file: 'trailbot.yaml', env: {} });
  if ('problems' in read) throw new Error(read.problems.map(({ what }) => what).join('\n'));
  const roster = createRoster({ schedules: () => read.config.schedules, events: async () => [] });
  return { db, roster };
}

const override = (id: string, person: string, from: Millis, until: Millis, madeAt: Millis) => ({
  ...{ id, schedule: 'primary', person, from, until, madeAt },
  ...{ kind: 'override' as const, swapId: undefined, madeBy: person },
});

test('schedules are known by name, in the order of the configuration', async () => {
  const { db, roster } = await someRoster();
  expect(roster.names()).toEqual(['primary', 'spare']);
  expect(await roster.onCall(db, 'third', at('2026-01-06T12:00'))).toBeUndefined();
  expect(await roster.shifts(db, 'third', 0, 1)).toEqual([]);
});

test('a person is found by e-mail address once Slack has said who that is', async () => {
  const { db, roster } = await someRoster();
  const hers = at('2026-01-14T12:00');
  expect(await roster.onCall(db, 'primary', hers)).toBeUndefined();
  await rememberAddress(db, 'bob@example.com', 'U0BOB0001', 0);
  expect(await roster.onCall(db, 'primary', hers)).toEqual({
    schedule: 'primary',
    person: 'U0BOB0001',
    from: at('2026-01-12T09:00'),
    until: at('2026-01-19T09:00'),
    because: 'rotation',
    layer: 'week',
  });
});

test('an override counts in its period until somebody ends it, and what it was stays true', async () => {
  const { db, roster } = await someRoster();
  const [from, until] = [at('2026-01-06T18:00'), at('2026-01-06T22:00')];
  expect(await insertOverride(db, override('o1', 'U0DAVE001', from, until, 1))).toBe(true);
  expect(await insertOverride(db, override('o1', 'U0ERIN001', from, until, 2))).toBe(false);
  expect(await roster.onCall(db, 'primary', from)).toMatchObject({ person: 'U0DAVE001', from, until });
  expect(await roster.onCall(db, 'primary', until)).toMatchObject({ person: 'U0ALICE01', from: until });
  expect(await endOverride(db, 'o1', from + HOUR)).toBe(true);
  expect(await endOverride(db, 'o1', from + 2 * HOUR)).toBe(false);
  const people = (await roster.shifts(db, 'primary', from - HOUR, until)).map(({ person, from: begin }) => [
    person,
    begin,
  ]);
  expect(people).toEqual([
    ['U0ALICE01', from - HOUR],
    ['U0DAVE001', from],
    ['U0ALICE01', from + HOUR],
  ]);
});

test('an override that is ended before it begins never counts', async () => {
  const { db } = await someRoster();
  const [from, until] = [at('2026-01-06T18:00'), at('2026-01-06T22:00')];
  await insertOverride(db, override('o1', 'U0DAVE001', from, until, 1));
  expect(await endOverride(db, 'o1', from - HOUR)).toBe(true);
  expect(await overridesBetween(db, 'primary', from - HOUR * 2, until)).toEqual([]);
});

test('a shift that has no end is cut, so that it can be told', async () => {
  const { db, roster } = await someRoster();
  const shift = await roster.onCall(db, 'spare', at('2026-06-01T00:00'));
  expect(shift).toMatchObject({ person: 'U0CAROL01' });
  expect(shift && shift.until > at('2026-08-01T00:00') && shift.from < at('2026-04-01T00:00')).toBe(true);
});
