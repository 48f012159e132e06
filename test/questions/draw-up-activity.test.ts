import { describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE } from '../../src/kernel/time.ts';
import type { Call } from '../../src/questions/call.ts';
import type { ActivityKind, ActivityQuestion } from '../../src/questions/question.ts';
import { roleSession, user } from '../support/records.ts';
import { answer, call, coverage, labels, listOf, NOW, SCOPE, say, sayAll, tableOf } from './said.ts';

function question(kind: ActivityKind, value: string): ActivityQuestion {
  return { kind, value, scope: SCOPE };
}

const bucket = { eventSource: 's3.amazonaws.com', requestParameters: { bucketName: 'acme-backups' } };
const reads = Array.from({ length: 6 }, (_, day) =>
  call(NOW - (day + 2) * DAY, {
    ...bucket,
    eventName: 'GetBucketPolicy',
    readOnly: true,
    userIdentity: user('ci'),
  }),
);
const change = call(NOW - 2 * HOUR, {
  ...bucket,
  eventName: 'PutBucketPolicy',
  userIdentity: roleSession('Admin', 'mallory'),
  sourceIPAddress: '203.0.113.90',
});

describe('who touched a resource', () => {
  const touched = answer(question('resource', 'acme-backups'), { calls: [...reads, change] });

  it('leads with the last change and who is new', () => {
    expect(say(touched.title)).toBe('Who touched acme-backups, last 30 days');
    expect(say(touched.lead)).toBe(
      '7 calls by 2 actors from 2 addresses; first call from 203.0.113.90 2 h ago. ' +
        'Last change: s3:PutBucketPolicy by mallory (role Admin) from 203.0.113.90 2 h ago.',
    );
  });

  it('counts by actor, the new one marked', () => {
    expect(tableOf(touched)).toEqual([
      ['user ci · 203.0.113.5', '6', '2026-11-13 – 2026-11-18'],
      ['mallory (role Admin) NEW · 203.0.113.90', '1', '2026-11-20 09:46'],
    ]);
  });

  it('offers the one who changed it and the key that was used', () => {
    expect(labels(touched)).toEqual([
      'Activity of 203.0.113.90',
      'Activity of mallory',
      'Follow ASIA…7EXAMPLE',
      'Follow AKIA…7EXAMPLE',
      'Activity of ci',
    ]);
    expect(touched.follow[1]?.question).toEqual({ kind: 'user', value: 'mallory', scope: SCOPE });
  });

  it('says when nothing was changed', () => {
    const read = answer(question('resource', 'acme-backups'), { calls: reads });
    expect(say(read.lead)).toContain('Nothing was changed: reads only.');
  });
});

describe('what a user, a role and an address did', () => {
  it('is by address for a user, with what was changed', () => {
    const did = answer(question('user', 'mallory'), { calls: [change] });
    expect(say(did.title)).toBe('What mallory did, last 30 days');
    expect(tableOf(did)[0]?.slice(0, 2)).toEqual(['203.0.113.90 · aws-cli 2.17', '1']);
    expect(sayAll(did)).toContain('Changed  acme-backups');
    expect(labels(did)).toEqual(['Follow ASIA…7EXAMPLE', 'Activity of 203.0.113.90']);
  });

  it('is by session for a role, whose keys can be followed', () => {
    const held = answer(question('role', 'arn:aws:iam::111122223333:role/ops/Admin'), { calls: [change] });
    expect(say(held.title)).toBe('Who used role Admin, last 30 days');
    expect(tableOf(held)[0]?.slice(0, 2)).toEqual(['mallory · 203.0.113.90', '1']);
    expect(labels(held)).toContain('Follow ASIA…7EXAMPLE');
  });

  it('names the network of an address and who called from there', () => {
    const calls = [call(NOW - HOUR, { sourceIPAddress: '198.51.100.9' })];
    const from = answer(question('address', '198.51.100.9'), { calls });
    expect(say(from.title)).toBe('Who called from 198.51.100.9, last 30 days');
    expect(say(from.lead)).toContain('Inside office network. 1 call by user alice.');
  });

  it('shows in the title what the question was narrowed to', () => {
    const scope = {
      ...SCOPE,
      account: '111122223333',
      region: 'eu-west-1',
      access: 'writes' as const,
      failed: true,
    };
    const did = answer({ kind: 'user', value: 'x', scope }, { calls: [change] });
    expect(say(did.title)).toBe(
      'What x did, last 30 days · in Production · eu-west-1 · writes only · failed only',
    );
  });

  it('offers the question without narrowing when nothing was found', () => {
    const none = answer({ kind: 'user', value: 'x', scope: { ...SCOPE, access: 'writes' } }, {});
    expect(listOf(none, 'What would explain it')[0]).toBe(
      'The question is narrowed to writes: ask it without.',
    );
    expect(labels(none)).toEqual(['Search without narrowing', 'Search the last 90 days']);
    expect(none.follow[0]?.question).toEqual(question('user', 'x'));
  });

  it('says that only the own store was searched where AWS was not asked', () => {
    const alone = coverage({ lookup: { off: 'history.lookup_events is false' } });
    expect(say(answer(question('user', 'x'), { coverage: alone }).lead)).toContain(
      'Only what was forwarded to the bot was searched',
    );
  });
});

describe('errors', () => {
  function denied(count: number, kinds: number, who = 'ci'): Call[] {
    return Array.from({ length: count }, (_, at) =>
      call(NOW - 5 * MINUTE + at * 4000, {
        userIdentity: user(who),
        eventName: `List${at % kinds}`,
        errorCode: 'AccessDenied',
      }),
    );
  }

  it('are counted by actor, then by action and error', () => {
    const other = call(NOW - HOUR, { userIdentity: user('bob'), errorCode: 'NoSuchEntityException' });
    const all = answer(question('errors', ''), { calls: [...denied(4, 2), other] });
    expect(say(all.lead)).toContain('4 denied calls and 1 that failed otherwise by 2 actors. Most: user ci,');
    expect(tableOf(all)).toEqual([
      ['user ci', '4 (4 denied)', '2', '2026-11-20 11:41'],
      ['user bob', '1', '1', '2026-11-20 10:46'],
    ]);
    expect(listOf(all, 'Who was refused what')).toEqual([
      'user ci  iam:List1 AccessDenied × 2, iam:List0 AccessDenied × 2',
      'user bob  iam:CreateAccessKey NoSuchEntityException',
    ]);
  });

  it('hint at enumeration when one actor is denied many different actions', () => {
    const all = answer(question('errors', ''), { calls: [...denied(60, 23), ...denied(90, 1, 'cron')] });
    expect(say(all.lead)).toContain(
      'user ci was denied 23 different actions within 4 min: somebody may be trying out what these credentials can do.',
    );
    const few = answer(question('errors', ''), { calls: denied(60, 9) });
    expect(say(few.lead)).not.toContain('trying out');
  });

  it('say the good news', () => {
    expect(say(answer(question('errors', ''), {}).lead)).toContain(
      'No call was denied or failed (last 30 days).',
    );
  });
});

describe('sign-ins', () => {
  const root = {
    type: 'Root',
    principalId: '111122223333',
    arn: 'arn:aws:iam::111122223333:root',
    accountId: '111122223333',
    accessKeyId: '',
  };
  const chrome = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Chrome/130.0 Safari/537.36';
  function signIn(at: number, overrides: Parameters<typeof call>[1] = {}): Call {
    return call(at, {
      eventSource: 'signin.amazonaws.com',
      eventName: 'ConsoleLogin',
      eventType: 'AwsConsoleSignIn',
      userAgent: chrome,
      requestParameters: null,
      responseElements: { ConsoleLogin: 'Success' },
      additionalEventData: { MFAUsed: 'No' },
      ...overrides,
    });
  }
  const bob = roleSession('AWSReservedSSO_Admin_0123456789abcdef', 'bob@example.com');
  const guesses = Array.from({ length: 14 }, (_, at) =>
    signIn(NOW - 12 * MINUTE - at * 10_000, {
      userIdentity: root,
      sourceIPAddress: '203.0.113.7',
      errorMessage: 'Failed authentication',
    }),
  );
  const through = signIn(NOW - 10 * MINUTE, { userIdentity: root, sourceIPAddress: '203.0.113.7' });
  const others = [
    signIn(NOW - 5 * HOUR, { additionalEventData: { MFAUsed: 'Yes' } }),
    signIn(NOW - 20 * HOUR, { userIdentity: bob }),
    call(NOW - 6 * HOUR, { eventSource: 'signin.amazonaws.com', eventName: 'SwitchRole' }),
  ];
  const all = answer(question('logins', ''), { calls: [...guesses, through, ...others] });

  it('are listed with who, when, from where, MFA and result; failed ones together', () => {
    expect(tableOf(all)).toEqual([
      ['2026-11-20 11:36', 'root @ Production', '203.0.113.7', 'no', 'in', 'browser (Chrome on macOS)'],
      [
        '2026-11-20 11:31 – 11:34',
        'root @ Production',
        '203.0.113.7',
        '–',
        'failed × 14',
        'browser (Chrome on macOS)',
      ],
      ['2026-11-20 06:46', 'user alice', '203.0.113.5', 'yes', 'in', 'browser (Chrome on macOS)'],
      [
        '2026-11-19 15:46',
        'bob@example.com (permission set Admin)',
        '203.0.113.5',
        'at the identity provider',
        'in',
        'browser (Chrome on macOS)',
      ],
    ]);
    expect(sayAll(all)).toContain('Around them  signin:SwitchRole');
  });

  it('lead with missing MFA and with failures that ended in success', () => {
    expect(say(all.lead)).toBe(
      '3 sign-ins by 3 people, 1 without MFA; 14 failed. ' +
        'Most failures: root @ Production from 203.0.113.7, 14 times, last 12 min ago, and then it succeeded.',
    );
    const failed = answer(question('logins', ''), { calls: guesses });
    expect(say(failed.lead)).toContain('somebody may be guessing');
  });

  it('put the suspicious address first among what to follow', () => {
    expect(labels(all)[0]).toBe('Activity of 203.0.113.7');
  });

  it('of root are told call by call, with address, action and MFA', () => {
    const key = call(NOW - 9 * MINUTE, { userIdentity: { ...root, accessKeyId: 'AKIAI44QH8DHBEXAMPLE' } });
    const used = answer(question('root', ''), { calls: [...guesses, through, key] });
    expect(say(used.lead)).toBe(
      'Root made 16 calls in Production (111122223333), last iam:CreateAccessKey from 203.0.113.5 9 min ago; ' +
        '14 failed; 1 without MFA. Root has an access key and uses it: delete that key.',
    );
    expect(tableOf(used).map((row) => row.slice(1))).toEqual([
      ['iam:CreateAccessKey', '203.0.113.5', 'aws-cli 2.17', 'not recorded', 'done'],
      ['signin:ConsoleLogin', '203.0.113.7', 'browser (Chrome on macOS)', 'no', 'done'],
      ['signin:ConsoleLogin × 14', '203.0.113.7', 'browser (Chrome on macOS)', 'no', 'Failed'],
    ]);
  });

  it('of root that never happened are said so', () => {
    expect(say(answer(question('root', ''), {}).lead)).toContain('Root was not used (last 30 days).');
  });
});
