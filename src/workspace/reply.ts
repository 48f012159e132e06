import type { ServerResponse } from 'node:http';
import { Denied } from './denied.ts';

/** Nothing but our own files runs, nothing frames us, nothing is kept. */
const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ');

/** On every answer of the workspace, whoever asked. */
export const SAFE_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': PAGE_POLICY,
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
};

/** Sends one whole answer, unless one is on its way already. */
export function reply(
  response: ServerResponse,
  status: number,
  type: string,
  body: string | Buffer,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (response.headersSent || response.destroyed) return;
  const length = String(Buffer.byteLength(body));
  response.writeHead(status, { ...SAFE_HEADERS, 'content-type': type, 'content-length': length, ...headers });
  response.end(body);
}

export function replyJson(
  response: ServerResponse,
  status: number,
  value: Readonly<Record<string, unknown>>,
  headers: Readonly<Record<string, string>> = {},
): void {
  reply(response, status, 'application/json; charset=utf-8', JSON.stringify(value), headers);
}

/** A refusal in words, for a browser or a person with curl. */
export function replyText(response: ServerResponse, status: number, text: string): void {
  reply(response, status, 'text/plain; charset=utf-8', `${text}\n`);
}

/** Slack's no, with its status and headers. Anything but a Denied is a mistake of ours and goes on upwards. */
export function replyDenied(response: ServerResponse, error: unknown): void {
  if (!(error instanceof Denied)) throw error;
  replyJson(response, error.status, { ok: false, error: error.code, ...error.details }, error.headers);
}
