import { describe, expect, it } from 'vitest';
import { type Drawn, decideNotice, type Notice } from '../../src/alerts/group.ts';
import { MINUTE, SECOND } from '../../src/kernel/time.ts';
import { anAlert, T0 } from '../support/alerts.ts';

const posted: Drawn = { version: 1, count: 1, postedAt: T0, countedAt: undefined, outdated: false };

const CASES: readonly [string, Parameters<typeof decideNotice>, Notice][] = [
  ['a new alert is posted', [anAlert(), undefined, T0], { kind: 'post', reason: 'first' }],
  [
    'a route with group_wait holds the first post back',
    [anAlert({ groupWait: 30 * SECOND }), undefined, T0 + SECOND],
    { kind: 'wait', reason: 'group_wait', until: T0 + 30 * SECOND },
  ],
  [
    'group_wait over: posted',
    [anAlert({ groupWait: 30 * SECOND }), undefined, T0 + 30 * SECOND],
    { kind: 'post', reason: 'first' },
  ],
  [
    'acknowledged before it was posted: posted at once',
    [anAlert({ groupWait: MINUTE, state: 'acknowledged' }), undefined, T0],
    { kind: 'post', reason: 'first' },
  ],
  ['nothing new stays quiet', [anAlert(), posted, T0 + MINUTE], { kind: 'quiet', reason: 'nothing_new' }],
  [
    'a change of state is shown at once',
    [anAlert({ version: 2, count: 5 }), { ...posted, countedAt: T0 }, T0 + 1],
    { kind: 'update', reason: 'state' },
  ],
  [
    'the first counter comes two seconds after the post',
    [anAlert({ count: 2 }), posted, T0 + SECOND],
    { kind: 'wait', reason: 'counter_interval', until: T0 + 2 * SECOND },
  ],
  [
    'then it is written',
    [anAlert({ count: 200 }), posted, T0 + 2 * SECOND],
    { kind: 'update', reason: 'counter' },
  ],
  [
    'later counters wait 45 s from the last one',
    [anAlert({ count: 201 }), { ...posted, count: 200, countedAt: T0 + 2 * SECOND }, T0 + 3 * SECOND],
    { kind: 'wait', reason: 'counter_interval', until: T0 + 47 * SECOND },
  ],
  [
    'and are written after them',
    [anAlert({ count: 201 }), { ...posted, count: 200, countedAt: T0 + 2 * SECOND }, T0 + 47 * SECOND],
    { kind: 'update', reason: 'counter' },
  ],
];

describe('what to do with an alert’s message', () => {
  it.each(CASES)('%s', (_, [alert, drawn, now], notice) => {
    expect(decideNotice(alert, drawn, now)).toEqual(notice);
  });
});
