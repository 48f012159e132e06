import { describe, expect, it } from 'vitest';
import { SAMPLES } from '../../src/cli/samples/sample.ts';
import { readDelivery } from '../../src/cloudtrail/delivery.ts';
import type { CloudTrailRecord } from '../../src/cloudtrail/record.ts';
import { type Random, systemRandom } from '../../src/kernel/random.ts';
import { MINUTE } from '../../src/kernel/time.ts';

const NOW = Date.UTC(2026, 10, 20, 9, 15, 2);

function make(name: string, random: Random = systemRandom): CloudTrailRecord[] {
  const sample = SAMPLES.get(name);
  if (!sample) throw new Error(`no sample ${name}`);
  return sample.make(NOW, random).map((event) => {
    const delivery = readDelivery(JSON.stringify(event));
    if ('notJson' in delivery || delivery.records.length !== 1) throw new Error(JSON.stringify(delivery));
    return delivery.records[0] as CloudTrailRecord;
  });
}

describe.each([...SAMPLES.keys()])('the sample %s', (name) => {
  const records = make(name);

  it('ends now, in the order of time, all of it today', () => {
    const times = records.map((found) => found.eventTime);
    expect(times).toEqual(times.toSorted((x, y) => x - y));
    expect(NOW - (times.at(-1) ?? 0)).toBeLessThan(10_000);
    expect(NOW - (times[0] ?? 0)).toBeLessThanOrEqual(40 * MINUTE);
    expect(Math.max(...times)).toBeLessThanOrEqual(NOW);
  });

  it('is made of events of their own, and of new ones each time', () => {
    const all = [...records, ...make(name)].map((found) => found.key);
    expect(new Set(all).size).toBe(all.length);
  });

  it('names nobody real: example accounts and documentation addresses only', () => {
    // Without the ids made by chance, which may hold any digits.
    const text = JSON.stringify(records).replaceAll(/[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/g, '');
    for (const [account] of text.matchAll(/(?<!\d)\d{12}(?!\d)/g)) expect(account).toBe('111122223333');
    for (const found of records) {
      expect(found.sourceAddress).toMatch(/^(?:192\.0\.2|198\.51\.100|203\.0\.113)\.\d+$|\.amazonaws\.com$/);
    }
  });
});

it('leaked-key tells the whole incident, step by step', () => {
  const intruders = ['ci-deploy', 'backup-operator'];
  const story = make('leaked-key').filter((found) => intruders.includes(found.actor.name));
  expect(story.map((found) => `${found.actor.name} ${found.eventName} ${found.errorCode ?? 'ok'}`)).toEqual([
    'ci-deploy GetCallerIdentity ok',
    'ci-deploy DescribeOrganization AccessDenied',
    'ci-deploy ListSecrets AccessDeniedException',
    'ci-deploy GetAccountAuthorizationDetails AccessDenied',
    'ci-deploy DescribeInstances Client.UnauthorizedOperation',
    'ci-deploy ListBuckets ok',
    'ci-deploy ListUsers ok',
    'ci-deploy ListAttachedUserPolicies ok',
    'ci-deploy ListAccessKeys ok',
    'ci-deploy CreateUser ok',
    'ci-deploy CreateAccessKey ok',
    'ci-deploy AttachUserPolicy ok',
    'backup-operator GetCallerIdentity ok',
    'backup-operator DescribeTrails ok',
    'backup-operator StopLogging ok',
    'backup-operator DeleteTrail ok',
    'backup-operator GetBucketAcl ok',
    'backup-operator DeleteBucketPublicAccessBlock ok',
    'backup-operator PutBucketPolicy ok',
    'backup-operator PutBucketAcl ok',
  ]);
});

it('leaked-key has noise in which nothing is denied and nothing of note is changed', () => {
  const noise = make('leaked-key').filter(
    (found) => !['ci-deploy', 'backup-operator'].includes(found.actor.name),
  );
  expect(noise.length).toBeGreaterThanOrEqual(10);
  expect(noise.filter((found) => found.errorCode !== undefined)).toEqual([]);
  const writes = noise.filter((found) => found.readOnly === false).map((found) => found.eventName);
  expect(new Set(writes)).toEqual(new Set(['CreateLogStream', 'UserAuthentication', 'ConsoleLogin']));
});

it('leaked-key carries one hostile text, as an attacker would send it', () => {
  const hostile = make('leaked-key').filter((found) => found.userAgent?.includes('<!channel>'));
  expect(hostile.map((found) => found.eventName)).toEqual(['CreateUser']);
});

it('burst is 200 denied calls of one session to nine services in twelve minutes', () => {
  const records = make('burst');
  expect(records).toHaveLength(200);
  expect(records.every((found) => /AccessDenied|UnauthorizedOperation/.test(found.errorCode ?? ''))).toBe(
    true,
  );
  expect(new Set(records.map((found) => found.actor.label))).toEqual(
    new Set(['nightly-report (role report-builder)']),
  );
  expect(new Set(records.map((found) => found.eventSource)).size).toBe(9);
  expect((records.at(-1)?.eventTime ?? 0) - (records[0]?.eventTime ?? 0)).toBeGreaterThan(11 * MINUTE);
});

it('whatever chance says, a sample is complete', () => {
  for (const fraction of [0, 0.5, 1 - 2 ** -32]) {
    const random = { id: () => systemRandom.id(), fraction: () => fraction };
    expect(make('burst', random)).toHaveLength(200);
  }
});
