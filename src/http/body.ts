import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { BadGzip, inflate, isGzip } from '../kernel/gzip.ts';

/** EventBridge sends up to 1 MB of event; the rest is room for envelope parts that a connection adds. */
export const BODY_LIMIT = 1.5 * 1024 * 1024;

/** What a compressed body may inflate to. */
const INFLATED_LIMIT = 10 * 1024 * 1024;

/** Why there is no text: the status to answer with and one sentence; `gone` when nobody waits for one. */
export type BodyProblem = { readonly status: 400 | 413; readonly error: string } | { readonly gone: true };

const TOO_LARGE: BodyProblem = {
  status: 413,
  error: `The body is larger than ${BODY_LIMIT} bytes; send fewer events in one request.`,
};

/** What `Content-Length` says, or `undefined` when the body comes in chunks of unknown number. */
export function declaredLength(req: IncomingMessage): number | undefined {
  const header = req.headers['content-length'];
  if (header !== undefined) return Number(header);
  return req.headers['transfer-encoding'] === undefined ? 0 : undefined;
}

/**
 * The raw body. Stops keeping bytes at the limit and then says so at once: the caller answers, and the rest
 * of the body is still to be read away.
 */
export function readBytes(req: IncomingMessage): Promise<Buffer | BodyProblem> {
  if ((declaredLength(req) ?? 0) > BODY_LIMIT) return Promise.resolve(TOO_LARGE);
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const keep = (chunk: Buffer): void => {
      chunks.push(chunk);
      length += chunk.length;
      if (length <= BODY_LIMIT) return;
      req.off('data', keep);
      resolve(TOO_LARGE);
    };
    req.on('data', keep);
    req.on('end', () => resolve(joined(chunks, length)));
    req.on('error', () => resolve({ gone: true }));
    req.on('close', () => resolve({ gone: true }));
  });
}

/** Most bodies arrive in one piece, which then needs no copy. */
function joined(chunks: readonly Buffer[], length: number): Buffer {
  const [first] = chunks;
  return chunks.length === 1 && first ? first : Buffer.concat(chunks, length);
}

/** Text of a body, plain or gzip: its first bytes tell, since proxies forget or keep `Content-Encoding`. */
export async function decode(bytes: Buffer): Promise<string | BodyProblem> {
  if (!isGzip(bytes)) return textOf(bytes);
  try {
    return textOf(await inflate(bytes, INFLATED_LIMIT));
  } catch (error) {
    if (!(error instanceof BadGzip)) throw error;
    const status = error.tooLarge ? 413 : 400;
    return { status, error: `The body ${error.message}; send it whole, plain or as gzip.` };
  }
}

function textOf(bytes: Buffer): string | BodyProblem {
  if (!isUtf8(bytes)) {
    return { status: 400, error: 'The body is neither UTF-8 text nor gzip; send JSON as UTF-8.' };
  }
  const text = bytes.toString('utf8');
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}
