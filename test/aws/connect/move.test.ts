import { createServer } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { sayRotation } from '../../../src/aws/connect/rotation.ts';
import type { JsonObject } from '../../../src/kernel/json.ts';
import { createEventBridgeDelivery } from '../../support/aws/event-bridge-delivery.ts';
import { CHANGES, type Cloud, HOME, KEY, OTHER, sayPlan, startCloud } from './cloud.ts';

/* Home goes to another region, or an account is taken out, while not everything can be looked at. */

const MOVED = { region: 'us-east-1' };
/** What the old home's rules need to send to the new one; IAM is signed for in us-east-1. */
const OLD_ROLE = 'trailbot-forward-eu-west-1';
const ALONE = { accounts: [], ownToo: true };
/** Fewer rules, so fewer steps of the same kinds. */
const FEW = { patterns: { changes: [CHANGES], reads: [] } };
const QUEUED = { ...FEW, ...ALONE, deliver: 'queue' as const };

/** Nobody gets into the other account until what this gives back is called. */
function locked({ aws }: Cloud): () => void {
  return aws.fault({ kind: 'deny', operation: 'AssumeRole' });
}

/** How many of these events reach the bot, and how many EventBridge gives up. */
async function reaching({ events: state, queues, roles, clock }: Cloud, places: readonly [string, string][]) {
  let came = 0;
  const server = createServer((_, response) => {
    came += 1;
    response.writeHead(200).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  const origin = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  const addressOf = (endpoint: string): string => endpoint.replace(/^https:\/\/[^/]+/, origin);
  const delivery = createEventBridgeDelivery({ state, queues, roles, clock, addressOf });
  onTestFinished(() => delivery.stop());
  for (const [account, region] of places) {
    delivery.put({
      source: 'aws.iam',
      'detail-type': 'AWS API Call via CloudTrail',
      account,
      region,
      detail: { eventName: 'CreateUser', eventSource: 'iam.amazonaws.com' },
    });
  }
  await delivery.rested();
  return { came, lost: delivery.lost.length };
}

const EVERYWHERE: [string, string][] = [HOME, OTHER].flatMap((account) =>
  ['eu-west-1', 'us-east-1'].map((region): [string, string] => [account, region]),
);

async function finished(options: Parameters<Cloud['apply']>[0]): Promise<JsonObject> {
  const fresh = await startCloud();
  expect((await fresh.apply(options)).failed).toEqual([]);
  return fresh.everything();
}

describe('another home region', () => {
  it('gets the rules of the old home last, when all others send to the new one', async () => {
    const cloud = await startCloud();
    await cloud.apply();
    const { failed, held } = await moved(cloud);
    expect([failed, held]).toEqual([[], []]);
    // The old home's own rules are the last three that get another target.
    const targets = cloud.changes.flatMap((change, at) => (change.includes('PutTargets') ? [at] : []));
    const role = cloud.changes.lastIndexOf(`us-east-1 PutRolePolicy ${OLD_ROLE}`);
    expect(targets.filter((at) => at > role)).toHaveLength(3);
    expect(cloud.changes.findIndex((change) => change.includes('RemovePermission'))).toBeGreaterThan(role);
    expect(await reaching(cloud, EVERYWHERE)).toEqual({ came: 4, lost: 0 });
  });

  it('cuts off nothing while one account cannot be entered, and the next run finishes it', async () => {
    const cloud = await startCloud();
    await cloud.apply();
    const open = locked(cloud);
    const first = await moved(cloud);
    expect(first.failed).toEqual([]);
    expect(first.held).toContain('change rule trailbot-changes-1');
    expect(first.held).toContain('remove API destination trailbot');
    expect(first.held).toContain(`remove permission trailbot-${OTHER} to send events`);
    expect(await reaching(cloud, EVERYWHERE)).toEqual({ came: 4, lost: 0 });
    open();
    const second = await moved(cloud);
    expect([second.failed, second.held]).toEqual([[], []]);
    expect(await cloud.everything()).toEqual(await finished(MOVED));
  });

  it('cuts off nothing at any time: all events come after each single change', async () => {
    const cloud = await startCloud();
    await cloud.apply();
    const seen: object[] = [];
    cloud.meddle.after = async () => void seen.push(await reaching(cloud, EVERYWHERE));
    expect((await moved(cloud)).failed).toEqual([]);
    expect(seen.length).toBeGreaterThan(25);
    expect(seen.filter((one) => JSON.stringify(one) !== '{"came":4,"lost":0}')).toEqual([]);
  });

  it.each([
    ['the first change', { ...FEW, ...ALONE, ...MOVED }, 1],
    ['the third change, with a queue', { ...QUEUED, ...MOVED }, 3],
    ['the third change, with another account', { ...FEW, ...MOVED }, 3],
  ])('is moved to in the end when every run is killed after %s', async (_, options, changes) => {
    const cloud = await startCloud();
    await cloud.apply({ ...options, region: 'eu-west-1' });
    expect(await killedEachTime(cloud, options, changes)).toBeGreaterThan(4);
    cloud.meddle.after = () => {};
    expect(sayPlan(await cloud.plan(options))).toEqual([]);
    expect(await cloud.everything()).toEqual(await finished(options));
  });

  it('goes back to the old one when the move is given up half-way', async () => {
    const cloud = await startCloud();
    await cloud.apply(FEW);
    const kill = new AbortController();
    const end = cloud.changes.length + 9;
    cloud.meddle.after = (number) => {
      if (number >= end) kill.abort();
    };
    await cloud.apply({ ...FEW, ...MOVED }, kill.signal);
    const seen: object[] = [];
    cloud.meddle.after = async () => void seen.push(await reaching(cloud, EVERYWHERE));
    expect((await cloud.apply(FEW)).failed).toEqual([]);
    expect(seen.filter((one) => JSON.stringify(one) !== '{"came":4,"lost":0}')).toEqual([]);
    expect(await cloud.everything()).toEqual(await finished(FEW));
  });

  it('keeps a queue of events until the bot has read it', async () => {
    const cloud = await startCloud();
    await cloud.apply(QUEUED);
    cloud.queues.send(`https://sqs.eu-west-1.amazonaws.com/${HOME}/trailbot-events`, '{}');
    const { failed } = await cloud.apply({ ...QUEUED, ...MOVED });
    expect(failed.map(({ trouble }) => trouble.what)).toEqual([
      'the queue trailbot-events still has 1 message',
    ]);
    // What is left is the old home's; the new one is whole.
    expect(cloud.events.place(HOME, 'us-east-1').rules.size).toBe(2);
  });

  it('goes on showing the old key where it waits, and says so', async () => {
    const cloud = await startCloud();
    await cloud.apply();
    locked(cloud);
    const keys = ['the-new-key-9876543210', KEY];
    const { plan } = await cloud.apply({ ...MOVED, keys });
    expect(plan.hints).toContainEqual(
      expect.stringContaining('the former home still shows the webhook a key'),
    );
    expect(plan.hints).toContainEqual(expect.stringContaining(`is closed, take the statement away by hand`));
    const next = await cloud.plan({ ...MOVED, keys });
    expect(sayRotation(keys, next)).toBeUndefined();
    expect(sayRotation(keys, { ...next, formerConnections: [] })).toMatch(/^EventBridge shows/);
  });

  it('cuts off nothing when a step fails somewhere', async () => {
    const cloud = await startCloud();
    await cloud.apply();
    const end = cloud.aws.fault({ kind: 'deny', operation: 'PutTargets', account: OTHER });
    expect((await moved(cloud)).failed).not.toEqual([]);
    const { destinations, policy } = cloud.events.place(HOME, 'eu-west-1');
    expect([destinations.size, policy.size]).toEqual([1, 1]);
    end();
    expect((await moved(cloud)).failed).toEqual([]);
    expect(destinations.size).toBe(0);
  });

  it('cuts off nothing when somebody has at the new home what would be needed', async () => {
    const cloud = await startCloud();
    await cloud.apply();
    const before = await cloud.everything();
    cloud.events.place(HOME, 'us-east-1').rules.get('trailbot-canary')?.tags.clear();
    const { plan } = await cloud.apply(MOVED);
    expect(plan.foreign.map(({ what }) => what)).toEqual(['rule trailbot-canary']);
    cloud.events.place(HOME, 'us-east-1').rules.get('trailbot-canary')?.tags.set('trailbot', 'trailbot');
    expect(await cloud.everything()).toEqual(before);
  });

  it('finds an account that only the old home knows', async () => {
    const cloud = await startCloud();
    await cloud.apply();
    expect((await cloud.apply({ ...ALONE, ...MOVED })).failed).toEqual([]);
    expect(await cloud.everything()).toEqual(await finished({ ...ALONE, ...MOVED }));
  });
});

describe('an account that was taken out and cannot be entered', () => {
  it('is not forgotten', async () => {
    const cloud = await startCloud();
    await cloud.apply();
    const open = locked(cloud);
    const { plan, failed } = await cloud.apply(ALONE);
    expect([failed, sayPlan(plan)]).toEqual([[], []]);
    expect(plan.troubles.map(({ account }) => account)).toEqual([OTHER]);
    expect(plan.hints).toEqual([
      `the permission for ${OTHER} on the event bus of ${HOME} eu-west-1 is left, because that account could not be looked at. ` +
        `If it is closed, take the statement away by hand: aws events remove-permission --region eu-west-1 --statement-id trailbot-${OTHER}`,
    ]);
    open();
    expect((await cloud.apply(ALONE)).failed).toEqual([]);
    expect(await cloud.everything()).toEqual(await finished(ALONE));
  });

  it('does not keep the rest from being taken away, and is found by the next run', async () => {
    const cloud = await startCloud();
    await cloud.apply();
    const open = locked(cloud);
    expect((await cloud.destroy(ALONE)).failed).toEqual([]);
    const home = Object.keys(await cloud.everything()).filter((thing) => thing.startsWith(HOME));
    expect(home).toEqual([`${HOME} eu-west-1 statement trailbot-${OTHER}`]);
    open();
    await cloud.destroy(ALONE);
    expect(await cloud.everything()).toEqual({});
  });
});

async function moved(cloud: Cloud): Promise<{ failed: readonly object[]; held: string[] }> {
  const { plan, failed } = await cloud.apply(MOVED);
  return { failed, held: plan.held.map(({ verb, what }) => `${verb} ${what}`) };
}

/** Applies again and again, killed as soon as AWS has made so many changes; how often until nothing was left. */
async function killedEachTime(
  cloud: Cloud,
  options: Parameters<Cloud['apply']>[0],
  changes: number,
): Promise<number> {
  for (let runs = 1; ; runs += 1) {
    const kill = new AbortController();
    const end = cloud.changes.length + changes;
    cloud.meddle.after = (number) => {
      if (number >= end) kill.abort();
    };
    // What the run before had under way may end now, and kill this one while it only looks.
    await cloud.apply(options, kill.signal).catch((error: unknown) => {
      if (!kill.signal.aborted) throw error;
    });
    if (!kill.signal.aborted) return runs;
    expect(runs).toBeLessThan(100);
  }
}
