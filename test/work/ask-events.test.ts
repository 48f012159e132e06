import { describe, expect, it } from 'vitest';
import type { CloudTrailRecord } from '../../src/cloudtrail/record.ts';
import { createLog } from '../../src/kernel/log.ts';
import { DAY, MINUTE, SECOND, sayInstant } from '../../src/kernel/time.ts';
import type { EventsQuestion } from '../../src/questions/question.ts';
import { insertRecord } from '../../src/store/records.ts';
import { insertSuppression } from '../../src/store/suppressions.ts';
import { type AskTools, ask } from '../../src/work/ask/ask.ts';
import { judgeEvent } from '../../src/work/judge-event.ts';
import { fakeClock } from '../support/clock.ts';
import { baseRules, correlationText, rulesWith, START } from '../support/correlations.ts';
import { startEvaluation } from '../support/evaluation.ts';
import { HOME, memoryHistory, OTHER } from '../support/memory-history.ts';
import { EVENT_TIME, readable, record } from '../support/records.ts';
import { temporaryStore } from '../support/store.ts';

const PERIOD = { from: EVENT_TIME - 90 * DAY, to: EVENT_TIME, said: 'last 90 days' };
const STORED = readable();
const ELSEWHERE = readable({ recipientAccountId: OTHER, awsRegion: 'eu-west-1' });
const PLACES = [HOME, OTHER].flatMap((account) =>
  ['us-east-1', 'eu-west-1', 'ap-southeast-2'].map((region) => ({ account, region })),
);

function question(eventIds: readonly string[], scope: Partial<EventsQuestion['scope']> = {}): EventsQuestion {
  return { kind: eventIds.length > 1 ? 'compare' : 'event', eventIds, scope: { period: PERIOD, ...scope } };
}

async function answer(tools: Partial<AskTools>, asked: EventsQuestion) {
  const clock = fakeClock();
  const all = { sql: undefined, clock, log: createLog('silent'), ...tools };
  const history =
    tools.history ?? memoryHistory({ clock, records: [ELSEWHERE, STORED], places: PLACES, pace: 500 });
  const options = { signal: new AbortController().signal, deadline: MINUTE };
  let ended = false;
  const found = ask({ ...all, history }, asked, options).finally(() => {
    ended = true;
  });
  while (!ended) await clock.advance(100);
  return { ...(await found), history };
}

async function storeOf(...records: (typeof STORED)[]) {
  const db = await temporaryStore();
  for (const record of records) await insertRecord(db, record, EVENT_TIME + 1);
  return db;
}

describe('asking for events', () => {
  it('gives a stored event with what the bot did about it, and leaves AWS alone', async () => {
    const db = await storeOf(STORED);
    await insertSuppression(
      db,
      { recordKey: STORED.key, ruleId: 'r1', kind: 'silence', reason: 'silenced until 10:00' },
      EVENT_TIME,
    );
    const { events, coverage, calls } = await answer({ sql: db }, question([STORED.eventId]));
    expect(events).toMatchObject([
      {
        record: { key: STORED.key },
        receivedAt: EVENT_TIME + 1,
        suppressed: [{ reason: 'silenced until 10:00' }],
      },
    ]);
    expect(calls).toMatchObject([{ key: STORED.key }]);
    expect(coverage).toMatchObject({ store: { events: 1 }, lookup: { off: expect.any(String) }, blind: [] });
  });

  it('finds the others in AWS, in the order asked, without waiting for places that do not have them', async () => {
    const db = await storeOf(STORED);
    const { events, coverage } = await answer({ sql: db }, question([ELSEWHERE.eventId, STORED.eventId]));
    expect(events?.map(({ record, receivedAt }) => [record.key, receivedAt])).toEqual([
      [ELSEWHERE.key, undefined],
      [STORED.key, EVENT_TIME + 1],
    ]);
    expect(coverage.blind).toEqual([]);
    const states = 'places' in coverage.lookup ? coverage.lookup.places.map(({ state }) => state) : [];
    expect(new Set(states)).toEqual(new Set(['done']));
  });

  it('says where it looked for what it does not find', async () => {
    const { events, coverage } = await answer({}, question(['00000000-0000-4000-8000-000000000000']));
    expect(events).toEqual([]);
    expect(coverage.lookup).toMatchObject({ places: PLACES.map((place) => ({ ...place, state: 'done' })) });
    expect(coverage.blind.join(' ')).toContain('management events only');
  });

  it('looks nowhere else than it was told', async () => {
    const db = await storeOf(STORED);
    const { events, coverage } = await answer(
      { sql: db },
      question([STORED.eventId], { region: 'eu-west-1' }),
    );
    expect(events).toEqual([]);
    expect(coverage.lookup).toMatchObject({ places: [{ region: 'eu-west-1' }, { region: 'eu-west-1' }] });
  });
});

describe('asking why an alert was made', () => {
  const why = (id: string): EventsQuestion => ({ ...question([id]), kind: 'explain' });
  const events = [
    { eventName: 'a', eventTime: sayInstant(START) },
    { eventName: 'a', eventTime: sayInstant(START + SECOND) },
  ];
  const TWO = 'type: event_count, rules: [a], group-by: [account], timespan: 10m, condition: {gte: 2}';

  async function alerted() {
    const evaluation = await startEvaluation(baseRules('a') + correlationText(TWO));
    await evaluation.take(events.map((event) => record(event)));
    return evaluation;
  }

  it('needs the own store, and leaves AWS alone without it', async () => {
    const { events, coverage } = await answer({}, why('A-1'));
    expect(events).toEqual([]);
    expect(coverage).toMatchObject({ lookup: { off: 'alerts are known to the own store alone' }, blind: [] });
  });

  it('says that its events are gone, where there is the alert alone', async () => {
    const { db } = await alerted();
    await db.run('delete from records');
    const { coverage } = await answer({ sql: db }, why('A-1'));
    expect(coverage.lookup).toEqual({ off: 'no event of A-1 is kept any more, or none where you asked' });
  });

  it('is judged by the rules in force, also where they would not alert any more', async () => {
    const { db, tools } = await alerted();
    const ruleset = rulesWith(TWO.replace('gte: 2', 'gte: 5'), '', ['a']);
    const judge = (one: CloudTrailRecord) => judgeEvent({ ...tools, sql: db, ruleset: () => ruleset }, one);
    const { events } = await answer({ sql: db, judge }, why('A-1'));
    expect(events?.[0]?.judgement?.alerts).toMatchObject([
      {
        id: 'A-1',
        title: 'Correlated',
        counted: {
          holds: false,
          says: '2 events (wanted: 5 or more) within 10 min for account 111122223333',
          calls: [{ at: START + SECOND }, { at: START }],
          rules: [{ rule: { name: 'a' } }],
        },
      },
    ]);
  });
});
