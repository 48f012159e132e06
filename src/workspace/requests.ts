import { createHmac } from 'node:crypto';
import { request } from 'node:http';
import { sayError } from '../kernel/problem.ts';
import type { Clock } from '../kernel/time.ts';
import type { Carrier, Outcome, Payload, Retry } from './deliver.ts';

const MOST_ANSWER = 1_000_000;

export interface RequestsOptions {
  readonly clock: Clock;
  readonly signingSecret: string;
  /** The app's `/slack/events`. */
  readonly requestUrl: () => string;
}

/** Signed requests to the app, as Slack sends them (https://docs.slack.dev/authentication/verifying-requests-from-slack). */
export function requestCarrier({ clock, signingSecret, requestUrl }: RequestsOptions): Carrier {
  return {
    carry(payload, retry, cut) {
      const { type, body } = encode(payload);
      const headers = {
        'content-type': type,
        'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
        ...sign(body, signingSecret, clock.now()),
        ...(retry.number > 0 ? { 'x-slack-retry-num': String(retry.number) } : {}),
        ...(retry.reason ? { 'x-slack-retry-reason': REASONS[retry.reason] } : {}),
      };
      return post(requestUrl(), headers, body, cut);
    },
  };
}

const REASONS: Readonly<Record<NonNullable<Retry['reason']>, string>> = {
  timeout: 'http_timeout',
  connection_failed: 'connection_failed',
  error: 'http_error',
};

/** Events are JSON; commands are a form, and so are interactions, in its `payload`. */
function encode({ kind, content }: Payload): { type: string; body: string } {
  if (kind === 'event') return { type: 'application/json', body: JSON.stringify(content) };
  const fields = kind === 'command' ? texts(content) : { payload: JSON.stringify(content) };
  return {
    type: 'application/x-www-form-urlencoded',
    body: new URLSearchParams(fields).toString(),
  };
}

function texts(content: Payload['content']): Record<string, string> {
  return Object.fromEntries(Object.entries(content).map(([key, value]) => [key, String(value)]));
}

function sign(body: string, secret: string, now: number): Record<string, string> {
  const seconds = String(Math.floor(now / 1000));
  const hmac = createHmac('sha256', secret).update(`v0:${seconds}:${body}`).digest('hex');
  return { 'x-slack-request-timestamp': seconds, 'x-slack-signature': `v0=${hmac}` };
}

/** One POST on its own connection. Never rejects: whatever goes wrong is an outcome. */
function post(
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  signal: AbortSignal,
): Promise<Outcome> {
  return new Promise((resolve) => {
    const failed = (error: unknown) => resolve({ kind: 'unreachable', why: sayError(error) });
    try {
      const options = { method: 'POST', agent: false, headers: { ...headers }, signal } as const;
      const sent = request(url, options, (answer) => {
        const chunks: Buffer[] = [];
        let size = 0;
        answer.on('data', (chunk: Buffer) => {
          size += chunk.length;
          if (size > MOST_ANSWER) answer.destroy(new Error('the answer is too long'));
          else chunks.push(chunk);
        });
        answer.on('error', failed);
        answer.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          resolve({ kind: 'answered', status: answer.statusCode ?? 0, headers: answer.headers, body: text });
        });
      });
      sent.on('error', failed);
      sent.end(body);
    } catch (error) {
      failed(error);
    }
  });
}
