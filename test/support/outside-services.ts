import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { isObject, type JsonObject, objectOf, parseJson, textOf } from '../../src/kernel/json.ts';

interface Heard {
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly body: JsonObject;
}

interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: JsonObject;
  /** No answer comes at all. */
  readonly never?: boolean;
}

/** A service on a real port that remembers what it is told. */
export interface Service {
  readonly url: string;
  readonly heard: Heard[];
  /** The next requests are answered so, in this order; then as usual. */
  answer(...answers: readonly Answer[]): void;
  /** Resolves once so many requests have come in altogether. */
  received(count: number): Promise<void>;
}

async function startService(path: string, usual: (body: JsonObject) => Answer): Promise<Service> {
  const heard: Heard[] = [];
  const planned: Answer[] = [];
  let waiting: { count: number; seen: () => void }[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (part) => {
      text += String(part);
    });
    request.on('end', () => {
      const json = parseJson(text);
      const body = isObject(json) ? json : {};
      heard.push({ headers: request.headers, text, body });
      const answer = planned.shift() ?? usual(body);
      if (!answer.never) {
        response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
        response.end(JSON.stringify(answer.body ?? {}));
      }
      for (const one of waiting.filter(({ count }) => count <= heard.length)) one.seen();
      waiting = waiting.filter(({ count }) => count > heard.length);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`,
    heard,
    answer: (...answers) => planned.push(...answers),
    received: (count) =>
      heard.length >= count
        ? Promise.resolve()
        : new Promise((resolve) => waiting.push({ count, seen: resolve })),
  };
}

/** Somebody's webhook, which takes everything. */
export function startWebhookService(): Promise<Service> {
  return startService('/hook', () => ({ status: 200 }));
}

const ACTIONS = ['trigger', 'acknowledge', 'resolve'];
const SEVERITIES = ['critical', 'error', 'warning', 'info'];

/** PagerDuty, as far as events go. Source: PagerDuty, "Events API v2", Send an Alert Event. */
export function startPagerDutyService(routingKey: string): Promise<Service> {
  return startService('/v2/enqueue', (event) => {
    const errors = mistakesIn(event, routingKey);
    return errors.length > 0
      ? { status: 400, body: { status: 'invalid event', message: 'Event object is invalid', errors } }
      : {
          status: 202,
          body: {
            status: 'success',
            message: 'Event processed',
            dedup_key: textOf(event, 'dedup_key') ?? '',
          },
        };
  });
}

function mistakesIn(event: JsonObject, routingKey: string): string[] {
  const action = textOf(event, 'event_action') ?? '';
  const payload = objectOf(event, 'payload') ?? {};
  const trigger = action === 'trigger';
  const text = (key: string) => textOf(payload, key) ?? '';
  const checks: [boolean, string][] = [
    [event.routing_key === routingKey, 'routing_key is unknown'],
    [ACTIONS.includes(action), 'event_action is invalid'],
    [trigger || textOf(event, 'dedup_key') !== undefined, 'dedup_key is missing'],
    [(textOf(event, 'dedup_key') ?? '').length <= 255, 'dedup_key is too long'],
    [!trigger || (text('summary') !== '' && text('summary').length <= 1024), 'payload.summary is invalid'],
    [!trigger || text('source') !== '', 'payload.source is missing'],
    [!trigger || SEVERITIES.includes(text('severity')), 'payload.severity is invalid'],
    [!trigger || !Number.isNaN(Date.parse(text('timestamp'))), 'payload.timestamp is invalid'],
  ];
  return checks.flatMap(([right, mistake]) => (right ? [] : [mistake]));
}
