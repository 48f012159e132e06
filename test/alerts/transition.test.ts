import { describe, expect, it } from 'vitest';
import type { Operation } from '../../src/alerts/alert.ts';
import { transition } from '../../src/alerts/transition.ts';
import { DAY, HOUR, MINUTE } from '../../src/kernel/time.ts';
import { anAlert, BOB, T0 } from '../support/alerts.ts';

const NAMES = new Map([
  ['U0ALICE01', 'Alice'],
  ['U0BOB00001', 'Bob'],
]);
const NOW = T0 + 10 * MINUTE;

const firing = anAlert();
const acknowledged = anAlert({
  state: 'acknowledged',
  acknowledgements: [{ userId: 'U0ALICE01', at: T0 + MINUTE }],
  acknowledgedBy: 'U0ALICE01',
  acknowledgedAt: T0 + MINUTE,
  assignee: 'U0ALICE01',
  heldSince: T0 + MINUTE,
});
const resolved = anAlert({ state: 'resolved', resolvedBy: 'U0ALICE01', resolvedAt: T0 + 2 * MINUTE });

function decide(alert: typeof firing, operation: Operation, now = NOW) {
  return transition(alert, operation, BOB, now, NAMES);
}

describe('what a press does', () => {
  it('acknowledging a firing alert assigns it to the one who pressed', () => {
    expect(decide(firing, { kind: 'acknowledge' })).toMatchObject({
      state: 'acknowledged',
      acknowledgedBy: 'U0BOB00001',
      acknowledgedAt: NOW,
    });
  });

  it('acknowledging what somebody has acknowledged is refused with who and when', () => {
    expect(decide(acknowledged, { kind: 'acknowledge' })).toEqual({
      refused: 'Alice acknowledged A-7 9 min ago.',
    });
  });

  it('acknowledging a resolved alert is refused and never reopens it', () => {
    expect(decide(resolved, { kind: 'acknowledge' })).toEqual({ refused: 'Alice resolved A-7 8 min ago.' });
  });

  it('un-acknowledging makes it fire again and frees the person', () => {
    expect(decide(acknowledged, { kind: 'unacknowledge' })).toMatchObject({
      state: 'firing',
      again: true,
      acknowledgedBy: undefined,
      acknowledgedAt: undefined,
      assignee: undefined,
    });
    expect(decide(firing, { kind: 'unacknowledge' })).toHaveProperty('refused');
  });

  it('resolving keeps who, why and the note, and ends a snooze', () => {
    const operation: Operation = { kind: 'resolve', disposition: 'expected', note: 'drill' };
    expect(decide(acknowledged, operation)).toEqual({
      state: 'resolved',
      resolvedBy: 'U0BOB00001',
      resolvedAt: NOW,
      disposition: 'expected',
      note: 'drill',
      snoozedUntil: undefined,
      snoozedBy: undefined,
      heldSince: undefined,
      confirmBy: undefined,
    });
    expect(decide(resolved, operation)).toHaveProperty('refused');
  });

  it('snoozing says until when and by whom; the past, 31 days and resolved alerts are refused', () => {
    expect(decide(firing, { kind: 'snooze', until: NOW + HOUR })).toMatchObject({
      snoozedUntil: NOW + HOUR,
      snoozedBy: 'U0BOB00001',
    });
    expect(decide(firing, { kind: 'snooze', until: NOW })).toHaveProperty('refused');
    expect(decide(firing, { kind: 'snooze', until: NOW + 31 * DAY })).toHaveProperty('refused');
    expect(decide(resolved, { kind: 'snooze', until: NOW + HOUR })).toHaveProperty('refused');
  });

  it('reopening works for seven days and leaves nobody assigned', () => {
    expect(decide(resolved, { kind: 'reopen' })).toMatchObject({
      state: 'firing',
      acknowledgedBy: undefined,
      resolvedBy: undefined,
    });
    expect(decide(resolved, { kind: 'reopen' }, NOW + 8 * DAY)).toHaveProperty('refused');
    expect(decide(firing, { kind: 'reopen' })).toEqual({
      refused: 'A-7 is firing and nobody has acknowledged it.',
    });
  });
});
