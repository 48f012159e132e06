import { request } from 'node:http';
import { type Clock, type Millis, SECOND } from '../../../src/kernel/time.ts';

/** What came of one POST. Without a status nothing was answered. */
export interface Posted {
  readonly status: number | undefined;
  /** `TIMEOUT`, or the system's code for what was wrong with the connection. */
  readonly failure: string | undefined;
  readonly retryAfter: string | undefined;
}

/** Source: EventBridge user guide, "API destinations": the whole request, connection and all. */
const LIMIT: Millis = 5 * SECOND;

/**
 * One request as an API destination sends it: these headers, one event, five seconds. Source: EventBridge user guide,
 * "API destinations", "Headers included in requests".
 */
export async function post(
  url: string,
  key: { readonly name: string; readonly value: string },
  body: string,
  clock: Clock,
  stop: AbortSignal,
): Promise<Posted> {
  const over = new AbortController();
  const answered = send(url, key, body, AbortSignal.any([over.signal, stop]));
  const late = clock
    .sleep(LIMIT, AbortSignal.any([over.signal, stop]))
    .then((): Posted => ({ status: undefined, failure: 'TIMEOUT', retryAfter: undefined }));
  try {
    return await Promise.race([answered, late]);
  } finally {
    over.abort();
    await answered;
  }
}

function send(
  url: string,
  key: { readonly name: string; readonly value: string },
  body: string,
  signal: AbortSignal,
): Promise<Posted> {
  return new Promise((resolve) => {
    const sent = request(url, {
      method: 'POST',
      agent: false,
      signal,
      headers: {
        'User-Agent': 'Amazon/EventBridge/ApiDestinations',
        'Content-Type': 'application/json; charset=utf-8',
        Range: 'bytes=0-1048575',
        'Accept-Encoding': 'gzip,deflate',
        Connection: 'close',
        'Content-Length': Buffer.byteLength(body),
        [key.name]: key.value,
      },
    });
    sent.on('response', (response) => {
      const after = response.headers['retry-after'];
      response.resume();
      response.on('error', () => undefined);
      response.on('close', () =>
        resolve({ status: response.statusCode, failure: undefined, retryAfter: after }),
      );
    });
    sent.on('error', (error: NodeJS.ErrnoException) =>
      resolve({ status: undefined, failure: error.code ?? error.name, retryAfter: undefined }),
    );
    sent.end(body);
  });
}
