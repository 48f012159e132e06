import { beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/kernel/json.ts';
import { HOUR, MINUTE, sayInstant } from '../../src/kernel/time.ts';
import { callOf } from '../../src/questions/call.ts';
import type { StoredQuery } from '../../src/questions/stored-query.ts';
import { readCalls, recordsOf, searchable } from '../../src/store/calls.ts';
import type { Database, Sql } from '../../src/store/sql.ts';
import { EVENT_TIME, readable, record, roleSession, user } from '../support/records.ts';
import { storeSearchable } from '../support/searchable.ts';
import { temporaryStore } from '../support/store.ts';

let db: Database;
beforeEach(async () => {
  db = await temporaryStore();
});

const at = (time: number): JsonObject => ({ eventTime: sayInstant(time) });
const KEY = 'AKIAIOSFODNN7EXAMPLE';

function by(
  column: StoredQuery['by']['column'],
  value: string,
  narrowing: Partial<StoredQuery> = {},
): StoredQuery {
  return { by: { column, value }, from: EVENT_TIME - 100 * HOUR, to: EVENT_TIME + HOUR, ...narrowing };
}

async function idsOf(query: StoredQuery, limit = 100): Promise<string[]> {
  return (await readCalls(db, query, limit)).map(({ eventId }) => eventId);
}

describe('stored calls', () => {
  it('are the same as the calls of the records', async () => {
    const odd = { userIdentity: { invokedBy: 'AWS Internal', accountId: '111122223333' }, readOnly: null };
    const failed = { errorMessage: 'Failed authentication', userAgent: null, sourceIPAddress: null };
    const records = [
      record({ ...at(EVENT_TIME + 3), errorCode: 'AccessDenied', readOnly: true }),
      record({
        ...at(EVENT_TIME + 2),
        sharedEventID: 'shared',
        sourceIPAddress: '2001:DB8::0:1',
        userIdentity: roleSession('Admin', 'alice@example.com'),
      }),
      record({ ...at(EVENT_TIME + 1), ...odd, eventID: 'an|odd id' }),
      record({ ...at(EVENT_TIME), ...odd, ...failed, awsRegion: 'eu-west-1' }),
    ];
    await storeSearchable(db, records);
    expect(await readCalls(db, by('eventName', 'CreateAccessKey'), 10)).toEqual(
      records.map((one) => callOf(readable(one))),
    );
  });

  it.each<[StoredQuery['by']['column'], string, JsonObject]>([
    [
      'keyId',
      'AKIAI44QH8DHBEXAMPLE',
      { userIdentity: { ...user('bob'), accessKeyId: 'AKIAI44QH8DHBEXAMPLE' } },
    ],
    ['address', '2001:db8::1', { sourceIPAddress: '2001:db8::1' }],
    ['address', '2001:db8::1', { sourceIPAddress: '2001:DB8:0:0:0:0:0:1' }],
    ['address', '203.0.113.77', { sourceIPAddress: '::ffff:203.0.113.77' }],
    ['eventName', 'ConsoleLogin', { eventName: 'ConsoleLogin' }],
    ['eventSource', 'signin.amazonaws.com', { eventSource: 'signin.amazonaws.com' }],
    ['actorName', 'carol', { userIdentity: user('carol') }],
    ['actorName', 'i-0abc', { userIdentity: roleSession('web', 'i-0abc') }],
    ['role', 'web', { userIdentity: roleSession('web', 'i-0abc') }],
    ['named', 'acme-backups', { requestParameters: { bucketName: 'acme-backups' } }],
    ['kind', 'root', { userIdentity: { type: 'Root', accountId: '111122223333' } }],
    ['failed', '', { errorCode: 'AccessDenied' }],
    ['failed', '', { errorMessage: 'Failed authentication' }],
  ])('are found by %s %s', async (column, value, overrides) => {
    await storeSearchable(db, [record(), record({ ...overrides, eventID: 'the one' }), record()]);
    expect(await idsOf(by(column, value))).toEqual(['the one']);
    expect(await idsOf(by(column, value, { to: EVENT_TIME - 1 }))).toEqual([]);
    expect(await idsOf(by(column, value, { from: EVENT_TIME, to: EVENT_TIME }))).toEqual(['the one']);
  });

  it('come newest first over all hours, and no more than were asked for', async () => {
    const times = [5, 90, 3, 60, 0, 61, 59, 119, 121].map((minutes) => EVENT_TIME - minutes * MINUTE);
    await storeSearchable(
      db,
      times.map((time) => record(at(time))),
    );
    const found = (await readCalls(db, by('keyId', KEY), 100)).map((call) => call.at);
    expect(found).toEqual(times.toSorted((a, b) => b - a));
    expect((await readCalls(db, by('keyId', KEY), 4)).map((call) => call.at)).toEqual(found.slice(0, 4));
  });

  it('are all found when thousands happened in the same second', async () => {
    const many = Array.from({ length: 2300 }, (_, index) => record({ eventID: `event ${index}` }));
    await storeSearchable(db, many);
    expect(new Set(await idsOf(by('keyId', KEY), 5000)).size).toBe(2300);
    expect(new Set(await idsOf(by('named', 'bob'), 5000)).size).toBe(2300);
  });

  it('are narrowed by account, region, access and failure', async () => {
    await storeSearchable(db, [
      record({ eventID: 'plain' }),
      record({ eventID: 'elsewhere', awsRegion: 'eu-west-1' }),
      record({ eventID: 'other account', recipientAccountId: '444455556666' }),
      record({ eventID: 'read', readOnly: true }),
      record({ eventID: 'says nothing', readOnly: null }),
      record({ eventID: 'denied', errorCode: 'AccessDenied' }),
    ]);
    const narrowed = async (narrowing: Partial<StoredQuery>) =>
      (await idsOf(by('keyId', KEY, narrowing))).toSorted();
    expect(await narrowed({ region: 'eu-west-1' })).toEqual(['elsewhere']);
    expect(await narrowed({ account: '444455556666' })).toEqual(['other account']);
    expect(await narrowed({ access: 'reads' })).toEqual(['read']);
    expect(await narrowed({ access: 'writes', region: 'us-east-1', account: '111122223333' })).toEqual([
      'denied',
      'plain',
      'says nothing',
    ]);
    expect(await narrowed({ failed: true })).toEqual(['denied']);
    expect(await idsOf(by('failed', '', { region: 'eu-west-1' }))).toEqual([]);
  });

  it('narrowed, are looked for until there are as many as were asked for', async () => {
    const many = Array.from({ length: 1500 }, (_, index) =>
      record({ eventID: `event ${index}`, readOnly: index >= 3, ...at(EVENT_TIME + index) }),
    );
    await storeSearchable(db, many);
    expect(await idsOf(by('keyId', KEY, { access: 'writes' }), 2)).toEqual(['event 2', 'event 1']);
  });

  it('lead to the whole records', async () => {
    await storeSearchable(db, [
      record({ eventID: 'one' }),
      record({ ...at(EVENT_TIME + 1), eventID: 'two' }),
    ]);
    const records = await recordsOf(db, by('named', 'bob'), 10);
    expect(records.map(({ body }) => JSON.parse(body).eventID)).toEqual(['two', 'one']);
    expect(await recordsOf(db, by('named', 'bob'), 1)).toHaveLength(1);
  });

  it('say how far back they go', async () => {
    expect(await searchable(db)).toEqual({ stored: 0, waiting: 0, since: undefined });
    await storeSearchable(db, [record(at(EVENT_TIME)), record(at(EVENT_TIME - 50 * HOUR))]);
    expect(await searchable(db)).toMatchObject({ waiting: 0, since: EVENT_TIME - 50 * HOUR });
  });
});

describe('a question to the store', () => {
  it.each<StoredQuery['by']['column']>([
    'keyId',
    'address',
    'eventName',
    'eventSource',
    'actorName',
    'role',
    'named',
    'kind',
    'failed',
  ])('by %s goes down one index, whatever narrows it', async (column) => {
    await storeSearchable(db, [record()]);
    const plans: string[] = [];
    const explaining: Sql = {
      ...db,
      async all(statement, values) {
        const steps = await db.all<{ detail: string }>(`explain query plan ${statement}`, values);
        plans.push(...steps.map(({ detail }) => detail));
        return db.all(statement, values);
      },
    };
    await readCalls(
      explaining,
      by(column, 'x', { failed: true, account: '1', region: 'r', access: 'reads' }),
      10,
    );
    expect(plans.length).toBeGreaterThan(1);
    for (const step of plans) expect(step).toMatch(/^SEARCH .* USING .*INDEX .*\((hour|id)[=>]/);
  });
});
