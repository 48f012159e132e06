import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { isObject } from '../kernel/json.ts';
import { Misuse, sayError } from '../kernel/problem.ts';
import { type Clock, type Millis, SECOND } from '../kernel/time.ts';

/** What one try came to. */
export type Verdict =
  | { readonly is: 'done'; readonly accepted: number; readonly duplicates: number; readonly rejected: number }
  | { readonly is: 'later'; readonly why: string; readonly after: Millis }
  | { readonly is: 'never'; readonly why: string };

export interface PosterOptions {
  readonly url: string;
  readonly key: string;
  readonly keepAlive?: boolean;
  readonly clock: Clock;
}

export interface Poster {
  /** One try. Never rejects. */
  post(event: string): Promise<Verdict>;
  close(): void;
}

const TIMEOUT: Millis = 5 * SECOND;
const ANSWER_LIMIT = 64 * 1024;

/** Statuses that an API destination tries again, besides 5xx. */
const RETRIED = new Set([401, 407, 409, 429]);

/** The request of an API destination, header by header. Throws Misuse for an address that is none. */
export function createPoster({ url, key, keepAlive = false, clock }: PosterOptions): Poster {
  const to = webAddress(url);
  const secure = to.protocol === 'https:';
  const agent = secure ? new HttpsAgent({ keepAlive }) : new HttpAgent({ keepAlive });
  const open = secure ? httpsRequest : httpRequest;
  const headers = {
    'User-Agent': 'Amazon/EventBridge/ApiDestinations',
    'Content-Type': 'application/json; charset=utf-8',
    Range: 'bytes=0-1048575',
    'Accept-Encoding': 'gzip,deflate',
    'x-api-key': key,
  };

  function post(event: string, timeout: AbortSignal): Promise<Verdict> {
    return new Promise((resolve) => {
      const failed = (error: unknown): void => resolve({ is: 'later', why: sayError(error), after: 0 });
      const length = { 'Content-Length': Buffer.byteLength(event) };
      const req = open(to, { method: 'POST', agent, headers: { ...headers, ...length } }, (res) => {
        readAnswer(res, (text) => resolve(classify(res.statusCode ?? 0, res.headers['retry-after'], text)));
        res.on('error', failed);
      });
      req.on('error', failed);
      void clock.sleep(TIMEOUT, timeout).then(() => {
        if (!timeout.aborted) req.destroy(new Error(`no answer within ${TIMEOUT / SECOND} s`));
      });
      req.end(event);
    });
  }

  return {
    async post(event) {
      const timer = new AbortController();
      try {
        return await post(event, timer.signal);
      } finally {
        timer.abort();
      }
    },
    close: () => agent.destroy(),
  };
}

function webAddress(url: string): URL {
  const to = URL.canParse(url) ? new URL(url) : undefined;
  if (to?.protocol !== 'http:' && to?.protocol !== 'https:') {
    throw new Misuse(`${url} is no web address; give the webhook's, such as http://127.0.0.1:8080/events.`);
  }
  return to;
}

function readAnswer(res: IncomingMessage, done: (text: string) => void): void {
  let text = '';
  res.setEncoding('utf8');
  res.on('data', (part: string) => {
    if (text.length < ANSWER_LIMIT) text += part;
  });
  res.on('end', () => done(text));
}

/**
 * What an API destination makes of an answer. `Retry-After` in seconds is honoured, a negative one ends the
 * tries; the header's date form is taken as absent.
 */
export function classify(status: number, retryAfter: string | undefined, text: string): Verdict {
  if (status >= 200 && status < 300) return { is: 'done', ...counts(text) };
  const why = `answered ${status}${reason(text)}`;
  const seconds = /^-?\d+$/.test(retryAfter ?? '') ? Number(retryAfter) : 0;
  if ((RETRIED.has(status) || status >= 500) && seconds >= 0) {
    return { is: 'later', why, after: seconds * SECOND };
  }
  return { is: 'never', why };
}

/** A webhook that is not Trailbot's need not count; then one request is one event. */
function counts(text: string): { accepted: number; duplicates: number; rejected: number } {
  const body = parsed(text);
  const { stored, duplicates, rejected } = isObject(body) ? body : {};
  if (typeof stored !== 'number') return { accepted: 1, duplicates: 0, rejected: 0 };
  return { accepted: stored, duplicates: Number(duplicates ?? 0), rejected: Number(rejected ?? 0) };
}

function reason(text: string): string {
  const body = parsed(text);
  return isObject(body) && typeof body.error === 'string' ? `: ${body.error}` : '';
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
