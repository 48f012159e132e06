import { SocketModeClient } from '@slack/socket-mode';
import type { WebClientOptions } from '@slack/web-api';
import { isObject, type JsonObject, parseJson, textOf } from '../../kernel/json.ts';
import type { Log } from '../../kernel/log.ts';
import { Fault, sayError } from '../../kernel/problem.ts';
import { type Clock, type Millis, SECOND } from '../../kernel/time.ts';
import { boltLog } from '../bolt-log.ts';
import { classifyOpening } from './classify-opening.ts';
import { hold } from './hold.ts';
import { hearSigns } from './signs.ts';

/** How long Slack may take from the request for a socket until it greets on it. */
const OPEN_WITHIN: Millis = 20 * SECOND;
/** The client pings three times in this time, and gives up when no pong has come for so long. */
const PONG_WITHIN: Millis = 15 * SECOND;
/** A socket on which not even a ping or pong was heard for so long counts as dead. */
const QUIET: Millis = 20 * SECOND;
/** How long Slack waits for an acknowledgement, and so a socket that is to be closed. */
const ACK_WITHIN: Millis = 3 * SECOND;
/** How long Slack may take to close its side. */
const CLOSE_WITHIN: Millis = SECOND;

/** The client cannot tell what was in the way. */
const NO_CONNECTION = Fault.later(
  'no WebSocket to Slack could be opened; a proxy or firewall may be in the way of wss://wss-primary.slack.com',
  SECOND,
);

/** Something that came through a socket. */
export interface Incoming {
  readonly body: JsonObject;
  /** Answers Slack; rejects when the socket is closed by then. */
  readonly ack: (answer?: unknown) => Promise<void>;
  /** There will be no acknowledgement, or no other one. */
  readonly done: () => void;
  readonly retryNumber: number | undefined;
  readonly retryReason: string | undefined;
}

export interface SocketOptions {
  readonly appToken: string;
  /** An object of its own: the library writes into it. */
  readonly clientOptions: WebClientOptions;
  readonly clock: Clock;
  readonly log: Log;
  readonly take: (incoming: Incoming) => void;
  /** Gives up opening. */
  readonly signal: AbortSignal;
}

/** One open socket to Slack. */
export interface Socket {
  /**
   * Resolves when another one should take its place, with Slack's reason, `closed`, or `quiet` when it seems dead.
   * Unless it is closed it still serves.
   */
  readonly over: Promise<string>;
  /** False once the connection has ended. */
  isOpen(): boolean;
  /** Closes it when all that came is acknowledged, or could not be any more. */
  close(): Promise<void>;
}

/**
 * Opens one socket to Slack. Throws a Fault when that fails.
 *
 * Slack's client (@slack/socket-mode 3.1.0) serves for one connection here and never reconnects by itself: that
 * takes it five seconds, and when it fails a rejected promise ends the process. It leaves a socket as soon as Slack
 * announces its end; this word is kept from it, so that what is under way is still acknowledged while another
 * socket opens. And it throws, where nobody catches, at an event without a body.
 */
export async function openSocket(options: SocketOptions): Promise<Socket> {
  const { clock } = options;
  const client = createClient(options);
  const life = follow(client, options);
  const close = async () => {
    await within(clock, ACK_WITHIN, life.ended, Promise.all(life.unanswered));
    life.forget();
    await endClient(client, clock, life.ended);
  };
  const opening = client.start();
  try {
    await opened(opening, life.over, options);
  } catch (error) {
    void close();
    // A client that is told to end before it has an address opens its connection all the same.
    opening.then(close, () => {});
    throw classifyOpening(error ?? NO_CONNECTION);
  }
  void life.watch();
  return { over: life.over, isOpen: () => !life.ended.aborted, close };
}

/** What becomes of a client's connection. */
function follow(client: SocketModeClient, { clock, log, take }: SocketOptions) {
  const ended = new AbortController();
  const over = Promise.withResolvers<string>();
  const unanswered = new Set<Promise<void>>();
  let lastSign = clock.now();
  let address: string | undefined;
  const heard = () => {
    lastSign = clock.now();
  };
  client.on('authenticated', (answer: unknown) => {
    address = isObject(answer) ? textOf(answer, 'url') : undefined;
  });
  client.on('disconnected', () => {
    ended.abort();
    over.resolve('closed');
  });
  client.on('slack_event', (event: unknown) => {
    const answered = Promise.withResolvers<void>();
    const incoming = readIncoming(event, answered.resolve);
    if (!incoming) return;
    hold(unanswered, answered.promise);
    take(incoming);
  });
  listenFirst(client, log, (message) => {
    heard();
    if (message.type !== 'disconnect') return true;
    over.resolve(textOf(message, 'reason') ?? 'closed');
    return false;
  });
  return {
    over: over.promise,
    ended: ended.signal,
    unanswered,
    forget: hearSigns(() => address, heard),
    async watch() {
      heard();
      await untilQuiet(clock, () => lastSign, ended.signal);
      over.resolve('quiet');
    },
  };
}

function createClient({ appToken, clientOptions, log }: SocketOptions): SocketModeClient {
  const { debug, ...rest } = boltLog(log);
  const { logger: _, ...forClient } = clientOptions;
  const quietly = (...parts: unknown[]) => log.debug(`slack: ${parts.map(String).join(' ')}`);
  return new SocketModeClient({
    appToken,
    autoReconnectEnabled: false,
    clientPingTimeout: PONG_WITHIN,
    // Slack may ping as it likes: our own pings show what there is to know.
    serverPingTimeout: 4 * QUIET,
    clientOptions: forClient,
    // Every failure is told by the one who opens sockets, once.
    logger: { ...rest, debug, warn: quietly, error: quietly },
  });
}

/** Stands before the client's own listener, which hears only what `pass` lets through, and may fail. */
function listenFirst(client: SocketModeClient, log: Log, pass: (message: JsonObject) => boolean): void {
  const own = client.listeners('ws_message');
  client.removeAllListeners('ws_message');
  client.on('ws_message', (data: unknown, isBinary: boolean) => {
    const message = typeof data === 'string' ? parseJson(data) : undefined;
    if (!isObject(message) || !pass(message)) return;
    for (const listener of own) {
      Promise.resolve(listener.call(client, data, isBinary)).catch((error: unknown) =>
        log.warn({ error }, `a message of Slack could not be read: ${sayError(error)}`),
      );
    }
  });
}

function readIncoming(event: unknown, done: () => void): Incoming | undefined {
  if (!isObject(event) || !isObject(event.body)) return undefined;
  const { ack }: { ack?: unknown } = event;
  if (typeof ack !== 'function') return undefined;
  return {
    body: event.body,
    ack: async (answer) => {
      await ack(answer);
      done();
    },
    done,
    retryNumber: typeof event.retry_num === 'number' ? event.retry_num : undefined,
    retryReason: textOf(event, 'retry_reason'),
  };
}

/** Resolves when Slack has greeted. */
async function opened(
  opening: Promise<unknown>,
  ending: Promise<string>,
  { clock, signal }: SocketOptions,
): Promise<void> {
  const done = new AbortController();
  const late = clock.sleep(OPEN_WITHIN, AbortSignal.any([done.signal, signal])).then(() => {
    throw Fault.later('Slack did not greet on the new socket in time', SECOND);
  });
  const refused = ending.then((reason) => {
    // A connection that failed rejects `opening`, with more to say.
    if (reason === 'closed') return opening;
    throw Fault.later(`Slack closed the new socket at once (${reason})`, SECOND);
  });
  // Whichever loses the race is nobody's any more.
  for (const loser of [late, refused, opening]) loser.catch(() => {});
  try {
    await Promise.race([opening, late, refused]);
  } finally {
    done.abort();
  }
}

/** Waits for the work, but not longer than `time`, nor after `ended`. */
async function within(clock: Clock, time: Millis, ended: AbortSignal, work: Promise<unknown>): Promise<void> {
  const done = new AbortController();
  await Promise.race([work, clock.sleep(time, AbortSignal.any([done.signal, ended]))]);
  done.abort();
}

async function untilQuiet(clock: Clock, lastSign: () => Millis, ended: AbortSignal): Promise<void> {
  for (;;) {
    const left = lastSign() + QUIET - clock.now();
    if (left <= 0 || ended.aborted) return;
    await clock.sleep(left, ended);
  }
}

/**
 * Says goodbye, and does not wait for an answer for long. The second call breaks what is still open, the third
 * stops the timer that the client forgets (both 3.1.0), which would keep the process alive for half a minute.
 */
async function endClient(client: SocketModeClient, clock: Clock, ended: AbortSignal): Promise<void> {
  void client.disconnect();
  await clock.sleep(CLOSE_WITHIN, ended);
  void client.disconnect();
  void client.disconnect();
}
