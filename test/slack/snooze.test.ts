import { expect, test } from 'vitest';
import { readSnooze, snoozeUntil } from '../../src/slack/snooze.ts';

const at = (time: string) => Date.parse(`2026-11-${time}Z`);

test.each([
  ['before nine it is today', '20T03:00:00', 0, '20T09:00:00'],
  ['at nine it is tomorrow', '20T09:00:00', 0, '21T09:00:00'],
  ['after nine it is tomorrow', '20T18:00:00', 0, '21T09:00:00'],
  ['ahead of UTC the day has turned already', '20T20:00:00', 9, '21T00:00:00'],
  ['behind UTC the day has not turned yet', '21T02:00:00', -8, '21T17:00:00'],
])('the next 09:00: %s', (_, now, hours, expected) => {
  expect(snoozeUntil('next-am', at(now), hours * 3_600_000)).toBe(at(expected));
});

test('an unknown choice is none', () => {
  expect(snoozeUntil('for-ever', 0, 0)).toBeUndefined();
});

test.each([
  ['45m', 2_700_000],
  ['2H', 7_200_000],
  ['1d 6h', 108_000_000],
])('%s is a length of time', (typed, length) => {
  expect(readSnooze(typed)).toEqual({ length });
});

test.each(['', 'soon', '10', '30s', '31d', '-1h'])('"%s" is refused with what to write', (typed) => {
  expect(readSnooze(typed)).toHaveProperty('problem', expect.stringMatching(/1m|30d|45m/));
});
