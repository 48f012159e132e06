import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/kernel/json.ts';
import { CHANGES, type Cloud, HOME, KEY, OTHER, sayPlan, startCloud } from './cloud.ts';

/** Home and one more region of the same account, without calls that only read: fewer steps, of all kinds but one. */
const SMALL = { accounts: [], ownToo: true, patterns: { changes: [CHANGES], reads: [] } };

const seen = new Map<object, Promise<JsonObject>>();

/** What a finished set-up of this kind looks like. */
function finished(options: object): Promise<JsonObject> {
  const known = seen.get(options) ?? finish(options);
  seen.set(options, known);
  return known;
}

async function finish(options: object): Promise<JsonObject> {
  const cloud = await startCloud();
  expect((await cloud.apply(options)).failed).toEqual([]);
  return cloud.everything();
}

describe('aws apply', () => {
  it('makes the way to the bot at home, and forwards to it from every other place', async () => {
    const cloud = await startCloud();
    const { failed, left } = await cloud.apply();
    expect([failed, left]).toEqual([[], 0]);
    const names = Object.keys(await cloud.everything());
    expect(names).toMatchSnapshot();
    const home = cloud.events.place(HOME, 'eu-west-1');
    const [destination] = home.destinations.values();
    expect(destination).toMatchObject({ endpoint: 'https://trailbot.example.com/events', rate: 100 });
    const [target] = home.rules.get('trailbot-reads-1')?.targets.values() ?? [];
    expect(target).toMatchObject({
      Arn: destination?.arn,
      RoleArn: `arn:aws:iam::${HOME}:role/trailbot-deliver-eu-west-1`,
      DeadLetterConfig: { Arn: `arn:aws:sqs:eu-west-1:${HOME}:trailbot-dead-letters` },
    });
    const [forward] =
      cloud.events.place(OTHER, 'us-east-1').rules.get('trailbot-canary')?.targets.values() ?? [];
    expect(forward).toMatchObject({
      Arn: home.busArn,
      RoleArn: `arn:aws:iam::${OTHER}:role/trailbot-forward-us-east-1`,
      DeadLetterConfig: { Arn: `arn:aws:sqs:us-east-1:${OTHER}:trailbot-dead-letters` },
    });
    const states = [...home.rules.values()].map(({ name, state }) => `${name} ${state}`);
    expect(states).toEqual([
      'trailbot-changes-1 ENABLED',
      'trailbot-reads-1 ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS',
      'trailbot-canary ENABLED',
    ]);
  });

  it('has nothing to do a second time, and changes nothing', async () => {
    const cloud = await startCloud();
    await cloud.apply(SMALL);
    const before = await cloud.everything();
    const calls = cloud.changes.length;
    expect(sayPlan(await cloud.plan(SMALL))).toEqual([]);
    await cloud.apply(SMALL);
    expect(cloud.changes.length).toBe(calls);
    expect(await cloud.everything()).toEqual(before);
  });

  it('changes nothing to show a plan', async () => {
    const cloud = await startCloud();
    expect(sayPlan(await cloud.plan())).toHaveLength(23);
    expect(cloud.changes).toEqual([]);
  });

  it('is finished in the end when every run is killed after the first thing it has done', async () => {
    const cloud = await startCloud();
    const runs = await killedEachTime(cloud, (signal) => cloud.apply(SMALL, signal));
    expect(runs).toBeGreaterThan(12);
    expect(await cloud.everything()).toEqual(await finished(SMALL));
    expect(sayPlan(await cloud.plan(SMALL))).toEqual([]);
  });

  it('finishes when the answer to every call is lost once', async () => {
    const cloud = await startCloud();
    const lost = new Set<string>();
    cloud.meddle.after = () => {
      const call = cloud.changes.at(-1) ?? '';
      if (lost.has(call)) return;
      lost.add(call);
      throw new Error('the answer is lost');
    };
    expect((await cloud.apply(SMALL)).failed).toEqual([]);
    expect(lost.size).toBeGreaterThan(12);
    expect(await cloud.everything()).toEqual(await finished(SMALL));
  });

  it('is patient with AWS when it is asked too fast, or when somebody else changes the same thing', async () => {
    const cloud = await startCloud();
    for (const operation of ['PutRule', 'DescribeEventBus', 'CreateRole', 'GetQueueUrl']) {
      cloud.aws.fault({ kind: 'throttle', operation, times: 5 });
    }
    const message = 'Rule trailbot-changes-1 is being modified.';
    cloud.events.refusals.push({ operation: 'PutRule', code: 'ConcurrentModificationException', message });
    expect((await cloud.apply(SMALL)).failed).toEqual([]);
    expect(await cloud.everything()).toEqual(await finished(SMALL));
  });

  it('waits until EventBridge may assume a new role', async () => {
    const cloud = await startCloud();
    const message = "Provided role cannot be assumed by principal 'events.amazonaws.com'.";
    const refusal = { operation: 'PutTargets', code: 'ValidationException', message };
    cloud.events.refusals.push(refusal, refusal, refusal);
    expect((await cloud.apply(SMALL)).failed).toEqual([]);
  });

  it('looks into answers that are fine save for one target', async () => {
    const cloud = await startCloud();
    cloud.events.failedEntries.push({ code: 'ConcurrentModificationException', message: 'try again' });
    expect((await cloud.apply(SMALL)).failed).toEqual([]);
    expect(await cloud.everything()).toEqual(await finished(SMALL));

    const other = await startCloud();
    other.events.failedEntries.push({ code: 'LimitExceededException', message: 'too many targets' });
    const { failed, left } = await other.apply(SMALL);
    expect(failed.map(({ step, trouble }) => [step.what, trouble.what])).toEqual([
      [
        'rule trailbot-changes-1',
        'events:PutTargets would go over a quota of that account (too many targets)',
      ],
    ]);
    expect(left).toBeGreaterThan(0);
    expect((await other.apply(SMALL)).failed).toEqual([]);
    expect(sayPlan(await other.plan(SMALL))).toEqual([]);
  });

  it('tells why AWS does not authorize the connection', async () => {
    const reason = 'The connection cannot read its secret.';
    const cloud = await startCloud({ state: { authorization: { state: 'DEAUTHORIZED', reason } } });
    const { failed } = await cloud.apply(SMALL);
    expect(failed.map(({ step, trouble }) => `${step.what}: ${trouble.what}`)).toEqual([
      `connection trailbot: the connection trailbot is DEAUTHORIZED: ${reason}`,
    ]);
    expect(cloud.events.place(HOME, 'us-east-1').rules.size).toBe(0);
    expect(sayPlan(await cloud.plan(SMALL))[0]).toBe(
      `${HOME} eu-west-1: change connection trailbot; it is DEAUTHORIZED (${reason})`,
    );
  });

  it('does not wait for a connection for ever', async () => {
    const cloud = await startCloud({ state: { settlesIn: 1000 } });
    const { failed } = await cloud.apply(SMALL);
    expect(failed[0]?.trouble).toMatchObject({
      kind: 'out of time',
      what: 'the connection trailbot is still CREATING after 3 min',
    });
  });

  it('goes on elsewhere when one account cannot be entered and a region is off', async () => {
    const cloud = await startCloud({
      accounts: { [HOME]: {}, [OTHER]: { regions: ['us-east-1', 'eu-west-1'], roles: [] } },
    });
    const options = { regions: ['us-east-1', 'eu-west-1', 'il-central-1'] };
    const { plan, failed } = await cloud.apply(options);
    expect(failed).toEqual([]);
    expect(plan.troubles.map(({ account, region, trouble }) => [account, region, trouble.what])).toEqual([
      [HOME, 'il-central-1', 'the region is off in that account'],
      [OTHER, '*', `not allowed to assume the role arn:aws:iam::${OTHER}:role/TrailbotSetup`],
    ]);
    expect(cloud.events.place(HOME, 'us-east-1').rules.size).toBe(3);
  });
});

describe('aws destroy', () => {
  it('leaves nothing in the end when every run is killed after the first thing it has done', async () => {
    const cloud = await startCloud();
    await cloud.apply(SMALL);
    const runs = await killedEachTime(cloud, (signal) => cloud.destroy(SMALL, signal));
    expect(runs).toBeGreaterThan(12);
    expect(await cloud.everything()).toEqual({});
  });

  it('takes everything away from all accounts and regions, home last', async () => {
    const cloud = await startCloud();
    await cloud.apply();
    cloud.changes.length = 0;
    const { failed, left } = await cloud.destroy();
    expect([failed, left]).toEqual([[], 0]);
    expect(await cloud.everything()).toEqual({});
    const last = cloud.changes.slice(-12).map((call) => call.split(' ').slice(0, 2).join(' '));
    expect(last).toEqual([
      ...['RemoveTargets', 'DeleteRule', 'RemoveTargets', 'DeleteRule', 'RemoveTargets', 'DeleteRule'].map(
        (operation) => `eu-west-1 ${operation}`,
      ),
      'eu-west-1 RemovePermission',
      'eu-west-1 DeleteApiDestination',
      'eu-west-1 DeleteConnection',
      // IAM is signed for in us-east-1.
      'us-east-1 DeleteRolePolicy',
      'us-east-1 DeleteRole',
      'eu-west-1 DeleteQueue',
    ]);
  });

  it('keeps the home place as long as another place could not be cleared', async () => {
    const cloud = await startCloud();
    await cloud.apply();
    const end = cloud.aws.fault({ kind: 'deny', operation: 'DeleteRule', account: OTHER });
    const { failed, left } = await cloud.destroy();
    expect(failed.map(({ trouble }) => trouble.what)).toContain('not allowed to call events:DeleteRule');
    expect(left).toBeGreaterThan(7);
    expect(cloud.events.place(HOME, 'eu-west-1').rules.size).toBe(3);
    end();
    await cloud.destroy();
    expect(await cloud.everything()).toEqual({});
  });

  it('can be followed by apply within the minute in which SQS does not give a name again', async () => {
    const cloud = await startCloud();
    await cloud.apply(SMALL);
    await cloud.destroy(SMALL);
    expect((await cloud.apply(SMALL)).failed).toEqual([]);
    expect(await cloud.everything()).toEqual(await finished(SMALL));
  });

  it('says how many messages are lost with a queue', async () => {
    const cloud = await startCloud();
    await cloud.apply(SMALL);
    cloud.queues.send(`https://sqs.us-east-1.amazonaws.com/${HOME}/trailbot-dead-letters`, '{}');
    expect(sayPlan(await cloud.plan(SMALL, 'nothing'))).toContain(
      `${HOME} us-east-1: remove queue trailbot-dead-letters; 1 message in it are lost`,
    );
  });
});

describe('the key', () => {
  it('is never told to anybody but the connection', async () => {
    const cloud = await startCloud();
    await cloud.apply(SMALL);
    const [connection] = cloud.events.place(HOME, 'eu-west-1').connections.values();
    expect(connection?.header).toEqual({ name: 'x-api-key', value: KEY });
    expect(JSON.stringify({ ...connection, header: undefined, next: undefined })).not.toContain(KEY);
  });

  it('is changed when it is no longer the first one, and not otherwise', async () => {
    const cloud = await startCloud();
    await cloud.apply(SMALL);
    const keys = ['the-new-key-9876543210', KEY];
    expect(sayPlan(await cloud.plan({ ...SMALL, keys: [KEY, 'another'] }))).toEqual([]);
    expect(sayPlan(await cloud.plan({ ...SMALL, keys }))).toEqual([
      `${HOME} eu-west-1: change connection trailbot; its key is not the first of TRAILBOT_WEBHOOK_KEYS`,
    ]);
    expect((await cloud.apply({ ...SMALL, keys })).failed).toEqual([]);
    const [connection] = cloud.events.place(HOME, 'eu-west-1').connections.values();
    expect(connection).toMatchObject({ state: 'AUTHORIZED', header: { value: keys[0] } });
    expect(sayPlan(await cloud.plan({ ...SMALL, keys }))).toEqual([]);
  });
});

/** Runs it again and again, and kills it each time as soon as AWS has done one call; how often until nothing was left. */
async function killedEachTime(
  cloud: Cloud,
  work: (signal: AbortSignal) => Promise<{ failed: readonly { trouble: { kind: string } }[] }>,
): Promise<number> {
  for (let runs = 1; ; runs += 1) {
    const kill = new AbortController();
    cloud.meddle.after = () => kill.abort();
    const { failed } = await work(kill.signal);
    if (!kill.signal.aborted) return runs;
    expect(failed.map(({ trouble }) => trouble.kind)).toContain('cancelled');
    expect(runs).toBeLessThan(100);
  }
}
