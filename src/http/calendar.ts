import { Fault, sayError } from '../kernel/problem.ts';
import { type Clock, MINUTE, type Millis, SECOND } from '../kernel/time.ts';
import type { FetchedCalendar } from '../store/calendars.ts';

const TIMEOUT: Millis = 10 * SECOND;
const LARGEST = 2 * 1024 * 1024;
const MOST_REDIRECTS = 3;
const AGAIN: Millis = 15 * MINUTE;

type Known = Pick<FetchedCalendar, 'etag' | 'lastModified'> | undefined;

/**
 * Fetches a calendar from an https address (loopback http in tests). Rejects with a Fault that names the host alone:
 * the rest of such an address is often a secret.
 */
export async function fetchCalendar(
  address: string,
  known: Known,
  clock: Clock,
): Promise<FetchedCalendar | 'unchanged'> {
  const late = new AbortController();
  const done = new AbortController();
  void clock.sleep(TIMEOUT, done.signal).then(() => late.abort());
  const { host } = new URL(address);
  try {
    const answer = await follow(address, known, late.signal);
    return answer === 'unchanged' ? answer : await read(answer, host);
  } catch (error) {
    if (error instanceof Fault) throw error;
    const why = late.signal.aborted
      ? `did not answer within ${TIMEOUT / SECOND} s`
      : `could not be reached: ${cause(error)}`;
    throw Fault.later(`${host} ${why}`, AGAIN, { cause: error });
  } finally {
    done.abort();
  }
}

async function follow(address: string, known: Known, signal: AbortSignal): Promise<Response | 'unchanged'> {
  let url = new URL(address);
  for (let hop = 0; hop <= MOST_REDIRECTS; hop++) {
    const headers = {
      Accept: 'text/calendar',
      ...(known?.etag === undefined ? {} : { 'If-None-Match': known.etag }),
      ...(known?.lastModified === undefined ? {} : { 'If-Modified-Since': known.lastModified }),
    };
    const answer = await fetch(url, { headers, redirect: 'manual', signal });
    const to = answer.headers.get('location');
    if (answer.status === 304) return 'unchanged';
    if (answer.ok) return answer;
    await answer.body?.cancel();
    if (answer.status < 300 || answer.status >= 400 || to === null) {
      throw Fault.later(`${url.host} answered ${answer.status}${hint(answer.status)}`, AGAIN);
    }
    const next = new URL(to, url);
    if (next.protocol !== 'https:' && next.origin !== url.origin) {
      throw Fault.later(`${url.host} leads to an address without https`, AGAIN);
    }
    url = next;
  }
  throw Fault.later(`${url.host} leads on and on`, AGAIN);
}

function hint(status: number): string {
  if (status === 401 || status === 403) return ': its address needs a key that it does not have';
  return status === 404 || status === 410 ? ': there is no calendar at this address any more' : '';
}

async function read(answer: Response, host: string): Promise<FetchedCalendar> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of answer.body ?? []) {
    length += chunk.length;
    if (length > LARGEST) throw Fault.later(`${host} has a calendar that is larger than 2 MB`, AGAIN);
    chunks.push(chunk);
  }
  return {
    text: Buffer.concat(chunks).toString('utf8'),
    etag: answer.headers.get('etag') ?? undefined,
    lastModified: answer.headers.get('last-modified') ?? undefined,
  };
}

/** What lies behind "fetch failed". */
function cause(error: unknown): string {
  return sayError(error instanceof Error && error.cause instanceof Error ? error.cause : error);
}
