import fc from 'fast-check';
import { expect, test } from 'vitest';
import { firstGap } from '../../../src/alerts/schedule/coverage.ts';
import { FOREVER, layerAt } from '../../../src/alerts/schedule/layer.ts';
import { onCallAt, type Plan, stintAt, stintsBetween } from '../../../src/alerts/schedule/on-call.ts';
import type { CalendarEvent, Layer, Override, Restriction } from '../../../src/alerts/schedule/schedule.ts';
import { DAY, HOUR, MINUTE, type Millis } from '../../../src/kernel/time.ts';
import { addDays, instantOf, wallTimeAt, weekdayOf } from '../../../src/kernel/zone.ts';

/** Changes by an hour north and south, by half an hour, by none, and far from UTC. */
const ZONES = [
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'Asia/Kolkata',
  'Pacific/Apia',
  'America/Sao_Paulo',
  'UTC',
];
/** A year in which all of them change their clocks that do. */
const YEAR: Millis = Date.UTC(2026, 0, 1);

const zone = fc.constantFrom(...ZONES);
const start = fc.record({
  year: fc.constant(2026),
  month: fc.integer({ min: 1, max: 3 }),
  day: fc.integer({ min: 1, max: 28 }),
  hour: fc.integer({ min: 0, max: 23 }),
  minute: fc.constantFrom(0, 10, 30),
  second: fc.constant(0),
});
const rotation = fc.oneof(
  fc.record({ unit: fc.constant('days' as const), every: fc.constantFrom(1, 2, 7, 14) }),
  fc.record({ unit: fc.constant('hours' as const), every: fc.integer({ min: 1, max: 60 }) }),
);
const minutes = fc.constantFrom(0, 2 * 60, 2 * 60 + 30, 9 * 60, 17 * 60, 22 * 60, 1440);
const restriction: fc.Arbitrary<Restriction> = fc
  .record({
    days: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
    from: minutes.filter((from) => from < 1440),
    to: minutes.filter((to) => to > 0),
  })
  .map(({ days, from, to }) => ({ days, from, to }));
const people = fc.uniqueArray(fc.constantFrom('UA', 'UB', 'UC', 'UD', 'UE'), { minLength: 1 });
const layer = (restrictions = fc.array(restriction, { maxLength: 2 })): fc.Arbitrary<Layer> =>
  fc.record({ name: fc.constantFrom('a', 'b'), rotation, start, people, restrictions });
const instant = fc.integer({ min: 0, max: 400 * 24 * 60 }).map((minute) => YEAR + minute * MINUTE);
const stretch = fc
  .record({ from: instant, length: fc.integer({ min: 1, max: 20 * 24 * 60 }) })
  .map(({ from, length }) => ({ from, until: from + length * MINUTE }));
const override: fc.Arbitrary<Override> = fc
  .record({ id: fc.uuid(), person: fc.constantFrom('UX', 'UA'), madeAt: fc.nat(5), stretch })
  .map(({ stretch: { from, until }, ...rest }) => ({ ...rest, from, until }));
const event: fc.Arbitrary<CalendarEvent> = fc
  .record({ people: fc.constantFrom(['UK'], ['nobody@example.com', 'UA'], ['nobody@example.com']), stretch })
  .map(({ people, stretch: { from, until } }) => ({ people, from, until }));
const plan: fc.Arbitrary<Plan> = fc.record({
  schedule: fc.record({ zone, layers: fc.array(layer(), { maxLength: 3 }) }),
  overrides: fc.array(override, { maxLength: 3 }),
  events: fc.array(event, { maxLength: 3 }),
  known: fc.constant((person: string) => (person.includes('@') ? undefined : person)),
});

test('a layer has exactly one person at every instant, unless it is restricted or has not begun', () => {
  fc.assert(
    fc.property(layer(fc.constant([])), zone, instant, (one, where, at) => {
      const { person, until } = layerAt(one, where, at);
      expect(until).toBeGreaterThan(at);
      if (at < instantOf(one.start, where)) expect(person).toBeUndefined();
      else expect(one.people).toContain(person);
    }),
    { numRuns: 400 },
  );
});

test('a restriction takes away what is outside its hours on the clocks, and nothing else', () => {
  fc.assert(
    fc.property(
      layer(fc.array(restriction, { minLength: 1, maxLength: 3 })),
      zone,
      instant,
      (one, where, at) => {
        const free = layerAt({ ...one, restrictions: [] }, where, at).person;
        const wall = wallTimeAt(at, where);
        const inside = one.restrictions.some((hours) =>
          [-1, 0].some((back) => {
            const day = addDays(wall, back);
            const begin = instantOf(
              { ...day, hour: Math.floor(hours.from / 60), minute: hours.from % 60, second: 0 },
              where,
            );
            const last = addDays(day, (hours.to > hours.from ? 0 : 1) + Math.floor(hours.to / 1440));
            const end = instantOf(
              { ...last, hour: Math.floor((hours.to % 1440) / 60), minute: hours.to % 60, second: 0 },
              where,
            );
            return hours.days.includes(weekdayOf(day)) && begin <= at && at < end;
          }),
        );
        expect(layerAt(one, where, at).person).toBe(inside ? free : undefined);
      },
    ),
    { numRuns: 400 },
  );
});

test('a rotation is fair: after any time the numbers of turns differ by at most one', () => {
  fc.assert(
    fc.property(layer(fc.constant([])), zone, fc.integer({ min: 1, max: 40 }), (one, where, turns) => {
      fc.pre(one.people.length > 1);
      const had = new Map(one.people.map((person) => [person, 0]));
      let at = instantOf(one.start, where);
      for (let turn = 0; turn < turns; turn++) {
        const { person = '', until } = layerAt(one, where, at);
        had.set(person, (had.get(person) ?? 0) + 1);
        at = until;
      }
      expect(Math.max(...had.values()) - Math.min(...had.values())).toBeLessThanOrEqual(1);
    }),
    { numRuns: 150 },
  );
});

test('shifts say the same as the instant does, at each boundary and between; they are in order and do not overlap', () => {
  fc.assert(
    fc.property(
      plan,
      instant,
      fc.integer({ min: 1, max: 15 * 24 }),
      fc.array(fc.nat(1000), { maxLength: 6 }),
      (one, from, hours, picks) => {
        const until = from + hours * HOUR;
        const stints = stintsBetween(one, from, until);
        let last = from;
        for (const { from: begin, until: end, person } of stints) {
          expect(begin).toBeGreaterThanOrEqual(last);
          expect(end).toBeGreaterThan(begin);
          expect(onCallAt(one, begin)?.person).toBe(person);
          expect(onCallAt(one, end - 1)?.person).toBe(person);
          if (end < until) expect(onCallAt(one, end)?.person).not.toBe(person);
          last = end;
        }
        expect(last).toBeLessThanOrEqual(until);
        for (const pick of picks) {
          const at = from + Math.floor(((until - from) * pick) / 1001);
          const covering = stints.find((stint) => stint.from <= at && at < stint.until);
          expect(covering?.person).toBe(onCallAt(one, at)?.person);
        }
      },
    ),
    { numRuns: 150 },
  );
});

test('an override wins exactly in its period, the latest made first', () => {
  fc.assert(
    fc.property(plan, instant, (one, at) => {
      const holding = one.overrides.filter(({ from, until }) => from <= at && at < until);
      const answer = onCallAt(one, at);
      if (holding.length === 0) {
        expect(answer).toEqual(onCallAt({ ...one, overrides: [] }, at));
        return;
      }
      const latest = Math.max(...holding.map(({ madeAt }) => madeAt));
      expect(answer?.because).toBe('override');
      expect(holding.filter(({ madeAt }) => madeAt === latest).map(({ person }) => person)).toContain(
        answer?.person,
      );
    }),
    { numRuns: 300 },
  );
});

test('the shift of an instant is the one of the shifts around it', () => {
  fc.assert(
    fc.property(plan, instant, (one, at) => {
      const reach = 10 * DAY;
      const stint = stintAt(one, at, reach);
      const around = stintsBetween(one, at - reach, at + reach).find(
        ({ from, until }) => from <= at && at < until,
      );
      expect(stint && [stint.person, stint.from, stint.until]).toEqual(
        around && [around.person, around.from, around.until],
      );
    }),
    { numRuns: 60 },
  );
});

test('where no gap is found, somebody is on call at every instant; where one is found, nobody is in it', () => {
  fc.assert(
    fc.property(zone, fc.array(layer(), { minLength: 1, maxLength: 3 }), instant, (where, layers, at) => {
      const gap = firstGap({ zone: where, layers });
      const covered = (when: Millis) => layers.some((one) => layerAt(one, where, when).person !== undefined);
      const begin = Math.min(...layers.map((one) => instantOf(one.start, where)));
      if (!gap) {
        if (at >= begin) expect(covered(at)).toBe(true);
        return;
      }
      expect(gap.from).toBeGreaterThanOrEqual(begin);
      expect([covered(gap.from), covered(Math.min(gap.until, FOREVER) - 1)]).toEqual([false, false]);
      if (gap.until < FOREVER) expect(covered(gap.until)).toBe(true);
      if (gap.from > begin) expect(covered(gap.from - 1)).toBe(true);
    }),
    { numRuns: 250 },
  );
});
