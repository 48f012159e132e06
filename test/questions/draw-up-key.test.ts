import { describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE } from '../../src/kernel/time.ts';
import type { Call } from '../../src/questions/call.ts';
import type { ActivityQuestion } from '../../src/questions/question.ts';
import type { Trace } from '../../src/questions/trace.ts';
import { roleSession, user } from '../support/records.ts';
import {
  answer,
  call,
  chartOf,
  coverage,
  labels,
  listOf,
  NOW,
  place,
  SCOPE,
  say,
  sayAll,
  tableOf,
} from './said.ts';

const KEY = 'AKIAIOSFODNN7EXAMPLE';
const QUESTION: ActivityQuestion = { kind: 'key', value: KEY, scope: SCOPE };
const ci = user('ci-deploy');

function daily(days = 20): Call[] {
  return Array.from({ length: days }, (_, day) =>
    call(NOW - day * DAY - 3 * HOUR, {
      userIdentity: ci,
      sourceIPAddress: '198.51.100.24',
      userAgent: 'aws-cli/2.17.3 exec-env/CodeBuild',
      eventSource: 's3.amazonaws.com',
      eventName: 'PutObject',
      awsRegion: 'eu-west-1',
    }),
  );
}

function stranger(): Call[] {
  return Array.from({ length: 4 }, (_, index) =>
    call(NOW - 2 * HOUR + index * MINUTE, {
      userIdentity: ci,
      sourceIPAddress: '203.0.113.90',
      userAgent: 'python-requests/2.32.1',
      eventName: index === 0 ? 'GetUser' : 'CreateUser',
      requestParameters: { userName: 'backdoor' },
      ...(index === 0 ? {} : { errorCode: 'AccessDenied' }),
    }),
  );
}

describe('who used a key', () => {
  const whole = answer(QUESTION, {
    calls: [...daily(), ...stranger()],
    owner: { userName: 'ci-deploy', lastUsed: undefined },
  });

  it('says whose it is, how much it was used, and what is most telling', () => {
    expect(say(whole.title)).toBe('Who used AKIA…7EXAMPLE, last 30 days');
    expect(say(whole.lead)).toBe(
      'Owner ci-deploy. 24 calls from 2 addresses, 3 denied; ' +
        'first call from 203.0.113.90 2 h ago; 3 of its 4 calls were denied.',
    );
  });

  it('lists addresses with network, client, calls, denials and when, the new one marked', () => {
    expect(tableOf(whole)).toEqual([
      ['198.51.100.24 (office network) · aws-cli 2.17 (CodeBuild)', '20', '2026-11-01 – 2026-11-20 08:46'],
      ['203.0.113.90 NEW · python-requests 2.32', '4 (3 denied)', '2026-11-20 09:46 – 09:49'],
    ]);
  });

  it('tells first and last use, top calls, clients, regions and accounts', () => {
    const said = sayAll(whole);
    expect(said).toContain('First  2026-11-01 08:46 · Last  2026-11-20 09:49');
    expect(said).toContain(
      'Top calls  s3:PutObject × 20 · iam:CreateUser × 3 (all denied) · iam:GetUser × 1',
    );
    expect(said).toContain('Regions  eu-west-1 × 20 · us-east-1 × 4 (3 denied)');
    expect(said).toContain('Account  Production (111122223333)');
  });

  it('tells what was denied and on what', () => {
    expect(listOf(whole, 'Denied')).toEqual([
      'iam:CreateUser × 3 on backdoor · AccessDenied · last 2026-11-20 09:49',
    ]);
  });

  it('lists addresses, clients, regions and actions of the last 24 hours that were not there before', () => {
    expect(listOf(whole, 'New in the last 24 h')).toEqual([
      'Addresses  203.0.113.90 × 4 (3 denied), first 2 h ago',
      'Clients  python-requests 2.32 × 4 (3 denied), first 2 h ago',
      'Regions  us-east-1 × 4 (3 denied), first 2 h ago',
      'Actions  iam:CreateUser × 3 (all denied) · iam:GetUser, first 2 h ago',
    ]);
  });

  it('charts allowed and denied calls for each day of the period', () => {
    const chart = chartOf(whole);
    expect(chart?.title).toBe('Calls per day (UTC)');
    expect(chart?.labels.at(-1)).toBe('Nov 20');
    expect(chart?.series.map(({ name, values }) => [name, values.at(-1)])).toEqual([
      ['allowed', 2],
      ['denied', 3],
    ]);
  });

  it('charts a day by the hour or two', () => {
    const day = { period: { from: NOW - DAY, to: NOW, said: 'last day' } };
    const spread = [0, 5, 10, 20].map((hours) => call(NOW - hours * HOUR));
    expect(chartOf(answer({ ...QUESTION, scope: day }, { calls: spread }))?.title).toBe(
      'Calls per 2 hours (UTC)',
    );
  });

  it('offers the new address, the owner and the other address to follow', () => {
    expect(labels(whole)).toEqual([
      'Activity of 203.0.113.90',
      'Activity of ci-deploy',
      'Activity of 198.51.100.24',
    ]);
  });

  it('says so when there is nothing before to compare with', () => {
    const said = sayAll(answer(QUESTION, { calls: stranger() }));
    expect(said).toContain('Nothing before the newest part of the period to compare with.');
    expect(said).not.toContain('NEW');
  });

  it('doubts what is new where older events could not be read', () => {
    const partly = coverage({ lookup: { places: [place('partial')], took: 1 } });
    const said = sayAll(answer(QUESTION, { calls: [...daily(), ...stranger()], coverage: partly }));
    expect(said).toContain('Some of this may not be new: 1 of 1 region was not read to the end.');
  });

  it('calls nothing new while it is still reading, newest first', () => {
    const said = sayAll(answer(QUESTION, { calls: [...daily(), ...stranger()], unfinished: true }));
    expect(said).toContain('So far: ');
    expect(said).not.toMatch(/NEW|New in|Nothing before/);
  });

  it('says that a quiet day brought nothing new', () => {
    expect(sayAll(answer(QUESTION, { calls: daily() }))).toContain('New in the last 24 h  nothing');
  });

  it('gives the rest of the addresses one row, so that the table counts every call', () => {
    const many = Array.from({ length: 30 }, (_, at) =>
      call(NOW - at * HOUR, { sourceIPAddress: `203.0.113.${at}` }),
    );
    const rows = tableOf(answer(QUESTION, { calls: many }));
    expect(rows).toHaveLength(11);
    expect(rows.at(-1)).toEqual(['20 more addresses', '20', '2026-11-19 – 2026-11-20 01:46']);
  });

  it('says how the account is known', () => {
    const decoded = answer(QUESTION, {
      calls: daily(),
      keyAccount: { account: '171436882533', by: 'decoded' },
    });
    expect(sayAll(decoded)).toContain('Key of account  171436882533 – computed from the key id, unconfirmed');
  });

  it('says that more was found than is counted', () => {
    const store = { since: 0, events: 20, stored: 99, waiting: 0, truncated: true, took: 1 };
    const said = sayAll(answer(QUESTION, { calls: daily(), coverage: coverage({ store }) }));
    expect(said).toContain(
      'More was found than is counted here: the newest 20 calls, back to 2026-11-01 08:46.',
    );
  });
});

describe("IAM's last use of a key", () => {
  const used = (at: number) => ({
    userName: 'ci-deploy',
    lastUsed: { at, service: 's3', region: 'eu-west-1' },
  });

  it('tells of missing events when it is later than the last call found', () => {
    const said = sayAll(answer(QUESTION, { calls: daily(), owner: used(NOW - HOUR) }));
    expect(said).toContain('Last used, says IAM  2026-11-20 10:46 for s3 in eu-west-1.');
    expect(said).toContain('That is later than any call found: events are missing.');
  });

  it('tells of nothing missing when it agrees, or when the question is narrowed', () => {
    const agrees = answer(QUESTION, { calls: daily(), owner: used(NOW - 3 * HOUR + MINUTE) });
    expect(sayAll(agrees)).not.toContain('events are missing');
    const writes: ActivityQuestion = { ...QUESTION, scope: { ...SCOPE, access: 'writes' } };
    expect(sayAll(answer(writes, { calls: daily(), owner: used(NOW - HOUR) }))).not.toContain(
      'events are missing',
    );
  });

  it('tells that it was before the period when nothing was found in it', () => {
    const said = sayAll(answer(QUESTION, { owner: used(NOW - 60 * DAY) }));
    expect(said).toContain('That is before the period: ask a longer one.');
  });
});

describe('a key without calls', () => {
  it('gets what was searched and what would explain it', () => {
    const none = answer(QUESTION, { keyAccount: { account: '444455556666', by: 'decoded' } });
    expect(say(none.lead)).toBe(
      'No call with this key was found (last 30 days). ' +
        'Searched: the event history of 1 account in 1 region and 1,204,233 events of the own store.',
    );
    expect(listOf(none, 'What would explain it').join('\n')).toMatch(
      /belongs to account 444455556666 .*which was not asked[\s\S]*last 15 minutes[\s\S]*Data events/,
    );
    expect(labels(none)).toEqual(['Search the last 90 days']);
  });

  it('gives no all-clear when a place could not be read', () => {
    const lookup = { places: [place('done'), place('failed')], took: 1 };
    const none = answer(QUESTION, { coverage: coverage({ lookup }) });
    expect(say(none.lead)).toContain('But 1 of 2 regions was not read to the end: this is no all-clear.');
  });

  it('says nothing at all when nothing could be searched', () => {
    const nowhere = coverage({ store: { off: 'no store' }, lookup: { off: 'no credentials' } });
    expect(say(answer(QUESTION, { coverage: nowhere }).lead)).toContain('Nothing could be searched');
  });

  it('says only that it goes on while it still searches', () => {
    const none = answer(QUESTION, { unfinished: true });
    expect(sayAll(none)).toBe(
      'Who used AKIA…7EXAMPLE, last 30 days\nNothing found so far; the search goes on.',
    );
  });
});

describe('where a session key comes from', () => {
  const ASIA = 'ASIAIOSFODNN7EXAMPLE';
  const trace: Trace = {
    keyId: ASIA,
    hops: [
      {
        keyId: ASIA,
        action: 'sts:AssumeRole',
        at: NOW - 3 * HOUR,
        account: '111122223333',
        region: 'us-east-1',
        eventId: 'e-1',
        role: 'Admin',
        session: 'night-shift',
        sourceIdentity: 'alice',
        mfa: true,
        address: '198.51.100.24',
        client: 'aws-cli/2.17.3',
        caller: 'user alice',
        callerKeyId: KEY,
        notes: ['matched by sharedEventID'],
      },
    ],
    origin: { kind: 'user', said: 'IAM user alice of Production, with a long-term key.' },
    caveats: ['The search stopped at 90 days.'],
    lookups: 4,
  };
  const question: ActivityQuestion = { ...QUESTION, value: ASIA };
  const seen = call(NOW - HOUR, {
    userIdentity: roleSession('Admin', 'night-shift'),
    sourceIPAddress: '203.0.113.9',
  });
  const traced = answer(question, { calls: [seen], trace });

  it('is a list of steps, newest first, each one sentence', () => {
    expect(listOf(traced, 'Where the key comes from')).toEqual([
      '2026-11-20 08:46  user alice assumed role Admin as session night-shift, source identity alice (asserted), ' +
        'with MFA from 198.51.100.24 (office network) with aws-cli 2.17 · Production (111122223333) us-east-1 · ' +
        'made ASIA…7EXAMPLE · signed with AKIA…7EXAMPLE · matched by sharedEventID',
    ]);
  });

  it('ends with the origin and what the walk could not see', () => {
    expect(say(traced.lead)).toContain('Origin: IAM user alice of Production, with a long-term key.');
    expect(listOf(traced, 'Keep in mind')).toEqual(['The search stopped at 90 days.']);
  });

  it('points out a session that is used from elsewhere than it was made', () => {
    expect(say(traced.lead)).toContain('used from 203.0.113.9, but the session was made from 198.51.100.24');
    const home = answer(question, { calls: [{ ...seen, address: '198.51.100.24' }], trace });
    expect(say(home.lead)).not.toContain('but the session was made');
  });

  it('can be told without a call, and followed to the key behind it', () => {
    const none = answer(question, { trace });
    expect(say(none.lead)).toContain('Origin: IAM user alice');
    expect(labels(none)[0]).toBe('Follow AKIA…7EXAMPLE');
  });
});
