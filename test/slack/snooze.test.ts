import { expect, test } from 'vitest';
import { readSnooze, snoozeUntil, UTC } from '../../src/slack/snooze.ts';

const at = (time: string) => Date.parse(`2026-11-${time}Z`);

test.each([
  ['before nine it is today', '20T03:00:00', 0, '20T09:00:00'],
  ['at nine it is tomorrow', '20T09:00:00', 0, '21T09:00:00'],
  ['after nine it is tomorrow', '20T18:00:00', 0, '21T09:00:00'],
  ['ahead of UTC the day has turned already', '20T20:00:00', 9, '21T00:00:00'],
  ['behind UTC the day has not turned yet', '21T02:00:00', -8, '21T17:00:00'],
])('the next 09:00: %s', (_, now, hours, expected) => {
  expect(snoozeUntil('next-am', at(now), { offset: hours * 3_600_000 })).toBe(at(expected));
});

test.each([
  ['the night before clocks go forward', 'Europe/Berlin', '2026-03-28T20:00:00Z', '2026-03-29T07:00:00Z'],
  ['the same morning, before they do', 'Europe/Berlin', '2026-03-29T00:30:00Z', '2026-03-29T07:00:00Z'],
  ['the night before clocks go back', 'Europe/Berlin', '2026-10-24T20:00:00Z', '2026-10-25T08:00:00Z'],
  ['a change of half an hour', 'Australia/Lord_Howe', '2026-04-04T12:00:00Z', '2026-04-04T22:30:00Z'],
  ['no summer time', 'Asia/Kolkata', '2026-11-20T03:29:59Z', '2026-11-20T03:30:00Z'],
])('the next 09:00 is exact: %s', (_, name, now, expected) => {
  expect(snoozeUntil('next-am', Date.parse(now), { name })).toBe(Date.parse(expected));
});

test('an unknown choice is none', () => {
  expect(snoozeUntil('for-ever', 0, UTC)).toBeUndefined();
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
