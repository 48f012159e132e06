import { createHmac } from 'node:crypto';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

export const SECRET = 'a-signing-secret';

/** A server for a listener, and its address. */
export async function serve(listener: RequestListener): Promise<{ url: string; stop(): Promise<void> }> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events`,
    stop() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** A request body with Slack's headers for it. */
export function signed(
  body: string,
  at: number,
  options: { type?: string; secret?: string } = {},
): RequestInit {
  const stamp = String(Math.floor(at / 1000));
  const hmac = createHmac('sha256', options.secret ?? SECRET).update(`v0:${stamp}:${body}`);
  return {
    method: 'POST',
    body,
    headers: {
      'content-type': options.type ?? 'application/x-www-form-urlencoded',
      'x-slack-request-timestamp': stamp,
      'x-slack-signature': `v0=${hmac.digest('hex')}`,
    },
  };
}

/** An interaction as Slack posts it: a form with the JSON in `payload`. */
export function interaction(payload: object): string {
  return new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
}
