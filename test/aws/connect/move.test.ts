import { createServer } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createEventBridgeDelivery } from '../../support/aws/event-bridge-delivery.ts';
import { type Cloud, HOME, OTHER, sayPlan, startCloud } from './cloud.ts';

/* Home goes to another region, or an account is taken out, while not everything can be looked at. */

const MOVED = { region: 'us-east-1' };
/** What the old home's rules need to send to the new one; IAM is signed for in us-east-1. */
const OLD_ROLE = 'trailbot-forward-eu-west-1';
const ALONE = { accounts: [], ownToo: true };

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
    const fresh = await startCloud();
    await fresh.apply(MOVED);
    expect(await cloud.everything()).toEqual(await fresh.everything());
  });

  it('is moved to in the end when runs are killed on the way, and all events come at any time', async () => {
    const cloud = await startCloud();
    await cloud.apply();
    const allowed = [7, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 4, 4];
    for (const changes of allowed) {
      const kill = new AbortController();
      const end = cloud.changes.length + changes;
      cloud.meddle.after = (number) => number >= end && kill.abort();
      await cloud.apply(MOVED, kill.signal);
      expect(await reaching(cloud, EVERYWHERE)).toEqual({ came: 4, lost: 0 });
    }
    cloud.meddle.after = () => {};
    expect((await moved(cloud)).failed).toEqual([]);
    const fresh = await startCloud();
    await fresh.apply(MOVED);
    expect(await cloud.everything()).toEqual(await fresh.everything());
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
    const fresh = await startCloud();
    await fresh.apply({ ...ALONE, ...MOVED });
    expect(await cloud.everything()).toEqual(await fresh.everything());
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
    const fresh = await startCloud();
    await fresh.apply(ALONE);
    expect(await cloud.everything()).toEqual(await fresh.everything());
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
