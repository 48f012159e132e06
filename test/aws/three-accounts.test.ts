import { expect, it } from 'vitest';
import { createCloudHistory } from '../../src/aws/cloud-history.ts';
import { createLog } from '../../src/kernel/log.ts';
import { DAY, sayInstant, systemClock } from '../../src/kernel/time.ts';
import type { Place } from '../../src/work/cloud-history.ts';
import { startFakeAws } from '../support/aws/fake-aws.ts';
import { fakeClock } from '../support/clock.ts';
import { record, user } from '../support/records.ts';
import { HOME, OTHER, whileTimeGoesBy } from './wire.ts';

const THIRD = '777788889999';
const KEY = 'AKIAIOSFODNN7EXAMPLE';
/** One more than two pages. */
const IN_ONE_PLACE = 101;

/** One call with the key in each place, and many in one of them. */
function calls(places: readonly Place[], now: number) {
  const [busy] = places;
  return places.flatMap((place) =>
    Array.from({ length: place === busy ? IN_ONE_PLACE : 1 }, (_, index) =>
      record({
        recipientAccountId: place.account,
        awsRegion: place.region,
        eventTime: sayInstant(now - DAY - index * 1000).replace(/\.\d+Z/, 'Z'),
        userIdentity: { ...user('alice', HOME), accessKeyId: KEY },
      }),
    ),
  );
}

it('finds every use of a key in 3 accounts and 17 regions, one account being closed in one region', async () => {
  const clock = fakeClock(systemClock.now());
  const aws = await startFakeAws({
    accounts: {
      [HOME]: {},
      [OTHER]: { readerRole: 'TrailbotReader' },
      [THIRD]: { readerRole: 'TrailbotReader' },
    },
    home: HOME,
    now: clock.now,
  });
  const history = createCloudHistory({
    accounts: new Map([OTHER, THIRD].map((id) => [id, { readerRole: 'TrailbotReader' }])),
    regions: 'enabled',
    endpoint: aws.url,
    credentials: aws.credentials,
    clock,
    log: createLog('silent'),
  });
  const { signal } = new AbortController();
  const reach = await history.reach(signal);
  expect(reach).toMatchObject({ home: HOME, troubles: [] });
  expect(reach.places).toHaveLength(51);
  aws.add(calls(reach.places, clock.now()));
  aws.fault({ kind: 'deny', account: THIRD, region: 'eu-west-3' });
  aws.fault({ kind: 'throttle', account: OTHER, region: 'eu-west-1', times: 3 });

  const period = { from: clock.now() - 7 * DAY, to: clock.now(), said: 'last 7 days' };
  const attribute = { key: 'AccessKeyId', value: KEY } as const;
  const keys: string[] = [];
  const failed: string[] = [];
  const heard: string[] = [];
  const hear = (what: string) => heard.push(what);
  await whileTimeGoesBy(clock, async () => {
    const read = async (place: Place) => {
      for await (const page of history.lookup({ place, attribute, period, hear }, signal)) {
        keys.push(...page.records.map(({ key }) => key));
      }
    };
    await Promise.all(
      reach.places.map((place) =>
        read(place).catch((error: unknown) => failed.push(`${place.account} ${place.region}: ${error}`)),
      ),
    );
  });
  history.close();

  expect(keys).toHaveLength(IN_ONE_PLACE + 49);
  expect(new Set(keys).size).toBe(keys.length);
  expect(failed).toEqual([`${THIRD} eu-west-3: LookupTrouble: not allowed to call cloudtrail:LookupEvents`]);
  expect(heard.filter((what) => what === 'turned away')).toHaveLength(3);
  expect(heard.filter((what) => what === 'sent')).toHaveLength(51 + 2 + 3);
  const outcomes = aws.requests
    .filter(({ operation }) => operation === 'LookupEvents')
    .map(({ outcome }) => outcome);
  // A page for each place, two more for the busy one, and no refusal but those that were wished for.
  expect(outcomes.filter((outcome) => outcome === 'ok')).toHaveLength(50 + 2);
  expect(outcomes.filter((outcome) => outcome === 'ThrottlingException')).toHaveLength(3);
  expect(aws.requests.filter(({ operation }) => operation === 'AssumeRole')).toHaveLength(2);
});
