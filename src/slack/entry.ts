import type { IncomingMessage, ServerResponse } from 'node:http';
import { HTTPReceiver, type Receiver } from '@slack/bolt';
import type { WebClientOptions } from '@slack/web-api';
import { Misuse } from '../kernel/problem.ts';
import type { Millis } from '../kernel/time.ts';
import { boltLog } from './bolt-log.ts';
import { createGuard, type GuardOptions } from './guard.ts';
import type { SocketState } from './socket/keeper.ts';
import { createSocketReceiver } from './socket/receiver.ts';
import { openSocket } from './socket/socket.ts';

/** Below Slack's three seconds, so that a person sees an error rather than nothing. */
const ANSWER_WITHIN: Millis = 2500;

/** What is looked at before anything goes on, whichever way it came. */
export type Trust = Omit<GuardOptions, 'signingSecret'>;

/** A way in for what Slack has to say. */
export interface Entry {
  readonly receiver: Receiver;
  /** For `POST /slack/events`. */
  readonly requestListener: (request: IncomingMessage, response: ServerResponse) => void;
  readonly sockets: (() => SocketState) | undefined;
  /** Throws Misuse when Slack says that this cannot work; when it cannot be reached the tries go on. */
  open(): Promise<void>;
  close(): Promise<void>;
}

/** Signed requests over HTTP. Throws Misuse without a secret. */
export function requestEntry(options: GuardOptions): Entry {
  if (options.signingSecret === '')
    throw new Misuse("SLACK_SIGNING_SECRET is empty; copy it from the app's Basic Information page.");
  const receiver = new HTTPReceiver({
    signingSecret: options.signingSecret,
    // The guard has verified the same bytes, by the Clock that everything here goes by.
    signatureVerification: false,
    processBeforeResponse: false,
    logger: boltLog(options.log),
    unhandledRequestTimeoutMillis: ANSWER_WITHIN,
    unhandledRequestHandler: ({ response }) => {
      if (!response.headersSent) response.writeHead(503).end();
    },
  });
  const guard = createGuard(options, (request, response) => receiver.requestListener(request, response));
  return {
    receiver,
    // The guard answers every failure itself.
    requestListener: (request, response) => void guard(request, response),
    sockets: undefined,
    open: async () => {},
    close: async () => {},
  };
}

/** Sockets that the bot opens: no port is needed that Slack can reach. */
export function socketEntry(
  options: Trust & { readonly appToken: string; readonly clientOptions: () => WebClientOptions },
): Entry {
  const { appToken, clock, log } = options;
  const receiver = createSocketReceiver({
    ...options,
    open: (take, signal) =>
      openSocket({ appToken, clientOptions: options.clientOptions(), clock, log, take, signal }),
  });
  return {
    receiver,
    requestListener: (_request, response) => {
      response.writeHead(404).end('Slack reaches this bot by Socket Mode: nothing is taken here.\n');
    },
    sockets: receiver.state,
    async open() {
      const trouble = await receiver.start();
      if (trouble?.retryAfter !== undefined || !trouble) return;
      await receiver.stop();
      throw new Misuse(`${trouble.message}.`);
    },
    close: () => receiver.stop(),
  };
}
