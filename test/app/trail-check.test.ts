import { gzipSync } from 'node:zlib';
import { expect, it, onTestFinished } from 'vitest';
import { startTrailCheck } from '../../src/app/trail-check.ts';
import type { Delivery } from '../../src/cloudtrail/delivery.ts';
import { readConfig } from '../../src/config/config.ts';
import type { Json } from '../../src/kernel/json.ts';
import { createLog } from '../../src/kernel/log.ts';
import { DAY, HOUR, MINUTE } from '../../src/kernel/time.ts';
import { startFakeAws } from '../support/aws/fake-aws.ts';
import { fakeS3 } from '../support/aws/s3.ts';
import { type FakeTrail, makeChain, signingKey, trailServices } from '../support/aws/trails.ts';
import { fakeClock } from '../support/clock.ts';
import { BUCKET, REGION, TRAIL } from '../work/verify/chains.ts';

/** Half past three: eleven minutes before the check. */
const START = Date.UTC(2026, 10, 21, 3, 30);
const MIDNIGHT = Date.UTC(2026, 10, 21);
const SETTINGS = `
aws: { region: ${REGION} }
accounts: { '${TRAIL.account}': { name: Production } }
history: { regions: [${REGION}] }
`;

/** A bot that checks its trails; `told` is what it has taken in. */
async function checking(watch: string, more: Partial<FakeTrail> = {}, settings = SETTINGS) {
  const clock = fakeClock(START);
  const key = signingKey(0, REGION, START - 30 * DAY, START + 30 * DAY);
  const trail: FakeTrail = { ...TRAIL, status: {}, ...more };
  const s3 = fakeS3({ [BUCKET]: { region: REGION } });
  const services = [s3.service, ...trailServices([trail], [key])];
  const aws = await startFakeAws({ services, now: clock.now, accounts: { [TRAIL.account]: {} } });
  const chainOf = (account: string) =>
    makeChain(s3, { trail, account, key, until: MIDNIGHT + 30 * HOUR, hours: 80, logs: 1 });
  const digests = chainOf(TRAIL.account);
  const ofMembers = (trail.organization?.members ?? []).map(chainOf);
  const read = readConfig({ text: `${settings}${watch}`, file: 'trailbot.yaml', env: {} });
  if ('problems' in read) throw new Error(JSON.stringify(read.problems));
  const told: Json[] = [];
  const logged: string[] = [];
  const check = startTrailCheck({
    settings: () => read.config,
    intake: {
      accept: async ({ records }: Delivery) => {
        told.push(...records.map(({ body }) => body));
        return { stored: records.length, duplicates: 0, rejected: 0 };
      },
    },
    standIn: { endpoint: aws.url, credentials: aws.credentials },
    clock,
    log: createLog('info', { write: (line) => logged.push(line) }),
  });
  onTestFinished(() => check.stop());
  const nextDay = async (): Promise<void> => {
    await clock.untilSleeping();
    await clock.advance(DAY);
    // A check is under way as long as nothing sleeps.
    await check.rested();
    await clock.untilSleeping();
  };
  return { aws, s3, digests, ofMembers, told, logged, check, clock, nextDay };
}

it('tells of each break once a day has passed, with the same id whenever it is found again', async () => {
  const { s3, digests, told, nextDay } = await checking('watch: { trails: true }');
  const log = digests.find(({ at }) => at === MIDNIGHT - 12 * HOUR)?.logs[0];
  if (!log) throw new Error('there is no such log file');
  s3.put(BUCKET, log.key, gzipSync('{"Records":[]}'));
  await nextDay();
  expect(told).toMatchObject([
    {
      eventSource: 'trailbot.internal',
      eventName: 'LogIntegrityBroken',
      awsRegion: REGION,
      recipientAccountId: TRAIL.account,
      serviceEventDetails: {
        kind: 'log changed',
        trail: 'audit',
        place: `Production in ${REGION}`,
        file: `s3://${BUCKET}/${log.key}`,
        hour: 'until 2026-11-20 12:00:00 UTC',
      },
    },
  ]);
  await nextDay();
  const ids = told.map((one) => (one as { eventID: string }).eventID);
  expect(ids).toHaveLength(2);
  expect(new Set(ids).size).toBe(1);
});

it('leaves the last hours alone, since their digests may still come', async () => {
  const { s3, digests, told, nextDay } = await checking('watch: { trails: true }');
  const fresh = digests.find(({ at }) => at === MIDNIGHT + 2 * HOUR);
  s3.remove(BUCKET, fresh?.key ?? '');
  await nextDay();
  expect(told).toEqual([]);
});

it('tells once a day that a trail could not be verified, and why', async () => {
  const { aws, told, nextDay } = await checking('watch: { trails: true }');
  aws.fault({ kind: 'deny', operation: 'ListObjectsV2' });
  await nextDay();
  expect(told).toMatchObject([
    {
      serviceEventDetails: {
        kind: 'not verified',
        trail: 'audit',
        reason: expect.stringMatching(/^not allowed to call s3:List/),
      },
    },
  ]);
});

const WATCH = 'watch: { trails: true }';
const MEMBER = '444455556666';
const details = (told: readonly Json[]) =>
  told.map((one) => (one as { serviceEventDetails: Json }).serviceEventDetails);

it.each([
  ['DescribeTrails', 'not allowed to call cloudtrail:DescribeTrails'],
  ['GetCallerIdentity', 'not allowed to call sts:GetCallerIdentity'],
])(
  'is not silent when it may not call %s, and says once a day that nothing is known',
  async (operation, reason) => {
    const { aws, told, logged, nextDay } = await checking(WATCH);
    aws.fault({ kind: 'deny', operation });
    await nextDay();
    expect(details(told)).toMatchObject([{ kind: 'not verified', reason, remedy: expect.any(String) }]);
    expect(logged.join('')).toMatch(/not all digests|could not be verified/);
    expect(logged.join('')).not.toContain('were verified');
    await nextDay();
    expect(new Set(told.map((one) => (one as { eventID: string }).eventID)).size).toBe(2);
  },
);

it.each([
  [true, 'there are no digests of the last two days'],
  [false, 'log file validation is off, and there are no digests of the last two days'],
])('tells that a trail has no digests; validated: %s', async (validated, reason) => {
  const { s3, told, logged, nextDay } = await checking(WATCH, { validated });
  for (const key of s3.keys(BUCKET)) s3.remove(BUCKET, key);
  await nextDay();
  expect(details(told)).toMatchObject([{ kind: 'not verified', trail: 'audit', reason }]);
  expect(logged.join('')).not.toContain('were verified');
});

it('verifies all members of an organization, whichever accounts send events, and tells of one whose files are gone', async () => {
  const organization = {
    id: 'o-a1b2c3d4e5',
    members: [MEMBER, '777788889999'],
    listed: [TRAIL.account, MEMBER, '777788889999'].map((id) => ({ id, name: id })),
  };
  const settings = SETTINGS.replace('aws: {', `aws: { accounts: ['${TRAIL.account}'],`);
  const { s3, ofMembers, told, nextDay } = await checking(WATCH, { organization }, settings);
  const log = ofMembers[1]?.find(({ at }) => at === MIDNIGHT)?.logs[0]?.key ?? '';
  s3.put(BUCKET, log, gzipSync('{"Records":[]}'));
  for (const key of s3.keys(BUCKET)) if (key.includes(`/${MEMBER}/`)) s3.remove(BUCKET, key);
  await nextDay();
  expect(details(told)).toMatchObject([
    { kind: 'log changed', file: `s3://${BUCKET}/${log}` },
    {
      kind: 'not verified',
      place: `${MEMBER} in ${REGION}`,
      reason: 'members of the organization have no digests where others have some',
    },
  ]);
});

it('tells once a day that nobody says who is in the organization', async () => {
  const { told, nextDay } = await checking(WATCH, {
    organization: { id: 'o-a1b2c3d4e5', members: [MEMBER] },
  });
  await nextDay();
  expect(details(told)).toMatchObject([
    { kind: 'not verified', trail: 'audit', reason: expect.stringContaining('organizations:ListAccounts') },
  ]);
});

it('tells a hundred of very many breaks one by one, and how many there are besides', async () => {
  const members = [MEMBER, '777788889999'];
  const listed = [TRAIL.account, ...members].map((id) => ({ id, name: id }));
  const organization = { id: 'o-a1b2c3d4e5', members, listed };
  const { s3, told, nextDay } = await checking(WATCH, { organization });
  for (const key of s3.keys(BUCKET)) if (key.includes('/CloudTrail/')) s3.remove(BUCKET, key);
  await nextDay();
  expect(told).toHaveLength(101);
  expect(details(told).at(-1)).toMatchObject({
    kind: 'more',
    title: '47 more files are not as CloudTrail delivered them, or are gone',
  });
});

it.each([
  [1, []],
  [4, [{ kind: 'newest missing' }]],
])(
  'waits some hours for the newest digests, which CloudTrail may deliver in any order: %d',
  async (hours, expected) => {
    const { s3, digests, told, nextDay } = await checking(WATCH, {
      status: { digestAt: MIDNIGHT + 3 * HOUR },
    });
    for (const { key, at } of digests) if (at > MIDNIGHT - hours * HOUR) s3.remove(BUCKET, key);
    await nextDay();
    expect(details(told)).toMatchObject(expected);
  },
);

it('asks AWS nothing unless it is wanted', async () => {
  const { aws, clock } = await checking('');
  await clock.untilSleeping();
  await clock.advance(3 * DAY + MINUTE);
  expect(aws.requests).toEqual([]);
});
