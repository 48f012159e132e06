import { describe, expect, it } from 'vitest';
import { createLog } from '../../src/kernel/log.ts';
import { DAY, SECOND } from '../../src/kernel/time.ts';
import { ask } from '../../src/work/ask/ask.ts';
import { type CloudHistory, LookupTrouble } from '../../src/work/cloud-history.ts';
import { userKey } from '../support/chains.ts';
import { type FakeClock, fakeClock } from '../support/clock.ts';
import { HOME, memoryHistory } from '../support/memory-history.ts';

const ELSEWHERE = '999988887777';
/** Its id says so, and ids are not to be trusted. */
const KEY = userKey(7, ELSEWHERE);
const owner = { userName: 'alice', lastUsed: undefined };

function start(clock: FakeClock, history: CloudHistory, keyId = KEY, signal = new AbortController().signal) {
  const now = clock.now();
  const period = { from: now - DAY, to: now, said: 'last day' };
  const tools = { sql: undefined, history, clock, log: createLog('silent') };
  return ask(tools, { kind: 'key', value: keyId, scope: { period } }, { signal, deadline: 10 * SECOND });
}

/** Everything that is asked about keys, with the account and after how long. */
function historyWith(clock: FakeClock, keyAccount: CloudHistory['keyAccount']) {
  const asked: string[] = [];
  const history: CloudHistory = {
    ...memoryHistory({ clock, pace: 100 }),
    keyAccount,
    keyOwner: async (_, account) => {
      asked.push(account);
      return owner;
    },
  };
  return { history, asked };
}

describe('the account of a key', () => {
  it('is the one that AWS says, however late and whatever the id says, and the owner is asked there', async () => {
    const clock = fakeClock();
    const { promise, resolve } = Promise.withResolvers<string>();
    const { history, asked } = historyWith(clock, () => promise);
    const answer = start(clock, history);
    await clock.advance(4 * SECOND);
    expect(asked).toEqual([]);
    resolve(HOME);
    const { keyAccount, coverage, owner: found } = await answer;
    expect({ keyAccount, found }).toEqual({ keyAccount: { account: HOME, by: 'aws' }, found: owner });
    expect(asked).toEqual([HOME]);
    expect(coverage.blind.join(' ')).not.toContain(ELSEWHERE);
    expect(coverage.blind).toContain('Besides, 2 requests went into the key itself.');
  });

  it.each([
    [
      'AWS refuses',
      () => Promise.reject(new LookupTrouble({ kind: 'denied', what: 'not allowed', remedy: '' })),
    ],
    ['AWS does not answer', () => new Promise<never>(() => {})],
  ])('is computed from the id when %s, and said to be no more than that', async (_, keyAccount) => {
    const clock = fakeClock();
    const { history, asked } = historyWith(clock, keyAccount);
    const answer = start(clock, history);
    await clock.advance(10 * SECOND);
    const { keyAccount: account, coverage } = await answer;
    expect(account).toEqual({ account: ELSEWHERE, by: 'decoded' });
    expect(asked).toEqual([]);
    expect(coverage.blind.find((one) => one.includes(ELSEWHERE))).toMatch(
      /^The key belongs to account 999988887777 \(computed from the key id, unconfirmed\), which/,
    );
    expect(clock.asleep).toBe(0);
  });
});

describe('the walk back from a temporary key', () => {
  it('does not outlive the question, and says that it was not finished', async () => {
    const clock = fakeClock();
    const stop = new AbortController();
    const calm = memoryHistory({ clock });
    const deaf: CloudHistory = {
      ...calm,
      keyAccount: async () => HOME,
      lookup: (lookup, signal) =>
        lookup.attribute?.key === 'AccessKeyId'
          ? calm.lookup(lookup, signal)
          : { [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => {}) }) },
    };
    const answer = start(clock, deaf, 'ASIAIOSFODNN7EXAMPLE', stop.signal);
    await clock.advance(2 * SECOND);
    stop.abort();
    expect((await answer).trace?.origin).toEqual({
      kind: 'stopped',
      said: 'The walk was stopped before its end. Nothing is known yet of who made or used this key in account 111122223333.',
    });
  });

  it('gives what it has when it ends with the question', async () => {
    const clock = fakeClock();
    const stop = new AbortController();
    const history: CloudHistory = {
      ...memoryHistory({ clock, pace: 5 * SECOND }),
      keyAccount: async () => HOME,
    };
    const answer = start(clock, history, 'ASIAIOSFODNN7EXAMPLE', stop.signal);
    await clock.advance(7 * SECOND);
    stop.abort();
    expect((await answer).trace).toMatchObject({ keyId: 'ASIAIOSFODNN7EXAMPLE' });
    expect(clock.asleep).toBe(0);
  });
});
