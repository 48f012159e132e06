import { describe, expect, it } from 'vitest';
import type { Alert, Operation, Operator } from '../../src/alerts/alert.ts';
import { transition } from '../../src/alerts/transition.ts';
import { HOUR, MINUTE } from '../../src/kernel/time.ts';
import { ALICE, anAlert, BOB, T0 } from '../support/alerts.ts';

const CAROL: Operator = { userId: 'U0CARLA001', teamId: 'T0LOCAL001', name: 'Carol' };
const NAMES = new Map([ALICE, BOB, CAROL].map(({ userId, name }) => [userId, name]));

/** What becomes of the alert when these people do these things, a minute apart; the last refusal, where there is one. */
function following(alert: Alert, ...acts: readonly (readonly [Operator, Operation])[]) {
  let [current, refused]: [Alert, string | undefined] = [alert, undefined];
  acts.forEach(([operator, operation], index) => {
    const change = transition(current, operation, operator, T0 + (index + 1) * MINUTE, NAMES);
    if ('refused' in change) refused = change.refused;
    else current = { ...current, ...change };
  });
  return { ...current, refused };
}

const acknowledge: Operation = { kind: 'acknowledge' };
const unacknowledge: Operation = { kind: 'unacknowledge' };
const confirm: Operation = { kind: 'confirm' };
const give = (to: Operator): Operation => ({ kind: 'assign', to, note: undefined });
const people = ({ acknowledgements }: Alert) => acknowledgements.map(({ userId }) => userId);

const two = anAlert({ needs: 2 });

describe('acknowledging takes the alert', () => {
  it('for the one who pressed; un-acknowledging lets go of it', () => {
    expect(following(anAlert(), [BOB, acknowledge])).toMatchObject({
      assignee: BOB.userId,
      heldSince: T0 + MINUTE,
    });
    const back = following(anAlert(), [BOB, acknowledge], [ALICE, unacknowledge]);
    expect(back).toMatchObject({ state: 'firing', again: true, assignee: undefined, acknowledgements: [] });
  });

  it('also from the one it was given to, and says whose it was', () => {
    const taken = following(anAlert(), [ALICE, give(BOB)], [CAROL, acknowledge]);
    expect(taken).toMatchObject({ assignee: CAROL.userId, takenFrom: BOB.userId, assignedBy: undefined });
    const own = following(anAlert(), [ALICE, give(BOB)], [BOB, acknowledge]);
    expect(own).toMatchObject({ assignee: BOB.userId, takenFrom: undefined, assignedBy: ALICE.userId });
  });
});

describe('an alert that needs two people', () => {
  it('fires until the second has acknowledged; the first has it', () => {
    const first = following(two, [ALICE, acknowledge]);
    expect(first).toMatchObject({ state: 'firing', assignee: ALICE.userId, acknowledgedBy: undefined });
    const second = following(two, [ALICE, acknowledge], [BOB, acknowledge]);
    expect(second).toMatchObject({
      state: 'acknowledged',
      assignee: ALICE.userId,
      acknowledgedBy: BOB.userId,
      acknowledgedAt: T0 + 2 * MINUTE,
      heldSince: T0 + 2 * MINUTE,
    });
  });

  it('is not acknowledged by one person twice, who is told politely', () => {
    const twice = following(two, [ALICE, acknowledge], [ALICE, acknowledge]);
    expect(twice).toMatchObject({ state: 'firing' });
    expect(twice.refused).toBe(
      'You have acknowledged A-7 already. It needs 2 different people: 1 more has to press Acknowledge.',
    );
  });

  it('of one who takes the own back, the other stays', () => {
    const left = following(two, [ALICE, acknowledge], [BOB, acknowledge], [ALICE, unacknowledge]);
    expect(left).toMatchObject({ state: 'firing', again: true, assignee: BOB.userId });
    expect(people(left)).toEqual([BOB.userId]);
    const early = following(two, [ALICE, acknowledge], [ALICE, unacknowledge]);
    expect(early).toMatchObject({ state: 'firing', again: false, assignee: undefined });
  });

  it('of somebody who has not acknowledged, un-acknowledging takes all back', () => {
    const none = following(two, [ALICE, acknowledge], [BOB, acknowledge], [CAROL, unacknowledge]);
    expect(none).toMatchObject({ state: 'firing', assignee: undefined, acknowledgements: [] });
  });

  it('says to whoever comes too late how far it is', () => {
    const late = following(two, [ALICE, acknowledge], [BOB, { kind: 'reopen' }]);
    expect(late.refused).toBe('Alice acknowledged A-7 1 min ago: 1 of 2 people.');
  });
});

describe('assigning', () => {
  it('a firing alert goes on firing; one that was acknowledged is in new hands from now on', () => {
    expect(following(anAlert(), [ALICE, give(BOB)])).toMatchObject({
      state: 'firing',
      assignee: BOB.userId,
      assignedBy: ALICE.userId,
      heldSince: undefined,
    });
    expect(following(anAlert(), [ALICE, acknowledge], [ALICE, give(BOB)])).toMatchObject({
      state: 'acknowledged',
      acknowledgedBy: ALICE.userId,
      assignee: BOB.userId,
      heldSince: T0 + 2 * MINUTE,
    });
  });

  it('to whoever has it already, or of what is resolved, is refused', () => {
    expect(following(anAlert(), [ALICE, acknowledge], [BOB, give(ALICE)]).refused).toBe(
      'Alice has A-7 already.',
    );
    const resolve: Operation = { kind: 'resolve', disposition: 'test', note: undefined };
    expect(following(anAlert(), [ALICE, resolve], [BOB, give(BOB)]).refused).toMatch(/^Alice resolved A-7/);
  });
});

describe('still on it', () => {
  const asked = (alert: Alert): Alert => ({ ...alert, confirmBy: T0 + HOUR });

  it('starts the clock anew', () => {
    const held = asked(following(anAlert(), [ALICE, acknowledge]));
    const change = transition(held, confirm, ALICE, T0 + 30 * MINUTE, NAMES);
    expect(change).toEqual({ heldSince: T0 + 30 * MINUTE, confirmBy: undefined });
  });

  it('is only for the one who was asked, and only when asked', () => {
    const held = following(anAlert(), [ALICE, acknowledge]);
    expect(transition(asked(held), confirm, BOB, T0, NAMES)).toEqual({
      refused: 'Alice has A-7 now and was asked.',
    });
    expect(transition(held, confirm, ALICE, T0, NAMES)).toHaveProperty('refused');
  });

  it('is not asked of what is resolved, snoozed, given away or reopened', () => {
    const held = asked(following(anAlert(), [ALICE, acknowledge]));
    const ends: readonly Operation[] = [
      { kind: 'resolve', disposition: 'test', note: undefined },
      { kind: 'snooze', until: T0 + 3 * HOUR },
      give(BOB),
      unacknowledge,
    ];
    for (const operation of ends) expect(following(held, [ALICE, operation]).confirmBy).toBeUndefined();
  });
});

it('a snooze of an acknowledged alert ends with the clock anew; reopening leaves nobody with it', () => {
  const until = T0 + 3 * HOUR;
  const put = following(two, [ALICE, acknowledge], [BOB, acknowledge], [ALICE, { kind: 'snooze', until }]);
  expect(put.heldSince).toBeUndefined();
  expect(following(put, [ALICE, { kind: 'wake' }])).toMatchObject({ heldSince: T0 + MINUTE, again: false });
  const resolve: Operation = { kind: 'resolve', disposition: 'test', note: undefined };
  const opened = following(two, [ALICE, acknowledge], [BOB, resolve], [BOB, { kind: 'reopen' }]);
  expect(opened).toMatchObject({ state: 'firing', needs: 2, assignee: undefined, acknowledgements: [] });
});
