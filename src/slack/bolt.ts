import type { IncomingMessage, ServerResponse } from 'node:http';
import { App } from '@slack/bolt';
import { WebClient, type WebClientOptions } from '@slack/web-api';
import type { Log } from '../kernel/log.ts';
import { Fault, Misuse, sayError } from '../kernel/problem.ts';
import { type Clock, type Millis, SECOND } from '../kernel/time.ts';
import type { Directory } from '../work/directory.ts';
import type { Notifier } from '../work/notify.ts';
import type { LinkTo } from '../work/on-call/open-alerts.ts';
import type { Speaker } from '../work/posting.ts';
import { createAskGate } from './ask/ask-gate.ts';
import { createNewBlocks } from './ask/new-blocks.ts';
import { createRunning } from './ask/running.ts';
import { boltLog } from './bolt-log.ts';
import { createChannelIds } from './channels.ts';
import type { Desk } from './desk.ts';
import { createDirectory } from './directory.ts';
import { requestEntry, socketEntry, type Trust } from './entry.ts';
import { createIdentity, type Identity } from './identity.ts';
import { addListeners } from './listeners.ts';
import { createNotifier } from './notifier.ts';
import { createPeople } from './people.ts';
import type { SocketState } from './socket/keeper.ts';
import { createSpeaker, linkTo } from './speaker.ts';
import { createPaces } from './turns.ts';

/** How long work that was asked for before the end may take to finish. */
const FINISH_WITHIN: Millis = 5 * SECOND;

/** How Slack's side of the talk reaches the bot: in signed requests, or through sockets that the bot opens. */
type Way = { readonly signingSecret: string } | { readonly appToken: string };

export type SlackOptions = Way & {
  readonly token: string;
  /** `https://slack.com/api/`, or the local workspace. */
  readonly apiUrl: string;
  /** The one workspace that is served; by default the token's. */
  readonly teamId?: string | undefined;
  readonly desk: Desk;
  readonly clock: Clock;
  readonly log: Log;
  /** Where the world reaches the bot, for hints to people. */
  readonly publicUrl?: string | undefined;
};

/** The bot's side of Slack. */
export interface SlackApp {
  /** Takes every request to `/slack/events`; in Socket Mode there is nothing there. */
  readonly requestListener: (request: IncomingMessage, response: ServerResponse) => void;
  readonly notifier: Notifier;
  readonly speaker: Speaker;
  readonly directory: Directory;
  readonly linkTo: LinkTo;
  /** How the sockets are; absent without Socket Mode. */
  readonly sockets: (() => SocketState) | undefined;
  /** Waits, for some seconds at most, for what people have asked. */
  stop(): Promise<void>;
}

/**
 * Connects to Slack. Throws Misuse when the token or the workspace is wrong; when Slack merely cannot be
 * reached it goes on, because events must be taken in that time too.
 */
export async function createSlack(options: SlackOptions): Promise<SlackApp> {
  const { token, desk, clock, log } = options;
  const client = new WebClient(token, clientOptions(options));
  const identity = createIdentity(client);
  await introduce(options, identity);
  const trust: Trust = {
    clock,
    log,
    teamId: async () => options.teamId ?? (await identity()).teamId,
    firstTime: (...ids) => desk.firstTime(...ids),
  };
  const entry =
    'appToken' in options
      ? socketEntry({ ...trust, appToken: options.appToken, clientOptions: () => clientOptions(options) })
      : requestEntry({ ...trust, signingSecret: options.signingSecret });
  const app = new App({
    receiver: entry.receiver,
    authorize: async () => authorization(token, await identity()),
    clientOptions: clientOptions(options),
    logger: boltLog(log),
    convoStore: false,
  });
  app.error(async (error) => log.error({ error }, `a request of Slack failed: ${sayError(error)}`));
  const underWay = trackWork(app);
  const people = createPeople({ client, clock, log });
  const running = createRunning();
  addListeners(app, {
    desk,
    client,
    people,
    gate: createAskGate({ desk, client, people, clock, log }),
    running,
    newBlocks: createNewBlocks(log),
    clock,
    log,
    publicUrl: options.publicUrl,
    sockets: entry.sockets,
  });

  await entry.open();
  const telling = {
    client: new WebClient(token, clientOptions(options)),
    paces: createPaces(clock),
    channels: createChannelIds(client),
    people,
    log,
  };
  return {
    requestListener: entry.requestListener,
    notifier: createNotifier(telling),
    speaker: createSpeaker(telling),
    linkTo: (message) => linkTo(telling.client, message),
    directory: createDirectory({ client: telling.client, clock }),
    sockets: entry.sockets,
    async stop() {
      await entry.close();
      // What was found by now is still told to whoever waits for it.
      running.cancelAll();
      const done = new AbortController();
      await Promise.race([Promise.allSettled(underWay), clock.sleep(FINISH_WITHIN, done.signal)]);
      done.abort();
    },
  };
}

/** Every client gets its own object: the library writes the token into the headers that it is given. */
function clientOptions({ apiUrl, log }: SlackOptions): WebClientOptions {
  return {
    slackApiUrl: apiUrl,
    timeout: 10 * SECOND,
    // A retried post can be a second alert; the worker decides what is tried again, and when.
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    allowAbsoluteUrls: false,
    maxRequestConcurrency: 20,
    logger: boltLog(log),
  };
}

async function introduce(options: SlackOptions, identity: () => Promise<Identity>): Promise<void> {
  try {
    const { teamId } = await identity();
    if (options.teamId !== undefined && options.teamId !== teamId) {
      throw new Misuse(
        `The Slack token belongs to workspace ${teamId}, but the configuration names ${options.teamId}; correct one of them.`,
      );
    }
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    if (error.retryAfter === undefined) throw new Misuse(`Slack does not accept the bot: ${error.message}.`);
    options.log.warn({ error }, `Slack cannot be reached yet: ${error.message}; alerts wait and are kept`);
  }
}

function authorization(token: string, { botId, botUserId, teamId }: Identity) {
  return {
    botToken: token,
    teamId,
    ...(botId === undefined ? {} : { botId }),
    ...(botUserId === undefined ? {} : { botUserId }),
  };
}

/** What is being worked on right now. Bolt's own promise ends when the listener does. */
function trackWork(app: App): ReadonlySet<Promise<void>> {
  const running = new Set<Promise<void>>();
  app.use(async ({ next }) => {
    const work = next();
    running.add(work);
    try {
      await work;
    } finally {
      running.delete(work);
    }
  });
  return running;
}
