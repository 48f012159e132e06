import { describe, expect, it } from 'vitest';
import { dayHeading, formatDate, type TimeStyle } from '../../../src/workspace/page/dates.ts';

/** 20 November 2026, 09:05:07 UTC. */
const AT = 1_795_165_507;
const style = (over: Partial<TimeStyle> = {}): TimeStyle => ({
  now: (AT + 3 * 86_400) * 1000,
  zone: 'Europe/Amsterdam',
  hour12: true,
  ...over,
});

describe('times by Slack’s date tokens', () => {
  it.each([
    ['{date_num}', '2026-11-20'],
    ['{date_slash}', '11/20/2026'],
    ['{date}', 'November 20th, 2026'],
    ['{date_short}', 'Nov 20, 2026'],
    ['{date_long}', 'Friday, November 20th, 2026'],
    ['{time}', '10:05 AM'],
    ['{time_secs}', '10:05:07 AM'],
    ['{ago}', '3 days ago'],
    ['{date_short_pretty} at {time}', 'Nov 20, 2026 at 10:05 AM'],
    ['on {date_num}, {nonsense}', 'on 2026-11-20, {nonsense}'],
  ])('%s is %s', (format, words) => {
    expect(formatDate(AT, format, style())).toBe(words);
  });

  it.each([
    [0, 'today'],
    [1, 'yesterday'],
    [-1, 'tomorrow'],
    [2, 'Nov 20, 2026'],
  ])('a pretty date %i days later is %s', (days, words) => {
    const now = (AT + days * 86_400) * 1000;
    expect(formatDate(AT, '{date_short_pretty}', style({ now }))).toBe(words);
  });

  it('follows the reader’s zone over midnight, and their clock', () => {
    const late = { zone: 'Pacific/Auckland', hour12: false, now: AT * 1000 };
    expect(formatDate(AT, '{date_num} {time_secs}', style(late))).toBe('2026-11-20 22:05:07');
    expect(formatDate(AT + 7200, '{date_num} {time}', style(late))).toBe('2026-11-21 00:05');
    expect(dayHeading(AT + 7200, style(late))).toBe('Tomorrow');
  });

  it('gives way to the fallback where the time or the format is none', () => {
    expect(formatDate(Number.NaN, '{date}', style())).toBeUndefined();
    expect(formatDate(1e20, '{date}', style())).toBeUndefined();
    expect(formatDate(AT, 'no token', style())).toBeUndefined();
  });
});
