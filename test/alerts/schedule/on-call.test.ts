import { describe, expect, test } from 'vitest';
import { onCallAt, type Plan, stintAt, stintsBetween } from '../../../src/alerts/schedule/on-call.ts';
import type { Layer, Override } from '../../../src/alerts/schedule/schedule.ts';
import { DAY, HOUR, type Millis } from '../../../src/kernel/time.ts';
import { instantOf, parseWallTime, sayLocal, type WallTime } from '../../../src/kernel/zone.ts';

const BERLIN = 'Europe/Berlin';
const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];

function wall(text: string): WallTime {
  const read = parseWallTime(text);
  if (!read) throw new Error(text);
  return read;
}

const at = (text: string, zone = BERLIN): Millis => instantOf(wall(text), zone);
const utc = (text: string): Millis => Date.parse(text);

function layer(changes: Partial<Layer> = {}): Layer {
  return {
    name: 'week',
    rotation: { unit: 'days', every: 7 },
    start: wall('2026-01-05T09:00'),
    people: ['UALICE', 'UBOB', 'UCAROL'],
    restrictions: [],
    ...changes,
  };
}

function plan(layers: readonly Layer[], changes: Partial<Plan> & { zone?: string } = {}): Plan {
  const { zone = BERLIN, ...rest } = changes;
  return { schedule: { zone, layers }, overrides: [], events: [], known: (person) => person, ...rest };
}

function override(person: string, from: string, until: string, madeAt = 1): Override {
  return { id: `${person}-${from}`, person, from: at(from), until: at(until), madeAt };
}

const who = (one: Plan, instant: Millis): string | undefined => onCallAt(one, instant)?.person;

/** `UALICE Mon 2026-01-05 09:00 to Mon 2026-01-12 09:00`. */
function told(one: Plan, from: Millis, until: Millis): string[] {
  const { zone } = one.schedule;
  return stintsBetween(one, from, until).map(
    (stint) => `${stint.person} ${sayLocal(stint.from, zone)} to ${sayLocal(stint.until, zone)}`,
  );
}

describe('a rotation', () => {
  test('nobody is on call before it starts, and the first person from then on', () => {
    const weeks = plan([layer()]);
    expect(who(weeks, at('2026-01-05T09:00') - 1)).toBeUndefined();
    expect(who(weeks, at('2026-01-05T09:00'))).toBe('UALICE');
  });

  test('weekly: hands over at the same time on the clocks all year, and comes round', () => {
    expect(told(plan([layer()]), at('2026-03-16T00:00'), at('2026-04-14T00:00'))).toEqual([
      'UALICE Mon 2026-03-16 00:00 to Mon 2026-03-16 09:00',
      'UBOB Mon 2026-03-16 09:00 to Mon 2026-03-23 09:00',
      'UCAROL Mon 2026-03-23 09:00 to Mon 2026-03-30 09:00',
      'UALICE Mon 2026-03-30 09:00 to Mon 2026-04-06 09:00',
      'UBOB Mon 2026-04-06 09:00 to Mon 2026-04-13 09:00',
      'UCAROL Mon 2026-04-13 09:00 to Tue 2026-04-14 00:00',
    ]);
  });

  test('every second week', () => {
    const weeks = plan([layer({ rotation: { unit: 'days', every: 14 }, people: ['UALICE', 'UBOB'] })]);
    expect(told(weeks, at('2026-01-05T09:00'), at('2026-03-02T09:00'))).toEqual([
      'UALICE Mon 2026-01-05 09:00 to Mon 2026-01-19 09:00',
      'UBOB Mon 2026-01-19 09:00 to Mon 2026-02-02 09:00',
      'UALICE Mon 2026-02-02 09:00 to Mon 2026-02-16 09:00',
      'UBOB Mon 2026-02-16 09:00 to Mon 2026-03-02 09:00',
    ]);
  });

  test('12 hours are twelve real hours, so that hand-overs are an hour later on the clocks in summer', () => {
    const halves = plan([layer({ rotation: { unit: 'hours', every: 12 }, people: ['UALICE', 'UBOB'] })]);
    expect(told(halves, at('2026-03-28T09:00'), at('2026-03-29T22:00'))).toEqual([
      'UALICE Sat 2026-03-28 09:00 to Sat 2026-03-28 21:00',
      'UBOB Sat 2026-03-28 21:00 to Sun 2026-03-29 10:00',
      'UALICE Sun 2026-03-29 10:00 to Sun 2026-03-29 22:00',
    ]);
  });

  test('a rotation with one person is one shift without an end', () => {
    const one = plan([layer({ people: ['UALICE'] })]);
    const stint = stintAt(one, at('2026-06-01T00:00'), 400 * DAY);
    expect(stint).toMatchObject({ person: 'UALICE', from: at('2026-01-05T09:00') });
    expect(stint?.until).toBe(at('2026-06-01T00:00') + 400 * DAY);
  });
});

describe('daylight saving', () => {
  const daily = (start: string, zone = BERLIN): Plan =>
    plan([layer({ rotation: { unit: 'days', every: 1 }, start: wall(start), people: ['UALICE', 'UBOB'] })], {
      zone,
    });
  const lengths = (one: Plan, from: Millis, until: Millis): number[] =>
    stintsBetween(one, from, until).map((stint) => (stint.until - stint.from) / HOUR);

  test('the day on which clocks go forward has 23 hours', () => {
    const days = daily('2026-03-27T09:00');
    expect(lengths(days, at('2026-03-27T09:00'), at('2026-03-31T09:00'))).toEqual([24, 23, 24, 24]);
  });

  test('the day on which clocks go back has 25 hours', () => {
    const days = daily('2026-10-23T09:00');
    expect(lengths(days, at('2026-10-23T09:00'), at('2026-10-27T09:00'))).toEqual([24, 25, 24, 24]);
  });

  test('a hand-over in the hour that is skipped is an hour later that night', () => {
    const days = daily('2026-03-27T02:30');
    expect(
      stintsBetween(days, at('2026-03-28T02:30'), at('2026-03-30T02:30')).map(({ from }) => from),
    ).toEqual([utc('2026-03-28T01:30:00Z'), utc('2026-03-29T01:30:00Z')]);
    expect(sayLocal(utc('2026-03-29T01:30:00Z'), BERLIN)).toBe('Sun 2026-03-29 03:30');
  });

  test('a hand-over in the hour that comes twice is at the first of the two', () => {
    const days = daily('2026-10-23T02:30');
    expect(who(days, utc('2026-10-25T00:29:59Z'))).toBe('UBOB');
    expect(who(days, utc('2026-10-25T00:30:00Z'))).toBe('UALICE');
    expect(who(days, utc('2026-10-25T01:30:00Z'))).toBe('UALICE');
    expect(who(days, utc('2026-10-26T01:30:00Z'))).toBe('UBOB');
  });

  test('clocks that change by half an hour: Lord Howe Island', () => {
    const zone = 'Australia/Lord_Howe';
    const days = daily('2026-10-02T09:00', zone);
    expect(lengths(days, at('2026-10-02T09:00', zone), at('2026-10-06T09:00', zone))).toEqual([
      24, 23.5, 24, 24,
    ]);
    const back = daily('2026-04-03T09:00', zone);
    expect(lengths(back, at('2026-04-03T09:00', zone), at('2026-04-06T09:00', zone))).toEqual([24, 24.5, 24]);
  });

  test('a zone without daylight saving: every day has 24 hours', () => {
    const zone = 'Asia/Tokyo';
    const days = daily('2026-03-20T09:00', zone);
    const all = lengths(days, at('2026-03-20T09:00', zone), at('2026-11-20T09:00', zone));
    expect(new Set(all)).toEqual(new Set([24]));
  });

  test('a week over the change ends at the same time on the clocks', () => {
    const weeks = plan([layer()]);
    expect(stintAt(weeks, at('2026-03-29T12:00'), 400 * DAY)).toMatchObject({
      from: utc('2026-03-23T08:00:00Z'),
      until: utc('2026-03-30T07:00:00Z'),
    });
  });
});

describe('restrictions and layers', () => {
  const officeHours = [{ days: [1, 2, 3, 4, 5], from: 9 * 60, to: 17 * 60 }];

  test('outside its hours nobody is on call in the layer', () => {
    const office = plan([layer({ restrictions: officeHours })]);
    expect(told(office, at('2026-01-09T12:00'), at('2026-01-13T12:00'))).toEqual([
      'UALICE Fri 2026-01-09 12:00 to Fri 2026-01-09 17:00',
      'UBOB Mon 2026-01-12 09:00 to Mon 2026-01-12 17:00',
      'UBOB Tue 2026-01-13 09:00 to Tue 2026-01-13 12:00',
    ]);
  });

  test('over midnight: from Friday 17:00 until Saturday 09:00', () => {
    const night = plan([layer({ restrictions: [{ days: [5], from: 17 * 60, to: 9 * 60 }] })]);
    expect(told(night, at('2026-01-05T09:00'), at('2026-01-12T08:00'))).toEqual([
      'UALICE Fri 2026-01-09 17:00 to Sat 2026-01-10 09:00',
    ]);
  });

  test('whole days that follow one another are one shift', () => {
    const weekend = plan([layer({ restrictions: [{ days: [6, 7], from: 0, to: 1440 }] })]);
    expect(told(weekend, at('2026-01-05T09:00'), at('2026-01-12T09:00'))).toEqual([
      'UALICE Sat 2026-01-10 00:00 to Mon 2026-01-12 00:00',
    ]);
  });

  test('the night of the change to summer time is an hour shorter', () => {
    const night = plan([layer({ restrictions: [{ days: EVERY_DAY, from: 22 * 60, to: 6 * 60 }] })]);
    const [stint] = stintsBetween(night, at('2026-03-28T12:00'), at('2026-03-29T12:00'));
    expect(stint && stint.until - stint.from).toBe(7 * HOUR);
  });

  test('of several layers that have somebody the last one answers', () => {
    const both = plan([
      layer({ name: 'always', people: ['UDAVE'] }),
      layer({ name: 'office', restrictions: officeHours }),
    ]);
    expect(onCallAt(both, at('2026-01-06T12:00'))).toEqual({
      person: 'UALICE',
      because: 'rotation',
      layer: 'office',
    });
    expect(onCallAt(both, at('2026-01-06T18:00'))).toEqual({
      person: 'UDAVE',
      because: 'rotation',
      layer: 'always',
    });
  });

  test('whoever Slack does not know has nothing, and the layer below answers', () => {
    const both = plan(
      [layer({ name: 'always', people: ['UDAVE'] }), layer({ people: ['gone@example.com'] })],
      {
        known: (person) => (person.includes('@') ? undefined : person),
      },
    );
    expect(who(both, at('2026-01-06T12:00'))).toBe('UDAVE');
  });
});

describe('overrides', () => {
  test('an override wins exactly in its period', () => {
    const changed = plan([layer()], {
      overrides: [override('UDAVE', '2026-01-06T18:00', '2026-01-06T22:00')],
    });
    expect(told(changed, at('2026-01-05T09:00'), at('2026-01-12T09:00'))).toEqual([
      'UALICE Mon 2026-01-05 09:00 to Tue 2026-01-06 18:00',
      'UDAVE Tue 2026-01-06 18:00 to Tue 2026-01-06 22:00',
      'UALICE Tue 2026-01-06 22:00 to Mon 2026-01-12 09:00',
    ]);
  });

  test('of two at the same time the one that was made later wins', () => {
    const overrides = [
      override('UDAVE', '2026-01-06T18:00', '2026-01-06T22:00', 2),
      override('UERIN', '2026-01-06T12:00', '2026-01-07T00:00', 1),
    ];
    expect(told(plan([layer()], { overrides }), at('2026-01-06T12:00'), at('2026-01-07T00:00'))).toEqual([
      'UERIN Tue 2026-01-06 12:00 to Tue 2026-01-06 18:00',
      'UDAVE Tue 2026-01-06 18:00 to Tue 2026-01-06 22:00',
      'UERIN Tue 2026-01-06 22:00 to Wed 2026-01-07 00:00',
    ]);
  });

  test('it also fills a time at which nobody is on call', () => {
    const none = plan([], { overrides: [override('UDAVE', '2026-01-06T18:00', '2026-01-06T22:00')] });
    expect(who(none, at('2026-01-06T17:59'))).toBeUndefined();
    expect(who(none, at('2026-01-06T20:00'))).toBe('UDAVE');
    expect(who(none, at('2026-01-06T22:00'))).toBeUndefined();
  });

  test('an override that prolongs a shift makes one longer shift of it', () => {
    const overrides = [override('UALICE', '2026-01-12T09:00', '2026-01-12T10:00')];
    const stint = stintAt(plan([layer()], { overrides }), at('2026-01-12T09:30'), 400 * DAY);
    expect(stint).toMatchObject({ person: 'UALICE', because: 'override', until: at('2026-01-12T10:00') });
    expect(stint?.from).toBe(at('2026-01-05T09:00'));
    expect((stint?.until ?? 0) - (stint?.from ?? 0)).toBe(7 * DAY + HOUR);
  });
});
