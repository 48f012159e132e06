import { describe, expect, it, onTestFinished } from 'vitest';
import { createCloudHistory } from '../../src/aws/cloud-history.ts';
import { type Abilities, readerPolicy, runPolicy } from '../../src/aws/connect/policies.ts';
import { CALLS, NOT_TRIED } from '../../src/aws/permission-calls.ts';
import { permissionCheckup } from '../../src/aws/permission-checkup.ts';
import type { PermissionOptions } from '../../src/aws/permission-trials.ts';
import { createTrails } from '../../src/aws/trails.ts';
import { isObject } from '../../src/kernel/json.ts';
import { createLog } from '../../src/kernel/log.ts';
import type { Diagnosis } from '../../src/work/doctor/checkup.ts';
import { fakeS3 } from '../support/aws/s3.ts';
import type { FakeTrail } from '../support/aws/trails.ts';
import { type Cloud, HOME, OTHER, startCloud } from './connect/cloud.ts';

/* What the doctor says of the bot's permissions, by name. */

const ABILITIES: Abilities = {
  partition: 'aws',
  name: 'trailbot',
  deliver: 'webhook',
  setupRole: undefined,
  history: true,
  readerRoles: [`arn:aws:iam::${OTHER}:role/TrailbotReader`],
  canary: true,
  queues: [`https://sqs.eu-west-1.amazonaws.com/${HOME}/events`],
  trails: true,
  organization: true,
};
const TRAIL: FakeTrail = {
  name: 'main',
  account: HOME,
  homeRegion: 'eu-west-1',
  bucket: 'acme-trail',
  everyRegion: true,
  organization: { id: 'o-a1b2c3d4e5', members: [OTHER], listed: [] },
};
const REGIONS = ['us-east-1', 'eu-west-1'];
const ACCOUNTS = { [HOME]: { regions: REGIONS }, [OTHER]: { regions: REGIONS, roles: ['TrailbotReader'] } };

function start(accounts: Parameters<typeof startCloud>[0] = {}): Promise<Cloud> {
  const bucket = { 'acme-trail': { region: 'eu-west-1', readers: [HOME] } };
  return startCloud({ accounts: ACCOUNTS, trails: [TRAIL], services: [fakeS3(bucket).service], ...accounts });
}

async function look(
  { aws, clock }: Cloud,
  abilities: Partial<Abilities> = {},
  options: Partial<PermissionOptions> = {},
): Promise<readonly Diagnosis[]> {
  const log = createLog('silent');
  const readers = new Map([[OTHER, { readerRole: 'TrailbotReader' }]]);
  const shared = { clock, log, endpoint: aws.url, credentials: aws.credentials };
  const history = createCloudHistory({ ...shared, accounts: readers, regions: REGIONS });
  const trails = createTrails({ ...shared, accounts: readers, regions: ['eu-west-1'] });
  onTestFinished(() => {
    history.close();
    trails.close();
  });
  const { signal } = new AbortController();
  return permissionCheckup({
    ...shared,
    readers,
    abilities: { ...ABILITIES, ...abilities },
    region: 'eu-west-1',
    regions: REGIONS,
    history,
    trails: async (stop) => (await trails.all(stop)).trails,
    ...options,
  }).look(signal);
}

function said(found: readonly Diagnosis[]): string[] {
  return found.map(({ verdict, says, remedy = '' }) => `${verdict}: ${says} | ${remedy}`);
}

function actionsIn(policy: ReturnType<typeof runPolicy>): string[] {
  const statements = Array.isArray(policy.Statement) ? policy.Statement.filter(isObject) : [];
  return statements.flatMap(({ Action: actions }) => (Array.isArray(actions) ? actions.map(String) : []));
}

describe('the permissions of the bot', () => {
  it('are told for every action of the policies, in one line for each account that is well', async () => {
    const cloud = await start();
    const found = await look(cloud);
    expect(said(found)).toMatchInlineSnapshot(`
      [
        "fine: permissions in 111122223333 (eu-west-1): allowed: account (ListRegions), cloudtrail (DescribeTrails, GetTrailStatus, ListPublicKeys, LookupEvents), events (DescribeApiDestination, DescribeConnection, DescribeEventBus, ListRules, ListTagsForResource, ListTargetsByRule), iam (GetAccessKeyLastUsed, GetRole, GetRolePolicy, ListAccountAliases), organizations (DescribeOrganization, ListAccounts), s3 (GetBucketLocation, GetObject, ListBucket), sqs (GetQueueAttributes, GetQueueUrl, ListQueueTags), sts (GetAccessKeyInfo); not tried: events:PutEvents (canaries show it), sqs:ChangeMessageVisibility on events, sqs:DeleteMessage on events, sqs:ReceiveMessage on events (reading the queue shows it), kms:Decrypt (an encrypted file shows it) | ",
        "fine: permissions in 444455556666 (eu-west-1): allowed: account (ListRegions), cloudtrail (DescribeTrails, GetTrailStatus, LookupEvents), events (DescribeApiDestination, DescribeConnection, DescribeEventBus, ListRules, ListTagsForResource, ListTargetsByRule), iam (GetAccessKeyLastUsed, GetRole, GetRolePolicy, ListAccountAliases), sqs (GetQueueAttributes, GetQueueUrl, ListQueueTags), sts (AssumeRole); not tried: sts:GetAccessKeyInfo (the bot asks that at home), events:PutEvents (canaries show it) | ",
      ]
    `);
    for (const [index, policy] of [runPolicy(ABILITIES), readerPolicy(ABILITIES)].entries()) {
      const names = actionsIn(policy).map((action) => action.split(':')[1] ?? '');
      for (const name of names.filter((one) => one !== 'AssumeRole')) {
        expect(found[index]?.says).toContain(name);
      }
    }
  });

  it('have a harmless call, or a reason why there is none', () => {
    const known = new Set([...Object.keys(CALLS), ...Object.keys(NOT_TRIED)]);
    const elsewhere = ['cloudtrail:LookupEvents', 'sts:AssumeRole'];
    const all = [...actionsIn(runPolicy(ABILITIES)), ...elsewhere];
    expect(all.filter((action) => !known.has(action) && !elsewhere.includes(action))).toEqual([]);
  });

  it('are tried with little: nothing is changed, and each action is asked for once', async () => {
    const cloud = await start();
    await look(cloud);
    const asked = cloud.aws.requests.map(({ operation }) => operation);
    expect(asked.filter((one) => !/^(Get|List|Describe|Lookup|Assume)/.test(one))).toEqual([]);
    expect(cloud.changes).toEqual([]);
    const lookups = cloud.aws.requests.filter(({ operation }) => operation === 'LookupEvents');
    expect(lookups.map(({ account, region }) => `${account} ${region}`).sort()).toEqual([
      `${HOME} eu-west-1`,
      `${OTHER} eu-west-1`,
    ]);
    expect(asked.length).toBeLessThan(60);
  });

  it.each([
    ['LookupEvents', 'cloudtrail:LookupEvents', 'fault'],
    ['ListRules', 'events:ListRules', 'fault'],
    ['GetRole', 'iam:GetRole', 'fault'],
    ['ListAccountAliases', 'iam:ListAccountAliases', 'doubt'],
  ])(
    'name %s when it is denied, and the command that prints what is needed',
    async (operation, action, verdict) => {
      const cloud = await start();
      cloud.aws.fault({ kind: 'deny', operation });
      const [home, other] = await look(cloud);
      expect(home?.verdict).toBe(verdict);
      expect(home?.says).toContain(`permissions in ${HOME} (eu-west-1): denied: ${action}; allowed: `);
      expect(home?.remedy).toContain('"trailbot aws policy run"');
      expect(other?.remedy).toContain('"trailbot aws policy reader"');
    },
  );

  it('tell a denial by somebody above, which no policy of the bot can mend', async () => {
    const cloud = await start();
    const message = `User: arn:aws:iam::${HOME}:user/trailbot is not authorized to perform: events:ListRules with an explicit deny in a service control policy`;
    cloud.events.refusals.push({ operation: 'ListRules', code: 'AccessDeniedException', message });
    const denied = (await look(cloud)).find(({ verdict }) => verdict === 'fault');
    expect(denied?.says).toContain(
      'denied: events:ListRules (a service control policy denies it); allowed: ',
    );
    expect(denied?.remedy).toMatch(/^have the organisation’s administrators except the bot’s role from it/);
  });

  it('are those of one account where only that one denies something', async () => {
    const cloud = await start();
    cloud.aws.fault({ kind: 'deny', operation: '*', account: OTHER });
    const [home, other] = await look(cloud);
    expect(home?.verdict).toBe('fine');
    expect(other).toMatchObject({ verdict: 'fault' });
    expect(other?.says).not.toContain('allowed: account');
  });

  it('say who cannot be entered, and try nothing there', async () => {
    const cloud = await start({ accounts: { [HOME]: { regions: REGIONS }, [OTHER]: { roles: [] } } });
    const [, other] = await look(cloud);
    expect(said([other as Diagnosis])[0]).toMatch(
      new RegExp(
        `^fault: permissions in ${OTHER} \\(eu-west-1\\): denied: sts:AssumeRole \\| .*policy trust --account ${HOME}`,
      ),
    );
    expect(cloud.aws.requests.filter(({ account }) => account === OTHER)).toEqual([]);
  });

  it('try only what the configuration needs', async () => {
    const cloud = await start();
    const none = { history: false, canary: false, queues: [], trails: false, organization: false };
    const [home] = await look(cloud, none);
    expect(home).toMatchObject({ verdict: 'fine' });
    expect(home?.says).not.toMatch(/s3|organizations|LookupEvents|PutEvents|Receive|kms/);
    const services = new Set(cloud.aws.requests.map(({ service }) => service));
    expect([...services].sort()).toEqual(['account', 'cloudtrail', 'events', 'iam', 'sqs', 'sts']);
  });

  it('do not take what is not told for a denial', async () => {
    const member = { ...TRAIL, account: OTHER, organization: { id: 'o-1', members: [HOME], listed: [] } };
    const cloud = await start({ trails: [member] });
    const [home] = await look(cloud, {}, { history: undefined });
    expect(home?.verdict).toBe('fine');
    expect(home?.says).toContain('cloudtrail:LookupEvents (history.lookup_events is false)');
    expect(home?.says).toContain('organizations:ListAccounts (AWS answers the management account');
  });

  it('are not known where AWS does not answer', async () => {
    const cloud = await start();
    cloud.aws.fault({ kind: 'error', operation: 'ListRules', account: HOME });
    const [home] = await look(cloud);
    expect(home?.verdict).toBe('unknown');
    expect(home?.says).toContain('not known: events:ListRules (AWS has trouble of its own');
  });
});
