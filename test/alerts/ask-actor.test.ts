import { describe, expect, it } from 'vitest';
import { doerOf, isAboutOwnCredentials, whomToAsk } from '../../src/alerts/ask-actor.ts';
import type { JsonObject } from '../../src/kernel/json.ts';
import { readable, roleSession, user } from '../support/records.ts';

const HOME = { account: '111122223333', accounts: new Set(['111122223333', '444455556666']) };

function whom(over: JsonObject, people: Readonly<Record<string, string>> = {}) {
  const entries = Object.entries(people).map(([pattern, who]) => ({ pattern, who }));
  return whomToAsk(doerOf(readable(over)), entries, HOME);
}

const session = (role: string, name: string) => ({ userIdentity: roleSession(role, name) });

describe('whom to ask', () => {
  it('people of the configuration go before addresses, and what is written out before patterns', () => {
    const over = session('AWSReservedSSO_Admin_0123456789abcdef', 'bob@example.com');
    expect(whom(over)).toEqual({ addresses: ['bob@example.com'] });
    expect(whom(over, { '*@example.com': 'U0PATTERN' })).toEqual({ user: 'U0PATTERN' });
    expect(whom(over, { '*': 'U0PATTERN', 'BOB@example.com': 'U0EXACT' })).toEqual({ user: 'U0EXACT' });
    expect(whom(over, { 'arn:aws:sts::*:assumed-role/*/bob*': 'robert@example.com' })).toEqual({
      addresses: ['robert@example.com'],
    });
  });

  it('a source identity goes before the name of a session, which anybody chooses', () => {
    const identity = roleSession('Deploy', 'carla@example.com');
    const context = { ...(identity.sessionContext as JsonObject), sourceIdentity: 'bob@example.com' };
    expect(whom({ userIdentity: { ...identity, sessionContext: context } })).toEqual({
      addresses: ['bob@example.com', 'carla@example.com'],
    });
  });

  it('a pattern is plain text with stars: nothing else has a meaning, and many stars cost nothing', () => {
    const over = { userIdentity: user('a.b') };
    expect(whom(over, { 'a*b': 'U0STAR' })).toEqual({ user: 'U0STAR' });
    expect(whom(over, { 'a+b': 'U0PLUS' })).toHaveProperty('nobody');
    expect(whom(over, { 'a*.*b*b': 'U0TWICE' })).toHaveProperty('nobody');
    const long = { userIdentity: user('a'.repeat(64)) };
    expect(whom(long, { [`${'a*'.repeat(100)}b`]: 'U0LONG' })).toHaveProperty('nobody');
  });

  it.each([
    ['root', { userIdentity: { type: 'Root', accountId: '111122223333' } }, 'the root user'],
    [
      'a service',
      { userIdentity: { type: 'AWSService', invokedBy: 'config.amazonaws.com' } },
      'is not a person',
    ],
    ['an account', { userIdentity: { type: 'AWSAccount', accountId: '999988887777' } }, 'is not a person'],
    ['a stranger', { userIdentity: user('alice', '999988887777') }, 'is not one of yours'],
    ['an unmapped user', { userIdentity: user('alice') }, 'add it under people'],
    ['an instance', session('web', 'i-0123456789abcdef0'), 'add it under people'],
  ])('never %s, whatever people says of others', (_, over, why) => {
    const people: Record<string, string> =
      why === 'add it under people' ? { nobody: 'U0' } : { '*': 'U0ANYBODY' };
    expect(whom(over, people)).toEqual({ nobody: expect.stringContaining(why) });
  });

  it('a person of another account that is yours is asked', () => {
    expect(whom({ userIdentity: user('alice', '444455556666') }, { alice: 'U0ALICE01' })).toEqual({
      user: 'U0ALICE01',
    });
  });
});

describe('who did it', () => {
  it('two people in one role are two, and one of them in two sessions is one', () => {
    const key = (name: string) => doerOf(readable(session('Admin', name))).key;
    expect(key('bob@example.com')).toBe(key('bob@example.com'));
    expect(key('bob@example.com')).not.toBe(key('carla@example.com'));
  });
});

describe('own credentials', () => {
  it.each([
    ['a key for oneself', {}, { requestParameters: null }, true],
    ['a key for oneself by name', {}, { requestParameters: { userName: 'alice' } }, true],
    ['a key for another', {}, { requestParameters: { userName: 'bob' } }, false],
    ['a sign-in', { eventSource: 'signin.amazonaws.com', eventName: 'ConsoleLogin' }, {}, true],
    ['a policy', { eventName: 'AttachUserPolicy' }, { requestParameters: { userName: 'alice' } }, false],
    ['a bucket', { eventSource: 's3.amazonaws.com', eventName: 'PutBucketAcl' }, {}, false],
  ])('%s', (_, event, over, own) => {
    expect(isAboutOwnCredentials(readable({ ...event, ...over }))).toBe(own);
  });
});
