import { describe, expect, it, onTestFinished } from 'vitest';
import { awsClockCheckup } from '../../src/aws/clock-checkup.ts';
import { createConnector } from '../../src/aws/connect/connect.ts';
import type { Abilities } from '../../src/aws/connect/policies.ts';
import { awsCheckups } from '../../src/aws/doctor.ts';
import { createTrails } from '../../src/aws/trails.ts';
import { createLog } from '../../src/kernel/log.ts';
import { systemRandom } from '../../src/kernel/random.ts';
import { DAY, MINUTE, type Millis } from '../../src/kernel/time.ts';
import type { Diagnosis } from '../../src/work/doctor/checkup.ts';
import type { FakeTrail } from '../support/aws/trails.ts';
import { type Cloud, HOME, KEY, OPTIONS, OTHER, startCloud } from './connect/cloud.ts';

const TRAIL: FakeTrail = {
  name: 'main',
  account: HOME,
  homeRegion: 'eu-west-1',
  bucket: 'acme-trail',
  everyRegion: true,
};
/** Both roles of the other account may be entered. */
const ACCOUNTS = {
  [HOME]: { regions: ['us-east-1', 'eu-west-1'] },
  [OTHER]: { regions: ['us-east-1', 'eu-west-1'], roles: ['TrailbotSetup', 'TrailbotReader'] },
};

const ABILITIES: Abilities = {
  partition: 'aws',
  name: OPTIONS.name,
  deliver: 'webhook',
  setupRole: undefined,
  history: false,
  readerRoles: [`arn:aws:iam::${OTHER}:role/TrailbotReader`],
  canary: true,
  queues: [],
  trails: false,
  organization: false,
};

async function look({ aws, ...cloud }: Cloud, later: Millis = 0): Promise<Diagnosis[]> {
  const clock = { ...cloud.clock, now: () => cloud.clock.now() + later };
  const keys = [KEY];
  const { signal } = new AbortController();
  const shared = { clock, log: createLog('silent'), endpoint: aws.url, credentials: aws.credentials };
  const readers = new Map([[OTHER, { readerRole: 'TrailbotReader' }]]);
  const connector = createConnector(
    { ...OPTIONS, keys },
    { ...shared, readers, random: systemRandom, signal },
  );
  const trails = createTrails({ ...shared, accounts: readers, regions: ['us-east-1', 'eu-west-1'] });
  onTestFinished(() => {
    connector.close();
    trails.close();
  });
  const found: Diagnosis[] = [];
  const permissions = {
    ...shared,
    readers,
    abilities: ABILITIES,
    region: 'eu-west-1',
    regions: OPTIONS.regions,
  };
  const options = {
    connector,
    trails,
    accounts: [OTHER],
    keys,
    permissions: { ...permissions, history: undefined },
  };
  for (const checkup of awsCheckups({ ...options, clock })) {
    found.push(...(await checkup.look(signal)));
  }
  return found;
}

function lines(found: readonly Diagnosis[], check: string): string[] {
  return found.filter((one) => one.check === check).map(({ verdict, says }) => `${verdict}: ${says}`);
}

describe('the doctor on AWS', () => {
  it('finds nothing wrong where everything was set up and trails log', async () => {
    const trails = [TRAIL, { ...TRAIL, account: OTHER, name: 'theirs' }];
    const cloud = await startCloud({ accounts: ACCOUNTS, trails });
    await cloud.apply();
    const found = await look(cloud);
    expect(found.filter(({ verdict }) => verdict !== 'fine')).toEqual([]);
    expect(lines(found, 'aws-setup')).toEqual([
      'fine: everything that brings events is as it should be (4 places)',
    ]);
  });

  it('says what is missing, and which command makes it', async () => {
    const cloud = await startCloud({ accounts: ACCOUNTS, trails: [TRAIL] });
    const setUp = (await look(cloud)).find(({ check }) => check === 'aws-setup');
    expect(setUp?.verdict).toBe('fault');
    expect(setUp?.says).toMatch(/^\d+ things are not as they should be: create /);
    expect(setUp?.remedy).toContain('trailbot aws apply');
  });

  it('says where no trail logs, because EventBridge gets nothing from there', async () => {
    const stopped = { ...TRAIL, account: OTHER, name: 'theirs', status: { logging: false } };
    const cloud = await startCloud({ accounts: ACCOUNTS, trails: [TRAIL, stopped] });
    expect(lines(await look(cloud), 'aws-trails')).toEqual([
      `fine: the trail main logs all regions of ${HOME}`,
      `fault: no trail logs in ${OTHER}, so EventBridge gets no CloudTrail events from it`,
    ]);
  });

  it('counts the events that EventBridge has given up', async () => {
    const cloud = await startCloud({ accounts: ACCOUNTS, trails: [TRAIL] });
    await cloud.apply();
    cloud.queues.send(`https://sqs.eu-west-1.amazonaws.com/${HOME}/trailbot-dead-letters`, '{}');
    expect(lines(await look(cloud), 'aws-dead-letters')[0]).toMatch(/^fault: 1 event/);
  });

  it('says how old the key is, and when it should be changed', async () => {
    const cloud = await startCloud({ accounts: ACCOUNTS, trails: [TRAIL] });
    await cloud.apply();
    expect(lines(await look(cloud), 'aws-key')[0]).toMatch(/^fine: the key of the webhook is in use for/);
    expect(lines(await look(cloud, 400 * DAY), 'aws-key')[0]).toMatch(/^doubt: .*400 d/);
  });

  it('says when a permission is missing, by its name', async () => {
    const cloud = await startCloud({ accounts: ACCOUNTS, trails: [TRAIL] });
    cloud.aws.fault({ kind: 'deny', operation: 'GetRolePolicy', account: OTHER });
    const found = lines(await look(cloud), 'aws-permissions');
    expect(found[0]).toMatch(`fine: permissions in ${HOME} (eu-west-1): allowed: account (ListRegions), `);
    expect(found[1]).toMatch(`fault: permissions in ${OTHER} (eu-west-1): denied: iam:GetRolePolicy; `);
  });

  it('compares the clock with that of AWS, which tells it even when it refuses', async () => {
    const cloud = await startCloud({ accounts: ACCOUNTS, trails: [TRAIL] });
    expect(lines(await look(cloud), 'aws-clock')).toEqual([
      "fine: this machine's clock agrees with that of AWS",
    ]);
    cloud.aws.fault({ kind: 'expired', operation: 'GetCallerIdentity' });
    const { clock, ...rest } = cloud;
    const { url: endpoint, credentials } = rest.aws;
    const slow = { ...clock, now: () => clock.now() - 10 * MINUTE };
    const options = { endpoint, credentials, clock: slow, log: createLog('silent'), region: 'eu-west-1' };
    const [told] = await awsClockCheckup(options).look(new AbortController().signal);
    expect(told).toMatchObject({ verdict: 'fault', remedy: expect.stringContaining('NTP') });
    expect(told?.says).toContain('10 min off that of AWS');
  });
});
