import { describe, expect, it } from 'vitest';
import { createLog } from '../../src/kernel/log.ts';
import { DAY, MINUTE } from '../../src/kernel/time.ts';
import type { EventsQuestion } from '../../src/questions/question.ts';
import { insertRecord } from '../../src/store/records.ts';
import { insertSuppression } from '../../src/store/suppressions.ts';
import { type AskTools, ask } from '../../src/work/ask/ask.ts';
import { fakeClock } from '../support/clock.ts';
import { HOME, memoryHistory, OTHER } from '../support/memory-history.ts';
import { EVENT_TIME, readable } from '../support/records.ts';
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
