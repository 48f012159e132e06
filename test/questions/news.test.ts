import { describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE } from '../../src/kernel/time.ts';
import type { Call } from '../../src/questions/call.ts';
import type { Coverage } from '../../src/questions/coverage.ts';
import type { ActivityQuestion } from '../../src/questions/question.ts';
import { roleSession } from '../support/records.ts';
import { answer, call, coverage, listOf, NOW, place, SCOPE, say, sayAll } from './said.ts';

const QUESTION: ActivityQuestion = { kind: 'key', value: 'AKIAIOSFODNN7EXAMPLE', scope: SCOPE };
const BEFORE = call(NOW - 3 * DAY);
const STRANGE = call(NOW - 2 * HOUR, { sourceIPAddress: '203.0.113.90' });

const WELL = { since: 0, events: 10, stored: 500, waiting: 0, truncated: false, took: 4 };
const LONG = { period: { from: NOW - 120 * DAY, to: NOW, said: 'last 120 days' } };

function ask(cover: Partial<Coverage>, question = QUESTION, calls: readonly Call[] = [BEFORE, STRANGE]) {
  return answer(question, { calls, coverage: coverage(cover) });
}

describe('what is called new', () => {
  it('stands in the lead and in the table when everything was read', () => {
    const all = ask({});
    expect(say(all.lead)).toContain('first call from 203.0.113.90 2 h ago');
    expect(sayAll(all)).toContain('203.0.113.90 NEW');
    expect(sayAll(all)).not.toContain('may not be new');
  });

  it.each<[string, Partial<Coverage>, ActivityQuestion?]>([
    ['more calls were found than one answer holds', { cutAt: NOW - 4 * DAY }],
    ['the own store has more than was read', { store: { ...WELL, truncated: true } }],
    ['7 stored events cannot be searched yet', { store: { ...WELL, waiting: 7 } }],
    ['2 events that AWS gave cannot be read', { unreadable: 2 }],
    [
      '1 of 2 regions was not read to the end',
      { lookup: { places: [place('done'), place('partial')], took: 1 } },
    ],
    [
      '2 of 3 regions were not read to the end',
      {
        lookup: { places: [place('done'), place('failed'), place('failed')], took: 1 },
      },
    ],
    [
      'AWS has nothing older than 90 days, and the own store does not reach back that far',
      { store: { ...WELL, since: NOW - 10 * DAY } },
      { ...QUESTION, scope: LONG },
    ],
    [
      'the own store does not reach back to the beginning of the period',
      { store: { ...WELL, since: NOW - 10 * DAY }, lookup: { off: 'history.lookup_events is false' } },
    ],
    [
      'what sessions of a role did is known to the own store only, and that does not reach back',
      { store: { ...WELL, since: NOW - 2 * DAY } },
      { ...QUESTION, kind: 'role', value: 'Admin' },
    ],
  ])('is doubted, out of the lead and with the reason, when %s', (reason, cover, question) => {
    const doubted = ask(cover, question);
    expect(say(doubted.lead)).not.toContain('first call');
    expect(sayAll(doubted)).not.toContain('NEW');
    expect(listOf(doubted, 'New in the last 24 h').at(-1)).toContain(
      `Some of this may not be new: ${reason}`,
    );
  });

  it('is not doubted where the own store reaches back further than AWS', () => {
    expect(say(ask({}, { ...QUESTION, scope: LONG }).lead)).toContain('first call from');
  });

  it('is not doubted because the question for the last 90 days was a moment in the queue', () => {
    const scope = { period: { from: NOW - 90 * DAY - MINUTE, to: NOW, said: 'last 90 days' } };
    const young = { store: { ...WELL, since: NOW - DAY } };
    expect(say(ask(young, { ...QUESTION, scope }).lead)).toContain('first call from');
  });

  it('is nothing when there is nothing before, or when that was not read: two different things', () => {
    expect(sayAll(ask({}, QUESTION, [STRANGE]))).toContain(
      'Nothing before the newest part of the period to compare with.',
    );
    const unread = sayAll(ask({ cutAt: NOW - 3 * HOUR }, QUESTION, [STRANGE]));
    expect(unread).toContain(
      'The older part was not read, so nothing can be called new: more calls were found',
    );
    expect(unread).not.toContain('Nothing before');
  });

  it('that began together is told together', () => {
    const calls = ['CreateUser', 'CreateAccessKey', 'ListUsers'].map((eventName, at) =>
      call(NOW - 2 * HOUR, { eventName, ...(at < 2 ? { errorCode: 'AccessDenied' } : {}) }),
    );
    const later = call(NOW - 10 * MINUTE, { eventName: 'DeleteUser' });
    const tagged = call(NOW - 3 * DAY, { eventName: 'TagUser', userIdentity: roleSession('Admin', 'x') });
    const actions = listOf(ask({}, QUESTION, [...calls, later, tagged]), 'New in').find((line) =>
      line.startsWith('Actions'),
    );
    expect(actions).toMatch(
      /^Actions {2}iam:DeleteUser, first 10 min ago; iam:\w+( \(denied\))? · iam:\w+( \(denied\))? · iam:\w+( \(denied\))?, first 2 h ago$/,
    );
    expect(actions).toContain('iam:CreateUser (denied)');
  });
});
