import { expect, it } from 'vitest';
import { verdictOf } from '../../../src/cli/verify-logs-text.ts';
import { HOUR } from '../../../src/kernel/time.ts';
import { type FakeTrail, makeChain } from '../../support/aws/trails.ts';
import { ACCOUNT, awsKey, BUCKET, HOURS, OTHER, stage, TRAIL, UNTIL } from './chains.ts';

const MEMBERS = [OTHER, '777788889999'];

/** An organization's trail with half a day of digests of each account. */
async function organizationStage(organization: Partial<NonNullable<FakeTrail['organization']>>) {
  const trail = { ...TRAIL, organization: { id: 'o-a1b2c3d4e5', members: MEMBERS, ...organization } };
  const set = await stage({ trails: [trail], accounts: { [ACCOUNT]: {} } });
  const made = new Map(
    [ACCOUNT, ...MEMBERS].map((account) => [
      account,
      makeChain(set.s3, { trail, account, key: awsKey(), until: UNTIL, hours: HOURS, logs: 1 }),
    ]),
  );
  return { ...set, made: (account: string) => made.get(account) ?? [] };
}

it('proves nothing of a member of the organization whose files are all gone, and blames nobody', async () => {
  const { s3, verify } = await organizationStage({
    listed: [ACCOUNT, ...MEMBERS].map((id) => ({ id, name: id })),
  });
  expect((await verify()).chains.map(({ unproved }) => unproved)).toEqual([false, false, false]);
  for (const key of s3.keys(BUCKET)) if (key.includes(`/${OTHER}/`)) s3.remove(BUCKET, key);
  const found = await verify();
  expect(found.chains.flatMap(({ breaks }) => breaks)).toEqual([]);
  expect(verdictOf(found)).toBe('not proved');
  const gone = found.chains.filter(({ unproved }) => unproved);
  expect(gone).toMatchObject([{ chain: { source: { account: OTHER } } }]);
  expect(gone[0]?.notes).toContain(
    'No digest of this account lies there, and those of others of the trail go on until 2026-11-20 09:00:00 UTC: they were deleted, or CloudTrail could not deliver them, although the account is in the organization.',
  );
  expect(verdictOf(await verify({ accounts: [OTHER] }))).toBe('not proved');
  expect(verdictOf(await verify({ accounts: [ACCOUNT] }))).toBe('intact');
});

it('proves nothing of a member whose newest digests are gone, while others go on', async () => {
  const { s3, verify, made } = await organizationStage({});
  for (const { key, logs } of made(OTHER).slice(-6)) {
    s3.remove(BUCKET, key);
    for (const log of logs) s3.remove(BUCKET, log.key);
  }
  const found = await verify();
  expect(verdictOf(found)).toBe('not proved');
  expect(found.chains.find(({ unproved }) => unproved)?.notes).toContain(
    'Its digests end at 2026-11-20 03:00:00 UTC, and those of others of the trail go on until 2026-11-20 09:00:00 UTC: they were deleted, or the account left the organization or was closed (allow organizations:ListAccounts to tell).',
  );
  expect(verdictOf(await verify({ accounts: [OTHER] }))).toBe('not proved');
});

it('says that it would not see who is gone entirely, when nobody tells who is a member', async () => {
  const { s3, verify } = await organizationStage({});
  for (const key of s3.keys(BUCKET)) if (key.includes(`/${OTHER}/`)) s3.remove(BUCKET, key);
  const found = await verify();
  expect(found.troubles).toMatchObject([
    {
      place: 'audit',
      trouble: {
        what: 'not allowed to call organizations:ListAccounts, so that a member whose files are all gone would not be seen',
        remedy: expect.stringContaining('delegated administrator'),
      },
    },
  ]);
  expect(verdictOf(found)).toBe('incomplete');
  expect(verdictOf(await verify({ accounts: [ACCOUNT] }))).toBe('intact');
  expect(verdictOf(await verify({ accounts: [OTHER] }))).toBe('not proved');
});

it('expects no digests of who left the organization, was closed or has just joined', async () => {
  const [, second = ''] = MEMBERS;
  const { s3, verify, made } = await organizationStage({
    listed: [
      { id: ACCOUNT, name: 'management' },
      { id: second, name: 'closed', state: 'SUSPENDED' },
      { id: '101010101010', name: 'new', joinedAt: UNTIL - HOUR },
    ],
  });
  for (const { key } of [...made(OTHER).slice(-6), ...made(second).slice(-9)]) s3.remove(BUCKET, key);
  const found = await verify();
  expect(found.chains.map(({ unproved }) => unproved)).toEqual([false, false, false, false]);
  expect(verdictOf(found)).toBe('intact');
});
