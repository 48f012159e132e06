import type { IncomingMessage } from 'node:http';

/** Why a request is not served: status and words. */
export interface Turned {
  readonly status: number;
  readonly why: string;
}

/** Paths that programs call; a browser has no business there. */
const FOR_PROGRAMS = /^\/(?:api|response|upload)\//;

/**
 * Who may ask. The server listens on loopback only, but any web site can make a browser call there: a foreign
 * Host means a rebound name, a foreign Origin another site's script.
 */
export function turnAway(request: IncomingMessage, path: string, port: number): Turned | undefined {
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  const host = request.headers.host ?? '';
  if (!hosts.includes(host)) {
    return {
      status: 421,
      why: `This is the local workspace at http://127.0.0.1:${port}/ and no other host.`,
    };
  }
  const { origin } = request.headers;
  if (FOR_PROGRAMS.test(path)) {
    return origin === undefined ? undefined : { status: 403, why: 'Browsers may not call this address.' };
  }
  const own = hosts.map((name) => `http://${name}`);
  if (origin !== undefined && !own.includes(origin)) {
    return { status: 403, why: 'This origin may not call the local workspace.' };
  }
  const changes = request.method !== 'GET' && request.method !== 'HEAD';
  if (changes && origin === undefined)
    return { status: 403, why: 'A request without an Origin is not taken here.' };
  return undefined;
}
