import { describe, expect, it } from 'vitest';
import { MINUTE } from '../../src/kernel/time.ts';
import type { Call } from '../../src/questions/call.ts';
import type { ActivityQuestion } from '../../src/questions/question.ts';
import { answer, call, listOf, NOW, SCOPE, say } from './said.ts';

const QUESTION: ActivityQuestion = { kind: 'user', value: 'alice', scope: SCOPE };

function timeline(calls: readonly Call[], page = 0) {
  return answer(QUESTION, { calls }, { kind: 'timeline', page });
}

/** Each different from the one before. */
function calls(count: number): Call[] {
  return Array.from({ length: count }, (_, at) => call(NOW - at * MINUTE, { eventName: `Call${at}` }));
}

describe('a timeline', () => {
  it('has a line for each call: time, action, actor, target, address and what went wrong', () => {
    const denied = call(NOW, { errorCode: 'AccessDenied', sourceIPAddress: '198.51.100.9' });
    const failed = call(NOW - MINUTE, { errorCode: 'NoSuchEntityException' });
    expect(listOf(timeline([denied, failed]), 'Newest first')).toEqual([
      '2026-11-20 11:46  iam:CreateAccessKey  user alice → bob from 198.51.100.9 (office network) · denied',
      '2026-11-20 11:45  iam:CreateAccessKey  user alice → bob from 203.0.113.5 · NoSuchEntityException',
    ]);
    expect(say(timeline([denied]).title)).toBe('Timeline · What alice did, last 30 days');
  });

  it('shows ten a page, newest first, and says where it is', () => {
    const third = timeline(calls(23), 2);
    expect(third.pages).toEqual({ page: 2, of: 3 });
    expect(listOf(third, 'Newest first')).toHaveLength(3);
    expect(say(third.lead)).toBe('Calls 21–23 of 23 · 1 actor · 1 address');
    expect(say(timeline(calls(11), 1).lead)).toBe('Call 11 of 11 · 1 actor · 1 address');
  });

  it('goes to the last page when asked for one that is not there', () => {
    expect(timeline(calls(23), 99).pages).toEqual({ page: 2, of: 3 });
    expect(timeline(calls(23), -1).pages?.page).toBe(0);
    expect(timeline(calls(23), Number.NaN).pages?.page).toBe(0);
  });

  it('draws identical consecutive calls as one', () => {
    const repeated = Array.from({ length: 14 }, (_, at) => call(NOW - at * MINUTE));
    const [line, ...others] = listOf(timeline([...repeated, ...calls(3).slice(1)]), 'Newest first');
    expect(others.length).toBeGreaterThan(0);
    const [whole] = listOf(timeline(repeated), 'Newest first');
    expect(whole).toBe(
      '2026-11-20 11:46  iam:CreateAccessKey × 14  user alice → bob from 203.0.113.5 · since 11:33',
    );
    expect(line).toContain('iam:CreateAccessKey');
  });

  it('counts every call on exactly one page', () => {
    const many = calls(47).flatMap((one) => [one, { ...one, key: `${one.key}'` }]);
    const pages = Array.from({ length: 5 }, (_, page) => timeline(many, page));
    const counted = pages
      .flatMap((page) => listOf(page, 'Newest first'))
      .map((line) => Number(/ × (\d+)/.exec(line)?.[1] ?? 1));
    expect(counted.reduce((sum, one) => sum + one, 0)).toBe(94);
  });

  it('of nothing is the answer that explains it', () => {
    const none = timeline([]);
    expect(none.pages).toBeUndefined();
    expect(say(none.lead)).toContain('No call by this user or session was found');
  });
});
