import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { JsonObject } from '../../../src/kernel/json.ts';
import { HOUR, MINUTE, SECOND } from '../../../src/kernel/time.ts';
import { fakeClock } from '../clock.ts';
import { connectHome, connectSpoke, ENDPOINT, queueFor } from './connected.ts';
import { EventBridgeState } from './event-bridge.ts';
import { createEventBridgeDelivery } from './event-bridge-delivery.ts';
import { startFakeAws } from './fake-aws.ts';
import { fakeQueues } from './sqs.ts';

const HOME = { account: '111122223333', region: 'eu-west-1' };
const OTHER = { account: '444455556666', region: 'us-east-1' };

type Answer = (response: ServerResponse, count: number) => void;

const status =
  (code: number, headers: Record<string, string> = {}): Answer =>
  (response) =>
    void response.writeHead(code, headers).end();

async function webhook(answer: Answer) {
  const got: { readonly headers: IncomingHttpHeaders; readonly raw: string[]; readonly body: string }[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { headers, rawHeaders } = request;
    got.push({ headers, raw: rawHeaders.filter((_, i) => i % 2 === 0), body: String(Buffer.concat(chunks)) });
    answer(response, got.length);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return { got, url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/events` };
}

async function start(answer: Answer = status(200), retry?: { MaximumRetryAttempts: number }) {
  const clock = fakeClock();
  const state = new EventBridgeState({ now: clock.now });
  const queues = fakeQueues({ clock });
  const { got, url } = await webhook(answer);
  const delivery = createEventBridgeDelivery({
    state,
    queues,
    clock,
    addressOf: (endpoint) => (endpoint === ENDPOINT ? url : endpoint),
  });
  onTestFinished(() => delivery.stop());
  const where = { state, queues, ...(retry && { retry }) };
  const home = connectHome({ ...where, ...HOME }, 'the-key');
  const dead = () =>
    queues.messages(home.deadLetters).map(({ attributes, body }) => ({ ...texts(attributes), body }));
  /** Second by second, so that what is on the wire is answered on time. */
  const pass = async (ms: number) => {
    for (let gone = 0; gone < ms; gone += SECOND) {
      await delivery.rested();
      await clock.advance(SECOND);
    }
    await delivery.rested();
  };
  return { clock, state, queues, delivery, got, home, dead, pass, where };
}

function texts(attributes: JsonObject): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [name, (value as JsonObject).StringValue]),
  );
}

function call(place: { account: string; region: string } = HOME, detail: JsonObject = {}): JsonObject {
  return {
    'detail-type': 'AWS API Call via CloudTrail',
    source: 'aws.iam',
    ...place,
    time: '2026-11-20T09:15:02Z',
    detail: { eventName: 'CreateUser', readOnly: false, ...detail },
  };
}

describe('a request to an API destination', () => {
  it('has EventBridge’s headers and one whole event', async () => {
    const { delivery, got, dead } = await start();
    const id = delivery.put(call());
    await delivery.rested();
    expect(got).toHaveLength(1);
    const [{ headers, body, raw } = { headers: {}, body: '', raw: [] }] = got;
    expect(headers).toMatchObject({
      'user-agent': 'Amazon/EventBridge/ApiDestinations',
      'content-type': 'application/json; charset=utf-8',
      range: 'bytes=0-1048575',
      'accept-encoding': 'gzip,deflate',
      connection: 'close',
      'content-length': String(Buffer.byteLength(body)),
      'x-api-key': 'the-key',
    });
    expect(raw.map((name) => name.toLowerCase()).sort()).toEqual([
      'accept-encoding',
      'connection',
      'content-length',
      'content-type',
      'host',
      'range',
      'user-agent',
      'x-api-key',
    ]);
    expect(JSON.parse(body)).toEqual({ version: '0', resources: [], ...call(), id });
    expect(dead()).toEqual([]);
  });

  it.each([403, 400, 302, 404])('that is answered %i goes to the dead letters at once', async (code) => {
    const { delivery, got, dead, pass, home } = await start(status(code, { Location: '/elsewhere' }));
    const id = delivery.put(call());
    await pass(MINUTE);
    expect(got).toHaveLength(1);
    expect(dead()).toEqual([
      {
        RULE_ARN: 'arn:aws:events:eu-west-1:111122223333:rule/trailbot-changes-1',
        TARGET_ARN: 'arn:aws:events:eu-west-1:111122223333:api-destination/trailbot/1',
        ERROR_CODE: 'SDK_CLIENT_ERROR',
        ERROR_MESSAGE: `API destination endpoint returned HTTP status code ${code}.`,
        RETRY_ATTEMPTS: '0',
        body: expect.stringContaining(id),
      },
    ]);
    expect(home.deadLetters).toContain('trailbot-dead-letters');
  });

  it.each([401, 407, 409, 429, 500, 503])(
    'that is answered %i comes again until it is taken',
    async (code) => {
      const { delivery, got, dead, pass } = await start((response, count) =>
        response.writeHead(count < 3 ? code : 200).end(),
      );
      delivery.put(call());
      await pass(20 * SECOND);
      expect(got).toHaveLength(3);
      expect(new Set(got.map(({ body }) => body)).size).toBe(1);
      expect(dead()).toEqual([]);
    },
  );

  it('waits as long as Retry-After says, and a negative one ends it', async () => {
    const { delivery, got, dead, pass, clock } = await start((response, count) =>
      response.writeHead(503, { 'Retry-After': count === 1 ? '120' : '-1' }).end(),
    );
    const begin = clock.now();
    delivery.put(call());
    await pass(3 * MINUTE);
    expect(got).toHaveLength(2);
    expect((delivery.attempts[1]?.at ?? 0) - begin).toBeGreaterThanOrEqual(2 * MINUTE);
    expect(dead()).toMatchObject([{ ERROR_CODE: 'ERROR_FROM_TARGET', RETRY_ATTEMPTS: '1' }]);
  });

  it('that gets no answer within five seconds has timed out, and comes again', async () => {
    const { delivery, got, clock } = await start((response, count) => {
      if (count > 1) response.writeHead(200).end();
    });
    delivery.put(call());
    await clock.untilSleeping();
    await clock.advance(5 * SECOND);
    await delivery.rested();
    expect(delivery.attempts).toMatchObject([{ outcome: 'TIMEOUT' }]);
    await clock.advance(2 * SECOND);
    await delivery.rested();
    expect(delivery.attempts).toMatchObject([{ outcome: 'TIMEOUT' }, { outcome: 200 }]);
    expect(got).toHaveLength(2);
  });

  it('that nobody ever takes ends with the retry policy, by number or by age', async () => {
    const few = await start(status(500), { MaximumRetryAttempts: 2 });
    few.delivery.put(call());
    await few.pass(MINUTE);
    expect(few.got).toHaveLength(3);
    expect(few.dead()).toMatchObject([
      { EXHAUSTED_RETRY_CONDITION: 'MaximumRetryAttempts', RETRY_ATTEMPTS: '2' },
    ]);
  });

  it('uses the key that the connection has by then', async () => {
    const { delivery, got, home } = await start();
    home.connection.header = { name: 'x-api-key', value: 'another' };
    delivery.put(call());
    await delivery.rested();
    expect(got.map(({ headers }) => headers['x-api-key'])).toEqual(['another']);
  });
});

describe('rules', () => {
  it('get what only reads in one state alone, and nothing when they are disabled', async () => {
    const { delivery, got, state } = await start();
    const rules = state.place(HOME.account, HOME.region).rules;
    const rule = rules.get('trailbot-changes-1');
    if (!rule) throw new Error('no rule');
    const reading = { readOnly: true, managementEvent: true };
    const counts: number[] = [];
    for (const next of ['ENABLED', 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS', 'DISABLED']) {
      rules.set(rule.name, { ...rule, state: next });
      delivery.put(call(HOME, reading));
      delivery.put(call());
      await delivery.rested();
      counts.push(got.length);
    }
    expect(counts).toEqual([1, 3, 3]);
  });

  it('forward to the bus of another account that lets them in, as the event was', async () => {
    const { delivery, got, where } = await start();
    const spoke = connectSpoke({ ...where, ...OTHER }, HOME);
    delivery.put(call(OTHER));
    await delivery.rested();
    expect(JSON.parse(got[0]?.body ?? '')).toMatchObject(OTHER);
    where.state.place(HOME.account, HOME.region).policy.clear();
    delivery.put(call(OTHER));
    await delivery.rested();
    expect(got).toHaveLength(1);
    const [letter] = where.queues.messages(spoke.deadLetters);
    expect(texts(letter?.attributes ?? {})).toMatchObject({ ERROR_CODE: 'NO_PERMISSIONS' });
  });

  it('never forward to a third account, or a third region', async () => {
    const { delivery, got, where } = await start();
    const third = { account: '777788889999', region: 'us-east-1' };
    const middle = connectSpoke({ ...where, ...OTHER }, HOME);
    connectSpoke({ ...where, ...third }, OTHER);
    delivery.put(call(third));
    const far = { account: OTHER.account, region: 'ap-south-1' };
    connectSpoke({ ...where, ...far }, OTHER);
    const home = { account: OTHER.account, region: HOME.region };
    where.state.place(OTHER.account, OTHER.region).rules.forEach(({ targets }) => {
      const [target] = targets.values();
      if (!target) return;
      const arn = where.state.place(home.account, home.region).busArn;
      targets.set('region', { ...target, Id: 'region', Arn: arn });
    });
    delivery.put(call(far));
    await delivery.rested();
    const codes = where.queues
      .messages(middle.deadLetters)
      .map(({ attributes }) => texts(attributes).ERROR_CODE);
    expect(codes).toContain('THIRD_ACCOUNT_HOP_DETECTED');
    expect(codes).toContain('THIRD_REGION_HOP_DETECTED');
    expect(got).toHaveLength(0);
  });

  it('reach a queue whose policy lets them in', async () => {
    const { delivery, where, got } = await start();
    const rule = where.state.place(HOME.account, HOME.region).rules.get('trailbot-changes-1');
    const open = queueFor(where.queues, 'trailbot-events', HOME);
    const shut = where.queues.create('shut', {}, HOME);
    rule?.targets.clear();
    for (const url of [open, shut]) rule?.targets.set(url, { Id: url, Arn: where.queues.arn(url) });
    const id = delivery.put(call());
    expect(where.queues.messages(open).map(({ body }) => JSON.parse(body).id)).toEqual([id]);
    expect(where.queues.messages(shut)).toEqual([]);
    expect(delivery.lost).toEqual([id]);
    expect(got).toEqual([]);
  });
});

describe('troubles on demand', () => {
  it('a share is dropped, the same for the same seed', async () => {
    const lost = async () => {
      const { delivery } = await start();
      delivery.drop(0.02);
      for (let at = 0; at < 500; at += 1)
        delivery.put({ ...call({ ...HOME, region: 'eu-north-1' }), id: `e${at}` });
      return delivery.lost;
    };
    const once = await lost();
    expect(once.length).toBeGreaterThan(2);
    expect(once.length).toBeLessThan(25);
    expect(await lost()).toEqual(once);
  });

  it('while it is down services’ events are lost, and it says so to PutEvents', async () => {
    const { delivery, got, clock } = await start();
    const aws = await startFakeAws({ now: clock.now, services: [delivery.service] });
    const { url: endpoint, credentials } = aws;
    const client = new EventBridgeClient({ endpoint, credentials, region: HOME.region, maxAttempts: 1 });
    onTestFinished(() => client.destroy());
    const entry = { Source: 'trailbot.canary', DetailType: 'Trailbot Canary', Detail: '{"id":"1"}' };
    const put = () =>
      client.send(new PutEventsCommand({ Entries: [entry, { ...entry, Source: 'aws.iam' }] }));
    delivery.down();
    const id = delivery.put(call());
    await expect(put()).rejects.toMatchObject({ name: 'InternalException' });
    expect(delivery.lost).toEqual([id]);
    delivery.up();
    expect(await put()).toMatchObject({
      FailedEntryCount: 1,
      Entries: [{ EventId: expect.any(String) }, { ErrorCode: 'NotAuthorizedForSourceException' }],
    });
    await delivery.rested();
    expect(got.map(({ body }) => JSON.parse(body))).toMatchObject([
      { source: 'trailbot.canary', ...HOME, detail: { id: '1' } },
    ]);
  });

  it('is late by as much as it is told', async () => {
    const { delivery, got, clock, pass } = await start();
    delivery.late(HOUR);
    delivery.put(call());
    await clock.advance(HOUR - SECOND);
    expect(got).toHaveLength(0);
    await pass(2 * SECOND);
    expect(got).toHaveLength(1);
  });
});
