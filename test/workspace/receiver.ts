import { createServer, type IncomingHttpHeaders } from 'node:http';
import { onTestFinished } from 'vitest';

/** One request as it came from the workspace. */
export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** The fields of a form. */
  readonly form: URLSearchParams;
  /** The interaction in the form, or the event. */
  readonly payload: Record<string, unknown>;
}

export type Reply = {
  readonly status?: number;
  readonly body?: string;
  readonly headers?: Record<string, string>;
};

export interface Receiver {
  readonly url: string;
  readonly received: Received[];
  /** Resolves with the request number `count` (from 1), as soon as it has come. */
  arrival(count: number): Promise<Received>;
}

/** A bare HTTP server in the app's place; `answer` returning undefined leaves the request without answer. */
export async function startReceiver(
  answer: (request: Received) => Reply | undefined = () => ({}),
): Promise<Receiver> {
  const received: Received[] = [];
  let waiting: { count: number; seen: (request: Received) => void }[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const one = read(request.headers, Buffer.concat(chunks).toString('utf8'));
      received.push(one);
      for (const waiter of waiting.filter((w) => w.count === received.length)) waiter.seen(one);
      waiting = waiting.filter((w) => w.count > received.length);
      const reply = answer(one);
      if (reply) response.writeHead(reply.status ?? 200, reply.headers).end(reply.body ?? '');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/slack/events`,
    received,
    arrival: (count) =>
      new Promise((resolve) => {
        const there = received[count - 1];
        if (there) resolve(there);
        else waiting.push({ count, seen: resolve });
      }),
  };
}

function read(headers: IncomingHttpHeaders, body: string): Received {
  const isJson = headers['content-type'] === 'application/json';
  const form = new URLSearchParams(isJson ? '' : body);
  return { headers, body, form, payload: JSON.parse(isJson ? body : (form.get('payload') ?? '{}')) };
}
