import { describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE } from '../../src/kernel/time.ts';
import { callOf } from '../../src/questions/call.ts';
import { blindIn, planOf } from '../../src/questions/plan.ts';
import type { ActivityKind, Attribute, Scope } from '../../src/questions/question.ts';
import { EVENT_TIME, readable, roleSession, user } from '../support/records.ts';

const HOME = '111122223333';
const OTHER = '444455556666';
const PERIOD = { from: EVENT_TIME - 30 * DAY, to: EVENT_TIME, said: 'last 30 days' };

function plan(kind: ActivityKind, value: string, scope: Partial<Scope> = {}) {
  return planOf({ kind, value, scope: { period: PERIOD, ...scope } });
}

function asked(kind: ActivityKind, value: string, scope: Partial<Scope> = {}, account = HOME): string[] {
  return plan(kind, value, scope).lookups(account).map(sayAttribute);
}

function sayAttribute(attribute: Attribute | undefined): string {
  return attribute ? `${attribute.key}=${attribute.value}` : 'everything';
}

function stored(kind: ActivityKind, value: string, scope: Partial<Scope> = {}): string[] {
  return plan(kind, value, scope).stored.map(({ by, account }) => `${by.column}=${by.value} in ${account}`);
}

describe('what AWS is asked', () => {
  it('is the most selective attribute that the question has', () => {
    expect(asked('key', 'AKIAIOSFODNN7EXAMPLE')).toEqual(['AccessKeyId=AKIAIOSFODNN7EXAMPLE']);
    expect(asked('user', 'alice')).toEqual(['Username=alice']);
    expect(asked('root', '')).toEqual(['Username=root']);
    expect(asked('logins', '')).toEqual(['EventSource=signin.amazonaws.com']);
    expect(asked('resource', 'acme-backups')).toEqual(['ResourceName=acme-backups']);
    expect(asked('anything', 'Admin')).toEqual(['ResourceName=Admin', 'Username=Admin']);
  });

  it('is everything where AWS has no attribute, or half of it when only reads or writes are wanted', () => {
    for (const kind of ['address', 'errors'] as const) {
      expect(asked(kind, '203.0.113.5')).toEqual(['everything']);
      expect(asked(kind, '203.0.113.5', { access: 'writes' })).toEqual(['ReadOnly=false']);
      expect(asked(kind, '203.0.113.5', { access: 'reads' })).toEqual(['ReadOnly=true']);
      expect(plan(kind, '203.0.113.5').blind.join(' ')).toContain('as far as time allows');
    }
  });

  it('is the ARN of a role in each account, under which AWS lists who assumed it', () => {
    expect(asked('role', 'Admin')).toEqual([
      `ResourceName=arn:aws:iam::${HOME}:role/Admin`,
      'ResourceName=Admin',
    ]);
    expect(asked('role', 'Admin', {}, OTHER)[0]).toBe(`ResourceName=arn:aws:iam::${OTHER}:role/Admin`);
    const [inChina] = plan('role', 'Admin').lookups(HOME, 'aws-cn').map(sayAttribute);
    expect(inChina).toBe(`ResourceName=arn:aws-cn:iam::${HOME}:role/Admin`);
    const arn = `arn:aws:iam::${HOME}:role/team/Admin`;
    expect(asked('role', arn)).toEqual([`ResourceName=${arn}`, 'ResourceName=Admin']);
  });

  it('is the last part of an ARN only in the account that the ARN names', () => {
    const arn = `arn:aws:sns:eu-west-1:${HOME}:alarms`;
    expect(asked('resource', arn)).toEqual([`ResourceName=${arn}`, 'ResourceName=alarms']);
    expect(asked('resource', arn, {}, OTHER)).toEqual([`ResourceName=${arn}`]);
    expect(asked('user', `arn:aws:iam::${HOME}:user/alice`, {}, OTHER)).toEqual([]);
    expect(asked('resource', 'arn:aws:s3:::acme-backups', {}, OTHER)).toHaveLength(2);
    const session = `arn:aws:sts::${HOME}:assumed-role/Admin/alice@example.com`;
    expect(asked('user', session)).toEqual(['Username=alice@example.com']);
  });

  it('is nothing in an account that the question leaves out', () => {
    expect(asked('key', 'AKIAIOSFODNN7EXAMPLE', { account: OTHER })).toEqual([]);
  });
});

describe('what the own store is asked', () => {
  it('is every way that the thing can stand in a record', () => {
    expect(stored('anything', 'Admin')).toEqual([
      'named=Admin in undefined',
      'actorName=Admin in undefined',
      'role=Admin in undefined',
    ]);
    expect(stored('errors', '')).toEqual(['failed= in undefined']);
    expect(stored('root', '')).toEqual(['kind=root in undefined']);
  });

  it('is narrowed as the question is, and to the account that an ARN names', () => {
    const scope = { account: HOME, region: 'eu-west-1', access: 'writes', failed: true } as const;
    expect(plan('key', 'AKIAIOSFODNN7EXAMPLE', scope).stored).toMatchObject([
      { ...scope, from: PERIOD.from, to: PERIOD.to },
    ]);
    const arn = `arn:aws:iam::${HOME}:role/Admin`;
    expect(stored('role', arn)).toEqual([
      `role=Admin in ${HOME}`,
      `named=${arn} in undefined`,
      `named=Admin in ${HOME}`,
    ]);
    expect(stored('role', arn, { account: OTHER })).toEqual([`named=${arn} in ${OTHER}`]);
  });
});

describe('an ARN whose account the scope names too', () => {
  const arn = (resource: string) => `arn:aws:iam::${HOME}:${resource}`;

  it('asks the same as the ARN alone', () => {
    for (const [kind, value] of [
      ['user', arn('user/alice')],
      ['role', arn('role/Admin')],
      ['anything', arn('user/alice')],
    ] as const) {
      expect(asked(kind, value, { account: HOME })).toEqual(asked(kind, value));
      expect(stored(kind, value, { account: HOME }).every((query) => query.endsWith(`in ${HOME}`))).toBe(
        true,
      );
      expect(stored(kind, value, { account: HOME })).toHaveLength(stored(kind, value).length);
    }
  });

  it('asks of a name in an account what it asks of its ARN', () => {
    expect(stored('user', 'alice', { account: HOME })).toEqual(stored('user', arn('user/alice')));
    expect(asked('user', 'alice', { account: HOME }, OTHER)).toEqual([]);
  });
});

describe('an IPv6 address', () => {
  it.each(['2001:DB8:0:0:0:0:0:1', '2001:db8:0000::0001', '2001:db8::1'])('is found as %s too', (typed) => {
    expect(stored('address', typed)).toEqual(['address=2001:db8::1 in undefined']);
    const call = callOf(readable({ sourceIPAddress: '2001:db8:0:0::1' }));
    expect(call.address).toBe('2001:db8::1');
    expect(plan('address', typed).keep(call)).toBe(true);
  });

  it('that holds an IPv4 address is that one; names of services stay', () => {
    expect(callOf(readable({ sourceIPAddress: '::FFFF:203.0.113.5' })).address).toBe('203.0.113.5');
    expect(stored('address', '::ffff:cb00:7105')).toEqual(['address=203.0.113.5 in undefined']);
    expect(callOf(readable({ sourceIPAddress: 'AWS Internal' })).address).toBe('AWS Internal');
    expect(callOf(readable({ sourceIPAddress: 'fe80::1%eth0' })).address).toBe('fe80::1%eth0');
  });
});

describe('what belongs to the answer', () => {
  const call = callOf(readable());

  it('lies in the scope, whatever the sources gave', () => {
    const keeps = (scope: Partial<Scope>) => plan('user', 'alice', scope).keep(call);
    expect(keeps({})).toBe(true);
    expect(keeps({ period: { ...PERIOD, to: EVENT_TIME - 1 } })).toBe(false);
    expect(keeps({ period: { ...PERIOD, from: EVENT_TIME + 1, to: EVENT_TIME + 2 } })).toBe(false);
    expect(keeps({ account: HOME, region: 'us-east-1', access: 'writes' })).toBe(true);
    expect(keeps({ account: OTHER })).toBe(false);
    expect(keeps({ region: 'eu-west-1' })).toBe(false);
    expect(keeps({ access: 'reads' })).toBe(false);
    expect(keeps({ failed: true })).toBe(false);
  });

  it('counts a call that does not say what it is as a write', () => {
    const old = callOf(readable({ readOnly: null }));
    expect(plan('user', 'alice', { access: 'writes' }).keep(old)).toBe(true);
    expect(plan('user', 'alice', { access: 'reads' }).keep(old)).toBe(false);
  });

  it('is what was asked for, where a scan or a name shared with others brings more', () => {
    const denied = callOf(readable({ errorCode: 'AccessDenied' }));
    const namedRoot = callOf(readable({ userIdentity: user('root') }));
    const session = callOf(readable({ userIdentity: roleSession('Admin', 'alice') }));
    expect(plan('address', '203.0.113.5').keep(call)).toBe(true);
    expect(plan('address', '203.0.113.50').keep(call)).toBe(false);
    expect(plan('errors', '').keep(denied)).toBe(true);
    expect(plan('errors', '').keep(call)).toBe(false);
    expect(plan('root', '').keep(namedRoot)).toBe(false);
    expect(plan('key', 'ASIAIOSFODNN7EXAMPLE').keep(session)).toBe(true);
    expect(plan('key', 'ASIAIOSFODNN7EXAMPLE').keep(call)).toBe(false);
    expect(plan('logins', '').keep(call)).toBe(false);
  });
});

describe('what AWS cannot know of a period', () => {
  it('is what is older than 90 days, and the last minutes', () => {
    const period = (from: number, to: number) => ({ period: { from, to, said: '' } });
    expect(blindIn(period(EVENT_TIME - 91 * DAY, EVENT_TIME - DAY), EVENT_TIME)).toEqual([
      'AWS event history ends 90 days back: what is older comes from the own store alone.',
    ]);
    expect(blindIn(period(EVENT_TIME - HOUR, EVENT_TIME), EVENT_TIME)).toEqual([
      'AWS shows a call 5 to 15 minutes late: the newest may be missing.',
    ]);
    expect(blindIn(period(EVENT_TIME - 90 * DAY - 5 * MINUTE, EVENT_TIME - DAY), EVENT_TIME)).toEqual([]);
    expect(blindIn(period(EVENT_TIME - 2 * DAY, EVENT_TIME - DAY), EVENT_TIME)).toEqual([]);
  });
});
