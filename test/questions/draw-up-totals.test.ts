import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY, MINUTE, SECOND } from '../../src/kernel/time.ts';
import type { Answer } from '../../src/questions/answer.ts';
import type { Call } from '../../src/questions/call.ts';
import { ACTIVITIES, type ActivityKind } from '../../src/questions/question.ts';
import { answer, awkward, call, chartOf, NOW, SCOPE, say, tableOf } from './said.ts';

const BASE = call(NOW);

const someCall: fc.Arbitrary<Call> = fc
  .record({
    ago: fc.integer({ min: 0, max: 30 * DAY }),
    address: fc.option(fc.ipV4(), { nil: undefined }),
    actor: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz'),
    errorCode: fc.constantFrom(undefined, 'AccessDenied', 'Throttling'),
    name: fc.constantFrom('Get', 'Put', 'ConsoleLogin'),
    readOnly: fc.constantFrom(true, false, undefined),
  })
  .map(({ ago, actor, ...rest }) => ({
    ...BASE,
    ...rest,
    at: NOW - ago,
    actor: { ...BASE.actor, label: `user ${actor}`, name: actor, id: actor },
  }));

function ask(kind: ActivityKind, calls: readonly Call[], to = NOW): Answer {
  const period = { ...SCOPE.period, from: to - 30 * DAY, to };
  return answer({ kind, value: 'x', scope: { period } }, { calls });
}

/** `64` of `64 (3 denied)`. */
function counted(cell = ''): number {
  return Number(/^(\d+)(?: \(\d+ denied\))?$/.exec(cell)?.[1]);
}

function deniedOf(cell = ''): number {
  return Number(/\((\d+) denied\)$/.exec(cell)?.[1] ?? 0);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

describe('the numbers of an answer', () => {
  it('add up: the rows of a table to all calls and all denied ones', () => {
    fc.assert(
      fc.property(
        fc.array(someCall, { minLength: 1, maxLength: 80 }),
        fc.constantFrom('key', 'user', 'address', 'role', 'resource', 'anything'),
        (calls, kind) => {
          const rows = tableOf(ask(kind as ActivityKind, calls));
          expect(sum(rows.map((row) => counted(row[1])))).toBe(calls.length);
          const denied = calls.filter(({ errorCode }) => errorCode === 'AccessDenied');
          expect(sum(rows.map((row) => deniedOf(row[1])))).toBe(denied.length);
          expect(rows.length).toBeLessThanOrEqual(11);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('add up for errors too', () => {
    fc.assert(
      fc.property(fc.array(someCall, { minLength: 1, maxLength: 80 }), (some) => {
        const calls = some.map((one) => ({ ...one, errorCode: one.errorCode ?? 'Throttling' }));
        const rows = tableOf(ask('errors', calls));
        expect(sum(rows.map((row) => counted(row[1])))).toBe(calls.length);
      }),
      { numRuns: 50 },
    );
  });

  it('add up in the chart, whatever the period and the spread', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 4 * 365 * DAY }), { minLength: 2, maxLength: 60 }),
        fc.integer({ min: 1, max: 4 * 365 * DAY }),
        (agos, length) => {
          const calls = agos.map((ago) => ({ ...BASE, at: NOW - (ago % length) }));
          const period = { from: NOW - length, to: NOW, said: 'that period' };
          const chart = chartOf(answer({ kind: 'user', value: 'x', scope: { period } }, { calls }));
          if (!chart) return;
          expect(sum(chart.series.flatMap(({ values }) => values))).toBe(calls.length);
          expect(chart.labels.length).toBeLessThanOrEqual(chart.title.includes('per day') ? 92 : 20);
          expect(new Set(chart.labels).size).toBe(chart.labels.length);
          expect(chart.labels.every((label) => label.length <= 20)).toBe(true);
          for (const { values } of chart.series) expect(values).toHaveLength(chart.labels.length);
          expect(chart.title.length).toBeLessThanOrEqual(50);
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe('text from events', () => {
  it('stays text, and a title fits, whatever names say', () => {
    const hostile = fc.oneof(
      awkward,
      fc.constantFrom('<!channel>', '<https://evil|aws>', '\u202Egnp', 'x'.repeat(300), '\n\n', ':fire:'),
    );
    fc.assert(
      fc.property(hostile, fc.constantFrom(...ACTIVITIES), (evil, kind) => {
        const actor = { ...BASE.actor, label: evil, name: evil };
        const one = { ...BASE, actor, address: evil, client: evil, target: evil, name: evil, region: evil };
        const calls = [
          one,
          { ...one, at: NOW - 20 * DAY, address: '192.0.2.1' },
          { ...one, errorCode: evil },
        ];
        const period = { ...SCOPE.period };
        const scope = {
          period,
          account: '111122223333',
          region: 'us-gov-west-1',
          access: 'writes' as const,
          failed: true,
        };
        for (const view of [{ kind: 'summary' as const }, { kind: 'timeline' as const, page: 0 }]) {
          const drawn = answer({ kind, value: kind === 'key' ? 'AKIA1' : evil, scope }, { calls }, view);
          expect(say(drawn.title).length).toBeLessThanOrEqual(140);
          const members = new Set(spansOf(drawn).flatMap((span) => Object.keys(span)));
          expect([...members].filter((name) => !SPAN.includes(name))).toEqual([]);
        }
      }),
      { numRuns: 50 },
    );
  });
});

const SPAN = ['text', 'style', 'at', 'form', 'keyId'];

function spansOf({ title, lead, parts }: Answer): object[] {
  const lines = parts.flatMap((part) =>
    part.kind === 'lines'
      ? part.lines
      : part.kind === 'list'
        ? part.items
        : part.kind === 'table'
          ? part.rows.flat()
          : [],
  );
  return [title, lead, ...lines].flat();
}

describe('twenty thousand calls', () => {
  /** How often drawing the answer looks at a member of a call. */
  function looks(kind: ActivityKind, count: number): number {
    let seen = 0;
    const calls = Array.from({ length: count }, (_, at): Call => {
      const plain: Call = {
        ...BASE,
        key: `k${at}`,
        at: NOW - at * MINUTE,
        address: `10.${at % 256}.${(at >> 8) % 256}.1`,
        name: kind === 'logins' ? 'ConsoleLogin' : `Call${at % 3000}`,
        actor: { ...BASE.actor, label: `user u${at % 4000}` },
        errorCode: at % 2 === 0 ? 'AccessDenied' : undefined,
      };
      return new Proxy(plain, {
        get(target, member) {
          seen += 1;
          return Reflect.get(target, member);
        },
      });
    });
    const period = { from: NOW - count * MINUTE - SECOND, to: NOW, said: 'long' };
    answer({ kind, value: 'x', scope: { period } }, { calls });
    return seen / count;
  }

  it.each(ACTIVITIES)('about %s are summarised in work that grows with their number', (kind) => {
    // Sorting in said.ts is the only part that grows a little faster.
    expect(looks(kind, 20_000)).toBeLessThan(looks(kind, 1000) * 2);
  });
});
