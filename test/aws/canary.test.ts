import { describe, expect, it, onTestFinished } from 'vitest';
import { createCanarySender } from '../../src/aws/canary.ts';
import { createLog } from '../../src/kernel/log.ts';
import { HOUR } from '../../src/kernel/time.ts';
import { connectHome, queueFor } from '../support/aws/connected.ts';
import { EventBridgeState } from '../support/aws/event-bridge.ts';
import { createEventBridgeDelivery } from '../support/aws/event-bridge-delivery.ts';
import { type FakeAwsOptions, startFakeAws } from '../support/aws/fake-aws.ts';
import { fakeQueues } from '../support/aws/sqs.ts';
import { fakeClock } from '../support/clock.ts';
import { troubleOf, whileTimeGoesBy } from './wire.ts';

const HOME = '111122223333';
const OTHER = '444455556666';
const never = new AbortController().signal;

interface Setup {
  readonly roles?: Readonly<Record<string, string | undefined>>;
  readonly only?: readonly string[];
  readonly regions?: 'enabled' | readonly string[];
  readonly accounts?: FakeAwsOptions['accounts'];
}

async function start({ roles = {}, only, regions = ['eu-west-1'], accounts }: Setup = {}) {
  const clock = fakeClock();
  const state = new EventBridgeState({ now: clock.now });
  const queues = fakeQueues({ clock });
  const delivery = createEventBridgeDelivery({ state, queues, clock, addressOf: (endpoint) => endpoint });
  const aws = await startFakeAws({
    now: clock.now,
    services: [delivery.service],
    ...(accounts && { accounts }),
  });
  const sender = createCanarySender({
    accounts: new Map(Object.entries(roles).map(([id, readerRole]) => [id, { readerRole }])),
    only,
    regions,
    homeRegion: 'eu-west-1',
    endpoint: aws.url,
    credentials: aws.credentials,
    clock,
    log: createLog('silent'),
  });
  onTestFinished(() => {
    delivery.stop();
    sender.close();
  });
  const send = (account = HOME, region = 'eu-west-1') =>
    sender.send({ id: 'c-1', account, region }, clock.now(), never);
  const arrived = (account = HOME) => {
    connectHome({ state, queues, account, region: 'eu-west-1' }, 'key');
    const queue = queueFor(queues, 'trailbot-events', { account, region: 'eu-west-1' });
    for (const rule of state.place(account, 'eu-west-1').rules.values()) {
      rule.targets.clear();
      rule.targets.set('queue', { Id: 'queue', Arn: queues.arn(queue) });
    }
    return () => queues.messages(queue).map(({ body }) => JSON.parse(body));
  };
  return { aws, clock, sender, send, arrived, delivery };
}

const BOTH: FakeAwsOptions['accounts'] = { [HOME]: {}, [OTHER]: { readerRole: 'TrailbotReader' } };

describe('places that send canaries', () => {
  it('are every region of every account that can be entered', async () => {
    const { sender } = await start({
      roles: { [OTHER]: 'TrailbotReader', '777788889999': undefined },
      regions: ['eu-west-1', 'us-east-1'],
      accounts: BOTH,
    });
    const { places, troubles, home } = await sender.places(never);
    expect(home).toBe(HOME);
    expect(places.map(({ account, region }) => `${account} ${region}`)).toEqual([
      `${HOME} eu-west-1`,
      `${HOME} us-east-1`,
      `${OTHER} eu-west-1`,
      `${OTHER} us-east-1`,
    ]);
    expect(troubles).toMatchObject([{ account: '777788889999', trouble: { kind: 'no credentials' } }]);
  });

  it('are those that are connected, and the home place in any case', async () => {
    const { sender } = await start({
      roles: { [OTHER]: 'TrailbotReader' },
      only: [OTHER],
      regions: ['us-east-1'],
      accounts: BOTH,
    });
    expect((await sender.places(never)).places).toEqual([
      { account: HOME, region: 'eu-west-1' },
      { account: OTHER, region: 'us-east-1' },
    ]);
  });

  it('are none where the bot is nobody, with the reason', async () => {
    const { sender, aws, clock } = await start();
    await aws.stop();
    const { places, troubles } = await whileTimeGoesBy(clock, () => sender.places(never));
    expect(places).toEqual([]);
    expect(troubles).toMatchObject([{ account: '*', trouble: { kind: 'unreachable' } }]);
  });
});

describe('a canary', () => {
  it('is an event with a source of its own on the default bus of its place, and carries no more than that', async () => {
    const { send, arrived, clock } = await start();
    const events = arrived();
    await send();
    expect(events()).toEqual([
      {
        version: '0',
        id: expect.any(String),
        'detail-type': 'Trailbot Canary',
        source: 'trailbot.canary',
        account: HOME,
        region: 'eu-west-1',
        time: '2026-11-20T09:15:00Z',
        resources: [],
        detail: { id: 'c-1', account: HOME, region: 'eu-west-1', sentAt: '2026-11-20T09:15:00.000Z' },
      },
    ]);
    expect(clock.now()).toBe(Date.UTC(2026, 10, 20, 9, 15));
  });

  it('is put by the reader role in another account, whose session is renewed when it has ended', async () => {
    const { send, aws, clock, arrived } = await start({
      roles: { [OTHER]: 'TrailbotReader' },
      accounts: BOTH,
    });
    const events = arrived(OTHER);
    await send(OTHER);
    await clock.advance(2 * HOUR);
    await send(OTHER);
    aws.fault({ kind: 'expired', operation: 'PutEvents', times: 1 });
    await send(OTHER);
    expect(events()).toHaveLength(3);
    expect(aws.requests.filter(({ operation }) => operation === 'AssumeRole')).toHaveLength(3);
    expect(aws.requests.filter(({ operation }) => operation === 'PutEvents').at(-1)?.account).toBe(OTHER);
  });

  it('that is not allowed says so, with what to allow', async () => {
    const { send, aws } = await start();
    aws.fault({ kind: 'deny', operation: 'PutEvents' });
    expect(await troubleOf(send())).toEqual({
      kind: 'denied',
      what: 'not allowed to call events:PutEvents',
      remedy: 'allow events:PutEvents to the role or user that asks there',
    });
  });

  it('that is not taken in an answer of status 200 is noticed, and sent again where that may help', async () => {
    const { send, delivery, clock, arrived } = await start();
    const events = arrived();
    delivery.refuse('NotAuthorizedForSourceException', 'Not authorized for the source trailbot.canary.');
    const trouble = await troubleOf(send());
    expect(trouble).toMatchObject({ kind: 'refused' });
    expect(trouble.what).toContain('events:PutEvents');
    delivery.refuse('ThrottlingException', 'Rate exceeded');
    delivery.refuse('InternalFailure', 'An internal error occurred.');
    await whileTimeGoesBy(clock, () => send());
    expect(events()).toHaveLength(1);
  });

  it('that AWS has no time for is sent again, and then says so', async () => {
    const { send, aws, clock } = await start();
    const end = aws.fault({ kind: 'throttle', operation: 'PutEvents' });
    expect(await troubleOf(whileTimeGoesBy(clock, () => send()))).toMatchObject({ kind: 'throttled' });
    expect(aws.requests.filter(({ operation }) => operation === 'PutEvents')).toHaveLength(3);
    end();
    aws.fault({ kind: 'throttle', operation: 'PutEvents', times: 1 });
    await whileTimeGoesBy(clock, () => send());
  });
});
