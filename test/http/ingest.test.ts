import { once } from 'node:events';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Stored } from '../../src/http/ingest.ts';
import { envelope, record } from '../support/records.ts';
import { event, get, KEY, OTHER_KEY, open, post, raw, startWebhook, type Webhook } from './webhook.ts';

const MEBIBYTE = 1024 * 1024;
const ONE_STORED = { stored: 1, duplicates: 0, rejected: 0 };

let hook: Webhook;
beforeEach(async () => {
  hook = await startWebhook();
});
afterEach(() => hook.server.stop(0));

describe('who has a key may deliver', () => {
  test('the first or the second, in any of three headers', async () => {
    const basic = `Basic ${Buffer.from(`trailbot:${OTHER_KEY}`).toString('base64')}`;
    for (const headers of [
      { 'x-api-key': KEY },
      { 'x-api-key': OTHER_KEY },
      { 'x-api-key': '', authorization: `Bearer ${KEY}` },
      { 'x-api-key': '', authorization: basic },
    ]) {
      expect(await post(hook.url, event(), headers)).toMatchObject({ status: 200, json: ONE_STORED });
    }
  });

  test.each([
    ['wrong', `X-Api-Key: ${KEY}x\r\n`],
    ['missing', ''],
    ['sent twice', `X-Api-Key: ${KEY}\r\nX-Api-Key: ${KEY}\r\n`],
  ])('%s: refused for good, without detail, and counted', async (_name, header) => {
    const body = event();
    const head = `POST /events HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${header}Content-Length: ${body.length}`;
    const answer = await raw(hook.server.port, `${head}\r\n\r\n${body}`);
    expect(answer).toMatch(/^HTTP\/1\.1 403 Forbidden\r\n/);
    expect(answer.split('\r\n\r\n')[1]).toBe('{"error":"Forbidden."}');
    expect(hook.refused).toEqual(['key']);
    expect(hook.intake.keys.size).toBe(0);
  });

  test('without one even a large body does not hide the answer', async () => {
    const headers = { 'x-api-key': 'wrong', connection: 'close' };
    expect(await post(hook.url, 'x'.repeat(8 * MEBIBYTE), headers)).toMatchObject({ status: 403 });
  });
});

describe('what is delivered is stored before it is answered', () => {
  test('with the headers of an API destination', async () => {
    const headers = {
      'user-agent': 'Amazon/EventBridge/ApiDestinations',
      'content-type': 'application/json; charset=utf-8',
      range: 'bytes=0-1048575',
      'accept-encoding': 'gzip,deflate',
      connection: 'close',
    };
    const answer = await post(hook.url, event(), headers);
    expect(answer).toMatchObject({ status: 200, json: ONE_STORED });
    expect(hook.intake.keys.size).toBe(1);
  });

  test('the same event again is a duplicate, and that is fine', async () => {
    const body = event();
    await post(hook.url, body);
    const answer = await post(hook.url, body);
    expect(answer).toMatchObject({ status: 200, json: { stored: 0, duplicates: 1, rejected: 0 } });
  });

  test('lines of JSON, whatever the content type says', async () => {
    const answer = await post(hook.url, `${event()}\n${event()}\n`, { 'content-type': 'text/plain' });
    expect(answer).toMatchObject({ status: 200, json: { stored: 2 } });
  });

  test('gzip, with or without a header that says so', async () => {
    const withHeader = await post(hook.url, gzipSync(event()), { 'content-encoding': 'gzip' });
    const without = await post(hook.url, gzipSync(event()));
    const plainWithHeader = await post(hook.url, event(), { 'content-encoding': 'gzip' });
    expect([withHeader.json, without.json, plainWithHeader.json]).toEqual([
      ONE_STORED,
      ONE_STORED,
      ONE_STORED,
    ]);
  });

  test('text that begins with a byte order mark', async () => {
    expect(await post(hook.url, `\uFEFF${event()}`)).toMatchObject({ status: 200, json: ONE_STORED });
  });

  test('an event of 1 MB, the most that EventBridge carries', async () => {
    const body = JSON.stringify(envelope(record({ requestParameters: { policy: 'x'.repeat(MEBIBYTE) } })));
    expect(await post(hook.url, body)).toMatchObject({ status: 200, json: ONE_STORED });
  });

  test('a body in chunks', async () => {
    const body = event();
    const { req, answer } = open(hook.url, { 'transfer-encoding': 'chunked' });
    req.write(body.slice(0, 700));
    req.end(body.slice(700));
    expect(await answer).toMatchObject({ status: 200, json: ONE_STORED });
  });

  test('several deliveries in one go on one connection', async () => {
    const one = (more: string): string => {
      const body = event();
      return `POST /events HTTP/1.1\r\nHost: a\r\nX-Api-Key: ${KEY}\r\n${more}Content-Length: ${body.length}\r\n\r\n${body}`;
    };
    const answers = await raw(hook.server.port, one('') + one('') + one('Connection: close\r\n'));
    expect(answers.match(/HTTP\/1\.1 200 /g)).toHaveLength(3);
    expect(hook.intake.keys.size).toBe(3);
  });
});

describe('what can never be stored is refused for good', () => {
  test.each<[string, string | Buffer, RegExp]>([
    ['nothing', '', /./],
    ['no JSON', 'hello', /./],
    ['half of an event', event().slice(0, 300), /./],
    ['no UTF-8', Buffer.from([0x22, 0xff, 0xfe, 0x22]), /neither UTF-8 text nor gzip/],
    ['broken gzip', gzipSync(event()).subarray(0, -9), /no intact gzip file/],
    [
      'gzip with garbage behind it',
      Buffer.concat([gzipSync(event()), Buffer.from('x')]),
      /no intact gzip file/,
    ],
    ['an empty list of records', '{"Records":[]}', /holds no event/],
  ])('%s', async (_name, body, why) => {
    const answer = await post(hook.url, body);
    expect(answer).toMatchObject({ status: 400, json: { error: expect.stringMatching(why) } });
    expect(hook.refused).toEqual(['content']);
  });

  test('but what is no record, although JSON, is kept and explained', async () => {
    const answer = await post(hook.url, '{"detail-type":"Scheduled Event","detail":{}}');
    expect(answer).toMatchObject({ status: 200, json: { stored: 0, rejected: 1 } });
    expect(answer.json.reasons).toEqual(hook.intake.rejects);
    expect(hook.intake.rejects).toHaveLength(1);
  });

  test('one bad line does not keep the good ones out', async () => {
    const answer = await post(hook.url, `${event()}\n{"no":"event"}\n${event()}\n`);
    expect(answer).toMatchObject({ status: 200, json: { stored: 2, rejected: 1 } });
  });
});

describe('a body that is too large is refused, and the client sees it', () => {
  const large = Buffer.alloc(2 * MEBIBYTE, 'x');
  const tooLarge = { status: 413, json: { error: expect.stringContaining('larger than 1572864 bytes') } };

  test.each(['close', 'keep-alive'])('by its length, connection: %s', async (connection) => {
    expect(await post(hook.url, large, { connection })).toMatchObject(tooLarge);
    expect(hook.refused).toEqual(['size']);
  });

  test.each(['close', 'keep-alive'])('while it is read, connection: %s', async (connection) => {
    const { req, answer } = open(hook.url, { 'transfer-encoding': 'chunked', connection });
    req.write(large);
    req.end(large);
    expect(await answer).toMatchObject(tooLarge);
  });

  test('before it is sent, if the client asks', async () => {
    const { req, answer } = open(hook.url, { expect: '100-continue', 'content-length': large.length });
    req.flushHeaders();
    expect(await answer).toMatchObject(tooLarge);
    req.destroy();
  });

  test('after inflating', async () => {
    const answer = await post(hook.url, gzipSync(Buffer.alloc(40 * MEBIBYTE, ' ')));
    expect(answer).toMatchObject({
      status: 413,
      json: { error: expect.stringContaining('inflates to more') },
    });
  });

  test('one that never ends is cut off', async () => {
    const { req, answer } = open(hook.url, { 'transfer-encoding': 'chunked' });
    const sawAnswer = answer.catch(() => undefined);
    const pump = (): void => {
      while (req.writable && req.write(large)) {}
    };
    req.on('drain', pump);
    pump();
    await once(req, 'close');
    await sawAnswer;
    expect(hook.refused).toEqual(['size']);
  });
});

describe('when it cannot be stored now, the sender is asked to come again', () => {
  const later = { status: 503, headers: { 'retry-after': '5' } };

  test('storage in trouble: said without detail, logged with it', async () => {
    hook.intake.accept = () => Promise.reject(new Error('disk full'));
    const answer = await post(hook.url, event());
    expect(answer).toMatchObject(later);
    expect(answer.text).not.toContain('disk full');
    expect(hook.log.join()).toContain('disk full');
    expect(hook.refused).toEqual(['storage']);
  });

  test('a commit that takes 4 s: the answer comes before EventBridge hangs up', async () => {
    const commit = Promise.withResolvers<Stored>();
    hook.intake.accept = () => commit.promise;
    const early = post(hook.url, event());
    await hook.clock.untilSleeping(1);
    await hook.clock.advance(3000);
    const asked = Promise.withResolvers<void>();
    hook.intake.accept = () => {
      asked.resolve();
      return commit.promise;
    };
    const late = post(hook.url, event());
    await asked.promise;
    await hook.clock.advance(1000);
    expect(await early).toMatchObject(later);
    commit.resolve({ stored: 1, duplicates: 0, rejected: 0 });
    expect(await late).toMatchObject({ status: 200 });
    expect(hook.refused).toEqual(['late']);
  });

  test('the deadline holds anew after a quiet time', async () => {
    expect(await post(hook.url, event())).toMatchObject({ status: 200 });
    hook.intake.accept = () => new Promise(() => {});
    const first = post(hook.url, event());
    await hook.clock.untilSleeping(1);
    await hook.clock.advance(4000);
    expect(await first).toMatchObject(later);
    const second = post(hook.url, event());
    await hook.clock.untilSleeping(1);
    await hook.clock.advance(4000);
    expect(await second).toMatchObject(later);
  });

  test('more than 64 MB waiting: at once, until there is room again', async () => {
    const commit = Promise.withResolvers<Stored>();
    hook.intake.accept = () => commit.promise;
    const body = JSON.stringify(
      envelope(record({ requestParameters: { policy: 'x'.repeat(1.4 * MEBIBYTE) } })),
    );
    const posts = Array.from({ length: 46 }, () => post(hook.url, body));
    const refused = await Promise.race(posts);
    expect(refused).toMatchObject(later);
    commit.resolve(ONE_STORED);
    const statuses = (await Promise.all(posts)).map((answer) => answer.status);
    expect(new Set(statuses)).toEqual(new Set([200, 503]));
    expect(await post(hook.url, body)).toMatchObject({ status: 200 });
  });
});

test('an upload that breaks off stores nothing and leaves nothing waiting', async () => {
  const body = event();
  for (let i = 0; i < 50; i += 1) {
    const { req, answer } = open(hook.url, { 'content-length': 1.5 * MEBIBYTE });
    const broken = expect(answer).rejects.toThrow();
    await new Promise((resolve) => req.write(body, resolve));
    req.destroy();
    await broken;
  }
  expect(await post(hook.url, body)).toMatchObject({ status: 200, json: ONE_STORED });
  expect(hook.intake.keys.size).toBe(1);
});

test('the webhook takes POST only', async () => {
  const answer = await get(hook.url);
  expect(answer).toMatchObject({ status: 405, headers: { allow: 'POST' } });
});

test('a stop in the middle of a storm loses nothing that was answered', async () => {
  const answers = Promise.allSettled(Array.from({ length: 300 }, () => post(hook.url, event())));
  const first = Promise.withResolvers<void>();
  const accept = hook.intake.accept;
  hook.intake.accept = (delivery, receivedAt) => {
    first.resolve();
    return accept(delivery, receivedAt);
  };
  await first.promise;
  await hook.server.stop(10_000);
  const settled = await answers;
  const stored = settled.filter((one) => one.status === 'fulfilled' && one.value.status === 200);
  expect(stored.length).toBeGreaterThan(0);
  expect(hook.intake.keys.size).toBe(stored.length);
});
