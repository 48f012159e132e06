import type { App, Receiver } from '@slack/bolt';
import type { JsonObject } from '../../kernel/json.ts';
import type { Log } from '../../kernel/log.ts';
import { type Fault, sayError } from '../../kernel/problem.ts';
import type { Clock, Millis } from '../../kernel/time.ts';
import { refusedPayload } from '../guard.ts';
import { deliveryKeys } from './delivery-keys.ts';
import { keepSockets, type SocketState } from './keeper.ts';
import type { Incoming, Socket } from './socket.ts';

export interface ReceiverOptions {
  /** Opens a socket that hands over what comes. */
  readonly open: (take: (incoming: Incoming) => void, signal: AbortSignal) => Promise<Socket>;
  readonly clock: Clock;
  readonly log: Log;
  /** The one workspace that is served. */
  teamId(): Promise<string>;
  /** False when one of the ids was given before, here or in another process; all of them are remembered, or none. */
  firstTime(...ids: string[]): Promise<boolean>;
}

/** Bolt's way to what comes through sockets. */
export interface SocketReceiver extends Receiver {
  start(): Promise<Fault | undefined>;
  state(): SocketState;
  /** Takes nothing new, waits until all that came is acknowledged, and closes the sockets. */
  stop(): Promise<void>;
}

/**
 * Hands to Bolt what comes through the sockets, after the same checks as requests over HTTP: which workspace it
 * is for, whether it is of a known kind, whether it came before. What is refused is not acknowledged, so that
 * Slack tells the person, or tries again.
 */
export function createSocketReceiver(options: ReceiverOptions): SocketReceiver {
  const { clock, log } = options;
  let app: App | undefined;
  let stopping = false;
  let lastMessageAt: Millis | undefined;

  const process = async (incoming: Incoming): Promise<void> => {
    try {
      const verdict = await judge(options, incoming.body);
      if (verdict === 'again') return await answerAgain(incoming, log);
      if (verdict !== 'pass') {
        log.warn(`refused what came through a socket of Slack: ${verdict.why}`);
        return;
      }
      await app?.processEvent({
        body: incoming.body,
        ack: goingOn(incoming, log),
        ...(incoming.retryNumber === undefined ? {} : { retryNum: incoming.retryNumber }),
        ...(incoming.retryReason === undefined ? {} : { retryReason: incoming.retryReason }),
      });
    } catch (error) {
      log.error({ error }, `could not handle what came through a socket of Slack: ${sayError(error)}`);
    } finally {
      incoming.done();
    }
  };

  const take = (incoming: Incoming): void => {
    if (stopping) {
      incoming.done();
      return;
    }
    lastMessageAt = clock.now();
    void process(incoming);
  };
  const keeper = keepSockets({ open: (signal) => options.open(take, signal), clock, log });
  return {
    init: (bolt) => {
      app = bolt;
    },
    start: () => keeper.start(),
    state: () => ({ ...keeper.state(), lastMessageAt }),
    async stop() {
      stopping = true;
      await keeper.stop();
    },
  };
}

/** `pass`, `again` for a copy of what came before, or why it is refused. */
async function judge(
  options: ReceiverOptions,
  body: JsonObject,
): Promise<'pass' | 'again' | { readonly why: string }> {
  const refused = refusedPayload(body, await options.teamId());
  if (refused) return refused;
  return (await options.firstTime(...deliveryKeys(body))) ? 'pass' : 'again';
}

/** A copy is acknowledged, so that no other follows; a modal's answer is that of the first, not an empty one. */
async function answerAgain({ body, ack }: Incoming, log: Log): Promise<void> {
  log.info('a copy of what came before through a socket of Slack was left alone');
  if (body.type !== 'view_submission') await ack();
}

/**
 * Bolt's acknowledgement. A socket that is gone by then ends nothing: the press counts all the same, and what
 * follows it shows in Slack.
 */
function goingOn({ ack, done }: Incoming, log: Log) {
  return async (answer?: unknown): Promise<void> => {
    try {
      await ack(answer);
    } catch (error) {
      log.warn({ error }, `Slack did not get an acknowledgement: ${sayError(error)}; the work goes on`);
      done();
    }
  };
}
