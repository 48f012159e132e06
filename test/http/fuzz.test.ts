import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { envelope, record } from '../support/records.ts';
import { event, KEY, post, raw, startWebhook, type Webhook } from './webhook.ts';

let hook: Webhook;
beforeAll(async () => {
  hook = await startWebhook();
});
afterAll(() => hook.server.stop(0));

/** Refused or stored; nothing that a sender would repeat, nothing that broke here. */
const EXPECTED = new Set([200, 400, 413]);

async function check(body: string | Buffer): Promise<void> {
  const answer = await post(hook.url, body);
  expect(EXPECTED.has(answer.status), `${answer.status} ${answer.text}`).toBe(true);
  expect(Object.keys(answer.json)).toContain(answer.status === 200 ? 'stored' : 'error');
}

describe('no body breaks the webhook', () => {
  test('any bytes, plain or compressed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), fc.boolean(), async (bytes, compressed) => {
        await check(compressed ? gzipSync(bytes) : Buffer.from(bytes));
      }),
      { numRuns: 200 },
    );
  });

  test('any JSON', async () => {
    await fc.assert(
      fc.asyncProperty(fc.json(), (body) => check(body)),
      { numRuns: 200 },
    );
  });

  test('an event with anything in the place of one of its parts', async () => {
    const whole = record();
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...Object.keys(whole)), fc.jsonValue(), async (key, value) => {
        await check(JSON.stringify(envelope(record({ [key]: JSON.parse(JSON.stringify(value)) }))));
      }),
      { numRuns: 200 },
    );
  });

  test('an event with bytes changed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.uint8Array({ minLength: 1, maxLength: 8 }), async (at, bytes) => {
        const body = Buffer.from(event());
        body.set(bytes, at % (body.length - bytes.length));
        await check(body);
      }),
      { numRuns: 200 },
    );
  });
});

describe('no request breaks the server', () => {
  const line = fc.stringMatching(/^[ -~]{0,40}$/);
  const name = fc.constantFrom(
    'x-api-key',
    'authorization',
    'content-encoding',
    'range',
    'x-any',
    'connection',
  );

  test('any headers beside the key', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(name, line), { maxLength: 6 }), async (headers) => {
        const body = event();
        const head = [
          'POST /events HTTP/1.1',
          'Host: a',
          'Connection: close',
          `Content-Length: ${body.length}`,
        ];
        const all = [...head, ...headers.map(([key, value]) => `${key}: ${value}`)].join('\r\n');
        expect(await raw(hook.server.port, `${all}\r\n\r\n${body}`)).toMatch(/^HTTP\/1\.1 (200|400|403) /);
      }),
      { numRuns: 200 },
    );
  });

  test('any bytes instead of a request', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 60 }), async (bytes) => {
        const answer = await raw(hook.server.port, Buffer.concat([bytes, Buffer.from('\r\n\r\n\r\n\r\n')]));
        expect(answer).not.toMatch(/^HTTP\/1\.1 5/);
      }),
      { numRuns: 200 },
    );
    expect(await post(hook.url, event(), { 'x-api-key': KEY })).toMatchObject({ status: 200 });
  });
});
