import { expect, test } from 'vitest';
import { holdsAt, type TimeInterval } from '../../src/alerts/time-interval.ts';
import { instantOf, parseWallTime } from '../../src/kernel/zone.ts';

const BERLIN = 'Europe/Berlin';

function interval(changes: Partial<TimeInterval>): TimeInterval[] {
  return [{ zone: BERLIN, times: [], weekdays: [], daysOfMonth: [], months: [], years: [], ...changes }];
}

function holds(changes: Partial<TimeInterval>, text: string): boolean {
  const wall = parseWallTime(text);
  if (!wall) throw new Error(text);
  return holdsAt(interval(changes), instantOf(wall, BERLIN));
}

test('office hours are those of the clocks there, in winter and in summer; the end is not within', () => {
  const office = { times: [{ from: 9 * 60, to: 17 * 60 }], weekdays: [1, 2, 3, 4, 5] };
  for (const day of ['2026-01-05', '2026-07-06']) {
    expect(['08:59', '09:00', '16:59', '17:00'].map((time) => holds(office, `${day}T${time}`))).toEqual([
      false,
      true,
      true,
      false,
    ]);
  }
  expect(holds(office, '2026-01-10T12:00')).toBe(false);
});

test('days of the month count from its end, too, and those that it does not have are cut off', () => {
  const last = { daysOfMonth: [[-3, -1] as const] };
  expect(['2026-02-25', '2026-02-26', '2026-02-28'].map((day) => holds(last, `${day}T12:00`))).toEqual([
    false,
    true,
    true,
  ]);
  const end = { daysOfMonth: [[30, 31] as const] };
  expect(['2026-04-30', '2026-05-31', '2026-02-28'].map((day) => holds(end, `${day}T12:00`))).toEqual([
    true,
    true,
    false,
  ]);
});

test('months and years', () => {
  const winter = {
    months: [
      [12, 12],
      [1, 2],
    ] as const,
    years: [[2026, 2027]] as const,
  };
  expect(
    ['2026-01-01', '2026-03-01', '2027-12-31', '2028-01-01'].map((day) => holds(winter, `${day}T00:00`)),
  ).toEqual([true, false, true, false]);
});

test('without conditions it always holds; of several parts one is enough; none never holds', () => {
  expect(holds({}, '2026-01-01T00:00')).toBe(true);
  expect(holdsAt([...interval({ years: [[1990, 1990]] }), ...interval({ years: [[1970, 1970]] })], 0)).toBe(
    true,
  );
  expect(holdsAt([], 0)).toBe(false);
});
