import { hash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** True when the request carries one of the keys. */
export type KeyCheck = (headers: IncomingHttpHeaders) => boolean;

/**
 * Two keys may be valid at once, so that one can be rotated. A key comes in `x-api-key`, as
 * `authorization: Bearer KEY`, or as the password of `authorization: Basic …`: the three ways in which an
 * EventBridge connection can send a secret that does not change. An empty key is nobody's key.
 */
export function createKeyCheck(keys: readonly string[]): KeyCheck {
  const digests = keys.filter((key) => key !== '').map((key) => digest(Buffer.from(key)));
  return (headers) => checkKey(headers, digests);
}

/**
 * Compared as digests, so that all comparisons take the same time, and against every key without stopping
 * at the first hit, so that time does not tell which one it was. A header that was sent twice is joined by
 * Node with a comma and so is no key.
 */
function checkKey(headers: IncomingHttpHeaders, digests: readonly Buffer[]): boolean {
  let found = 0;
  for (const candidate of candidates(headers)) {
    const presented = digest(candidate);
    for (const known of digests) found |= Number(timingSafeEqual(presented, known));
  }
  return found === 1;
}

function candidates(headers: IncomingHttpHeaders): Buffer[] {
  const found: Buffer[] = [];
  const header = headers['x-api-key'];
  if (typeof header === 'string' && header !== '') found.push(Buffer.from(header, 'latin1'));
  const authorization = headers.authorization ?? '';
  const space = authorization.indexOf(' ');
  const scheme = authorization.slice(0, Math.max(0, space)).toLowerCase();
  const value = authorization.slice(space + 1);
  if (value === '') return found;
  if (scheme === 'bearer') found.push(Buffer.from(value, 'latin1'));
  if (scheme === 'basic') found.push(password(value));
  return found;
}

/** RFC 7617: base64 of `user:password`; only the password may hold further colons. */
function password(credentials: string): Buffer {
  const decoded = Buffer.from(credentials, 'base64');
  return decoded.subarray(decoded.indexOf(':') + 1);
}

function digest(bytes: Buffer): Buffer {
  return hash('sha256', bytes, 'buffer');
}
