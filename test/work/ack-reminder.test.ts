import { beforeEach, expect, it } from 'vitest';
import type { Policy } from '../../src/alerts/escalation.ts';
import { systemRandom } from '../../src/kernel/random.ts';
import { HOUR, MINUTE } from '../../src/kernel/time.ts';
import { alertById, insertAlert } from '../../src/store/alerts.ts';
import { auditSince } from '../../src/store/audit.ts';
import { escalationOf } from '../../src/store/escalations.ts';
import { historyOf } from '../../src/store/history.ts';
import { postsOfAlert } from '../../src/store/posts.ts';
import type { Database } from '../../src/store/sql.ts';
import { tendAcknowledged } from '../../src/work/ack-reminder.ts';
import { openEscalation } from '../../src/work/escalation/open.ts';
import { operate } from '../../src/work/operate.ts';
import { ALICE, anAlert, T0 } from '../support/alerts.ts';
import { type FakeClock, fakeClock } from '../support/clock.ts';
import { temporaryStore } from '../support/store.ts';

const POLICY: Policy = {
  name: 'security',
  steps: [{ page: [{ kind: 'person', user: 'U0BOB00001' }], wait: 5 * MINUTE, onlyIf: undefined }],
  repeat: 1,
  end: { here: false, channel: undefined },
};
const LATER = 4 * HOUR;
const remindAfter = {
  informational: LATER,
  low: LATER,
  medium: LATER,
  high: LATER,
  critical: undefined,
};

let db: Database;
let clock: FakeClock;

beforeEach(async () => {
  db = await temporaryStore();
  clock = fakeClock(T0);
});

const tend = () =>
  tendAcknowledged(
    { db, clock, random: systemRandom, settings: () => ({ remindAfter, expiresAfter: 30 * MINUTE }) },
    'A-7',
  );

/** Alice has acknowledged an alert that escalates. */
async function acknowledged(over = {}): Promise<void> {
  const alert = anAlert(over);
  await insertAlert(db, alert);
  await openEscalation(db, new Map([['security', POLICY]]), alert, {
    escalation: 'security',
    repeat: 'never',
  });
  await operate(
    { db, clock, random: systemRandom, refuse: async () => undefined },
    { alertId: 'A-7', version: 1, operation: { kind: 'acknowledge' }, operator: ALICE, pressId: 'one' },
  );
}

it('asks once and takes back once, however often and from wherever it is looked at', async () => {
  await acknowledged();
  expect(await tend()).toEqual({ again: T0 + LATER });
  await clock.advance(LATER);
  const until = T0 + LATER + 30 * MINUTE;
  expect(await Promise.all([tend(), tend(), tend()])).toEqual(Array(3).fill({ again: until }));
  expect(await postsOfAlert(db, 'A-7', 'alert_reminder')).toHaveLength(1);
  await clock.advance(30 * MINUTE);
  expect(await Promise.all([tend(), tend(), tend()])).toEqual(['done', 'done', 'done']);
  expect(await postsOfAlert(db, 'A-7', 'alert_expired')).toHaveLength(1);
  expect(await alertById(db, 'A-7')).toMatchObject({ state: 'firing', version: 3, assignee: undefined });
});

it('lets the escalation go on, and writes what it did to the history and the audit log', async () => {
  await acknowledged();
  expect(await escalationOf(db, 'A-7')).toMatchObject({ state: 'stopped' });
  await clock.advance(LATER);
  await tend();
  await clock.advance(30 * MINUTE);
  await tend();
  expect(await escalationOf(db, 'A-7')).toMatchObject({ state: 'running', nextAt: clock.now() });
  const detail = 'un-acknowledged, because Alice did not say to be still on it after 4 h 30 min';
  expect(await historyOf(db, 'A-7')).toContainEqual(expect.objectContaining({ kind: 'expire', detail }));
  expect(await auditSince(db, clock.now())).toMatchObject([{ userId: 'trailbot', detail: `A-7 ${detail}` }]);
});

it('never asks where the level says never', async () => {
  await acknowledged({ level: 'critical' });
  expect(await tend()).toBe('done');
});
