import { describe, expect, it } from 'vitest';
import { DAY } from '../../src/kernel/time.ts';
import { findThings, questionAbout } from '../../src/questions/reading/things.ts';

const NOW = Date.UTC(2026, 10, 20, 9, 15);
const KEY = 'AKIAIOSFODNN7EXAMPLE';
const EVENT = '3f0c8a7e-7f5b-4a4e-9c59-0d1b7f0c2a11';

function found(text: string): string[] {
  return findThings(text).map(({ kind, value }) => `${kind} ${value}`.trim());
}

describe('things in a text', () => {
  it('finds all of an event, the most telling first and each once', () => {
    const text = `{"userIdentity":{"arn":"arn:aws:sts::111122223333:assumed-role/Admin/alice@example.com",
      "accessKeyId":"ASIAIOSFODNN7EXAMPLE"},"sourceIPAddress":"203.0.113.7","eventID":"${EVENT}",
      "requestParameters":{"instanceId":"i-0abc1234567890def","groupId":"sg-12345678","roleArn":"arn:aws:iam::111122223333:role/ci/Deploy"},
      "again":"203.0.113.7 (alice@example.com)"}`;
    expect(found(text)).toEqual([
      'key ASIAIOSFODNN7EXAMPLE',
      'user alice@example.com',
      'role arn:aws:iam::111122223333:role/ci/Deploy',
      'resource i-0abc1234567890def',
      'resource sg-12345678',
      'address 203.0.113.7',
      `event ${EVENT}`,
    ]);
  });

  it.each([
    [`Key=${KEY}.`, `key ${KEY}`],
    [`(${KEY}),`, `key ${KEY}`],
    [`key:${KEY}`, `key ${KEY}`],
    ['see arn:aws:s3:::acme-backups, please', 'resource arn:aws:s3:::acme-backups'],
    ['by arn:aws:iam::111122223333:root.', 'root'],
    ['<mailto:alice@example.com|alice@example.com>', 'user alice@example.com'],
    ['https://203.0.113.7/login', 'address 203.0.113.7'],
    ['from 203.0.113.7:443.', 'address 203.0.113.7'],
    ['[2001:db8::7]:443', 'address 2001:db8::7'],
    ['203.0.113.7/32', 'address 203.0.113.7'],
    ['vol-0abc1234567890def, attached', 'resource vol-0abc1234567890def'],
  ])('%s', (text, thing) => {
    expect(found(text)).toEqual([thing]);
  });

  it.each([
    'aws-cli/2.17.3.1 os/linux#6.1.0.4',
    'version 1.2.3.4 and v1.2.3.4, version=1.2.3.4',
    '10.0.0.0/8 0.0.0.0/0 127.0.0.1',
    'at 10:15:02 or 2026-11-20T09:15:02Z',
    'std::vector dead::beef ::',
    '999.1.2.3 1.2.3.4.5 1.2.3.4-1.el8',
    'AKIA…7EXAMPLE akiaiosfodnn7example',
    'AKIAIOSFODNN7EXAMPL AKIAIOSFODNN7EXAMPLEE',
    'i-am-not-an-instance sg-xyz',
    'arn:aws arn:',
  ])('finds nothing in: %s', (text) => {
    expect(found(text)).toEqual([]);
  });

  it('looks through huge and hostile text, and gives a list that can be shown', () => {
    const keys = Array.from({ length: 5000 }, (_, at) => `AKIA${String(at).padStart(16, '0')}`);
    expect(findThings(keys.join(' '))).toHaveLength(50);
    for (const unit of ['AKIA', 'arn:', '1.', 'a@a.', '::', '0-', '<@', '"', 'arn:aws:iam::1:user/']) {
      expect(findThings(unit.repeat(1_000_000)).length).toBeLessThanOrEqual(50);
    }
  });

  it('takes the account from an ARN, unless the name stands with another or none as well', () => {
    const alice = (account: string) => `arn:aws:iam::${account}:user/alice@example.com`;
    const about = (text: string) => findThings(text).map((thing) => questionAbout(thing, NOW).scope.account);
    expect(about(alice('111122223333'))).toEqual(['111122223333']);
    expect(about(`${alice('111122223333')} ${alice('444455556666')}`)).toEqual([undefined]);
    expect(about(`${alice('111122223333')} alice@example.com ${alice('111122223333')}`)).toEqual([undefined]);
  });

  it('asks about each for its usual period', () => {
    const about = (text: string) => findThings(text).map((thing) => questionAbout(thing, NOW));
    expect(about(`${KEY} ${EVENT}`)).toMatchObject([
      { kind: 'key', value: KEY, scope: { period: { from: NOW - 30 * DAY, to: NOW } } },
      { kind: 'event', eventIds: [EVENT], scope: { period: { from: NOW - 90 * DAY } } },
    ]);
  });
});
