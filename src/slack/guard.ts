import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { JsonObject } from '../kernel/json.ts';
import type { Log } from '../kernel/log.ts';
import { sayError } from '../kernel/problem.ts';
import { type Clock, MINUTE, type Millis, SECOND } from '../kernel/time.ts';
import { isForm, isHandshake, isKnownShape, readBody, teamOf } from './payload.ts';

/** The one address that Slack is given for everything. */
const PATH = '/slack/events';
const BODY_LIMIT = 1_000_000;
const OLDEST: Millis = 5 * MINUTE;
const NEWEST: Millis = MINUTE;

export interface GuardOptions {
  readonly signingSecret: string;
  readonly clock: Clock;
  readonly log: Log;
  /** The one workspace that is served. */
  teamId(): Promise<string>;
  /** False when one of the ids was given before, here or in another process; all of them are remembered, or none. */
  firstTime(...ids: string[]): Promise<boolean>;
}

/** A request whose body was read and may go on, as Bolt takes it. */
export type GuardedRequest = IncomingMessage & { rawBody: Buffer };

/** Either the answer that ends the request, or the request, ready for Bolt. */
type Verdict = { readonly status: number; readonly why?: string } | { readonly pass: GuardedRequest };

/**
 * Stands before Bolt, whose own check refuses neither signatures from the future nor a request sent twice,
 * and reads the machine's clock. Nothing is parsed before the signature of the raw bytes was found right;
 * what is refused has no effect.
 */
export function createGuard(
  options: GuardOptions,
  next: (request: GuardedRequest, response: ServerResponse) => void,
) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    try {
      const verdict = await judge(options, request);
      if ('pass' in verdict) return next(verdict.pass, response);
      const { status, why } = verdict;
      if (why) options.log.warn({ status }, `refused a request to the address for Slack: ${why}`);
      end(response, status);
    } catch (error) {
      options.log.error({ error }, `could not check a request from Slack: ${sayError(error)}`);
      end(response, 503);
    }
  };
}

function end(response: ServerResponse, status: number): void {
  if (response.headersSent) return;
  // What was not read of a body that is too long is not waited for.
  response.writeHead(status, status === 413 ? { connection: 'close' } : {}).end();
}

async function judge(options: GuardOptions, request: IncomingMessage): Promise<Verdict> {
  if (request.url?.split('?')[0] !== PATH) return { status: 404 };
  if (request.method !== 'POST') return { status: 405 };
  const raw = await readRaw(request);
  if (raw === undefined) return { status: 413, why: 'the body is longer than 1 MB' };
  const contentType = String(request.headers['content-type'] ?? '');
  // Slack's own check of the certificate: unsigned, and without any effect.
  if (isForm(contentType) && /^(?:.*&)?ssl_check=1(?:&|$)/.test(raw.toString('latin1', 0, 2000))) {
    return { status: 200 };
  }
  const signature = request.headers['x-slack-signature'];
  const stamp = request.headers['x-slack-request-timestamp'];
  const why = checkSignature(options, raw, signature, stamp);
  if (why !== undefined) return { status: 401, why };
  const body = readBody(contentType, raw.toString('utf8'));
  if (body === undefined) return { status: 400, why: 'the body is not what Slack sends' };
  const guarded = Object.assign(request, { rawBody: raw });
  // Bolt knows the form only without parameters such as a charset.
  if (isForm(contentType)) guarded.headers['content-type'] = 'application/x-www-form-urlencoded';
  if (isHandshake(body)) return { pass: guarded };
  const refused = refusedPayload(body, await options.teamId());
  if (refused) return refused;
  const seen = `signature:${createHash('sha256').update(String(signature)).digest('hex')}`;
  if (!(await options.firstTime(seen))) return { status: 200, why: 'it was sent before (replay)' };
  return { pass: guarded };
}

/** Why nothing is done about what Slack brings, by whichever way; `undefined` when it may go on. */
export function refusedPayload(
  body: JsonObject,
  teamId: string,
): { readonly status: number; readonly why: string } | undefined {
  if (teamOf(body) !== teamId) return { status: 403, why: 'it speaks for another workspace' };
  return isKnownShape(body) ? undefined : { status: 400, why: 'the payload is of no known kind' };
}

/** `undefined` when the request is Slack's, else why not. Source: Slack, "Verifying requests from Slack". */
function checkSignature(
  options: GuardOptions,
  raw: Buffer,
  signature: string | string[] | undefined,
  stamp: string | string[] | undefined,
): string | undefined {
  if (typeof signature !== 'string' || typeof stamp !== 'string') return 'a signature header is missing';
  if (!/^\d{1,12}$/.test(stamp)) return 'the timestamp is no number';
  const age = options.clock.now() - Number(stamp) * SECOND;
  if (age > OLDEST) return 'the timestamp is more than 5 minutes old; check the clock of this machine';
  if (age < -NEWEST) return 'the timestamp is more than 60 s in the future; check the clock of this machine';
  const expected = `v0=${createHmac('sha256', options.signingSecret).update(`v0:${stamp}:`).update(raw).digest('hex')}`;
  const given = Buffer.from(signature);
  const wanted = Buffer.from(expected);
  if (given.length === wanted.length && timingSafeEqual(given, wanted)) return undefined;
  return 'the signature is wrong; check SLACK_SIGNING_SECRET';
}

/** The whole body; `undefined` when it is longer than the limit. Rejects when the sender goes away. */
function readRaw(request: IncomingMessage): Promise<Buffer | undefined> {
  if (Number(request.headers['content-length'] ?? 0) > BODY_LIMIT) return Promise.resolve(undefined);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const keep = (chunk: Buffer): void => {
      chunks.push(chunk);
      length += chunk.length;
      if (length <= BODY_LIMIT) return;
      request.off('data', keep);
      request.resume();
      resolve(undefined);
    };
    request.on('data', keep);
    request.on('end', () => resolve(Buffer.concat(chunks)));
    request.on('error', reject);
    request.on('close', () => reject(new Error('the sender went away')));
  });
}
