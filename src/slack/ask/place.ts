import { WebAPIRateLimitedError, type WebClient } from '@slack/web-api';
import { type Clock, type Millis, SECOND } from '../../kernel/time.ts';
import type { Message } from '../alert-message.ts';
import type { Asker } from '../asker.ts';
import type { NewBlock, NewBlocks } from './new-blocks.ts';

/** Draws an answer without the blocks that the workspace refuses. */
type Draw = (refused: ReadonlySet<NewBlock>) => Message;

/** Where the answer to one question appears, and its progress until then. */
export interface Place {
  /** Everybody in the channel sees it. */
  readonly open: boolean;
  /** The answer takes the place of the progress. */
  readonly inPlace: boolean;
  /** How long to wait before each sign of progress; it ends where no more may be shown. */
  pauses(): Iterable<Millis>;
  progress(message: Message): Promise<void>;
  answer(draw: Draw): Promise<void>;
}

/** An answer that comes sooner needs no sign of progress before it. */
const PATIENCE: Millis = 700;
/** A response_url is good for five messages only, and the answer needs one or two of them. */
const GROWING: readonly Millis[] = [PATIENCE, 2.3 * SECOND, 6 * SECOND, 15 * SECOND];
/** What cannot be edited later is said once, and only when the wait gets long. */
const NOTE: readonly Millis[] = [1.5 * SECOND];
const EDIT_PAUSE: Millis = 2 * SECOND;
const LATER_PAUSE: Millis = 5 * SECOND;
const EDITS_SOON = 15;

/** Between the asker and the bot alone, under what was typed, or (`instead`) in the place of what was pressed. */
export function privatePlace(asker: Asker, newBlocks: NewBlocks, instead: boolean): Place {
  let replace = instead;
  const reply = async (message: Message) => {
    await asker.reply(message, replace);
    replace = true;
  };
  return {
    open: false,
    inPlace: true,
    *pauses() {
      for (const pause of GROWING) {
        yield pause;
        if (asker.left() <= newBlocks.tries) return;
      }
    },
    async progress(message) {
      // Time alone can have used the address up.
      if (asker.left() > newBlocks.tries) await reply(message);
    },
    answer: (draw) => newBlocks.send(draw, reply),
  };
}

/** For the asker alone, as a message of its own: what was pressed or asked stays as it is. */
export function besidePlace(asker: Asker, newBlocks: NewBlocks): Place {
  return {
    open: false,
    inPlace: false,
    pauses: () => NOTE,
    progress: (message) => asker.reply(message),
    answer: (draw) => newBlocks.send(draw, (message) => asker.reply(message)),
  };
}

/** In a thread, for everybody: one message that is edited until it is the answer. */
export function threadPlace(
  tools: { readonly client: WebClient; readonly clock: Clock; readonly newBlocks: NewBlocks },
  channel: string,
  thread: string,
): Place {
  const { client, clock, newBlocks } = tools;
  let ts: string | undefined;
  const show = async (message: Message) => {
    if (ts !== undefined) {
      await client.chat.update({ channel, ts, ...message });
      return;
    }
    const quiet = { unfurl_links: false, unfurl_media: false };
    const posted = await client.chat.postMessage({ channel, thread_ts: thread, ...message, ...quiet });
    ts = posted.ts;
  };
  const patiently = async (message: Message) => {
    try {
      await show(message);
    } catch (error) {
      if (!(error instanceof WebAPIRateLimitedError)) throw error;
      await clock.sleep(Math.max(1, error.retryAfter) * SECOND);
      await show(message);
    }
  };
  return {
    open: true,
    inPlace: true,
    *pauses() {
      yield PATIENCE;
      for (let edits = 0; ; edits++) yield edits < EDITS_SOON ? EDIT_PAUSE : LATER_PAUSE;
    },
    progress: show,
    answer: (draw) => newBlocks.send(draw, patiently),
  };
}
