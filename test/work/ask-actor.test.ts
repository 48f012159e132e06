import { beforeEach, describe, expect, it } from 'vitest';
import type { Alert } from '../../src/alerts/alert.ts';
import { systemRandom } from '../../src/kernel/random.ts';
import { HOUR, MINUTE } from '../../src/kernel/time.ts';
import { confirmations, questionOf } from '../../src/store/actor-questions.ts';
import { alertById, changeAlert, insertAlert } from '../../src/store/alerts.ts';
import { postsOfAlert } from '../../src/store/posts.ts';
import { writeIntent, writeReceipt } from '../../src/store/receipts.ts';
import type { Database } from '../../src/store/sql.ts';
import { type ActorAnswer, answerQuestion } from '../../src/work/ask-actor/answer.ts';
import { askActor } from '../../src/work/ask-actor/ask.ts';
import { onQuestionRefused } from '../../src/work/ask-actor/refused.ts';
import { endWaiting } from '../../src/work/ask-actor/silence.ts';
import { wantQuestion } from '../../src/work/ask-actor/want.ts';
import { followChange } from '../../src/work/follow-change.ts';
import { someRule } from '../slack/samples.ts';
import { ALICE, anAlert, BOB, T0 } from '../support/alerts.ts';
import { type FakeClock, fakeClock } from '../support/clock.ts';
import { readable } from '../support/records.ts';
import { temporaryStore } from '../support/store.ts';

const RULE = someRule({ askActor: true, level: 'high' });
const roster = { names: () => [], onCall: async () => undefined, shifts: async () => [] };

let db: Database;
let clock: FakeClock;

function tools() {
  const askActor = { isSetUp: true, wait: 2 * HOUR, quietFor: 21 * HOUR, hours: undefined, resolve: [] };
  const people = [{ pattern: 'alice', who: BOB.userId }];
  const directory = { userByEmail: async () => undefined, isMember: async () => true };
  const settings = () => ({ people, askActor, lists: new Map() });
  return { db, clock, random: systemRandom, roster, directory, settings };
}

/** An alert that Slack has, and whose question was asked as far as it can be. */
async function open(id: string, over: Partial<Alert> = {}): Promise<Alert> {
  const alert = anAlert({ id, fingerprint: id, ruleId: RULE.id, ...over });
  await insertAlert(db, alert);
  await writeIntent(db, id, systemRandom.id(), alert, T0);
  await writeReceipt(db, id, { channel: 'C1', ts: id }, T0);
  await wantQuestion(db, alert, { rule: RULE, record: readable() }, clock.now());
  await askActor(tools(), `${id}:1`);
  return alert;
}

function answer(over: Partial<ActorAnswer> = {}) {
  return answerQuestion(tools(), {
    question: { alertId: 'A-1', number: 1 },
    answer: 'yes',
    reason: 'migration',
    operator: BOB,
    pressId: systemRandom.id(),
    ...over,
  });
}

const state = async (alertId: string) => (await questionOf(db, { alertId, number: 1 }))?.state;
const kinds = async (id: string) => (await postsOfAlert(db, id)).map(({ kind }) => kind);

beforeEach(async () => {
  db = await temporaryStore();
  clock = fakeClock(T0 + MINUTE);
});

describe('a question', () => {
  it('is answered by nobody but the one who is asked', async () => {
    await open('A-1');
    expect(await answer({ operator: ALICE })).toEqual({
      refused: expect.stringContaining(`Only <@${BOB.userId}>`),
    });
    expect(await state('A-1')).toBe('asked');
  });

  it('is asked once of one person for a rule in an account; the answer counts for every alert of it', async () => {
    await open('A-1');
    await open('A-2');
    expect(await kinds('A-2')).toEqual(['actor_asked']);
    await answer({ answer: 'no', reason: undefined });
    expect(await state('A-2')).toBe('no');
    expect(await kinds('A-2')).toEqual(['actor_asked', 'actor_outcome']);
  });

  it('is asked for the other alert when the first is resolved without an answer', async () => {
    const first = await open('A-1');
    await open('A-2');
    await changeAlert(db, 'A-1', 1, { state: 'resolved', resolvedBy: ALICE.userId, resolvedAt: clock.now() });
    await followChange(db, tools(), { ...first, state: 'resolved', version: 2 }, clock.now());
    expect([await state('A-1'), await state('A-2')]).toEqual(['closed', 'wanted']);
    await askActor(tools(), 'A-2:1');
    expect(await kinds('A-2')).toContain('actor_question');
  });

  it('takes one of twenty answers that come at once', async () => {
    await open('A-1');
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        answer({ answer: index % 2 ? 'no' : 'unsure', reason: undefined }),
      ),
    );
    expect(answers.filter((refused) => refused === undefined)).toHaveLength(1);
    expect((await kinds('A-1')).filter((kind) => kind === 'actor_outcome')).toHaveLength(1);
  });

  it('that Slack will not deliver is no question: the thread says so, and no silence escalates', async () => {
    await open('A-1');
    const post = { id: 'actor_question:A-1:1', kind: 'actor_question' };
    await onQuestionRefused(db, systemRandom, post, 'cannot_dm_bot', clock.now());
    await clock.advance(3 * HOUR);
    await endWaiting(tools(), 'A-1:1');
    expect(await kinds('A-1')).toEqual(['actor_asked', 'actor_nobody', 'actor_question']);
  });

  it('that nobody answers ends a snooze: somebody has to look', async () => {
    await open('A-1');
    await changeAlert(db, 'A-1', 1, { snoozedUntil: T0 + 24 * HOUR, snoozedBy: ALICE.userId });
    await clock.advance(2 * HOUR);
    await endWaiting(tools(), 'A-1:1');
    await endWaiting(tools(), 'A-1:1');
    expect(await alertById(db, 'A-1')).toMatchObject({ snoozedUntil: undefined, state: 'firing' });
    expect((await kinds('A-1')).filter((kind) => kind === 'actor_outcome')).toHaveLength(1);
  });
});

describe('a yes', () => {
  const of = { ruleId: RULE.id, account: '111122223333', key: 'arn:aws:iam::111122223333:user/alice' };

  it('counts for 21 hours', async () => {
    await open('A-1');
    await answer();
    expect(await confirmations(db, of, clock.now() + 21 * HOUR - 1)).toHaveLength(1);
    expect(await confirmations(db, of, clock.now() + 21 * HOUR)).toEqual([]);
  });

  it('counts for nothing once the alert turns out to be an attack', async () => {
    await open('A-1');
    await answer();
    await changeAlert(db, 'A-1', 1, {
      state: 'resolved',
      disposition: 'true_positive',
      resolvedAt: clock.now(),
    });
    expect(await confirmations(db, of, clock.now())).toEqual([]);
  });
});
