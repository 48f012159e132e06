import { describe, expect, it } from 'vitest';
import { type DigestTimes, digestsOfDay, endOfDay } from '../../src/alerts/digest-time.ts';
import { HOUR } from '../../src/kernel/time.ts';

const BERLIN: DigestTimes = {
  zone: 'Europe/Berlin',
  daily: { hour: 9, minute: 0 },
  weekly: { weekday: 1, hour: 9, minute: 30 },
};

describe('when digests are due', () => {
  it('is a time on the clocks of the zone, and each is about the time since the one before', () => {
    const friday = Date.UTC(2026, 10, 20, 12);
    const until = Date.UTC(2026, 10, 20, 8);
    expect(digestsOfDay(BERLIN, friday)).toEqual([
      { kind: 'daily', day: '2026-11-20', from: until - 24 * HOUR, until },
    ]);
  });

  it('on its day of the week the weekly one as well', () => {
    const monday = Date.UTC(2026, 10, 23, 5);
    expect(digestsOfDay(BERLIN, monday).map(({ kind, day }) => [kind, day])).toEqual([
      ['daily', '2026-11-23'],
      ['weekly', '2026-11-23'],
    ]);
  });

  it.each([
    ['in spring a day has 23 hours', Date.UTC(2026, 2, 29, 12), Date.UTC(2026, 2, 29, 7), 23],
    ['in autumn a day has 25 hours', Date.UTC(2026, 9, 25, 12), Date.UTC(2026, 9, 25, 8), 25],
  ])('%s', (_, now, until, hours) => {
    const [daily] = digestsOfDay(BERLIN, now);
    expect(daily).toMatchObject({ from: until - hours * HOUR, until });
  });

  it('a time that clocks skip is an hour later, and one that comes twice is the first', () => {
    const night = { ...BERLIN, daily: { hour: 2, minute: 30 } };
    expect(digestsOfDay(night, Date.UTC(2026, 2, 29, 12))[0]?.until).toBe(Date.UTC(2026, 2, 29, 1, 30));
    expect(digestsOfDay(night, Date.UTC(2026, 9, 25, 12))[0]?.until).toBe(Date.UTC(2026, 9, 25, 0, 30));
  });

  it('what is never wanted is never due, and a day ends at midnight of the zone', () => {
    expect(
      digestsOfDay({ zone: 'UTC', daily: undefined, weekly: undefined }, Date.UTC(2026, 10, 23)),
    ).toEqual([]);
    expect(endOfDay(BERLIN, Date.UTC(2026, 9, 25, 0))).toBe(Date.UTC(2026, 9, 25, 23));
  });
});
