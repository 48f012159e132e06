import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CloudTrailRecord } from '../../src/cloudtrail/record.ts';
import { createLog } from '../../src/kernel/log.ts';
import { DAY, MINUTE, type Millis, SECOND } from '../../src/kernel/time.ts';
import type { Coverage, PlaceCover, Trouble } from '../../src/questions/coverage.ts';
import type { Material } from '../../src/questions/material.ts';
import type { ActivityQuestion, Question, Scope } from '../../src/questions/question.ts';
import { insertCalls, searchableOf } from '../../src/store/calls.ts';
import { countStored, insertRecord } from '../../src/store/records.ts';
import type { Database } from '../../src/store/sql.ts';
import { type AskOptions, type AskState, type AskTools, ask } from '../../src/work/ask/ask.ts';
import type { CloudHistory } from '../../src/work/cloud-history.ts';
import { type FakeClock, fakeClock } from '../support/clock.ts';
import { HOME, memoryHistory, OTHER } from '../support/memory-history.ts';
import { EVENT_TIME, readable, roleSession } from '../support/records.ts';
import { temporaryStore } from '../support/store.ts';

const PERIOD = { from: EVENT_TIME - 30 * DAY, to: EVENT_TIME, said: 'last 30 days' };
const KEY = 'AKIAIOSFODNN7EXAMPLE';
const LOG = createLog('silent');
const DENIED: Trouble = { kind: 'denied', what: 'not allowed', remedy: 'Allow it.' };
const PLACES = [HOME, OTHER].flatMap((account) =>
  ['us-east-1', 'eu-west-1'].map((region) => ({ account, region })),
);

function about(kind: ActivityQuestion['kind'], value: string, scope: Partial<Scope> = {}): ActivityQuestion {
  return { kind, value, scope: { period: PERIOD, ...scope } };
}

/** Calls of the key, each a second before the last. */
function calls(count: number, account = HOME, region = 'us-east-1'): CloudTrailRecord[] {
  const first = readable({ recipientAccountId: account, awsRegion: region });
  return Array.from({ length: count }, (_, index) => {
    const eventId = `${first.eventId}-${index}`;
    const eventTime = EVENT_TIME - index * SECOND;
    return { ...first, eventId, eventTime, key: `${account}|${region}|${eventId}` };
  });
}

async function keep(db: Database, records: readonly CloudTrailRecord[]): Promise<void> {
  await db.tx(async (sql) => {
    for (const record of records) await insertRecord(sql, record, EVENT_TIME);
    await countStored(sql, records.length);
    await insertCalls(
      sql,
      records.map((record) => searchableOf(record, EVENT_TIME)),
    );
    await sql.run('delete from pending');
  });
}

function start(
  tools: Partial<AskTools> & { clock: FakeClock },
  question: Question,
  options: Partial<AskOptions> = {},
) {
  const all = { sql: undefined, history: { off: 'history is off' }, log: LOG, ...tools };
  const heard: AskState[] = [];
  const asked = ask(all, question, {
    signal: new AbortController().signal,
    deadline: 2 * MINUTE,
    hear: (state) => heard.push(state),
    ...options,
  });
  return { asked, heard };
}

/** Lets time pass until there is an answer. */
async function answered(clock: FakeClock, asked: Promise<Material>): Promise<Material> {
  let ended = false;
  const watched = asked.finally(() => {
    ended = true;
  });
  while (!ended) await clock.advance(100);
  return watched;
}

function placesOf(coverage: Coverage): readonly PlaceCover[] {
  return 'places' in coverage.lookup ? coverage.lookup.places : [];
}

describe('asking both sources', () => {
  it('hears the own store first, then AWS, and has each call once, newest first', async () => {
    const clock = fakeClock();
    const db = await temporaryStore();
    const known = calls(4);
    await keep(db, known.slice(1));
    const history = memoryHistory({ clock, records: known.slice(0, 3) });
    const { asked, heard } = start({ clock, sql: db, history }, about('key', KEY));
    const { calls: found, coverage, unfinished } = await answered(clock, asked);
    expect(heard[0]?.material).toMatchObject({ unfinished: true, calls: [{}, {}, {}] });
    expect(heard[0]).toMatchObject({ requests: 0, events: 0 });
    expect(found.map(({ key }) => key)).toEqual(known.map(({ key }) => key));
    expect(unfinished).toBeUndefined();
    expect(coverage.store).toMatchObject({ events: 3, stored: 3, truncated: false });
    expect(placesOf(coverage)).toMatchObject([{ state: 'done', requests: 1, events: 3 }]);
  });

  it('gives each event once, newest first and inside the scope, however they lie in the two sources', async () => {
    const db = await temporaryStore();
    const access = fc.constantFrom(true, false);
    const event = fc.record({
      at: fc.integer({ min: 0, max: 40 * DAY }),
      write: access,
      stored: access,
      aws: access,
    });
    const scopes = fc.record({
      access: fc.constantFrom(undefined, 'reads' as const, 'writes' as const),
      region: fc.constantFrom(undefined, 'us-east-1', 'eu-west-1'),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(event, { maxLength: 12 }),
        scopes,
        fc.boolean(),
        async (events, scope, deaf) => {
          for (const table of ['call_names', 'calls', 'calls_due', 'records'])
            await db.run(`delete from ${table}`);
          const made = events.map(({ at, write, ...where }, index) => {
            const region = index % 2 === 0 ? 'us-east-1' : 'eu-west-1';
            const record = readable({ readOnly: !write, awsRegion: region });
            return { ...where, write, record: { ...record, eventTime: EVENT_TIME - at } };
          });
          const clock = fakeClock();
          await keep(
            db,
            made.filter(({ stored }) => stored).map(({ record }) => record),
          );
          const records = made.filter(({ aws }) => aws).map(({ record }) => record);
          const history = memoryHistory({
            clock,
            records,
            places: deaf ? PLACES.slice(0, 1) : PLACES,
            perPage: 3,
            deaf,
          });
          const { asked } = start({ clock, sql: db, history }, about('user', 'alice', scope));
          const expected = made
            .filter(({ stored, aws }) => stored || aws)
            .filter(({ record }) => record.eventTime >= PERIOD.from)
            .filter(({ write }) => scope.access === undefined || (scope.access === 'writes') === write)
            .filter(({ record }) => (scope.region ?? record.region) === record.region)
            .sort((a, b) => b.record.eventTime - a.record.eventTime);
          const { calls: found } = await answered(clock, asked);
          const reachable =
            deaf && scope.region === 'eu-west-1' ? expected.filter(({ stored }) => stored) : expected;
          expect(found.map(({ at }) => at)).toEqual(reachable.map(({ record }) => record.eventTime));
          expect(new Set(found.map(({ key }) => key))).toEqual(
            new Set(reachable.map(({ record }) => record.key)),
          );
        },
      ),
      { numRuns: 40 },
    );
  });

  it('tells how far it has come, at most every 250 ms', async () => {
    const clock = fakeClock();
    const history = memoryHistory({ clock, records: calls(500), places: PLACES, pace: 100, perPage: 10 });
    const times: Millis[] = [];
    const { asked, heard } = start({ clock, history }, about('key', KEY), {
      hear: (state) => {
        times.push(clock.now());
        heard.push(state);
      },
    });
    await answered(clock, asked);
    const gaps = times.slice(1).map((at, index) => at - (times[index] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(250);
    expect(times.length).toBeGreaterThan(15);
    const half = heard.find(({ requests }) => requests >= 28);
    expect(half).toMatchObject({ places: 4, done: 3, events: (half?.requests ?? 0) * 10 - 30 });
    expect(half?.left).toBeGreaterThan(0);
    expect(half?.material.unfinished).toBe(true);
  });

  it('says beforehand what a long question takes', async () => {
    const clock = fakeClock();
    const db = await temporaryStore();
    await keep(db, calls(1_500));
    const history = memoryHistory({ clock, records: calls(1_500) });
    const { asked, heard } = start({ clock, sql: db, history }, about('key', KEY));
    await answered(clock, asked);
    const said = heard.find(({ cost }) => cost !== undefined);
    expect(said).toMatchObject({ cost: expect.stringContaining('AWS allows two a second'), requests: 0 });
    expect(heard.every(({ material }) => material.unfinished)).toBe(true);
    expect(clock.asleep).toBe(0);
  });
});

describe('what goes wrong in one place', () => {
  it('stops no other, and stands in the coverage', async () => {
    const clock = fakeClock();
    const troubles = {
      [`${HOME}|eu-west-1`]: { after: 0, trouble: DENIED },
      [`${OTHER}|us-east-1`]: { after: 1, trouble: DENIED },
    };
    const records = [...calls(3), ...calls(60, OTHER), ...calls(60, OTHER, 'eu-west-1')];
    const closed = [{ account: '777788889999', trouble: DENIED }];
    const history = memoryHistory({ clock, records, places: PLACES, troubles, closed });
    const { coverage, calls: found } = await answered(
      clock,
      start({ clock, history }, about('key', KEY)).asked,
    );
    expect(found).toHaveLength(3 + 50 + 60);
    expect(placesOf(coverage)).toMatchObject([
      { account: HOME, region: 'us-east-1', state: 'done' },
      { account: HOME, region: 'eu-west-1', state: 'failed', trouble: DENIED, readBackTo: undefined },
      { account: OTHER, region: 'us-east-1', state: 'partial', trouble: DENIED },
      { account: OTHER, region: 'eu-west-1', state: 'done' },
      { account: '777788889999', region: '*', state: 'failed', trouble: DENIED },
    ]);
  });

  it('leaves the own store where AWS is off, and AWS where there is no store', async () => {
    const clock = fakeClock();
    const db = await temporaryStore();
    await keep(db, calls(2));
    const own = await answered(clock, start({ clock, sql: db }, about('key', KEY)).asked);
    expect(own).toMatchObject({
      calls: [{}, {}],
      coverage: { lookup: { off: 'history is off' }, blind: [] },
    });
    const history = memoryHistory({ clock, records: calls(1) });
    const aws = await answered(clock, start({ clock, history }, about('key', KEY)).asked);
    expect(aws).toMatchObject({ calls: [{}], coverage: { store: { off: 'there is no data folder here' } } });
  });

  it('says that a store cannot be read, and goes on with AWS', async () => {
    const clock = fakeClock();
    const db = await temporaryStore();
    await db.run('drop table calls');
    const history = memoryHistory({ clock, records: calls(1) });
    const { calls: found, coverage } = await answered(
      clock,
      start({ clock, sql: db, history }, about('key', KEY)).asked,
    );
    expect(found).toHaveLength(1);
    expect(coverage.store).toEqual({ off: expect.stringContaining('could not be read') });
  });

  it('says when an account or region is none that can be asked', async () => {
    const clock = fakeClock();
    const history = memoryHistory({ clock, places: PLACES });
    const off = async (scope: Partial<Scope>) =>
      (await answered(clock, start({ clock, history }, about('key', KEY, scope)).asked)).coverage.lookup;
    expect(await off({ account: '999900001111' })).toEqual({
      off: '999900001111 is not an account that Trailbot can ask; add it under accounts with a reader_role',
    });
    expect(await off({ region: 'mars-1' })).toEqual({ off: expect.stringContaining('mars-1 is not among') });
    expect(history.asked).toEqual([]);
  });
});

describe('a question that ends early', () => {
  const records = [...calls(5_000), ...calls(10, OTHER, 'eu-west-1')];

  it('gives what was read until the deadline, and how far back that is', async () => {
    const clock = fakeClock();
    const history = memoryHistory({ clock, records, places: PLACES });
    const { asked } = start({ clock, history }, about('key', KEY), { deadline: 5 * SECOND });
    const { coverage, calls: found } = await answered(clock, asked);
    expect(found.length).toBeGreaterThanOrEqual(9 * 50 + 10);
    const places = placesOf(coverage);
    expect(places.filter(({ state }) => state === 'done')).toHaveLength(3);
    const late = places[0];
    expect(late).toMatchObject({
      state: 'partial',
      trouble: { kind: 'out of time', what: 'out of time after 5 s' },
    });
    const read = (late?.events ?? 0) - 1;
    expect(late?.readBackTo).toBe(EVENT_TIME - read * SECOND + 1);
    expect(clock.asleep).toBe(0);
  });

  it('gives what was read until it was cancelled, and leaves nothing behind', async () => {
    const clock = fakeClock();
    const cancel = new AbortController();
    const history = memoryHistory({ clock, records, places: PLACES });
    const { asked, heard } = start({ clock, history }, about('key', KEY), { signal: cancel.signal });
    while (heard.every(({ events }) => events === 0)) await clock.advance(100);
    cancel.abort();
    const { coverage, calls: found } = await asked;
    expect(found.length).toBeGreaterThan(0);
    expect(placesOf(coverage)[0]).toMatchObject({
      state: 'partial',
      trouble: { kind: 'cancelled', remedy: '' },
    });
    expect(clock.asleep).toBe(0);
    const told = heard.length;
    await clock.advance(MINUTE);
    expect(heard).toHaveLength(told);
  });

  it('does not wait for a history that hangs, and does not mind that it fails later', async () => {
    const clock = fakeClock();
    const cancel = new AbortController();
    let fail: (error: Error) => void = () => {};
    const hanging = new Promise<never>((_, reject) => {
      fail = reject;
    });
    const whole = memoryHistory({ clock, places: PLACES });
    const history: CloudHistory = {
      ...whole,
      lookup: () => ({ [Symbol.asyncIterator]: () => ({ next: () => hanging }) }),
      keyOwner: () => hanging,
      keyAccount: () => hanging,
    };
    const { asked } = start({ clock, history }, about('key', KEY), { signal: cancel.signal });
    await clock.advance(SECOND);
    cancel.abort();
    const { coverage } = await asked;
    fail(new Error('too late'));
    await clock.advance(SECOND);
    expect(placesOf(coverage).map(({ state }) => state)).toEqual(['failed', 'failed', 'failed', 'failed']);
    const never: CloudHistory = { ...history, reach: () => new Promise(() => {}) };
    const already = start({ clock, history: never }, about('key', KEY), { signal: AbortSignal.abort() });
    expect((await already.asked).coverage.lookup).toEqual({ off: expect.stringContaining('cancelled') });
  });

  it('keeps the newest 20,000 calls and says from when on they are all', async () => {
    const clock = fakeClock();
    const history = memoryHistory({ clock, records: calls(26_000), perPage: 500, pace: 10 });
    const { calls: found, coverage } = await answered(
      clock,
      start({ clock, history }, about('key', KEY)).asked,
    );
    expect(found).toHaveLength(20_000);
    expect(found.at(-1)?.at).toBe(EVENT_TIME - 19_999 * SECOND);
    expect(coverage.cutAt).toBe(EVENT_TIME - 19_999 * SECOND);
    expect(placesOf(coverage)).toMatchObject([{ state: 'partial', trouble: undefined }]);
    expect(placesOf(coverage)[0]?.requests).toBeLessThan(52);
  });
});

describe('asking about a key', () => {
  const owner = { userName: 'alice', lastUsed: undefined };

  it('says whose it is and which account that is, as far as AWS or its events tell', async () => {
    const clock = fakeClock();
    const owners = { [KEY]: owner };
    const told = memoryHistory({ clock, owners, accounts: { [KEY]: HOME } });
    const confirmed = await answered(clock, start({ clock, history: told }, about('key', KEY)).asked);
    expect(confirmed).toMatchObject({ owner, keyAccount: { account: HOME, by: 'aws' } });
    const seen = memoryHistory({ clock, owners, records: calls(1) });
    const fromEvents = await answered(clock, start({ clock, history: seen }, about('key', KEY)).asked);
    expect(fromEvents).toMatchObject({ owner, keyAccount: { account: HOME, by: 'seen' } });
    const decoded = await answered(clock, start({ clock }, about('key', 'AKIAY34FZKBOKMUTVV7A')).asked);
    expect(decoded.keyAccount).toMatchObject({ by: 'decoded', account: expect.stringMatching(/^\d{12}$/) });
    expect(decoded.owner).toBeUndefined();
  });

  it('says when its account is none that can be asked', async () => {
    const clock = fakeClock();
    const history = memoryHistory({ clock, accounts: { [KEY]: OTHER }, owners: { [KEY]: owner } });
    const { coverage, owner: none } = await answered(
      clock,
      start({ clock, history }, about('key', KEY)).asked,
    );
    expect(none).toBeUndefined();
    expect(coverage.blind[0]).toContain(`The key belongs to account ${OTHER}, which Trailbot cannot ask`);
  });

  it('walks a temporary key back, from its events wherever they are', async () => {
    const clock = fakeClock();
    const session = readable({ userIdentity: roleSession('Admin', 'alice@example.com') });
    const issued = readable({
      eventSource: 'sts.amazonaws.com',
      eventName: 'AssumeRole',
      eventTime: '2026-11-20T09:10:00Z',
      readOnly: true,
      requestParameters: { roleArn: `arn:aws:iam::${HOME}:role/Admin`, roleSessionName: 'alice@example.com' },
      responseElements: {
        credentials: { accessKeyId: 'ASIAIOSFODNN7EXAMPLE' },
        assumedRoleUser: { arn: `arn:aws:sts::${HOME}:assumed-role/Admin/alice@example.com` },
      },
    });
    const history = memoryHistory({ clock, records: [session, issued], places: PLACES });
    const question = about('key', 'ASIAIOSFODNN7EXAMPLE');
    const { trace, calls: found } = await answered(clock, start({ clock, history }, question).asked);
    expect(found.map(({ eventId }) => eventId)).toEqual([session.eventId]);
    expect(trace).toMatchObject({ keyId: 'ASIAIOSFODNN7EXAMPLE', origin: { kind: 'user' } });
    expect(trace?.hops).toMatchObject([{ action: 'sts:AssumeRole', role: 'Admin', eventId: issued.eventId }]);
    const db = await temporaryStore();
    await keep(db, [session, issued]);
    const own = await answered(clock, start({ clock, sql: db }, question).asked);
    expect(own.trace).toMatchObject({ origin: { kind: 'user' }, lookups: 0 });
  });
});

describe('how the alerts did', () => {
  it('comes from the own store alone', async () => {
    const clock = fakeClock();
    const question = { kind: 'stats', scope: { period: PERIOD } } as const;
    const none = await answered(clock, start({ clock }, question).asked);
    expect(none).toMatchObject({ coverage: { store: { off: 'there is no data folder here' } } });
    const { stats, coverage } = await answered(
      clock,
      start({ clock, sql: await temporaryStore() }, question).asked,
    );
    expect(stats).toEqual([]);
    expect(coverage.lookup).toEqual({ off: 'AWS knows nothing of alerts' });
  });
});
