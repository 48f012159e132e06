import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { JsonObject } from '../../../src/kernel/json.ts';
import type { Millis } from '../../../src/kernel/time.ts';
import { Accounts, type FakeAccount, type FakeCredentials } from './accounts.ts';
import { Api, type FakeRequest } from './api.ts';
import type { Fault } from './faults.ts';
import { EventHistory } from './lookup-events.ts';
import { Refusal, type Reply, refusalOn } from './refusal.ts';
import type { FakeService } from './services.ts';

export interface FakeAwsOptions {
  /** By id; `111122223333` alone unless said otherwise. */
  readonly accounts?: Readonly<Record<string, FakeAccount>>;
  /** The account that `credentials` belong to; the first of `accounts` unless said otherwise. */
  readonly home?: string;
  /** The time that counts for 90 days, for the rate and for credentials; the machine's unless given. */
  readonly now?: () => Millis;
  /** `LookupEvents` of one account in one region, within any stretch of `per`; 2 a second unless said otherwise. */
  readonly rate?: { readonly requests: number; readonly per: Millis } | 'unlimited';
  /** Further services. */
  readonly services?: readonly FakeService[];
  /** From a request's arrival to its answer, in real time. */
  readonly delay?: Millis | ((request: FakeRequest) => Millis);
}

/** AWS as far as the bot uses it, on this machine. */
export interface FakeAws {
  /** The endpoint of every service and region. */
  readonly url: string;
  /** Of a user of the home account. */
  readonly credentials: FakeCredentials;
  /** Records as CloudTrail logs them; `recipientAccountId` and `awsRegion` say where each lies. */
  add(records: readonly JsonObject[]): void;
  /** Every request so far, oldest first. */
  readonly requests: readonly FakeRequest[];
  /** Resolves as soon as so many requests have come. */
  untilRequests(count: number): Promise<void>;
  /** Makes something go wrong; returns how to end it. */
  fault(fault: Fault): () => void;
  stop(): Promise<void>;
}

/** The most that SQS takes for a message, and some. */
const MOST_BYTES = 1280 * 1024;

/** Listens on a free port of this machine, until `stop` or until the test that started it has finished. */
export async function startFakeAws(options: FakeAwsOptions = {}): Promise<FakeAws> {
  const { accounts: given = { '111122223333': {} }, now = Date.now } = options;
  const accounts = new Accounts(given, options.home ?? Object.keys(given)[0] ?? '', now);
  const history = new EventHistory(now);
  const { rate = { requests: 2, per: 1000 }, services = [] } = options;
  const api = new Api({ accounts, history, now, rate, services });
  const server = createServer((request, response) => {
    const { delay = 0 } = options;
    // AWS tells its own time with every answer.
    response.setHeader('date', new Date(now()).toUTCString());
    serve(api, delay, request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  await stopAfterTest(stop);
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    credentials: accounts.credentials,
    add(records) {
      for (const record of records) history.add(record);
    },
    requests: api.requests,
    untilRequests: (count) => api.untilRequests(count),
    fault: (fault) => api.faults.add(fault),
    stop,
  };
}

/** Only inside a test of vitest: bench scripts, and what is started for a whole file, stop it themselves. */
async function stopAfterTest(stop: () => Promise<void>): Promise<void> {
  if (!process.env.VITEST_WORKER_ID) return;
  const { onTestFinished, TestRunner } = await import('vitest');
  if (TestRunner.getCurrentTest()) onTestFinished(stop);
}

async function serve(
  api: Api,
  delay: NonNullable<FakeAwsOptions['delay']>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await bodyOf(request);
  if (body === undefined) {
    const refusal = new Refusal('RequestEntityTooLarge', 'The request is too large.', 413);
    send(response, refusalOn('json-1.1', refusal, 'none'));
    return;
  }
  const { headers, method = 'GET', url = '/' } = request;
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  const { asked, reply } = await api.answer({ headers, method, path: url, body, gone: gone.signal });
  const length = typeof delay === 'number' ? delay : delay(asked);
  if (length > 0) await new Promise((resolve) => setTimeout(resolve, length).unref());
  if (reply === 'hang') return;
  if (reply === 'reset') request.socket.resetAndDestroy();
  else send(response, reply);
}

function send(response: ServerResponse, { status, headers, body }: Reply): void {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) }).end(body);
}

/** `undefined` when it is too long. */
async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= MOST_BYTES) chunks.push(chunk);
  }
  return bytes > MOST_BYTES ? undefined : Buffer.concat(chunks);
}
