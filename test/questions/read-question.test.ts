import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE } from '../../src/kernel/time.ts';
import type { Mistake, Question } from '../../src/questions/question.ts';
import { QUESTION_WORDS, readQuestion } from '../../src/questions/reading/read-question.ts';
import { sayQuestion } from '../../src/questions/reading/say-question.ts';

const MUTED = 'A pattern is muted from an alert in Slack, with Mute pattern… or /trail mute A-12.';
const NOW = Date.UTC(2026, 10, 20, 9, 15, 2, 123);
const TODAY = Date.UTC(2026, 10, 20);
const KEY = 'AKIAIOSFODNN7EXAMPLE';
const EVENT = '3f0c8a7e-7f5b-4a4e-9c59-0d1b7f0c2a11';
const OTHER = '8d1f2c3b-6a5e-4f70-8b9a-1c2d3e4f5a6b';
const ACCOUNTS = new Map([
  ['111122223333', { name: 'Production' }],
  ['444455556666', { name: 'Data Lake' }],
]);

function read(text: string): Question | Mistake {
  return readQuestion(text, NOW, ACCOUNTS);
}

function understood(text: string): Question {
  const question = read(text);
  if ('mistake' in question) throw new Error(question.mistake);
  return question;
}

/** A question in the shortest form that says everything. */
function shortly(text: string): string {
  const question = read(text);
  return 'mistake' in question ? `${question.mistake} → ${question.corrected}` : sayQuestion(question);
}

describe('the commands', () => {
  it.each([
    [`key ${KEY}`, { kind: 'key', value: KEY }, 30 * DAY],
    [`key ${KEY.toLowerCase()}`, { kind: 'key', value: KEY }, 30 * DAY],
    [`who ${KEY}`, { kind: 'key', value: KEY }, 30 * DAY],
    ['who alice', { kind: 'anything', value: 'alice' }, 2 * DAY],
    ['user alice', { kind: 'user', value: 'alice' }, 2 * DAY],
    ['ip 203.0.113.7', { kind: 'address', value: '203.0.113.7' }, 2 * DAY],
    ['ip 2001:db8::1', { kind: 'address', value: '2001:db8::1' }, 2 * DAY],
    ['ip cloudformation.amazonaws.com', { kind: 'address', value: 'cloudformation.amazonaws.com' }, 2 * DAY],
    ['role Admin', { kind: 'role', value: 'Admin' }, 2 * DAY],
    ['resource acme-backups', { kind: 'resource', value: 'acme-backups' }, 2 * DAY],
    ['resource "my alarm"', { kind: 'resource', value: 'my alarm' }, 2 * DAY],
    ['errors', { kind: 'errors', value: '' }, HOUR],
    ['logins', { kind: 'logins', value: '' }, DAY],
    ['root', { kind: 'root', value: '' }, 90 * DAY],
    ['stats', { kind: 'stats' }, 7 * DAY],
    [`event ${EVENT.toUpperCase()}`, { kind: 'event', eventIds: [EVENT] }, 90 * DAY],
    [`compare ${EVENT}, ${OTHER}`, { kind: 'compare', eventIds: [EVENT, OTHER] }, 90 * DAY],
  ])('%s', (text, about, length) => {
    const { scope, ...rest } = understood(text);
    expect(rest).toEqual(about);
    expect(scope.period).toMatchObject({ from: NOW - length, to: NOW });
  });

  it.each([
    ['who arn:aws:iam::111122223333:user/division/alice', 'user alice 2d in 111122223333'],
    [
      'who arn:aws:sts::111122223333:assumed-role/Admin/alice@example.com',
      'user alice@example.com 2d in 111122223333',
    ],
    [
      'who arn:aws:iam::111122223333:role/ci/Deploy',
      'role arn:aws:iam::111122223333:role/ci/Deploy 2d in 111122223333',
    ],
    ['role arn:aws:sts::111122223333:assumed-role/Admin/alice', 'role Admin 2d in 111122223333'],
    ['who arn:aws:iam::111122223333:root', 'root 90d in 111122223333'],
    ['user arn:aws:iam::111122223333:user/alice in Production', 'user alice 2d in 111122223333'],
    ['who arn:aws:s3:::acme-backups', 'resource arn:aws:s3:::acme-backups 2d'],
    ['who i-0abc1234567890def', 'resource i-0abc1234567890def 2d'],
    ['who alice@example.com', 'user alice@example.com 2d'],
    ['who 2001:db8::1', 'ip 2001:db8::1 2d'],
    [`who ${EVENT}`, `event ${EVENT}`],
    ['who AROACKCEVSQ6C2EXAMPLE:alice', 'user alice 2d'],
    ['user i-0abc1234567890def', 'user i-0abc1234567890def 2d'],
  ])('who recognises what the thing is: %s', (text, asked) => {
    expect(shortly(text)).toBe(asked);
  });

  it('takes what narrows in any order, before or behind the value', () => {
    const all = `user alice 7d in 111122223333 region eu-west-1 writes failed`;
    expect(shortly('user writes in Production failed last 7d alice region EU-WEST-1')).toBe(all);
    expect(understood(all).scope).toMatchObject({
      account: '111122223333',
      region: 'eu-west-1',
      access: 'writes',
      failed: true,
    });
    expect(shortly('user alice in data lake in eu-west-1 read')).toBe(
      'user alice 2d in 444455556666 region eu-west-1 reads',
    );
    expect(shortly('user alice in 1111-2222-3333')).toBe('user alice 2d in 111122223333');
  });
});

describe('periods', () => {
  it.each([
    ['30m', NOW - 30 * MINUTE, NOW, 'last 30 minutes'],
    ['2h', NOW - 2 * HOUR, NOW, 'last 2 hours'],
    ['7D', NOW - 7 * DAY, NOW, 'last 7 days'],
    ['1w', NOW - 7 * DAY, NOW, 'last 7 days'],
    ['1h30m', NOW - 90 * MINUTE, NOW, 'last 1 hour 30 minutes'],
    ['last 7d', NOW - 7 * DAY, NOW, 'last 7 days'],
    ['last 2 hours', NOW - 2 * HOUR, NOW, 'last 2 hours'],
    ['in the last hour', NOW - HOUR, NOW, 'last hour'],
    ['1d', NOW - DAY, NOW, 'last 24 hours'],
    ['past week', NOW - 7 * DAY, NOW, 'last 7 days'],
    ['since 3d', NOW - 3 * DAY, NOW, 'last 3 days'],
    ['since 3 days ago', NOW - 3 * DAY, NOW, 'last 3 days'],
    ['since 2026-11-01', Date.UTC(2026, 10, 1), NOW, 'since 2026-11-01'],
    ['since 2026-11-01T10:00Z', Date.UTC(2026, 10, 1, 10), NOW, 'since 2026-11-01 10:00 UTC'],
    ['since 2026-11-01T10:00+02:00', Date.UTC(2026, 10, 1, 8), NOW, 'since 2026-11-01 08:00 UTC'],
    ['since 2026-11-01 10:00 UTC', Date.UTC(2026, 10, 1, 10), NOW, 'since 2026-11-01 10:00 UTC'],
    ['since 8:00', TODAY + 8 * HOUR, NOW, 'since 2026-11-20 08:00 UTC'],
    ['since yesterday', TODAY - DAY, NOW, 'since yesterday (UTC)'],
    ['yesterday', TODAY - DAY, TODAY - 1, 'yesterday (UTC)'],
    ['today', TODAY, NOW, 'today (UTC)'],
    ['on 2026-11-05', Date.UTC(2026, 10, 5), Date.UTC(2026, 10, 6) - 1, 'on 2026-11-05 (UTC)'],
    ['until 2026-11-10', Date.UTC(2026, 10, 9), Date.UTC(2026, 10, 11) - 1, '2026-11-09 to 2026-11-10'],
    [
      'since 2026-11-01 until 2026-11-10',
      Date.UTC(2026, 10, 1),
      Date.UTC(2026, 10, 11) - 1,
      '2026-11-01 to 2026-11-10',
    ],
    [
      'from 2026-11-01T10:00 to 2026-11-01T11:30Z',
      Date.UTC(2026, 10, 1, 10),
      Date.UTC(2026, 10, 1, 11, 30),
      '2026-11-01 10:00 UTC to 2026-11-01 11:30 UTC',
    ],
    [
      'since 2026-11-01T10:00 2h',
      Date.UTC(2026, 10, 1, 10),
      Date.UTC(2026, 10, 1, 12),
      '2026-11-01 10:00 UTC to 2026-11-01 12:00 UTC',
    ],
    ['since 3d until 1d', NOW - 3 * DAY, NOW - DAY, '2026-11-17 09:15:02 UTC to 2026-11-19 09:15:02 UTC'],
    ['since yesterday until today', TODAY - DAY, NOW, 'since yesterday (UTC)'],
    [
      '2026-11-01 to 2026-11-03',
      Date.UTC(2026, 10, 1),
      Date.UTC(2026, 10, 4) - 1,
      '2026-11-01 to 2026-11-03',
    ],
    [
      'between 2026-11-01 and 2026-11-03',
      Date.UTC(2026, 10, 1),
      Date.UTC(2026, 10, 4) - 1,
      '2026-11-01 to 2026-11-03',
    ],
    ['2026-11-01..2026-11-03', Date.UTC(2026, 10, 1), Date.UTC(2026, 10, 4) - 1, '2026-11-01 to 2026-11-03'],
    [
      'between 8:00 and 9:00',
      TODAY + 8 * HOUR,
      TODAY + 9 * HOUR,
      '2026-11-20 08:00 UTC to 2026-11-20 09:00 UTC',
    ],
    ['8:00-9:00', TODAY + 8 * HOUR, TODAY + 9 * HOUR, '2026-11-20 08:00 UTC to 2026-11-20 09:00 UTC'],
    ['from 8:00 to 9:00', TODAY + 8 * HOUR, TODAY + 9 * HOUR, '2026-11-20 08:00 UTC to 2026-11-20 09:00 UTC'],
    ['1mo', NOW - 30 * DAY, NOW, 'last 30 days'],
    ['1000d', NOW - 1000 * DAY, NOW, 'last 1000 days'],
  ])('%s', (text, from, to, said) => {
    const question = understood(`resource acme-backups ${text}`);
    expect(question.scope.period).toEqual({ from, to, said });
    expect(readQuestion(sayQuestion(question), NOW)).toEqual(question);
  });
});

describe('sentences', () => {
  it.each([
    [`who used ${KEY} since yesterday?`, `key ${KEY} since yesterday`],
    [`who used this key ${KEY}`, `key ${KEY} 30d`],
    ['what did alice@example.com do in the last 2 hours', 'user alice@example.com 2h'],
    ['who deleted bucket acme-backups', 'resource acme-backups 2d'],
    ['show failed calls from 203.0.113.7 last 2d', 'ip 203.0.113.7 2d failed'],
    [
      'who launched i-0abc1234567890def in Production last week',
      'resource i-0abc1234567890def 7d in 111122223333',
    ],
    ['who created user bob', 'who bob 2d'],
    ['what did user bob do yesterday', 'user bob yesterday'],
    ['what did fred do', 'who fred 2d'],
    ['show failed logins since yesterday', 'logins since yesterday failed'],
    ['show errors last 2h', 'errors 2h'],
    ['what did root do today', 'root today'],
    [`<@U0BOT> hey, please look at ${KEY}!`, `key ${KEY} 30d`],
    [`hey, ${KEY}!`, `key ${KEY} 30d`],
    [`please key ${KEY} 7d`, `key ${KEY} 7d`],
    [`${KEY} please`, `key ${KEY} 30d`],
    ['who deleted acme-backups', 'who acme-backups 2d'],
    ['what was created by fred', 'who fred 2d'],
    ['who failed to sign in today', 'logins today failed'],
    ['show login failures', 'logins 1d failed'],
    ['who denied today', 'errors today'],
    ['is this normal?', '“normal” is not understood. → /trail who normal 2d'],
    ['what is love', '“love” is not understood. → /trail who love 2d'],
    [
      'who terminated instances yesterday',
      'After “who” goes something to ask about: a key, an address, a user, a role or a resource. → /trail user alice@example.com yesterday',
    ],
    ['who deleted the table failed', '“table” needs a name behind it. → /trail errors 1h'],
    [
      'who opened port 22 in sg-0123456789abcdef0',
      '“22” is not understood. → /trail resource sg-0123456789abcdef0 2d',
    ],
    [
      `who used ${KEY} from 203.0.113.7 today`,
      `One thing can be asked about, not ${KEY} and 203.0.113.7. → /trail key ${KEY} today`,
    ],
    [`who used ${KEY} on acme-backups`, `“acme-backups” is not understood. → /trail key ${KEY} 30d`],
    [`who used ${KEY} 30x`, `“30x” is not understood. → /trail key ${KEY} 30d`],
    [`what did ${KEY} do on monday`, `“monday” is not understood. → /trail key ${KEY} 30d`],
    [`what did ${KEY} do this morning`, `“morning” is not understood. → /trail key ${KEY} 30d`],
    [`what did ${KEY} do before noon`, `“before noon” is not understood. → /trail key ${KEY} 30d`],
    ['who deleted things on monday', '“monday” is not understood. → /trail user alice@example.com 2d'],
    [
      'what did alice@example.com write except in Production',
      '“except” is not understood: no question can leave something out. → /trail user alice@example.com 2d writes',
    ],
    [
      'who logged in as root yesterday',
      'One thing can be asked about, not logins and root. → /trail root yesterday',
    ],
    ['who signed in from 203.0.113.7', '“logins” takes no name. → /trail ip 203.0.113.7 2d'],
    [
      'what happened',
      'The question names nothing to look up: no key, address, user, role or resource. → /trail user alice@example.com 2d',
    ],
    [
      'who used AKIA… yesterday',
      `AKIA… is not the whole key, because Slack shows keys masked: press “Follow this key” where it stands, or copy it whole from AWS. → /trail key ${KEY} yesterday`,
    ],
  ])('%s', (text, asked) => {
    expect(shortly(text)).toBe(asked);
  });
});

describe('what Slack makes of a text', () => {
  it.each([
    [`key \`${KEY}\`, 30d.`, `key ${KEY} 30d`],
    [`/trail key *${KEY}*`, `key ${KEY} 30d`],
    ['user <mailto:alice@example.com|alice@example.com>', 'user alice@example.com 2d'],
    ['resource <http://acme.example.com|acme.example.com>', 'resource acme.example.com 2d'],
    ['user “Alice Smith” 7d', 'user "Alice Smith" 7d'],
    ['who &lt;acme-backups&gt;', 'who acme-backups 2d'],
    ['role\u00a0Admin\u200b', 'role Admin 2d'],
  ])('%s', (text, asked) => {
    expect(shortly(text)).toBe(asked);
  });

  it('says that people of Slack are none of AWS', () => {
    expect(read('user <@U012ABCDE|alice> 7d')).toEqual({
      mistake:
        'Slack knows @alice, and AWS does not: only a name that AWS uses can be looked up, such as an e-mail address.',
      corrected: '/trail user alice 7d',
    });
    expect(read('user <@U012ABCDE>')).toMatchObject({ corrected: '/trail user alice@example.com 2d' });
  });
});

describe('a mistake is one sentence and a command to copy', () => {
  it.each([
    ['', 'The question is missing. → /trail user alice@example.com 2d'],
    ['key', `After “key” goes an access key id. → /trail key ${KEY} 30d`],
    [
      'key AKIA123',
      `AKIA123 is no whole access key id: AKIA or ASIA, then 16 letters and digits. → /trail key ${KEY} 30d`,
    ],
    [
      'key AIDACKCEVSQ6C2EXAMPLE',
      'AIDACKCEVSQ6C2EXAMPLE is the id of a user, not of an access key. → /trail who AIDACKCEVSQ6C2EXAMPLE 2d',
    ],
    [
      'key 203.0.113.7',
      '203.0.113.7 is no access key id: those begin with AKIA or ASIA. → /trail ip 203.0.113.7 2d',
    ],
    [`role ${KEY} 3d`, `${KEY} is no name and no ARN of a role. → /trail key ${KEY} 3d`],
    [
      'ip 10.1.0.0/16',
      '10.1.0.0/16 is a network, and CloudTrail is asked for one address. → /trail ip 10.1.0.0 2d',
    ],
    ['ip 203.0.113.7:443', '203.0.113.7:443 is no IPv4 or IPv6 address. → /trail ip 203.0.113.7 2d'],
    ['user alice fialed', '“fialed” is not understood. → /trail user alice 2d failed'],
    ['who alice yesterdya', '“yesterdya” is not understood. → /trail who alice yesterday'],
    ['user alice 30', '“30” is not understood. → /trail user alice 30d'],
    ['user alice 111122223333', '“111122223333” is not understood. → /trail user alice 2d in 111122223333'],
    [
      'user alice since 2026-02-30',
      '“since 2026-02-30” names no time that Trailbot knows. → /trail user alice 2d',
    ],
    ['user alice since', '“since” needs a time behind it. → /trail user alice 2d'],
    [
      'user alice since 2027-01-01',
      '2027-01-01 has not come yet (it is 2026-11-20 09:15:02 UTC). → /trail user alice 2d',
    ],
    [
      'user alice since 10:00',
      '2026-11-20 10:00 UTC has not come yet (it is 2026-11-20 09:15:02 UTC). → /trail user alice since 2026-11-19T10:00Z',
    ],
    [
      'user alice 10:00',
      '“10:00” may be the beginning or the end. → /trail user alice since 2026-11-19T10:00Z',
    ],
    [
      'user alice since 2026-11-10 until 2026-11-01',
      'The period ends before it begins. → /trail user alice since 2026-11-01 until 2026-11-10',
    ],
    ['user alice 0h', 'A period of no length holds no events. → /trail user alice 2d'],
    ['user alice 2h yesterday', 'That is more than one period. → /trail user alice yesterday'],
    ['user alice 99999w', 'There was no CloudTrail before November 2013. → /trail user alice 2d'],
    [
      'user alice in Prodction',
      '“Prodction” is no account that Trailbot knows by name. → /trail user alice 2d in 111122223333',
    ],
    ['user alice in 1234', 'An account id has twelve digits, and 1234 has 4. → /trail user alice 2d'],
    ['user alice region eu-west', '“eu-west” is no region. → /trail user alice 2d region eu-west-1'],
    [
      'user alice region eu-central-1b',
      '“eu-central-1b” is no region. → /trail user alice 2d region eu-central-1',
    ],
    [
      'user alice reads writes',
      'Reads and writes together are everything, which needs no word. → /trail user alice 2d reads',
    ],
    ['who alice bob', 'One thing can be asked about, not alice and bob. → /trail who bob 2d'],
    [
      'who arn:aws:iam::111122223333:user/alice in Data Lake',
      'The ARN is of account 111122223333, and “in” names 444455556666. → /trail user alice 2d in 111122223333',
    ],
    [
      'who AKIAIOSFODNN7EXAMPL yesterday',
      `AKIAIOSFODNN7EXAMPL has 19 characters, and an access key id has 20: a letter may have been lost in copying. → /trail key ${KEY} yesterday`,
    ],
    [
      'key AKIAIOSFODNN7EXAMPLEE',
      `AKIAIOSFODNN7EXAMPLEE has 21 characters, and an access key id has 20: too much may have been copied. → /trail key ${KEY} 30d`,
    ],
    [
      'who 10.0.0.0/8',
      '10.0.0.0/8 is a network, and CloudTrail is asked for one address. → /trail ip 10.0.0.0 2d',
    ],
    ['who 203.0.113.007', '203.0.113.007 is no IPv4 or IPv6 address. → /trail ip 203.0.113.7 2d'],
    [
      'who 111122223333',
      '111122223333 is an account id: put “in” before it, and what to look for before that. → /trail user alice@example.com 2d in 111122223333',
    ],
    ['resource my bucket', 'A name of several words goes in quotes. → /trail resource "my bucket" 2d'],
    ['user John Smith 7d', 'A name of several words goes in quotes. → /trail user "John Smith" 7d'],
    ['errors for alice', '“errors” takes no name. → /trail who alice 2d failed'],
    ['user alice not failed', '“not” is not understood. → /trail user alice 2d'],
    [`key ${KEY} 30x`, `“30x” is not understood. → /trail key ${KEY} 30d`],
    [`kee ${KEY} 30x`, `“kee” is no question that Trailbot knows. → /trail key ${KEY} 30d`],
    ['logn 2d', '“logn” is no question that Trailbot knows. → /trail logins 2d'],
    ['eror 1h', '“eror” is no question that Trailbot knows. → /trail errors 1h'],
    ['failed logins', '“failed” is no question that Trailbot knows. → /trail logins 1d failed'],
    ['denied calls today', '“denied” is no question that Trailbot knows. → /trail errors today'],
    ['block 203.0.113.7', '“block” is no question that Trailbot knows. → /trail ip 203.0.113.7 2d'],
    ['mute 203.0.113.7', `${MUTED} → /trail help`],
    ['please mute user alice', `${MUTED} → /trail help`],
    ['explain', `After “explain” goes the id of an event or of an alert. → /trail explain ${EVENT}`],
    [`explain A-12 ${EVENT}`, 'One event is explained at a time. → /trail explain A-12'],
    ['timeline alice 3d', '“timeline” cannot be answered by this version of Trailbot. → /trail who alice 3d'],
    [
      'user alice 2026-11-03 2026-11-01',
      'That is more than one period. → /trail user alice since 2026-11-01 until 2026-11-03',
    ],
    [
      'user alice between 10:00 and 12:00',
      '2026-11-20 10:00 UTC has not come yet (it is 2026-11-20 09:15:02 UTC). → /trail user alice since 2026-11-19T10:00Z until 2026-11-19T12:00Z',
    ],
    ['errors alice', '“errors” takes no name. → /trail who alice 2d failed'],
    ['stats writes', '“stats” takes a period and nothing else. → /trail stats 7d'],
    ['event 3f0c8a7e', `3f0c8a7e is no event id. → /trail event ${EVENT}`],
    [`event ${KEY}`, `${KEY} is no event id. → /trail key ${KEY} 30d`],
    [
      `event ${EVENT} ${OTHER}`,
      `One event is shown at a time; several are compared. → /trail compare ${EVENT} ${OTHER}`,
    ],
    [
      `compare ${EVENT} ${EVENT}`,
      `To compare takes two different event ids at least. → /trail event ${EVENT}`,
    ],
    [
      `event ${EVENT} failed`,
      `“event” shows events whole: reads, writes and failed narrow lists of calls. → /trail event ${EVENT}`,
    ],
    ['usr alice', '“usr” is no question that Trailbot knows. → /trail user alice 2d'],
    ['acme-backups 3d', '“acme-backups” is no question that Trailbot knows. → /trail who acme-backups 3d'],
    [`who ${'a'.repeat(301)}`, 'A name has at most 300 characters. → /trail user alice@example.com 2d'],
    [
      `${'x '.repeat(300)}${KEY}`,
      `A question has at most 500 characters, and this one has 620. → /trail key ${KEY} 30d`,
    ],
  ])('%s', (text, said) => {
    expect(shortly(text)).toBe(said);
  });
});

const PIECES = [
  ...QUESTION_WORDS,
  ...[
    KEY,
    'AKIA…7EXAMPLE',
    'alice',
    'alice@example.com',
    '203.0.113.7',
    '2001:db8::',
    EVENT,
    OTHER,
    'bucket',
  ],
  ...[
    'since',
    'until',
    'last',
    'in',
    'on',
    'to',
    'ago',
    'utc',
    '2026-11-01',
    '2026-11-01T10:00Z',
    '10:00',
    '2',
  ],
  ...['yesterday', 'today', 'now', '30d', 'hours', '0d', '999999999w', '111122223333', 'region', 'eu-west-1'],
  ...[
    'reads',
    'writes',
    'failed',
    'fialed',
    '<@U012ABC|bob>',
    '<@U012ABC>',
    '&amp;lt;@U1',
    '"',
    '“x y”',
    '`',
  ],
  ...[
    'mute',
    'explain',
    'timeline',
    'not',
    'between',
    'and',
    '..',
    '2026-11-01..2026-11-03',
    '30x',
    'denied',
  ],
  ...[
    '10.0.0.0/8',
    '203.0.113.007',
    '999.1.2.3',
    `${KEY}E`,
    'arn:aws:iam::444455556666:user/alice',
    'monday',
  ],
  ...['2001-01-01', '2013-11-14', '9999-12-31', 'Production', 'who', 'used', '-', '…'],
];
const typed = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 520 }),
  fc
    .array(
      fc.oneof(
        { weight: 8, arbitrary: fc.constantFrom(...PIECES) },
        { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 10 }) },
      ),
      { maxLength: 12 },
    )
    .map((pieces) => pieces.join(' ')),
);

it('whatever is typed: every corrected command works, and every question can be asked again', () => {
  fc.assert(
    fc.property(typed, (text) => {
      const question = read(text);
      if ('mistake' in question) {
        expect(question.mistake).toMatch(/\S\.$/);
        expect(question.corrected).toMatch(/^\/trail \w/);
        if (question.corrected === '/trail help') return;
        expect(read(question.corrected)).not.toHaveProperty('mistake');
      } else {
        expect(read(sayQuestion(question))).toEqual(question);
      }
    }),
    { numRuns: 3000 },
  );
});

const COMMANDS = [
  ...[`key ${KEY}`, 'user alice', 'ip 203.0.113.7', 'role Admin', 'resource acme-backups', `event ${EVENT}`],
  ...[
    'errors',
    'logins',
    'root',
    'stats',
    `compare ${EVENT} ${OTHER}`,
    'who acme-backups',
    `who used ${KEY}`,
  ],
];
const stray = fc.oneof(
  fc.constantFrom(
    '30x',
    'sicne',
    'monday',
    'noon',
    'not',
    'except',
    'port22',
    'zzz',
    '"x y"',
    '203.0.113.9',
    'AKIA',
  ),
  fc.stringMatching(/^[b-df-hj-np-tv-xz]{4,9}\d{2}$/),
);

it('no word that is not understood is passed over', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...COMMANDS),
      stray,
      fc.nat(6),
      fc.boolean(),
      (command, odd, place, narrowed) => {
        const words = `${command}${narrowed ? ' 7d in Production' : ''}`.split(' ');
        // Anywhere behind the question word, but not between a word and what belongs to it.
        const at = narrowed && place > words.length - 4 ? words.length : Math.min(1 + place, words.length);
        const typed = [...words.slice(0, at), odd, ...words.slice(at)].join(' ');
        expect(read(typed), typed).toHaveProperty('mistake');
      },
    ),
    { numRuns: 2000 },
  );
});
