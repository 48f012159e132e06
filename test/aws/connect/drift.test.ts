import { describe, expect, it } from 'vitest';
import type { Call } from '../../support/aws/services.ts';
import { CHANGES, type Cloud, HOME, OTHER, sayPlan, startCloud } from './cloud.ts';

const SMALL = { accounts: [], ownToo: true };
const homeOf = (cloud: Cloud) => cloud.events.place(HOME, 'eu-west-1');

/** Set up, then changed by somebody. */
async function connected(options = {}): Promise<Cloud> {
  const cloud = await startCloud();
  await cloud.apply(options);
  return cloud;
}

/** The plan says so; and after it was applied everything is as before. */
async function found(
  cloud: Cloud,
  options: object,
  lines: readonly string[],
  before: unknown,
): Promise<void> {
  expect(sayPlan(await cloud.plan(options))).toEqual(lines);
  expect((await cloud.apply(options)).failed).toEqual([]);
  expect(await cloud.everything()).toEqual(before);
}

describe('what somebody changed by hand', () => {
  it('is found in rules: another pattern, a state, a target that is gone or changed', async () => {
    const cloud = await connected(SMALL);
    const before = await cloud.everything();
    const { rules } = homeOf(cloud);
    const [changes, reads, canary] = [...rules.values()];
    if (!changes || !reads || !canary) throw new Error('the rules are not there');
    rules.set(changes.name, { ...changes, pattern: '{"source":["aws.s3"]}', state: 'DISABLED' });
    reads.targets.clear();
    const [target] = canary.targets.values();
    if (target) canary.targets.set('trailbot', { ...target, RetryPolicy: { MaximumRetryAttempts: 1 } });
    await found(
      cloud,
      SMALL,
      [
        `${HOME} eu-west-1: change rule trailbot-changes-1; its pattern is another; its state is DISABLED, not ENABLED`,
        `${HOME} eu-west-1: change rule trailbot-reads-1; it has no target`,
        `${HOME} eu-west-1: change rule trailbot-canary; how often it tries again is another`,
      ],
      before,
    );
  });

  it('is found in queues, roles, the API destination and permissions', async () => {
    const cloud = await connected();
    const before = await cloud.everything();
    const home = homeOf(cloud);
    const role = cloud.roles.of(HOME).get('trailbot-deliver-eu-west-1');
    if (role) role.trust = { Version: '2012-10-17', Statement: [] };
    role?.policies.clear();
    const destination = home.destinations.get('trailbot');
    if (destination)
      home.destinations.set('trailbot', { ...destination, rate: 5, endpoint: 'https://other.example.com' });
    home.policy.set(`trailbot-${OTHER}`, { Sid: `trailbot-${OTHER}`, Effect: 'Deny' });
    await found(
      cloud,
      {},
      [
        `${HOME} eu-west-1: change role trailbot-deliver-eu-west-1; who may assume it is another; its policy is another or missing`,
        `${HOME} eu-west-1: change API destination trailbot; it posts to https://other.example.com, not to https://trailbot.example.com/events; its rate is 5 a second, not 100`,
        `${HOME} eu-west-1: change permission for ${OTHER} to send events; its statement trailbot-${OTHER} says something else`,
      ],
      before,
    );
  });

  it('does not count when a pattern is only written in another way', async () => {
    const cloud = await connected(SMALL);
    const { rules } = homeOf(cloud);
    const rule = rules.get('trailbot-changes-1');
    if (rule) rules.set(rule.name, { ...rule, pattern: JSON.stringify(JSON.parse(CHANGES), null, 2) });
    expect(sayPlan(await cloud.plan(SMALL))).toEqual([]);
  });

  it('stays where it is a target of somebody else on a rule of ours, until the rule goes', async () => {
    const cloud = await connected(SMALL);
    const more = { Id: 'theirs', Arn: 'arn:aws:sns:eu-west-1:111122223333:theirs' };
    homeOf(cloud).rules.get('trailbot-canary')?.targets.set('theirs', more);
    expect(sayPlan(await cloud.plan(SMALL))).toEqual([]);
    expect(sayPlan(await cloud.plan(SMALL, 'nothing'))).toContain(
      `${HOME} eu-west-1: remove rule trailbot-canary; with 1 more target that somebody gave it`,
    );
    await cloud.destroy(SMALL);
    expect(await cloud.everything()).toEqual({});
  });
});

describe('what has a name of ours and is not ours', () => {
  it('is left alone and told, and nothing is made beside it', async () => {
    const cloud = await startCloud();
    const url = cloud.queues.create('trailbot-dead-letters', {}, { account: HOME, region: 'us-east-1' });
    const { plan, failed } = await cloud.apply(SMALL);
    expect(failed).toEqual([]);
    expect(plan.foreign.map(({ site, what, why }) => [site.region, what, why])).toEqual([
      ['us-east-1', 'queue trailbot-dead-letters', 'it does not have the tag trailbot=trailbot'],
    ]);
    expect(cloud.events.place(HOME, 'us-east-1').rules.size).toBe(0);
    expect(homeOf(cloud).rules.size).toBe(3);
    await cloud.destroy(SMALL);
    expect(cloud.queues.arn(url)).toContain('trailbot-dead-letters');
    expect(Object.keys(await cloud.everything())).toEqual([`${HOME} us-east-1 queue trailbot-dead-letters`]);
  });

  it('keeps everything from being made when it is at home', async () => {
    const cloud = await connected({ ...SMALL, name: 'other' });
    const before = await cloud.everything();
    const [connection] = homeOf(cloud).connections.values();
    if (connection) homeOf(cloud).connections.set('trailbot', { ...connection, name: 'trailbot' });
    const { plan, done } = await cloud.apply(SMALL);
    expect(done).toBe(0);
    expect(plan.foreign.map(({ what, why }) => `${what}: ${why}`)).toEqual([
      'connection trailbot: its description does not begin with “Made by Trailbot (trailbot=trailbot).”',
    ]);
    homeOf(cloud).connections.delete('trailbot');
    expect(await cloud.everything()).toEqual(before);
  });

  it('may belong to a CloudFormation stack, which is told', async () => {
    const cloud = await connected(SMALL);
    homeOf(cloud).rules.get('trailbot-canary')?.tags.set('aws:cloudformation:stack-name', 'bots');
    const { foreign } = await cloud.plan(SMALL, 'nothing');
    expect(foreign.map(({ what, why }) => `${what}: ${why}`)).toEqual([
      'rule trailbot-canary: it belongs to the CloudFormation stack bots',
    ]);
  });

  it('may belong to a stack with all that has no tags, which stays, too', async () => {
    const cloud = await connected();
    const [deliver] = cloud.roles.of(HOME).values();
    deliver?.tags.set('aws:cloudformation:stack-name', 'bots');
    const { failed } = await cloud.destroy();
    expect(failed).toEqual([]);
    const { connections, destinations, policy } = homeOf(cloud);
    expect([connections.size, destinations.size, [...policy.keys()]]).toEqual([1, 1, [`trailbot-${OTHER}`]]);
  });

  it('does not mix up two names of which one begins like the other', async () => {
    const cloud = await connected(SMALL);
    const first = await cloud.everything();
    await cloud.apply({ ...SMALL, name: 'trailbot-changes' });
    expect(sayPlan(await cloud.plan(SMALL))).toEqual([]);
    await cloud.destroy({ ...SMALL, name: 'trailbot-changes' });
    expect(await cloud.everything()).toEqual(first);
  });

  it('may be from this bot under an earlier name, which is told', async () => {
    const cloud = await connected(SMALL);
    const renamed = { ...SMALL, name: 'watch' };
    expect((await cloud.plan(SMALL)).hints).toEqual([]);
    expect((await cloud.plan(renamed)).hints).toEqual([
      'something called trailbot-… is here, too: if this is the same bot and aws.name was trailbot before, run "trailbot aws destroy" with aws.name trailbot first, since every event comes twice otherwise.',
    ]);
    expect((await cloud.plan(renamed, 'nothing')).hints).toEqual([]);
  });
});

describe('another configuration', () => {
  it('takes away rules that are not needed any more, and what is in regions that are not chosen any more', async () => {
    const cloud = await connected({ ...SMALL, patterns: { changes: [CHANGES, CHANGES], reads: [] } });
    const plan = await cloud.plan({
      ...SMALL,
      regions: ['eu-west-1'],
      patterns: { changes: [CHANGES], reads: [] },
    });
    expect(sayPlan(plan)).toEqual([
      `${HOME} us-east-1: remove rule trailbot-canary`,
      `${HOME} us-east-1: remove rule trailbot-changes-1`,
      `${HOME} us-east-1: remove rule trailbot-changes-2`,
      `${HOME} us-east-1: remove role trailbot-forward-us-east-1`,
      `${HOME} us-east-1: remove queue trailbot-dead-letters`,
      `${HOME} eu-west-1: remove rule trailbot-changes-2`,
    ]);
    expect(plan.hints).toEqual([
      'us-east-1 is not among aws.regions: the events of IAM, of root and of other global services are there.',
    ]);
  });

  it('clears an account that is not connected any more', async () => {
    const cloud = await connected();
    expect((await cloud.apply(SMALL)).failed).toEqual([]);
    const small = await startCloud();
    await small.apply(SMALL);
    expect(await cloud.everything()).toEqual(await small.everything());
  });

  it('clears an account that an organization let in, when it is left out for a while', async () => {
    const organization = 'o-a1b2c3d4e5';
    const cloud = await connected({ organization });
    for (const options of [{}, SMALL, { ...SMALL, organization }]) {
      expect((await cloud.apply(options)).failed).toEqual([]);
    }
    const fresh = await connected({ ...SMALL, organization });
    expect(await cloud.everything()).toEqual(await fresh.everything());
  });

  it('moves to another home region', async () => {
    const cloud = await connected();
    const moved = { region: 'us-east-1' };
    expect((await cloud.apply(moved)).failed).toEqual([]);
    const fresh = await startCloud();
    await fresh.apply(moved);
    expect(await cloud.everything()).toEqual({ ...(await fresh.everything()) });
  });

  it('says that a queue gives messages up sooner than it should', async () => {
    const cloud = await connected({ deliver: 'queue' });
    const url = `https://sqs.eu-west-1.amazonaws.com/${HOME}/trailbot-events`;
    const deadLetterTargetArn = `arn:aws:sqs:eu-west-1:${HOME}:trailbot-events-dead-letters`;
    const call = {
      caller: { account: HOME, arn: '' },
      region: 'eu-west-1',
      params: {
        QueueUrl: url,
        Attributes: { RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 10 }) },
      },
    };
    await cloud.queues.service.operations?.SetQueueAttributes?.(call as unknown as Call);
    expect(sayPlan(await cloud.plan({ deliver: 'queue' }))).toEqual([
      `${HOME} eu-west-1: change queue trailbot-events; a message is given up after 10 tries, not 30`,
    ]);
  });

  it('lets a whole organization in with one statement', async () => {
    const cloud = await connected({ organization: 'o-a1b2c3d4e5' });
    expect([...homeOf(cloud).policy.values()]).toEqual([
      {
        Sid: 'trailbot-o-a1b2c3d4e5',
        Effect: 'Allow',
        Principal: '*',
        Action: 'events:PutEvents',
        Resource: homeOf(cloud).busArn,
        Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } },
      },
    ]);
    const plan = await cloud.plan();
    expect(sayPlan(plan)).toEqual([
      `${HOME} eu-west-1: create permission for ${OTHER} to send events`,
      `${HOME} eu-west-1: remove permission trailbot-o-a1b2c3d4e5 to send events`,
    ]);
    // Which of its accounts were connected, nobody knows from then on.
    expect(plan.hints).toEqual([
      'aws.organization is not set any more, so the permission for all accounts of o-a1b2c3d4e5 goes. What is in an account that you have taken out of the configuration, too, is not found: put it back, run apply, take it out, and run apply again.',
    ]);
    expect((await cloud.plan({ organization: 'o-a1b2c3d4e5' }, 'nothing')).hints).toEqual([
      expect.stringContaining('so only those in the configuration are cleared'),
    ]);
    expect((await cloud.plan({ organization: 'o-a1b2c3d4e5' })).hints).toEqual([]);
  });

  it('delivers into a queue instead, and back only when the queue is empty', async () => {
    const cloud = await connected(SMALL);
    const webhook = await cloud.everything();
    const queue = { ...SMALL, deliver: 'queue' as const };
    expect((await cloud.apply(queue)).failed).toEqual([]);
    expect(sayPlan(await cloud.plan(queue))).toEqual([]);
    expect(
      Object.keys(await cloud.everything()).filter((thing) => /connection|destination|deliver/.test(thing)),
    ).toEqual([]);
    const url = `https://sqs.eu-west-1.amazonaws.com/${HOME}/trailbot-events`;
    const [target] = homeOf(cloud).rules.get('trailbot-changes-1')?.targets.values() ?? [];
    expect(target).toEqual({
      Id: 'trailbot',
      Arn: cloud.queues.arn(url),
      DeadLetterConfig: { Arn: `arn:aws:sqs:eu-west-1:${HOME}:trailbot-dead-letters` },
      RetryPolicy: { MaximumRetryAttempts: 185, MaximumEventAgeInSeconds: 86_400 },
    });
    cloud.queues.send(url, '{}');
    const { failed } = await cloud.apply(SMALL);
    expect(failed.map(({ trouble }) => trouble.what)).toEqual([
      'the queue trailbot-events still has 1 message',
    ]);
    expect(homeOf(cloud).destinations.size).toBe(1);
    const other = await connected(queue);
    await other.apply(SMALL);
    expect(await other.everything()).toEqual(webhook);
  });
});
