import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { startBot } from '../support/bot.ts';
import { freePort } from '../support/child.ts';
import { envelope, record } from '../support/records.ts';
import { temporaryFolder } from '../support/store.ts';
import { call } from './command.ts';

const KEYS = { TRAILBOT_WEBHOOK_KEYS: 'a-key-for-the-tests-of-send' };

let folder: string;
const put = (name: string, value: unknown) => writeFileSync(join(folder, name), JSON.stringify(value));

beforeEach(() => {
  folder = temporaryFolder();
});

/** A webhook that answers every event with this status, and keeps what it got. */
async function startHook(
  status: number,
): Promise<{ url: string; requests: { headers: IncomingMessage['headers']; body: string }[] }> {
  const requests: { headers: IncomingMessage['headers']; body: string }[] = [];
  const server = createServer((req, res) => {
    let body = '';
    req.on('data', (part: Buffer) => {
      body += part.toString();
    });
    req.on('end', () => {
      if (req.method === 'POST') requests.push({ headers: req.headers, body });
      res.writeHead(status).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/events`, requests };
}

describe('send', () => {
  it('finds the local bot of the data folder, and says what became of the events', async () => {
    const bot = await startBot();
    const again = record();
    put('events.json', { Records: [again, record(), { no: 'record' }] });
    const first = await call(['send', 'events.json', '--data', bot.folder], { folder });
    expect(first).toEqual({
      code: 0,
      out: `3 events sent to ${bot.app.url}/events: 2 stored, 1 not understood, kept with the reason.\n`,
      err: '',
    });
    put('again.json', again);
    const second = await call(['send', 'again.json', '--data', bot.folder, '--json'], { folder });
    expect(JSON.parse(second.out)).toEqual({
      sent: 1,
      accepted: 0,
      duplicates: 1,
      rejected: 0,
      failed: 0,
      retried: 0,
      unsent: 0,
    });
    expect((await bot.app.status()).records).toMatchObject({ stored: 2, rejected: 1 });
  });

  it('finds it by data_dir of the configuration, too', async () => {
    const bot = await startBot();
    writeFileSync(join(folder, 'trailbot.yaml'), `data_dir: ${bot.folder}\n`);
    const { code, out } = await call(['send', '--sample', 'leaked-key'], { folder });
    expect(out).toMatch(/^\d+ events sent to .*: \d+ stored\.\n$/);
    expect(code).toBe(0);
  });

  it('sends each record as an EventBridge event, and such an event as it is', async () => {
    const hook = await startHook(200);
    const login = record({ eventType: 'AwsConsoleSignIn', eventSource: 'signin.amazonaws.com' });
    const event = envelope(record());
    put('a.json', [login]);
    put('b.json', event);
    const { code } = await call(['send', '--to', hook.url, 'a.json', 'b.json'], { folder, env: KEYS });
    expect(code).toBe(0);
    const bodies = hook.requests.map(({ body }) => JSON.parse(body) as unknown);
    expect(bodies).toContainEqual(event);
    expect(bodies).toContainEqual(
      expect.objectContaining({
        'detail-type': 'AWS Console Sign In via CloudTrail',
        source: 'aws.signin',
        detail: login,
      }),
    );
    expect(hook.requests[0]?.headers['x-api-key']).toBe(KEYS.TRAILBOT_WEBHOOK_KEYS);
  });

  it('says that the key is refused, and does not go on', async () => {
    const bot = await startBot();
    const url = `${bot.app.url}/events`;
    put(
      'events.json',
      Array.from({ length: 300 }, () => record()),
    );
    const { code, out, err } = await call(['send', '--to', url, 'events.json', '--json'], {
      folder,
      env: KEYS,
    });
    expect(code).toBe(1);
    expect(err).toBe(
      `The webhook ${url} refuses the key. Set TRAILBOT_WEBHOOK_KEYS to one of the keys that it was started with; nothing was stored.\n`,
    );
    expect((JSON.parse(out) as { sent: number }).sent).toBeLessThan(30);
  });

  it('says that nobody answers, at once', async () => {
    const url = `http://127.0.0.1:${await freePort()}/events`;
    const { code, out, err } = await call(['send', '--to', url, '--sample', 'burst'], { folder, env: KEYS });
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toBe(
      `Nothing answers at ${url} (the connection was refused). Start the bot with npm start, or give another webhook with --to URL.\n`,
    );
  });

  it('says that the path is wrong', async () => {
    const bot = await startBot();
    put('event.json', record());
    const { code, err } = await call(['send', '--to', bot.app.url, 'event.json'], { folder, env: KEYS });
    expect(code).toBe(1);
    expect(err).toBe(
      `The webhook ${bot.app.url} took nothing: answered 404: Nothing is served at this path. Trailbot takes events at /events.\n`,
    );
  });

  it('wants a key, an address that is one, and a sample that there is', async () => {
    const to = ['--to', 'http://127.0.0.1:9/events'];
    const without = await call(['send', ...to, '--sample', 'burst'], { folder });
    expect(without.err).toBe(
      'The webhook http://127.0.0.1:9/events wants a key: set TRAILBOT_WEBHOOK_KEYS to one of its keys.\n',
    );
    const address = await call(['send', '--to', 'example', '--sample', 'burst'], { folder, env: KEYS });
    expect(address.err).toMatch(/^example is no web address; give .*\n$/);
    const sample = await call(['send', ...to, '--sample', 'brust'], { folder, env: KEYS });
    expect(sample.err).toBe('There is no sample brust. The samples are: leaked-key, burst.\n');
    expect([without.code, address.code, sample.code]).toEqual([2, 2, 2]);
  });

  it('leaves out what is no JSON, sends the rest, and ends with 1', async () => {
    const hook = await startHook(200);
    writeFileSync(join(folder, 'events'), `rubbish\n${JSON.stringify(envelope(record()))}\n`);
    const { code, out, err } = await call(['send', '--to', hook.url, 'events'], { folder, env: KEYS });
    expect({ code, out }).toEqual({ code: 1, out: `1 event sent to ${hook.url}: 1 stored.\n` });
    expect(err).toBe(
      'events:1: this is no JSON and is not sent\n1 piece of the input is no JSON and was not sent.\n',
    );
  });

  it('says that a file of the local bot is damaged', async () => {
    writeFileSync(join(folder, 'running.json'), '{');
    const { code, err } = await call(['send', '--data', '.', '--sample', 'burst'], { folder });
    expect(code).toBe(2);
    expect(err).toMatch(
      /running\.json is damaged\. Delete it and start the bot again, which makes a new one\.\n$/,
    );
  });
});
