import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { postJson } from '../../src/http/outgoing.ts';
import { fakeClock } from '../support/clock.ts';

it('of an answer that does not end only the beginning is read', async () => {
  const server = createServer((_, response) => {
    const go = () => {
      while (!response.destroyed && response.write('x'.repeat(10_000)));
    };
    response.writeHead(200).on('drain', go);
    go();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  const answer = await postJson(fakeClock(), {
    url,
    body: '{}',
    headers: {},
    signal: new AbortController().signal,
  });
  expect(answer).toBe('x'.repeat(2000));
});
