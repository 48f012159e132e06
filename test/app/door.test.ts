import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { startApp } from '../../src/app/app.ts';
import { readConfig } from '../../src/config/config.ts';
import { createLog } from '../../src/kernel/log.ts';
import { systemRandom } from '../../src/kernel/random.ts';
import { systemClock } from '../../src/kernel/time.ts';
import { openStore } from '../../src/store/open.ts';
import { countRecords } from '../../src/store/records.ts';
import { freePort } from '../support/child.ts';
import { envelope, record } from '../support/records.ts';
import { temporaryFolder } from '../support/store.ts';

const KEY = 'a-key-for-the-door-test';

/** Takes what it is asked and says nothing, until it is told to answer everything that an app is refused. */
async function silentSlack() {
  const asked = Promise.withResolvers<void>();
  const waiting: ServerResponse[] = [];
  const server = createServer((_request, response) => {
    waiting.push(response);
    asked.resolve();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/`,
    asked: asked.promise,
    refuse(error: string): void {
      for (const response of waiting)
        response
          .writeHead(200, { 'content-type': 'application/json' })
          .end(JSON.stringify({ ok: false, error }));
    },
  };
}

it('takes events while Slack has not answered yet, and keeps them when it refuses the bot', async () => {
  const slack = await silentSlack();
  const port = await freePort();
  const folder = temporaryFolder();
  const env = {
    SLACK_BOT_TOKEN: 'xoxb-local-door',
    SLACK_SIGNING_SECRET: '0123456789abcdef0123456789abcdef',
    TRAILBOT_WEBHOOK_KEYS: KEY,
  };
  const read = readConfig({ text: `slack: { api_url: "${slack.url}" }`, file: 'trailbot.yaml', env });
  if ('problems' in read) throw new Error(JSON.stringify(read.problems));
  const start = startApp({
    config: { ...read.config, dataDir: folder, listen: { host: '127.0.0.1', port } },
    base: folder,
    watched: [],
    clock: systemClock,
    random: systemRandom,
    log: createLog('silent'),
  });
  const refused = expect(start).rejects.toThrow('Slack does not accept the bot');
  await slack.asked;
  const url = `http://127.0.0.1:${port}`;
  const post = (path: string) =>
    fetch(`${url}${path}`, {
      method: 'POST',
      headers: { 'x-api-key': KEY },
      body: JSON.stringify(envelope(record())),
    });
  expect((await post('/events')).status).toBe(200);
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
  const early = await post('/slack/events');
  expect([early.status, early.headers.get('retry-after')]).toEqual([503, '5']);
  slack.refuse('invalid_auth');
  await refused;
  await expect(post('/events')).rejects.toThrow();
  const db = await openStore(folder);
  expect(await countRecords(db)).toMatchObject({ stored: 1, pending: 1 });
  await db.close();
});
