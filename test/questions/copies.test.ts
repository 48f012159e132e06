import { describe, expect, it } from 'vitest';
import { HOUR } from '../../src/kernel/time.ts';
import type { ActivityQuestion } from '../../src/questions/question.ts';
import { asAccount } from '../support/chains.ts';
import { user } from '../support/records.ts';
import { answer, call, listOf, NOW, SCOPE, say, tableOf } from './said.ts';

const HOME = '111122223333';
const OTHER = '444455556666';
const QUESTION: ActivityQuestion = { kind: 'resource', value: 'Admin', scope: SCOPE };

function assumed(recipientAccountId: string, shared: string | null = 'one') {
  return call(NOW - HOUR, {
    eventSource: 'sts.amazonaws.com',
    eventName: 'AssumeRole',
    recipientAccountId,
    sharedEventID: shared,
    userIdentity:
      recipientAccountId === HOME ? user('alice', HOME) : asAccount(HOME, 'AIDACKCEVSQ6C2EXAMPLE'),
    requestParameters: { roleArn: `arn:aws:iam::${OTHER}:role/Admin` },
    responseElements: null,
  });
}

describe('a call that two accounts recorded', () => {
  it('counts once, as the copy that knows its caller', () => {
    for (const calls of [
      [assumed(HOME), assumed(OTHER)],
      [assumed(OTHER), assumed(HOME)],
    ]) {
      const drawn = answer(QUESTION, { calls });
      expect(drawn.calls).toBe(1);
      expect(say(drawn.lead)).toContain('1 call by user alice');
      expect(tableOf(drawn)).toHaveLength(1);
    }
  });

  it('is said in the timeline to be seen by both', () => {
    const drawn = answer(QUESTION, { calls: [assumed(HOME), assumed(OTHER)] }, { kind: 'timeline', page: 0 });
    expect(listOf(drawn, 'Newest first')).toEqual([expect.stringContaining('user alice')]);
    expect(listOf(drawn, 'Newest first')[0]).toContain(`· seen by both accounts (also ${OTHER})`);
  });

  it('is two calls where AWS does not say that they are one', () => {
    expect(answer(QUESTION, { calls: [assumed(HOME, null), assumed(OTHER, null)] }).calls).toBe(2);
    expect(answer(QUESTION, { calls: [assumed(HOME, 'a'), assumed(OTHER, 'b')] }).calls).toBe(2);
  });
});
