import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPaces } from '../../src/aws/pace.ts';
import type { Millis } from '../../src/kernel/time.ts';
import { fakeClock } from '../support/clock.ts';

const RATE = { requests: 2, per: 1000 };
const never = new AbortController().signal;

describe('the pace at one place', () => {
  it('lets no more than two requests start in any second, whenever they come, and all of them in the end, those of a question in order', async () => {
    const one = fc.record({ gap: fc.integer({ min: 0, max: 2500 }), leaves: fc.boolean(), by: fc.nat(3) });
    const arrivals = fc.array(one, { maxLength: 30 });
    const questions = [{}, {}, {}, {}];
    await fc.assert(
      fc.asyncProperty(arrivals, fc.array(fc.nat(29)), async (coming, refused) => {
        const clock = fakeClock();
        const pace = createPaces(clock, RATE)('111122223333', 'eu-west-1');
        const started: { index: number; at: Millis }[] = [];
        const leaving = new AbortController();
        const turns = [];
        for (const [index, { gap, leaves, by }] of coming.entries()) {
          await clock.advance(gap);
          const turn = pace.turn(leaves ? leaving.signal : never, questions[by] ?? {}).then((go) => {
            if (!go) return;
            started.push({ index, at: clock.now() });
            if (refused.includes(index)) pace.backOff();
            else pace.answered();
          });
          turns.push(turn);
        }
        leaving.abort();
        await clock.advance(10 * 60_000);
        await Promise.all(turns);
        for (const { at } of started) {
          expect(started.filter((other) => other.at >= at && other.at < at + 1000).length).toBeLessThan(3);
        }
        for (const question of [0, 1, 2, 3]) {
          const own = started.map(({ index }) => index).filter((index) => coming[index]?.by === question);
          expect(own).toEqual(own.toSorted((a, b) => a - b));
        }
        const stayed = coming.flatMap(({ leaves }, index) => (leaves ? [] : [index]));
        expect(started.map(({ index }) => index)).toEqual(expect.arrayContaining(stayed));
        expect(clock.asleep).toBe(0);
      }),
      { numRuns: 60 },
    );
  });

  it('lets what is patient have its turns when no question waits, and the others theirs at once', async () => {
    const clock = fakeClock(0);
    const pace = createPaces(clock, { requests: 1, per: 1000 })('111122223333', 'eu-west-1');
    const sweep = {};
    const served: string[] = [];
    const ask = (name: string, by: object, patient: boolean) =>
      pace.turn(never, by, patient).then(() => void served.push(name));
    await pace.turn(never, {});
    const turns = [ask('sweep 1', sweep, true), ask('sweep 2', sweep, true)];
    await clock.advance(1500);
    turns.push(ask('question', {}, false), ask('question again', {}, false));
    await clock.advance(10_000);
    await Promise.all(turns);
    expect(served).toEqual(['sweep 1', 'question', 'question again', 'sweep 2']);
  });

  it('lets no question wait for more than one turn of each other, however much those have to ask', async () => {
    const burst = fc.array(fc.nat(4), { minLength: 1, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(burst, async (asked) => {
        const clock = fakeClock(0);
        const pace = createPaces(clock, { requests: 1, per: 1000 })('111122223333', 'eu-west-1');
        const questions = [{}, {}, {}, {}, {}];
        const served: number[] = [];
        // The turn that is free at once is nobody's.
        await pace.turn(never, {});
        const turns = asked.map(async (by) => {
          await pace.turn(never, questions[by] ?? {});
          served.push(by);
        });
        await clock.advance(60_000);
        await Promise.all(turns);
        for (const [index, by] of served.entries()) {
          const before = served.lastIndexOf(by, index - 1);
          const between = index === 0 ? [] : served.slice(before + 1, index);
          expect(new Set(between).size).toBe(between.length);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('serves a question that has just come before the next pages of those that were served', async () => {
    const clock = fakeClock(0);
    const pace = createPaces(clock, { requests: 1, per: 1000 })('111122223333', 'eu-west-1');
    const served: string[] = [];
    const long = Array.from({ length: 15 }, (_, index) => ({ name: `long ${index}` }));
    const read = async (question: { name: string }, pages: number) => {
      for (let page = 0; page < pages; page += 1) {
        await pace.turn(never, question);
        served.push(question.name);
      }
    };
    const reading = long.map((question) => read(question, 3));
    await clock.advance(20_000);
    const turns = served.length;
    const short = read({ name: 'short' }, 1);
    await clock.advance(2000);
    await short;
    expect(served.slice(turns, turns + 1)).toEqual(['short']);
    await clock.advance(60_000);
    await Promise.all(reading);
  });

  it('uses the rate to the full: two at once, and two more each second and a fiftieth', async () => {
    const clock = fakeClock(0);
    const pace = createPaces(clock, RATE)('111122223333', 'eu-west-1');
    const times: Millis[] = [];
    const turns = [1, 2, 3, 4, 5].map(async () => {
      await pace.turn(never, {});
      times.push(clock.now());
    });
    await clock.advance(5000);
    await Promise.all(turns);
    expect(times).toEqual([0, 0, 1020, 1020, 2040]);
  });

  it('counts from the first answer, since the request that opens a connection arrives late', async () => {
    const clock = fakeClock(0);
    const pace = createPaces(clock, RATE)('111122223333', 'eu-west-1');
    await pace.turn(never, {});
    await clock.advance(250);
    pace.answered();
    await pace.turn(never, {});
    await clock.advance(100);
    pace.answered();
    const third = pace.turn(never, {}).then(() => clock.now());
    await clock.advance(2000);
    expect(await third).toBe(250 + 1020);
  });

  it('passes the turn of one who leaves to the next, and is the same for all who ask about a place', async () => {
    const clock = fakeClock(0);
    const paceOf = createPaces(clock, { requests: 1, per: 1000 });
    await paceOf('111122223333', 'eu-west-1').turn(never, {});
    const impatient = new AbortController();
    const left = paceOf('111122223333', 'eu-west-1').turn(impatient.signal, impatient);
    const stays = paceOf('111122223333', 'eu-west-1').turn(never, {});
    impatient.abort();
    expect(await left).toBe(false);
    expect(await paceOf('111122223333', 'us-east-1').turn(never, {})).toBe(true);
    await clock.advance(1020);
    expect(await stays).toBe(true);
  });

  it('serves who comes in the very moment in which the only one waiting leaves', async () => {
    const clock = fakeClock(0);
    const pace = createPaces(clock, { requests: 1, per: 1000 })('111122223333', 'eu-west-1');
    await pace.turn(never, {});
    const impatient = new AbortController();
    const left = pace.turn(impatient.signal, impatient);
    impatient.abort();
    const next = pace.turn(never, {});
    expect(await left).toBe(false);
    await clock.advance(1020);
    expect(await next).toBe(true);
  });
});
