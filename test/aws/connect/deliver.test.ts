import { createServer } from 'node:http';
import { expect, it, onTestFinished } from 'vitest';
import { createEventBridgeDelivery } from '../../support/aws/event-bridge-delivery.ts';
import { type Cloud, HOME, KEY, OTHER, startCloud } from './cloud.ts';

/* What "aws apply" made, used: an EventBridge that knows only rules, targets, roles and policies. */

/** A webhook that takes these keys; what came, by status. */
async function webhook(keys: readonly string[]) {
  const came: string[] = [];
  const server = createServer((request, response) => {
    const key = String(request.headers['x-api-key']);
    const status = keys.includes(key) ? 200 : 403;
    came.push(`${status} ${request.method} ${request.url} ${key}`);
    response.writeHead(status).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    came,
    addressOf: (endpoint: string) => endpoint.replace(/^https:\/\/[^/]+/, `http://127.0.0.1:${port}`),
  };
}

function deliveryIn({ events: state, queues, roles, clock }: Cloud, addressOf: (endpoint: string) => string) {
  const delivery = createEventBridgeDelivery({ state, queues, roles, clock, addressOf });
  onTestFinished(() => delivery.stop());
  return delivery;
}

function event(account: string, region: string, eventName = 'CreateUser') {
  return {
    source: 'aws.iam',
    'detail-type': 'AWS API Call via CloudTrail',
    account,
    region,
    detail: { eventName, eventSource: 'iam.amazonaws.com' },
  };
}

it('events of every account and region reach the webhook with its key', async () => {
  const cloud = await startCloud();
  await cloud.apply();
  const { came, addressOf } = await webhook([KEY]);
  const delivery = deliveryIn(cloud, addressOf);
  for (const account of [HOME, OTHER]) {
    for (const region of ['eu-west-1', 'us-east-1']) delivery.put(event(account, region));
  }
  delivery.put(event(OTHER, 'us-east-1', 'DescribeRegions'));
  await delivery.rested();
  expect(came).toEqual(Array(4).fill(`200 POST /events ${KEY}`));
  expect(delivery.lost).toEqual([]);
});

it('no event is refused while the key is rotated', async () => {
  const cloud = await startCloud();
  await cloud.apply();
  const keys = ['the-new-key-9876543210', KEY];
  const { came, addressOf } = await webhook(keys);
  const delivery = deliveryIn(cloud, addressOf);
  let calls = 0;
  const watch = (): void => {
    calls += 1;
    delivery.put(event(HOME, 'eu-west-1'));
  };
  cloud.meddle.before = watch;
  cloud.meddle.after = watch;
  delivery.put(event(HOME, 'eu-west-1'));
  await cloud.apply({ keys });
  delivery.put(event(OTHER, 'us-east-1'));
  await delivery.rested();
  expect(calls).toBe(2);
  expect(came.map((one) => one.slice(0, 3))).toEqual(['200', '200', '200', '200']);
  expect(new Set(came.map((one) => one.split(' ').at(-1)))).toEqual(new Set(keys));
});

it('events reach the queue, where there is no webhook', async () => {
  const cloud = await startCloud();
  await cloud.apply({ deliver: 'queue' });
  const delivery = deliveryIn(cloud, (endpoint) => endpoint);
  delivery.put(event(OTHER, 'us-east-1'));
  await delivery.rested();
  const messages = cloud.queues.messages(`https://sqs.eu-west-1.amazonaws.com/${HOME}/trailbot-events`);
  expect(messages).toHaveLength(1);
  expect(delivery.lost).toEqual([]);
});
