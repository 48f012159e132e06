import { beforeEach, describe, expect, it } from 'vitest';
import type { Operation, Operator } from '../../src/alerts/alert.ts';
import { systemRandom } from '../../src/kernel/random.ts';
import { HOUR, MINUTE } from '../../src/kernel/time.ts';
import { alertById, insertAlert } from '../../src/store/alerts.ts';
import { auditSince } from '../../src/store/audit.ts';
import { historyOf } from '../../src/store/history.ts';
import { nextDue } from '../../src/store/jobs.ts';
import type { Database } from '../../src/store/sql.ts';
import { type OperateTools, operate, wakeAlert } from '../../src/work/operate.ts';
import { ALICE, anAlert, BOB, T0 } from '../support/alerts.ts';
import { type FakeClock, fakeClock } from '../support/clock.ts';
import { temporaryStore } from '../support/store.ts';

let db: Database;
let clock: FakeClock;
let tools: OperateTools;

beforeEach(async () => {
  db = await temporaryStore();
  clock = fakeClock(T0 + MINUTE);
  tools = { db, clock, random: systemRandom, refuse: async () => undefined };
  await insertAlert(db, anAlert());
});

function press(
  operation: Operation,
  version: number,
  operator: Operator = ALICE,
  pressId = systemRandom.id(),
) {
  return operate(tools, { alertId: 'A-7', version, operation, operator, pressId });
}

const acknowledge: Operation = { kind: 'acknowledge' };
const resolve: Operation = { kind: 'resolve', disposition: 'true_positive', note: 'key revoked' };

describe('a press', () => {
  it('changes the alert, its history, the audit log and asks for the message, together', async () => {
    expect(await press(acknowledge, 1)).toMatchObject({ done: { state: 'acknowledged', version: 2 } });
    expect(await alertById(db, 'A-7')).toMatchObject({ acknowledgedBy: ALICE.userId, version: 2 });
    expect(await historyOf(db, 'A-7')).toMatchObject([{ userId: ALICE.userId, detail: 'acknowledged' }]);
    expect(await auditSince(db, 0)).toMatchObject([{ userId: ALICE.userId, detail: 'A-7 acknowledged' }]);
    expect(await nextDue(db)).toBe(clock.now());
  });

  it('with an old version changes nothing and says what happened meanwhile', async () => {
    await press(acknowledge, 1);
    await clock.advance(20_000);
    expect(await press(resolve, 1, BOB)).toEqual({
      refused: 'Nothing changed. Alice acknowledged A-7 20 s ago. The message now shows how it stands.',
    });
    expect(await alertById(db, 'A-7')).toMatchObject({ state: 'acknowledged', version: 2 });
  });

  it('of twenty people at once makes one winner, and nineteen are told who', async () => {
    const people = Array.from({ length: 20 }, (_, index) => ({
      ...BOB,
      userId: `U${index}`,
      name: `P${index}`,
    }));
    const outcomes = await Promise.all(people.map((person) => press(acknowledge, 1, person)));
    expect(outcomes.filter((outcome) => 'done' in outcome)).toHaveLength(1);
    expect(
      outcomes.filter((outcome) => 'refused' in outcome && /P\d+ acknowledged A-7/.test(outcome.refused)),
    ).toHaveLength(19);
  });

  it('delivered twice is done once', async () => {
    await press(acknowledge, 1, ALICE, 'the same press');
    expect(await press(acknowledge, 1, ALICE, 'the same press')).toHaveProperty('done');
    expect(await historyOf(db, 'A-7')).toHaveLength(1);
  });

  it('by somebody who may not is refused before anything is written', async () => {
    tools = { ...tools, refuse: async () => 'Ask the responders.' };
    expect(await press(acknowledge, 1)).toEqual({ refused: 'Ask the responders.' });
    expect(await historyOf(db, 'A-7')).toEqual([]);
  });

  it('on an alert that is not known here is refused', async () => {
    expect(
      await operate(tools, {
        alertId: 'A-99',
        version: 1,
        operation: acknowledge,
        operator: ALICE,
        pressId: 'x',
      }),
    ).toHaveProperty('refused');
  });

  it('to reopen is refused while another alert is open for the same', async () => {
    await press(resolve, 1);
    await insertAlert(db, anAlert({ id: 'A-8' }));
    expect(await press({ kind: 'reopen' }, 2)).toEqual({
      refused: 'A-8 is open for the same rule and actor; use that one.',
    });
  });
});

describe('a snooze', () => {
  it('ends by itself at its time, and not before', async () => {
    const until = clock.now() + HOUR;
    await press({ kind: 'snooze', until }, 1);
    expect(await wakeAlert(tools, 'A-7')).toEqual({ again: until });
    await clock.advance(HOUR);
    expect(await wakeAlert(tools, 'A-7')).toBe('done');
    expect(await alertById(db, 'A-7')).toMatchObject({
      state: 'firing',
      snoozedUntil: undefined,
      version: 3,
    });
    expect((await historyOf(db, 'A-7')).map((line) => line.detail)).toContain('snooze ended');
  });

  it('of an alert resolved meanwhile does nothing', async () => {
    await press({ kind: 'snooze', until: clock.now() + HOUR }, 1);
    await press(resolve, 2);
    await clock.advance(HOUR);
    expect(await wakeAlert(tools, 'A-7')).toBe('done');
    expect(await alertById(db, 'A-7')).toMatchObject({ state: 'resolved', version: 3 });
  });
});
